#include "quota_world.hpp"

#include "generator/sample_numbers.hpp"
#include "parallel.hpp"
#include "registration_people.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <utility>

namespace chaos {

namespace {

constexpr const char* kPastEdition = "ciie-3";
constexpr std::int64_t kPersonsOfOrganization = 250;
constexpr std::size_t kOrganizationsMin = 8;
constexpr int kReuseShare = 25;     ///< percent who come with the badge of last time
constexpr std::size_t kBatch = 200; ///< as many as one request takes
constexpr std::size_t kRowsOfFile = 5'000;
constexpr std::size_t kAtOnce = 8;

const std::vector<Group> kGroups = {{"east", ""},
                                    {"east", "east-tea"},
                                    {"east", "east-silk"},
                                    {"north", "north-coal"},
                                    {"north", "north-wool"},
                                    {"south", ""},
                                    {"west", ""}};

std::size_t organizationsFor(std::int64_t persons)
{
    return std::max(kOrganizationsMin, static_cast<std::size_t>(persons / kPersonsOfOrganization));
}

/// The phone of the n-th organization now, and the one it had then.
std::string phoneNow(std::size_t n)
{
    return sample::phone(50'000'000 + n);
}

std::string phoneThen(std::size_t n)
{
    return sample::phone(60'000'000 + n);
}

std::string organizationsFile(std::size_t organizations)
{
    std::string csv = "单位名称,统一社会信用代码,单位类型,联系人,联系人手机\r\n";
    for (std::size_t n = 0; n < organizations; ++n) {
        csv += "样本单位" + std::to_string(n + 1) + "," + sample::socialCreditCode(n) +
               ",enterprise," + sample::name(n) + "," + phoneThen(n) + "\r\n";
    }
    return csv;
}

std::string loginsFile(std::size_t organizations)
{
    std::string csv = "账号,单位类型,手机号码\r\n";
    for (std::size_t n = 0; n < organizations; ++n) {
        csv += sample::socialCreditCode(n) + ",enterprise," + phoneThen(n) + "\r\n";
    }
    return csv;
}

/// Of persons from `first` on; they go round the organizations.
std::string personsFile(std::size_t first, std::size_t end, std::size_t organizations)
{
    std::string csv = "单位,姓名,性别,证件号码,职务,手机号码,category,入场日期\r\n";
    for (std::size_t n = first; n < end; ++n) {
        const std::string card = sample::residentCard(n);
        csv += sample::socialCreditCode(n % organizations) + "," + sample::name(n) + "," +
               (sample::isMale(card) ? "男," : "女,") + card + ",样本职务," + sample::phone(n) +
               ",visitor,all_days\r\n";
    }
    return csv;
}

void importPast(Office& office, std::size_t persons, std::size_t organizations)
{
    office.import("organizations", kPastEdition, organizationsFile(organizations));
    office.import("logins", kPastEdition, loginsFile(organizations));
    for (std::size_t first = 0; first < persons; first += kRowsOfFile) {
        office.import("persons",
                      kPastEdition,
                      personsFile(first, std::min(persons, first + kRowsOfFile), organizations));
    }
}

/// Scarce: fewer than half of those who want one get a place.
void giveQuotas(Office& office, const QuotaWorld& world)
{
    const auto groups = static_cast<std::int64_t>(world.groups.size());
    const std::string path = "/api/v1/editions/" + world.edition + "/quotas";
    Json quotas = Json::array();
    const auto give = [&](const char* kind,
                          const std::string& id,
                          const std::string& category,
                          std::int64_t total) {
        quotas.push_back(
            {{"node_kind", kind}, {"node_id", id}, {"category", category}, {"total", total}});
    };
    std::map<std::string, std::int64_t> below; // groups of each delegation
    for (const Group& group : world.groups) {
        ++below[group.delegation_id];
    }
    for (const std::string& category : world.limited) {
        const std::int64_t share = std::max<std::int64_t>(
            2, world.persons * (category == "staff" ? 20 : 10) / 100 / groups);
        give("edition", world.edition, category, share * (groups + 1));
        for (const auto& [delegation_id, n] : below) {
            give("delegation", delegation_id, category, share * n);
        }
    }
    expect(200, office.caller().put(path, {{"quotas", quotas}}), "the quotas");
}

/// One organization's way from its account to the approval, with all of its persons.
class Enrolling {
public:
    Enrolling(const Installation& installation, Office& office, QuotaRoll& roll, Effort& effort)
        : installation_(installation)
        , office_(office)
        , roll_(roll)
        , effort_(effort)
        , organizer_(office.server(), office.edition(), effort)
    {}

    void enrol(std::size_t n, const Group& group)
    {
        Contact contact =
            registerOrganization(installation_.hub(),
                                 installation_.simulator(),
                                 office_.edition(),
                                 {sample::socialCreditCode(n), phoneNow(n), phoneThen(n)},
                                 effort_);
        path_ = "/api/v1/organizations/" + contact.organization_id;
        key_ = contact.organization_id;
        expect(200,
               contact.caller.put(path_ + "/consents/privacy", {{"version", "1"}}),
               "the consent");
        savePage(n, group);
        bringPersons(contact.caller);
        submitPersons(contact.caller);
        expect(200,
               contact.caller.post(path_ + "/submission", Json::object(), key_ + "-submit"),
               "the submission");
        expect(200,
               organizer_.post(path_ + "/review", {{"decision", "approve"}}, key_ + "-review"),
               "the approval");
        place(group);
        note(contact.organization_id, group);
    }

private:
    void savePage(std::size_t n, const Group& group)
    {
        const Json before =
            expect(200, organizer_.get(path_ + "/pages/organization"), "the page").body;
        const std::string revision = std::to_string(before.at("revision").get<int>());
        expect(200,
               organizer_.put(path_ + "/pages/organization",
                              {{"name", "样本单位" + std::to_string(n + 1)},
                               {"social_credit_code", sample::socialCreditCode(n)},
                               {"delegation_id", group.delegation_id}},
                              {{"If-Match", "\"" + revision + "\""}}),
               "the organization's page");
    }

    /// Some with the badge that they have, the others anew.
    void bringPersons(Caller& contact)
    {
        std::vector<std::string> past;
        std::string cursor;
        do {
            const Json page = expect(200,
                                     contact.get(path_ + "/past-persons?limit=200" +
                                                 (cursor.empty() ? "" : "&cursor=" + cursor)),
                                     "the past persons")
                                  .body;
            for (const Json& one : page.at("persons")) {
                past.push_back(one.at("past_person_id"));
            }
            cursor = page.at("next_cursor");
        } while (!cursor.empty());
        const auto reused = past.size() * kReuseShare / 100;
        apply(contact, {past.begin(), past.begin() + static_cast<std::ptrdiff_t>(reused)}, true);
        apply(contact, {past.begin() + static_cast<std::ptrdiff_t>(reused), past.end()}, false);
    }

    void apply(Caller& contact, const std::vector<std::string>& past, bool reuse)
    {
        for (std::size_t first = 0; first < past.size(); first += kBatch) {
            const auto end = std::min(past.size(), first + kBatch);
            const std::vector<std::string> some(past.begin() + static_cast<std::ptrdiff_t>(first),
                                                past.begin() + static_cast<std::ptrdiff_t>(end));
            Json body = {
                {"person_ids", some}, {"reuse", reuse}, {"consents", {{"sensitive", "1"}}}};
            if (reuse) {
                body["confirmed"] = true;
                body["badge_kept"] = true;
            }
            const Json answer =
                expect(200,
                       contact.post(
                           path_ + "/past-persons/applications", body, key_ + "-" + some.front()),
                       "the application of past persons")
                    .body;
            for (const Json& result : answer.at("results")) {
                if (!result.at("done").get<bool>()) {
                    throw std::runtime_error("a past person is not brought: " + result.dump());
                }
                persons_.emplace_back(result.at("new_person_id"), reuse);
            }
        }
    }

    void submitPersons(Caller& contact)
    {
        for (std::size_t first = 0; first < persons_.size(); first += kBatch) {
            Json ids = Json::array();
            for (std::size_t i = first; i < std::min(persons_.size(), first + kBatch); ++i) {
                ids.push_back(persons_[i].first);
            }
            const Json answer =
                expect(
                    200,
                    contact.post(path_ + "/persons/submissions",
                                 {{"person_ids", ids}, {"confirmed", true}, {"declaration", true}},
                                 key_ + "-persons-" + std::to_string(first)),
                    "the submission of persons")
                    .body;
            if (answer.at("done") != ids.size()) {
                throw std::runtime_error("not all persons are submitted: " + answer.dump());
            }
        }
    }

    /// The page names a delegation only; its clerks know the groups.
    void place(const Group& group)
    {
        if (!group.sub_delegation_id.empty()) {
            expect(200,
                   organizer_.post(path_ + "/reassignment",
                                   {{"sub_delegation_id", group.sub_delegation_id}},
                                   key_ + "-place"),
                   "the group of the organization");
        }
    }

    void note(const std::string& organization_id, const Group& group)
    {
        roll_.addOrganization(organization_id, group);
        for (const auto& [id, reuse] : persons_) {
            const std::string state = reuse ? "to_be_locked" : "to_be_categorized";
            const int visits =
                static_cast<int>(1 + sample::scattered(1, std::hash<std::string>{}(id)) % 3);
            roll_.addPerson(id, {organization_id, state, reuse ? "visitor" : "", reuse, visits, 0});
        }
    }

    const Installation& installation_;
    Office& office_;
    QuotaRoll& roll_;
    Effort& effort_;
    Caller organizer_;
    std::string path_;
    std::string key_;
    std::vector<std::pair<std::string, bool>> persons_; ///< and whether the badge is used again
};

} // namespace

std::vector<Group> staffedGroups(const QuotaWorld& world)
{
    std::vector<Group> staffed;
    for (const Group& group : world.groups) {
        staffed.push_back(group);
        const Group above{group.delegation_id, ""};
        if (std::find(staffed.begin(), staffed.end(), above) == staffed.end()) {
            staffed.push_back(above);
        }
    }
    return staffed;
}

void giveQuotaBelow(Caller& clerk, const QuotaWorld& world, const std::string& delegation_id)
{
    const std::string path = "/api/v1/editions/" + world.edition + "/quotas";
    const Json shown = expect(200, clerk.get(path), "the quotas of " + delegation_id).body;
    std::int64_t n = 0;
    for (const Group& group : world.groups) {
        n += group.delegation_id == delegation_id ? 1 : 0;
    }
    Json quotas = Json::array();
    for (const Group& group : world.groups) {
        for (const Json& line : shown.at("lines")) {
            if (group.delegation_id == delegation_id && !group.sub_delegation_id.empty() &&
                line.at("limited").get<bool>()) {
                quotas.push_back({{"node_kind", "sub_delegation"},
                                  {"node_id", group.sub_delegation_id},
                                  {"category", line.at("category")},
                                  {"total", line.at("total").get<std::int64_t>() / n}});
            }
        }
    }
    if (!quotas.empty()) {
        expect(200, clerk.put(path, {{"quotas", quotas}}), "the quotas below " + delegation_id);
    }
}

QuotaWorld buildQuotaWorld(const Installation& installation,
                           Office& office,
                           QuotaRoll& roll,
                           Effort& effort,
                           std::int64_t persons)
{
    QuotaWorld world{office.edition(), kGroups, {"staff", "vip"}, persons};
    const std::size_t organizations = organizationsFor(persons);
    office.openEdition(rulesOfLongForms());
    office.putGroups(world.groups);
    importPast(office, static_cast<std::size_t>(persons), organizations);
    giveQuotas(office, world);
    forEach(organizations, kAtOnce, [&](std::size_t n) {
        Enrolling(installation, office, roll, effort).enrol(n, kGroups[n % kGroups.size()]);
    });
    return world;
}

} // namespace chaos
