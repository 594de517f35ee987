#include "quota_contact.hpp"

#include "waiting.hpp"

#include <utility>

namespace chaos {

namespace {

constexpr Milliseconds kIdle{20};
constexpr int kSaves = 6; ///< of one form: each kill may swallow an answer

} // namespace

QuotaContact::QuotaContact(Caller caller,
                           const std::string& edition,
                           std::string organization_id,
                           QuotaRoll& roll,
                           QuotaWatch& watch,
                           Effort& effort,
                           std::uint64_t seed)
    : caller_(std::move(caller))
    , organization_id_(std::move(organization_id))
    , roll_(roll)
    , watch_(watch)
    , effort_(effort)
    , random_(seed)
    , quotas_path_("/api/v1/editions/" + edition +
                   "/quotas?node_kind=organization&node_id=" + organization_id_)
    , persons_path_("/api/v1/organizations/" + organization_id_ + "/persons/")
    , name_("contact-" + std::to_string(seed))
{}

void QuotaContact::work()
{
    while (!roll_.isDone() && !effort_.hopeless) {
        const Lease lease = roll_.takeSaved(organization_id_, random_);
        if (lease.person_ids.empty()) {
            waitUntil(kIdle, [this] { return roll_.isDone(); });
            continue;
        }
        look();
        carryOut(lease);
        roll_.giveBack(lease);
    }
}

/// How much its delegation gave it.
void QuotaContact::look()
{
    const HttpAnswer shown = caller_.get(quotas_path_);
    if (shown.status == 200) {
        watch_.note(shown.body);
    } else {
        surprise("its quotas", shown.status, shown.body);
    }
}

void QuotaContact::carryOut(const Lease& lease)
{
    Json ids = Json::array();
    for (const std::string& id : lease.person_ids) {
        if (choose(id, lease.category)) {
            ids.push_back(id);
        }
    }
    const std::string key = name_ + "-" + std::to_string(++acts_);
    Json body = {{"confirmed", true}, {"declaration", true}};
    if (ids.size() == 1) {
        const std::string id = ids.front();
        const HttpAnswer answer = caller_.post(persons_path_ + id + "/submission", body, key);
        settle(id, answer.status, answer.body);
        return;
    }
    if (ids.empty()) {
        return;
    }
    body["person_ids"] = ids;
    const HttpAnswer answer = caller_.post(persons_path_ + "submissions", body, key);
    if (answer.status != 200) {
        settle(ids.front(), answer.status, answer.body);
        return;
    }
    for (const Json& result : answer.body.at("results")) {
        const bool is_done = result.at("done");
        settle(result.at("person_id"), is_done ? 200 : 409, is_done ? result : result["problem"]);
    }
}

/// Whether the form says so now. Nobody else saves it: after 412 it was this one's own save whose
/// answer was lost, and the next look shows it.
bool QuotaContact::choose(const std::string& person_id, const std::string& category)
{
    const std::string path = persons_path_ + person_id;
    HttpAnswer answer;
    for (int i = 0; i < kSaves; ++i) {
        answer = caller_.get(path);
        if (answer.status != 200) {
            break;
        }
        Json form = answer.body.at("form");
        if (form.value("category", "") == category) {
            return true;
        }
        form["category"] = category;
        const std::string revision = answer.body.at("revision").dump();
        answer = caller_.put(path, {{"form", form}}, {{"If-Match", "\"" + revision + "\""}});
        if (answer.status == 200) {
            return true;
        }
        if (answer.status != 412) {
            break;
        }
    }
    surprise(person_id, answer.status, answer.body);
    return false;
}

void QuotaContact::settle(const std::string& person_id, int status, const Json& said)
{
    if (status == 200) {
        roll_.acknowledge(person_id, said);
        return;
    }
    const std::string code = said.is_object() ? said.value("code", "") : "";
    roll_.refuse(person_id, code);
    if (code != "quota_exhausted") {
        surprise(person_id, status, said);
    }
}

/// Status 0 is told by whoever counts what was never answered.
void QuotaContact::surprise(const std::string& person_id, int status, const Json& said)
{
    if (status != 0) {
        effort_.surprise("the contact of " + organization_id_ + ", " + person_id +
                         ", was answered " + std::to_string(status) + " " + said.dump());
    }
}

} // namespace chaos
