#include "flow/second_factor.hpp"

#include "domain/digest.hpp"
#include "domain/totp.hpp"
#include "store/staff_rows.hpp"

#include <identifiers/text.hpp>

namespace identity {

namespace {

constexpr std::size_t kRecoveryCodes = 10;
constexpr std::size_t kRecoveryBytes = 10; // 16 letters and digits

} // namespace

bool passSecondFactor(const Work& work, Login& login, std::string_view code)
{
    const std::string typed = identifiers::normalizeCode(code).value;
    if (const auto step = totpStep(login.totp, typed, work.nowMs(), login.totp_step)) {
        login.totp_step = *step;
        work.rows().setTotp(login);
        return true;
    }
    return StaffRows(work.unit()).useRecoveryCode(login.login_id, typed);
}

std::vector<std::string> renewRecoveryCodes(const Work& work, const Login& login)
{
    std::vector<std::string> codes;
    while (codes.size() < kRecoveryCodes) {
        codes.push_back(toBase32(work.unit().random(kRecoveryBytes)));
    }
    StaffRows(work.unit()).setRecoveryCodes(login.login_id, codes);
    return codes;
}

} // namespace identity
