#include "api/key_holders.hpp"

#include "domain/digest.hpp"
#include "domain/roles.hpp"
#include "flow/actor.hpp"
#include "flow/invitations.hpp"
#include "store/staff_rows.hpp"

#include <string>
#include <vector>

namespace identity {

namespace {

Refusal needsKey()
{
    return {401,
            "key_missing",
            {"Send the API key that you hold as \"Authorization: Bearer\" with this request.",
             "请在本请求的 Authorization: Bearer 中提供您持有的 API 密钥。"}};
}

Refusal isHeld()
{
    return {409,
            "key_held",
            {"This key is somebody else's already. Ask the organizer for a key of your own.",
             "该密钥已属于其他工作人员，请向主办方申请您本人的密钥。"}};
}

/// Of somebody else who has come; an invitation that was never accepted holds nothing.
bool isOthers(const Work& work, const StaffRows& rows, const Invitation& invitation)
{
    const std::string holder = rows.holderOf(work.edition(), keyOf(work.principal()));
    return !holder.empty() && holder != invitation.staff_id && work.rows().login(holder);
}

/// "finance:read, orders:read", as `api-key list` shows them.
std::vector<std::string> scopesIn(const std::string& text)
{
    constexpr const char* kBetween = ", ";
    std::vector<std::string> scopes;
    std::size_t begin = text.find_first_not_of(kBetween);
    while (begin != std::string::npos) {
        const std::size_t end = text.find_first_of(kBetween, begin);
        scopes.push_back(text.substr(begin, end - begin));
        begin = text.find_first_not_of(kBetween, end);
    }
    return scopes;
}

std::string join(const std::vector<std::string>& words)
{
    std::string text;
    for (const std::string& word : words) {
        text.append(text.empty() ? "" : ", ").append(word);
    }
    return text;
}

} // namespace

hub::Answer holdKey(const Work& work, const hub::Event& event)
{
    const std::string key_id = keyOf(work.principal());
    if (key_id.empty()) {
        return refuse(needsKey());
    }
    const StaffRows rows(work.unit());
    const std::string token = textOf(readRequest(event.payload()).body, "token");
    const auto invitation = rows.invitationByToken(digestOf(token));
    if (!invitation || invitation->edition != work.edition() ||
        !isUsable(*invitation, work.nowMs())) {
        return refuse(invitationOver());
    }
    if (isOthers(work, rows, *invitation)) {
        return refuse(isHeld());
    }
    if (rows.holderOf(work.edition(), key_id) != invitation->staff_id) {
        rows.setHolder(work.edition(), key_id, invitation->staff_id, work.nowMs());
        work.publishOf("staff.key_tied",
                       loginToBe(*invitation),
                       {{"invitation_id", invitation->invitation_id}, {"key_id", key_id}});
    }
    return answered(200, {{"key_id", key_id}});
}

hub::Answer showRolesFor(const Look& look)
{
    const Json arguments = Json::parse(look.event().payload()).at("arguments");
    const std::vector<std::string> scopes = scopesIn(arguments.at(0));
    Json list = Json::array();
    Json rows = Json::array();
    for (const Role& role : allRoles()) {
        if (role.about == About::Organization) {
            continue; // no role of staff
        }
        const std::vector<std::string> lacking = lackingIn(role.name, scopes);
        list.push_back({{"role", role.name}, {"lacks", lacking}});
        rows.push_back(
            Json::array({role.name, lacking.empty() ? "all of them" : "", join(lacking)}));
    }
    return reported({{"roles", std::move(list)}}, {"role", "has", "lacks"}, std::move(rows));
}

} // namespace identity
