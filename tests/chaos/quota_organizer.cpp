#include "quota_organizer.hpp"

#include "shop.hpp"
#include "waiting.hpp"

#include <algorithm>
#include <utility>

namespace chaos {

namespace {

constexpr Milliseconds kPace{10}; ///< an organizer is not a load test
constexpr int kRoomTries = 4;     ///< each for one category, or because clerks were faster
constexpr int kDraws = 100;       ///< of organizations, until one may go where it shall

std::string codeOf(const HttpAnswer& answer)
{
    return textOf(answer.body, "code");
}

} // namespace

QuotaOrganizer::QuotaOrganizer(Caller caller,
                               std::string edition,
                               std::vector<Group> groups,
                               Mode mode,
                               QuotaRoll& roll,
                               QuotaWatch& watch,
                               Effort& effort,
                               std::uint64_t seed)
    : caller_(std::move(caller))
    , edition_(std::move(edition))
    , groups_(std::move(groups))
    , mode_(mode)
    , roll_(roll)
    , watch_(watch)
    , effort_(effort)
    , random_(seed)
    , path_("/api/v1/editions/" + edition_ + "/quotas")
    , name_("organizer-" + edition_ + "-" + std::to_string(seed))
{}

std::string QuotaOrganizer::nextKey()
{
    return name_ + "-" + std::to_string(++acts_);
}

std::size_t QuotaOrganizer::draw(std::size_t n)
{
    return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_);
}

const std::vector<QuotaOrganizer::Act>& QuotaOrganizer::acts()
{
    static const std::vector<Act> kActs = {
        {&QuotaOrganizer::move, &Interventions::moved},
        {&QuotaOrganizer::reassign, &Interventions::reassigned},
        {&QuotaOrganizer::withdraw, &Interventions::withdrawn},
        {&QuotaOrganizer::raise, &Interventions::raised},
        {&QuotaOrganizer::lower, &Interventions::lowered},
        {&QuotaOrganizer::lowerTooFar, &Interventions::asked_too_low}};
    return kActs;
}

/// In turn those of which there are too few; then whatever is drawn.
const QuotaOrganizer::Act& QuotaOrganizer::choose(std::size_t turn, std::int64_t wanted)
{
    for (std::size_t i = 0; i < acts().size(); ++i) {
        const Act& act = acts()[(turn + i) % acts().size()];
        if (done_.*act.count < wanted) {
            return act;
        }
    }
    return acts()[draw(acts().size())];
}

bool QuotaOrganizer::hasDone(std::int64_t wanted) const
{
    return std::all_of(
        acts().begin(), acts().end(), [&](const Act& act) { return done_.*act.count >= wanted; });
}

void QuotaOrganizer::work(std::int64_t wanted)
{
    for (std::size_t turn = 0; !roll_.isDone() && !effort_.hopeless; ++turn) {
        (this->*choose(turn, wanted).act)();
        if (hasDone(wanted)) {
            roll_.letFinish();
        }
        waitUntil(kPace, [this] { return roll_.isDone(); });
    }
}

void QuotaOrganizer::move()
{
    relocate(true);
}

void QuotaOrganizer::reassign()
{
    relocate(false);
}

std::vector<Group> QuotaOrganizer::targetsOf(const Group& from, bool is_move) const
{
    std::vector<Group> targets;
    for (const Group& group : groups_) {
        if (!(group == from) && (group.delegation_id != from.delegation_id) == is_move) {
            targets.push_back(group);
        }
    }
    return targets;
}

/// To another delegation, or within its own: that is a reassignment, which needs no new review.
void QuotaOrganizer::relocate(bool is_move)
{
    std::string id;
    Group from;
    std::vector<Group> targets;
    for (int i = 0; i < kDraws && targets.empty(); ++i) {
        id = roll_.drawOrganization(random_);
        from = roll_.groupOf(id);
        targets = targetsOf(from, is_move);
    }
    if (targets.empty()) {
        return;
    }
    Group to = targets[draw(targets.size())];
    HttpAnswer answer = ask(id, to, is_move);
    for (int i = 0; i < kRoomTries && codeOf(answer) == "quota_exhausted"; ++i) {
        ++done_.refused_moves;
        to.sub_delegation_id.clear(); // what is below a delegation is not the organizer's to give
        if (to == from) {
            return;
        }
        makeRoom(to, answer.body.at("parameters"));
        answer = ask(id, to, is_move);
    }
    settle(id, to, answer);
    if (answer.status == 200) {
        done_.moved += is_move ? 1 : 0;
        done_.reassigned += is_move ? 0 : 1;
        if (is_move) {
            approve(id);
        }
    }
}

void QuotaOrganizer::settle(const std::string& organization_id,
                            const Group& to,
                            const HttpAnswer& answer)
{
    if (answer.status == 200) {
        roll_.relocate(organization_id, to);
    } else if (codeOf(answer) == "quota_exhausted") {
        ++done_.refused_moves;
    } else if (answer.status != 0) {
        effort_.surprise("a move was answered " + std::to_string(answer.status) + " " +
                         answer.body.dump());
    }
}

HttpAnswer QuotaOrganizer::ask(const std::string& organization_id, const Group& to, bool is_move)
{
    const std::string path = "/api/v1/organizations/" + organization_id;
    if (!is_move) {
        return caller_.post(
            path + "/reassignment", {{"sub_delegation_id", to.sub_delegation_id}}, nextKey());
    }
    return caller_.post(path + "/move",
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
        ++done_.asked_too_low;
        done_.lowered += give(line, line.at("used").get<std::int64_t>() - 1) ? 1 : 0;
    }
}

/// As its contact does; where organizations choose, a contact only asks for it, so it is done by
/// the organizer.
void QuotaOrganizer::withdraw()
{
    const Lease lease = roll_.takeOne(random_);
    if (lease.person_ids.empty()) {
        return;
    }
    const std::string& id = lease.person_ids.front();
    const std::string owner =
        mode_ == Mode::ByDelegation ? "/organizations/" + lease.organization_id : "";
    const HttpAnswer answer = caller_.post(
        "/api/v1" + owner + "/persons/" + id + "/cancel", {{"reason", "sample"}}, nextKey());
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
