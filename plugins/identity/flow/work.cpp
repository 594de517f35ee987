#include "flow/work.hpp"

#include "domain/password.hpp"

#include <hub/ids.hpp>
#include <hub/session.hpp>

namespace identity {

std::string Work::drawId() const
{
    return hub::makeUuidV7(nowMs(), unit_.random(10));
}

Json Work::derivation(const std::string& password) const
{
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string salt;
    for (const char c : unit_.random(kSaltBytes)) {
        salt += kDigits[static_cast<unsigned char>(c) >> 4U];
        salt += kDigits[static_cast<unsigned char>(c) & 15U];
    }
    return {{"work", "derive"}, {"password", password}, {"salt", salt}};
}

void Work::endSessions(const Login& login) const
{
    hub::endSessions(unit_, login.login_id);
}

void Work::publish(std::string_view type, const Organization& organization, Json payload) const
{
    payload["organization_id"] = organization.organization_id;
    hub::Publication publication;
    publication.type = type;
    publication.key = organization.organization_id;
    publication.edition = organization.edition;
    publication.payload = payload.dump();
    unit_.publish(publication);
}

} // namespace identity
