#include "flow/work.hpp"

#include "domain/digest.hpp"
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
    return {{"work", "derive"}, {"password", password}, {"salt", toHex(unit_.random(kSaltBytes))}};
}

void Work::endSessions(const Login& login) const
{
    hub::endSessions(unit_, login.login_id);
}

void Work::publish(std::string_view type, const Organization& organization, Json payload) const
{
    payload["organization_id"] = organization.organization_id;
    emit(type, organization.organization_id, organization.edition, payload);
}

void Work::publishOf(std::string_view type, const Login& login, Json payload) const
{
    payload[login.isStaff() ? "staff_id" : "login_id"] = login.login_id;
    if (!login.isStaff()) {
        payload["organization_id"] = login.organization_id;
    }
    emit(type, login.login_id, login.edition, payload);
}

void Work::emit(std::string_view type,
                const std::string& key,
                const std::string& edition,
                const Json& payload) const
{
    hub::Publication publication;
    publication.type = type;
    publication.key = key;
    publication.edition = edition;
    publication.payload = payload.dump();
    unit_.publish(publication);
}

} // namespace identity
