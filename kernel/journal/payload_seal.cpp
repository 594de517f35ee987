#include "journal/payload_seal.hpp"

#include "base/exception.hpp"

namespace hub::journal {

namespace {

class NoSeal final : public PayloadSeal {
public:
    std::string seal(std::string_view, std::string_view) const override { refuse(); }
    std::string open(std::string_view, std::string_view) const override { refuse(); }

private:
    [[noreturn]] static void refuse()
    {
        throw base::Failure(HUB_UNSUPPORTED,
                            "this journal has no key for calls of personal contracts");
    }
};

} // namespace

const PayloadSeal& PayloadSeal::none()
{
    static const NoSeal kNone;
    return kNone;
}

} // namespace hub::journal
