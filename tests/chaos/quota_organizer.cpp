#include "quota_organizer.hpp"

#include "shop.hpp"
#include "waiting.hpp"

#include <algorithm>
#include <utility>

namespace chaos {

namespace {

constexpr Milliseconds kPace{10}; ///< an organizer is not a load test
constexpr int kRoomTries = 4;     ///< each for one category, or because clerks were faster

std::string codeOf(const HttpAnswer& answer)
{
    return textOf(answer.body, "code");
}

} // namespace

QuotaOrganizer::QuotaOrganizer(Caller caller,
                               std::string edition,
                               std::vector<Group> groups,
                               QuotaRoll& roll,
                               QuotaWatch& watch,
                               Effort& effort,
                               std::uint64_t seed)
    : caller_(std::move(caller))
    , edition_(std::move(edition))
    , groups_(std::move(groups))
    , roll_(roll)
    , watch_(watch)
    , effort_(effort)
    , random_(seed)
    , path_("/api/v1/editions/" + edition_ + "/quotas")
    , name_("organizer-" + std::to_string(seed))
{}

std::string QuotaOrganizer::nextKey()
{
    return name_ + "-" + std::to_string(++acts_);
}

std::size_t QuotaOrganizer::draw(std::size_t n)
{
    return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_);
}

void QuotaOrganizer::work()
{
    const std::vector<void (QuotaOrganizer::*)()> acts = {&QuotaOrganizer::move,
                                                          &QuotaOrganizer::lower,
                                                          &QuotaOrganizer::withdraw,
                                                          &QuotaOrganizer::raise,
                                                          &QuotaOrganizer::lowerTooFar,
                                                          &QuotaOrganizer::move};
    for (std::size_t turn = 0; !roll_.isDone() && !effort_.hopeless; ++turn) {
        (this->*acts[turn < acts.size() ? turn : draw(acts.size())])(); // at first one of each
        waitUntil(kPace, [this] { return roll_.isDone(); });
    }
}

/// To whatever group; within one delegation it is a reassignment, which needs no new review.
void QuotaOrganizer::move()
{
    const std::string id = roll_.drawOrganization(random_);
    const Group from = roll_.groupOf(id);
    Group to = from;
    while (from == to) {
        to = groups_[draw(groups_.size())];
    }
    if (from.delegation_id == to.delegation_id) {
        reassign(id, to);
        return;
    }
    HttpAnswer answer = askMove(id, to);
    for (int i = 0; i < kRoomTries && codeOf(answer) == "quota_exhausted"; ++i) {
        ++done_.refused_moves;
        to.sub_delegation_id.clear(); // what is below a delegation is not the organizer's to give
        makeRoom(to, answer.body.at("parameters"));
        answer = askMove(id, to);
    }
    if (answer.status == 200) {
        roll_.relocate(id, to);
        approve(id);
        ++done_.moved;
    } else if (codeOf(answer) == "quota_exhausted") {
        ++done_.refused_moves;
    } else if (answer.status != 0) {
        effort_.surprise("a move was answered " + std::to_string(answer.status) + " " +
                         answer.body.dump());
    }
}

HttpAnswer QuotaOrganizer::askMove(const std::string& organization_id, const Group& to)
{
    return caller_.post("/api/v1/organizations/" + organization_id + "/move",
                        {{"delegation_id", to.delegation_id},
                         {"sub_delegation_id", to.sub_delegation_id},
                         {"reason", "sample"}},
                        nextKey());
}

/// As the refusal says: raises the quota first, and by some more, which clerks take meanwhile.
void QuotaOrganizer::makeRoom(const Group& to, const Json& parameters)
{
    const HttpAnswer shown = caller_.get(path_);
    if (shown.status != 200) {
        return;
    }
    const std::string category = parameters.at("category");
    const std::int64_t more = 2 * parameters.at("needed").get<std::int64_t>();
    Json quotas = Json::array();
    const auto raise = [&](const char* kind, const std::string& id, const Json& lines) {
        for (const Json& line : lines) {
            if (line.at("category") == category && line.value("node_id", id) == id) {
                quotas.push_back({{"node_kind", kind},
                                  {"node_id", id},
                                  {"category", category},
                                  {"total", line.at("total").get<std::int64_t>() + more}});
            }
        }
    };
    raise("edition", edition_, shown.body.at("lines"));
    raise("delegation", to.delegation_id, shown.body.at("below"));
    watch_.countGiven(caller_.put(path_, {{"quotas", quotas}}), effort_);
}

void QuotaOrganizer::reassign(const std::string& organization_id, const Group& to)
{
    const HttpAnswer answer =
        caller_.post("/api/v1/organizations/" + organization_id + "/reassignment",
                     {{"sub_delegation_id", to.sub_delegation_id}},
                     nextKey());
    if (answer.status == 200) {
        roll_.relocate(organization_id, to);
        ++done_.reassigned;
    } else if (codeOf(answer) == "quota_exhausted") {
        ++done_.refused_moves;
    } else if (answer.status != 0) {
        effort_.surprise("a reassignment was answered " + std::to_string(answer.status) + " " +
                         answer.body.dump());
    }
}

void QuotaOrganizer::approve(const std::string& organization_id)
{
    const HttpAnswer answer = caller_.post("/api/v1/organizations/" + organization_id + "/review",
                                           {{"decision", "approve"}},
                                           nextKey());
    if (answer.status != 200 && answer.status != 0) {
        effort_.surprise("an approval was answered " + std::to_string(answer.status) + " " +
                         answer.body.dump());
    }
}

/// One limited category of a delegation, as it is shown now; null when there is none such.
Json QuotaOrganizer::drawLine(bool has_free)
{
    const HttpAnswer shown = caller_.get(path_);
    if (shown.status != 200) {
        return nullptr;
    }
    watch_.note(shown.body);
    std::vector<Json> lines;
    for (const Json& line : shown.body.at("below")) {
        if (!has_free || line.at("used") < line.at("total")) {
            lines.push_back(line);
        }
    }
    return lines.empty() ? Json(nullptr) : lines[draw(lines.size())];
}

bool QuotaOrganizer::give(const Json& line, std::int64_t total)
{
    const HttpAnswer answer = caller_.put(path_,
                                          {{"quotas",
                                            {{{"node_kind", line.at("node_kind")},
                                              {"node_id", line.at("node_id")},
                                              {"category", line.at("category")},
                                              {"total", total}}}}});
    watch_.countGiven(answer, effort_);
    return answer.status == 200;
}

/// Takes back places that nobody has, or had when they were shown.
void QuotaOrganizer::lower()
{
    const Json line = drawLine(true);
    if (line.is_null()) {
        return;
    }
    const std::int64_t used = line.at("used");
    const auto free = static_cast<std::size_t>(line.at("total").get<std::int64_t>() - used);
    const std::int64_t kept = static_cast<std::int64_t>(draw(free));
    done_.lowered += give(line, used + kept) ? 1 : 0;
}

void QuotaOrganizer::raise()
{
    const Json line = drawLine(false);
    if (!line.is_null()) {
        const std::int64_t more = 1 + static_cast<std::int64_t>(draw(4));
        done_.raised += give(line, line.at("total").get<std::int64_t>() + more) ? 1 : 0;
    }
}

/// Below its use: it is refused, unless somebody has just let go.
void QuotaOrganizer::lowerTooFar()
{
    const Json line = drawLine(false);
    if (!line.is_null() && line.at("used") != 0) {
        done_.lowered += give(line, line.at("used").get<std::int64_t>() - 1) ? 1 : 0;
    }
}

void QuotaOrganizer::withdraw()
{
    const Lease lease = roll_.takeOne(random_);
    if (lease.person_ids.empty()) {
        return;
    }
    const std::string& id = lease.person_ids.front();
    const HttpAnswer answer = caller_.post("/api/v1/organizations/" + lease.organization_id +
                                               "/persons/" + id + "/cancel",
                                           {{"reason", "sample"}},
                                           nextKey());
    if (answer.status == 200) {
        roll_.acknowledge(id, answer.body);
        ++done_.withdrawn;
    } else if (answer.status != 0) {
        effort_.surprise("a withdrawal was answered " + std::to_string(answer.status) + " " +
                         answer.body.dump());
    }
    roll_.giveBack(lease);
}

} // namespace chaos
