#include "quota_clerk.hpp"

#include "waiting.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace chaos {

namespace {

constexpr Milliseconds kIdle{20};

const char* verbOf(Task task)
{
    switch (task) {
    case Task::Categorize:
        return "categorize";
    case Task::Uncategorize:
        return "uncategorize";
    case Task::Lock:
        return "lock";
    case Task::Cancel:
        return "cancel";
    case Task::Submit:
        break; // a contact's
    }
    return "";
}

Json bodyOf(const Lease& lease)
{
    switch (lease.task) {
    case Task::Categorize:
        return {{"category", lease.category}, {"reason", "sample"}};
    case Task::Lock:
        return {{"confirmed", true}};
    case Task::Cancel:
        return {{"reason", "sample"}};
    case Task::Uncategorize:
    case Task::Submit:
        break;
    }
    return Json::object();
}

/// What a clerk may be told who does nothing wrong: others were faster.
bool isRefusal(int status, const std::string& code)
{
    static constexpr std::array kCodes = {"quota_exhausted",
                                          "not_found",
                                          "category_is_final",
                                          "person_state_refuses",
                                          "organization_not_approved",
                                          "reused_category_stays",
                                          "reused_category_is_fixed",
                                          "reused_category_only_rises",
                                          "upgrade_not_offered",
                                          "category_missing",
                                          "person_not_cancelable"};
    return status >= 400 && status < 500 &&
           std::find(kCodes.begin(), kCodes.end(), code) != kCodes.end();
}

} // namespace

QuotaClerk::QuotaClerk(Caller caller,
                       std::string edition,
                       Group group,
                       int giving_share,
                       QuotaRoll& roll,
                       QuotaWatch& watch,
                       Effort& effort,
                       std::uint64_t seed)
    : caller_(std::move(caller))
    , edition_(std::move(edition))
    , group_(std::move(group))
    , giving_share_(giving_share)
    , roll_(roll)
    , watch_(watch)
    , effort_(effort)
    , random_(seed)
    , name_("clerk-" + std::to_string(seed))
{}

void QuotaClerk::work()
{
    while (!roll_.isDone() && !effort_.hopeless) {
        look();
        const Lease lease = roll_.take(group_, random_);
        if (lease.person_ids.empty()) {
            waitUntil(kIdle, [this] { return roll_.isDone(); });
            continue;
        }
        carryOut(lease);
        roll_.giveBack(lease);
    }
}

/// The line above the list of persons.
void QuotaClerk::look()
{
    const HttpAnswer shown = caller_.get("/api/v1/editions/" + edition_ + "/quotas");
    if (shown.status != 200) {
        effort_.surprise("a clerk's quotas were answered " + std::to_string(shown.status) + " " +
                         shown.body.dump());
        return;
    }
    watch_.note(shown.body);
    if (std::uniform_int_distribution<int>(0, 99)(random_) < giving_share_) {
        giveQuota(shown.body);
    }
}

/// Gives one of those below more, or takes some back: as many as are used, or a few less or more,
/// but not the last one: a level without any place would prove nothing.
void QuotaClerk::giveQuota(const Json& shown)
{
    const Json& below = shown.at("below");
    if (below.empty()) {
        return;
    }
    const Json& one = below[random_() % below.size()];
    const std::int64_t used = one.at("used");
    const std::int64_t total =
        std::max<std::int64_t>(1, used + std::uniform_int_distribution<int>(-2, 6)(random_));
    const HttpAnswer answer = caller_.put("/api/v1/editions/" + edition_ + "/quotas",
                                          {{"quotas",
                                            {{{"node_kind", one.at("node_kind")},
                                              {"node_id", one.at("node_id")},
                                              {"category", one.at("category")},
                                              {"total", total}}}}});
    const bool is_gone = one.at("node_kind") == "organization" && answer.status == 404;
    if (!is_gone) { // to another group, since it was shown
        watch_.countGiven(answer, effort_);
    }
}

void QuotaClerk::carryOut(const Lease& lease)
{
    const std::string verb = verbOf(lease.task);
    const std::string key = name_ + "-" + std::to_string(++acts_);
    Json body = bodyOf(lease);
    if (lease.person_ids.size() == 1) {
        const std::string& id = lease.person_ids.front();
        const HttpAnswer answer = caller_.post("/api/v1/persons/" + id + "/" + verb, body, key);
        settle(id, answer.status, answer.body);
        return;
    }
    body["person_ids"] = lease.person_ids;
    const HttpAnswer answer = caller_.post("/api/v1/persons/" + verb, body, key);
    if (answer.status != 200) {
        settle(lease.person_ids.front(), answer.status, answer.body);
        return;
    }
    for (const Json& result : answer.body.at("results")) {
        const bool is_done = result.at("done");
        settle(result.at("person_id"),
               is_done ? 200 : 409,
               is_done ? result.at("person") : result.at("problem"));
    }
}

void QuotaClerk::settle(const std::string& person_id, int status, const Json& said)
{
    if (status == 200) {
        roll_.acknowledge(person_id, said);
        return;
    }
    const std::string code = said.is_object() ? said.value("code", "") : "";
    roll_.refuse(person_id, code);
    if (status != 0 && !isRefusal(status, code)) {
        effort_.surprise(person_id + " was answered " + std::to_string(status) + " " + said.dump());
    }
}

} // namespace chaos
