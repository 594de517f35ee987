#include "quota_world.hpp"

#include "generator/sample_numbers.hpp"
#include "parallel.hpp"
#include "registration_people.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <stdexcept>
#include <utility>

namespace chaos {

namespace {

constexpr int kReuseShare = 25;     ///< percent who come with the badge of last time
constexpr int kCancelShare = 30;    ///< percent who are canceled where organizations choose
constexpr std::size_t kBatch = 200; ///< as many as one request takes
constexpr std::size_t kRowsOfFile = 5'000;
constexpr std::size_t kAtOnce = 8;
constexpr const char* kUnlimited = "visitor";

/// One world's numbers: nobody is in both.
struct Ground {
    const char* edition;
    const char* past_edition;
    std::size_t first_organization;
    std::size_t first_person;
    std::int64_t persons_of_organization;
    std::size_t organizations_max;
};
constexpr std::size_t kOrganizationsMin = 14; ///< so that some stay where they are
constexpr Ground kWhereDelegations = {"ciie-4", "ciie-3", 0, 0, 250, 1'000};
/// Many contacts at once are wanted here, each with a connection.
constexpr Ground kWhereOrganizations = {"ciie-7", "ciie-6", 1'000, 100'000, 40, 32};

const Ground& groundOf(Mode mode)
{
    return mode == Mode::ByDelegation ? kWhereDelegations : kWhereOrganizations;
}

const std::vector<Group> kGroups = {{"east", ""},
                                    {"east", "east-tea"},
                                    {"east", "east-silk"},
                                    {"north", "north-coal"},
                                    {"north", "north-wool"},
                                    {"south", ""},
                                    {"west", ""}};

std::size_t organizationsFor(const Ground& ground, std::int64_t persons)
{
    return std::clamp(static_cast<std::size_t>(persons / ground.persons_of_organization),
                      kOrganizationsMin,
                      ground.organizations_max);
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

/// What was there before this edition, as files.
class Past {
public:
    Past(const Ground& ground, std::size_t persons, std::size_t organizations)
        : ground_(ground)
        , persons_(persons)
        , organizations_(organizations)
    {}

    void import(Office& office) const
    {
        office.import("organizations", ground_.past_edition, organizationsFile());
        office.import("logins", ground_.past_edition, loginsFile());
        for (std::size_t first = 0; first < persons_; first += kRowsOfFile) {
            office.import("persons",
                          ground_.past_edition,
                          personsFile(first, std::min(persons_, first + kRowsOfFile)));
        }
    }

private:
    std::string organizationsFile() const
    {
        std::string csv = "单位名称,统一社会信用代码,单位类型,联系人,联系人手机\r\n";
        for (std::size_t i = 0; i < organizations_; ++i) {
            const std::size_t n = ground_.first_organization + i;
            csv += "样本单位" + std::to_string(n + 1) + "," + sample::socialCreditCode(n) +
                   ",enterprise," + sample::name(n) + "," + phoneThen(n) + "\r\n";
        }
        return csv;
    }

    std::string loginsFile() const
    {
        std::string csv = "账号,单位类型,手机号码\r\n";
        for (std::size_t i = 0; i < organizations_; ++i) {
            const std::size_t n = ground_.first_organization + i;
            csv += sample::socialCreditCode(n) + ",enterprise," + phoneThen(n) + "\r\n";
        }
        return csv;
    }

    /// Of persons from `first` on; they go round the organizations.
    std::string personsFile(std::size_t first, std::size_t end) const
    {
        std::string csv = "单位,姓名,性别,证件号码,职务,手机号码,category,入场日期\r\n";
        for (std::size_t i = first; i < end; ++i) {
            const std::size_t n = ground_.first_person + i;
            const std::string card = sample::residentCard(n);
            csv += sample::socialCreditCode(ground_.first_organization + i % organizations_) + "," +
                   sample::name(n) + "," + (sample::isMale(card) ? "男," : "女,") + card +
                   ",样本职务," + sample::phone(n) + "," + kUnlimited + ",all_days\r\n";
        }
        return csv;
    }

    const Ground& ground_;
    std::size_t persons_;
    std::size_t organizations_;
};

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

/// One organization's way from its account to the approval, with those of its persons who are
/// submitted before.
class Enrolling {
public:
    Enrolling(const Installation& installation,
              Office& office,
              Mode mode,
              QuotaRoll& roll,
              Effort& effort)
        : installation_(installation)
        , office_(office)
        , mode_(mode)
        , roll_(roll)
        , effort_(effort)
        , organizer_(office.server(), office.edition(), effort)
    {}

    Contact enrol(std::size_t n, const Group& group)
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
        return contact;
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
        const auto reused = mode_ == Mode::ByDelegation ? past.size() * kReuseShare / 100 : 0;
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

    /// Where organizations choose, one that the submission asks for: the others are fought over.
    std::size_t submittedBefore() const
    {
        return mode_ == Mode::ByDelegation ? persons_.size()
                                           : std::min<std::size_t>(1, persons_.size());
    }

    void submitPersons(Caller& contact)
    {
        const std::size_t wanted = submittedBefore();
        for (std::size_t first = 0; first < wanted; first += kBatch) {
            Json ids = Json::array();
            for (std::size_t i = first; i < std::min(wanted, first + kBatch); ++i) {
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
        for (std::size_t i = 0; i < persons_.size(); ++i) {
            EnrolledPerson person = mode_ == Mode::ByDelegation ? toBeCategorized(persons_[i])
                                                                : toBeSubmitted(persons_[i].first);
            if (mode_ == Mode::ByOrganization && i < submittedBefore()) {
                person = {"", "to_be_paid", kUnlimited, false, 0, 0};
            }
            person.organization_id = organization_id;
            roll_.addPerson(persons_[i].first, std::move(person));
        }
    }

    static std::uint64_t drawFor(const std::string& person_id)
    {
        return sample::scattered(1, std::hash<std::string>{}(person_id));
    }

    static EnrolledPerson toBeCategorized(const std::pair<std::string, bool>& person)
    {
        const auto& [id, reuse] = person;
        const int visits = static_cast<int>(1 + drawFor(id) % 3);
        return reuse ? EnrolledPerson{"", "to_be_locked", kUnlimited, true, visits, 0}
                     : EnrolledPerson{"", "to_be_categorized", "", false, visits, 0};
    }

    static EnrolledPerson toBeSubmitted(const std::string& id)
    {
        const int visits = drawFor(id) % 100 < kCancelShare ? 2 : 1;
        return {"", "saved", "", false, visits, 0};
    }

    const Installation& installation_;
    Office& office_;
    Mode mode_;
    QuotaRoll& roll_;
    Effort& effort_;
    Caller organizer_;
    std::string path_;
    std::string key_;
    std::vector<std::pair<std::string, bool>> persons_; ///< and whether the badge is used again
};

} // namespace

const char* editionOf(Mode mode)
{
    return groundOf(mode).edition;
}

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

void giveQuotaToOrganizations(Caller& clerk,
                              const QuotaWorld& world,
                              const std::vector<std::string>& organizations)
{
    const std::string path = "/api/v1/editions/" + world.edition + "/quotas";
    const Json shown = expect(200, clerk.get(path), "the quotas of a group").body;
    Json quotas = Json::array();
    for (const Json& line : shown.at("lines")) {
        if (!line.at("limited").get<bool>()) {
            continue;
        }
        const auto free =
            line.at("total").get<std::int64_t>() - line.at("used").get<std::int64_t>();
        const auto share = free / static_cast<std::int64_t>(organizations.size() + 1);
        for (const std::string& id : organizations) {
            quotas.push_back({{"node_kind", "organization"},
                              {"node_id", id},
                              {"category", line.at("category")},
                              {"total", share}});
        }
    }
    if (!quotas.empty()) {
        expect(200, clerk.put(path, {{"quotas", quotas}}), "the quotas of organizations");
    }
}

QuotaWorld buildQuotaWorld(const Installation& installation,
                           Office& office,
                           QuotaRoll& roll,
                           Effort& effort,
                           Mode mode,
                           std::int64_t persons)
{
    QuotaWorld world{office.edition(), kGroups, {"staff", "vip"}, persons, mode, {}};
    const Ground& ground = groundOf(mode);
    const std::size_t organizations = organizationsFor(ground, persons);
    office.openEdition(rulesOfLongForms());
    office.putGroups(world.groups);
    Past(ground, static_cast<std::size_t>(persons), organizations).import(office);
    giveQuotas(office, world);
    std::mutex mutex;
    forEach(organizations, kAtOnce, [&](std::size_t n) {
        Contact contact = Enrolling(installation, office, mode, roll, effort)
                              .enrol(ground.first_organization + n, kGroups[n % kGroups.size()]);
        if (mode == Mode::ByOrganization) {
            const std::lock_guard lock(mutex);
            world.contacts.push_back(std::move(contact));
        }
    });
    return world;
}

} // namespace chaos
