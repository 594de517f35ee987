// The history of the quotas, told again from the hub's journal by a model that knows only people,
// groups and numbers: after each event no node may have used more than it was given. Pure.
#pragma once

#include "group.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace chaos {

struct JournalEvent {
    std::int64_t seq = 0;
    std::string type;
    nlohmann::json payload;
};

/// Of one edition. Categories without a quota are left out by whoever names the limited ones.
class QuotaReplay {
public:
    /// Where organizations choose, the place is taken when a person is submitted, of what is
    /// `chosen` by then; elsewhere leave it empty.
    QuotaReplay(std::string edition,
                const std::vector<Group>& groups,
                std::set<std::string> limited,
                std::map<std::string, std::string> chosen = {});

    void apply(const JournalEvent& event);

    struct Node {
        std::string kind;
        std::string id;

        bool operator<(const Node& other) const
        {
            return std::tie(kind, id) < std::tie(other.kind, other.id);
        }
    };
    struct Count {
        std::int64_t total = 0;
        std::int64_t allocated = 0;
        std::int64_t reserved = 0;
    };
    Count countOf(const Node& node, const std::string& category) const;
    Group groupOf(const std::string& organization_id) const;
    std::string categoryOf(const std::string& person_id) const;
    std::int64_t events() const noexcept { return events_; }
    /// What was exceeded, and when; what ended twice.
    const std::vector<std::string>& exceeded() const noexcept { return exceeded_; }
    const std::vector<std::string>& doubled() const noexcept { return doubled_; }

private:
    using Key = std::pair<Node, std::string>; ///< with the category

    struct Person {
        std::string organization_id;
        std::string category;
        Node place; ///< kind is empty: it holds none
        bool canceled = false;
    };

    void submit(const JournalEvent& event);
    void categorize(const JournalEvent& event);
    void cancel(const JournalEvent& event);
    void setTotal(const JournalEvent& event);
    void relocate(const JournalEvent& event);
    void hold(Person& person, const std::string& category, const Node& node);
    void letGo(Person& person);
    Node placeOf(const Person& person) const;
    Node above(const Node& node) const;
    void look(const Node& node, const std::string& category);

    std::string edition_;
    std::set<std::string> limited_;
    std::map<std::string, std::string> chosen_;
    std::map<Key, Count> counts_;
    std::map<std::string, std::string> parents_; ///< of sub-delegations
    std::map<std::string, Group> organizations_;
    std::map<std::string, Person> persons_;
    std::map<std::string, std::set<std::string>> members_; ///< persons by organization
    std::int64_t seq_ = 0;
    std::int64_t events_ = 0;
    std::vector<std::string> exceeded_;
    std::vector<std::string> doubled_;
};

} // namespace chaos
