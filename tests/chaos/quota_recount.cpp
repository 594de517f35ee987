#include "quota_recount.hpp"

#include <set>
#include <stdexcept>

namespace chaos {

namespace {

bool isLiving(const ListedPerson& person)
{
    return person.state != "canceled";
}

using States = std::map<std::string, std::int64_t>;

class Counting {
public:
    Counting(const Reader& read,
             const QuotaTree& tree,
             const Enrolment& enrolment,
             const QuotaReplay& replay)
        : read_(read)
        , tree_(tree)
        , enrolment_(enrolment)
        , replay_(replay)
    {}

    void node(const QuotaReplay::Node& node)
    {
        const Json shown = read_("/api/v1/editions/" + tree_.edition +
                                 "/quotas?node_kind=" + node.kind + "&node_id=" + node.id);
        std::map<std::string, std::int64_t> given;
        for (const Json& line : shown.at("below")) {
            given[line.at("category").get<std::string>()] += line.at("total").get<std::int64_t>();
        }
        for (const Json& line : shown.at("lines")) {
            if (line.at("limited").get<bool>()) { // the others are counted when somebody looks
                limited(node, line, given[line.at("category")]);
            }
        }
    }

    /// How many persons are in each state, as lists show it without counting.
    void states(const QuotaReplay::Node& node, const std::string& filter)
    {
        States shown;
        const Json body = read_("/api/v1/person-counts?edition=" + tree_.edition + filter);
        for (const Json& one : body.at("counts")) {
            shown[one.at("state")] = one.at("n");
        }
        States counted;
        for (const auto& [id, person] : enrolment_.persons) {
            counted[person.state] += isIn(node, person) ? 1 : 0;
        }
        for (const auto& [state, n] : counted) {
            shown.emplace(state, 0);
        }
        for (const auto& [state, n] : shown) {
            compare(node.kind, node.kind + " " + node.id + " " + state, n, counted[state]);
        }
    }

    Recount take() { return std::move(found_); }

private:
    void limited(const QuotaReplay::Node& node, const Json& line, std::int64_t given)
    {
        const std::string category = line.at("category");
        const std::string what = node.kind + " " + node.id + " " + category;
        const QuotaReplay::Count told = replay_.countOf(node, category);
        compare(node.kind, what + " allocated", line.at("allocated"), given);
        compare(node.kind, what + " reserved", line.at("reserved"), placesOf(node, category));
        compare(node.kind, what + " reserved, told", line.at("reserved"), told.reserved);
        compare(node.kind, what + " total, told", line.at("total"), told.total);
        found_.held[node.kind] += line.at("used") != 0 ? 1 : 0;
        if (line.at("used") > line.at("total")) {
            found_.exceeded.push_back(what + " ended with " + line.at("used").dump() + " of " +
                                      line.at("total").dump());
        }
    }

    bool isIn(const QuotaReplay::Node& node, const ListedPerson& person) const
    {
        const Group& group = enrolment_.organizations.at(person.organization_id);
        return node.kind == "edition" ||
               (node.kind == "organization" && person.organization_id == node.id) ||
               (node.kind == "delegation" && group.delegation_id == node.id) ||
               (node.kind == "sub_delegation" && group.sub_delegation_id == node.id);
    }

    /// Whether its place is the node's own, not one of what is below.
    bool isHeldAt(const QuotaReplay::Node& node, const ListedPerson& person) const
    {
        if (tree_.mode == Mode::ByOrganization) {
            return node.kind == "organization" && person.organization_id == node.id;
        }
        const Group& group = enrolment_.organizations.at(person.organization_id);
        return group.sub_delegation_id.empty()
                   ? node.kind == "delegation" && group.delegation_id == node.id
                   : node.kind == "sub_delegation" && group.sub_delegation_id == node.id;
    }

    std::int64_t placesOf(const QuotaReplay::Node& node, const std::string& category) const
    {
        std::int64_t n = 0;
        for (const auto& [id, person] : enrolment_.persons) {
            n += isLiving(person) && person.category == category && isHeldAt(node, person) ? 1 : 0;
        }
        return n;
    }

    void compare(const std::string& level,
                 const std::string& what,
                 std::int64_t counter,
                 std::int64_t counted)
    {
        ++found_.compared[level];
        if (counter != counted) {
            found_.unequal.push_back(what + ": the counter says " + std::to_string(counter) +
                                     ", the recount " + std::to_string(counted));
        }
    }

    const Reader& read_;
    const QuotaTree& tree_;
    const Enrolment& enrolment_;
    const QuotaReplay& replay_;
    Recount found_;
};

/// An approval takes along whoever was submitted before.
bool isAsKnown(const EnrolledPerson& known, const ListedPerson& found)
{
    const bool is_further = known.state == "submitted" &&
                            (found.state == "to_be_paid" || found.state == "to_be_reviewed");
    return (found.state == known.state || is_further) && found.category == known.category;
}

} // namespace

Reader readerOf(Caller& caller)
{
    return [&caller](const std::string& path) {
        return expect(200, caller.get(path), "GET " + path).body;
    };
}

Enrolment readEnrolment(Caller& caller, const std::string& edition)
{
    const Reader read = readerOf(caller);
    Enrolment enrolment;
    std::string path = "/api/v1/editions/" + edition + "/organizations?limit=200";
    for (std::string at = path; !at.empty();) {
        const Json page = read(at);
        for (const Json& one : page.at("organizations")) {
            enrolment.organizations[one.at("organization_id")] = {one.at("delegation_id"),
                                                                  one.at("sub_delegation_id")};
        }
        at = page.contains("next") ? path + "&cursor=" + page.at("next").get<std::string>() : "";
    }
    path = "/api/v1/persons?edition=" + edition + "&limit=200";
    for (std::string at = path; !at.empty();) {
        const Json page = read(at);
        for (const Json& one : page.at("items")) {
            const std::string id = one.at("person_id");
            const bool is_new = enrolment.persons
                                    .emplace(id,
                                             ListedPerson{one.at("organization_id"),
                                                          one.at("state"),
                                                          one.at("category"),
                                                          one.at("reuse")})
                                    .second;
            if (!is_new) {
                enrolment.twice.push_back("person " + id + " is listed twice");
            }
        }
        const Json& next = page.at("next_cursor");
        at = next.is_string() ? path + "&cursor=" + next.get<std::string>() : "";
    }
    return enrolment;
}

Recount recount(const Reader& read,
                const QuotaTree& tree,
                const Enrolment& enrolment,
                const QuotaReplay& replay)
{
    Counting counting(read, tree, enrolment, replay);
    counting.node({"edition", tree.edition});
    counting.states({"edition", tree.edition}, "");
    std::set<std::string> delegations;
    for (const Group& group : tree.groups) {
        if (delegations.insert(group.delegation_id).second) {
            counting.node({"delegation", group.delegation_id});
            counting.states({"delegation", group.delegation_id},
                            "&delegation_id=" + group.delegation_id);
        }
        if (!group.sub_delegation_id.empty()) {
            counting.node({"sub_delegation", group.sub_delegation_id});
            counting.states({"sub_delegation", group.sub_delegation_id},
                            "&sub_delegation_id=" + group.sub_delegation_id);
        }
    }
    for (const auto& [id, group] : enrolment.organizations) {
        counting.node({"organization", id});
        counting.states({"organization", id}, "&organization_id=" + id);
    }
    return counting.take();
}

std::vector<std::string> findLost(const QuotaRoll& roll, const Enrolment& enrolment)
{
    std::vector<std::string> lost;
    for (const auto& [id, known] : roll.persons()) {
        const auto found = enrolment.persons.find(id);
        if (found == enrolment.persons.end()) {
            lost.push_back("person " + id + " was submitted and is not there");
        } else if (!isAsKnown(known, found->second)) {
            lost.push_back("person " + id + " was acknowledged as " + known.state + " \"" +
                           known.category + "\" and is " + found->second.state + " \"" +
                           found->second.category + "\"");
        }
    }
    return lost;
}

} // namespace chaos
