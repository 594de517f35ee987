// Goal: whatever happens in whatever order, every place is where an independent count says, nobody
// is refused who should not be and nobody served who should be refused. Method: 2,000 random steps
// of each mode against a model that knows only people, groups and numbers; after each step all
// nodes are compared and recounted. The seed is in the message.
#include "floor.hpp"
#include "flow/quotas.hpp"
#include "support/suite.hpp"

#include <map>
#include <random>
#include <set>

namespace registration::test {

namespace {

constexpr int kSteps = 2000;
constexpr int kOrganizations = 4;
constexpr int kPersons = 12;

using NodeName = std::string; // "kind id"

NodeName nameOf(const QuotaNode& node)
{
    return node.kind + " " + node.id;
}

struct Group {
    std::string delegation_id;
    std::string sub_delegation_id;
};

const std::vector<Group> kGroups = {{"shanghai", ""},
                                    {"shanghai", "shanghai-trade"},
                                    {"shanghai", "shanghai-health"},
                                    {"guangdong", ""}};
const std::vector<std::string> kCategories = {"visitor", "staff", "vip"};

QuotaNode nodeOf(const Group& group)
{
    return group.sub_delegation_id.empty() ? QuotaNode{"delegation", group.delegation_id}
                                           : QuotaNode{"sub_delegation", group.sub_delegation_id};
}

/// People, groups and numbers; nothing is kept that could be counted.
struct Model {
    struct Somebody {
        int organization = 0;
        bool reuse = false;
        std::string brought;  // of a reused badge
        std::string category; // '' for none
        NodeName place;       // '' when none is held
        enum { Open, Locked, Canceled } state = Open;
    };

    bool by_organization = false;
    std::vector<int> group; // of each organization
    std::vector<Somebody> persons;
    std::map<std::pair<NodeName, std::string>, std::int64_t> totals;

    static int rank(const std::string& category)
    {
        for (std::size_t i = 0; i < kCategories.size(); ++i) {
            if (kCategories[i] == category) {
                return static_cast<int>(i) + 1;
            }
        }
        return 0;
    }

    static NodeName organization(int i) { return "organization org-" + std::to_string(i); }

    NodeName groupOf(int i) const
    {
        return nameOf(
            nodeOf(kGroups[static_cast<std::size_t>(group[static_cast<std::size_t>(i)])]));
    }

    NodeName parentOf(const NodeName& node) const
    {
        if (node.starts_with("edition")) {
            return "";
        }
        if (node.starts_with("delegation")) {
            return "edition";
        }
        if (node.starts_with("sub_delegation")) {
            return "delegation shanghai";
        }
        return groupOf(std::stoi(node.substr(node.find('-') + 1)));
    }

    std::int64_t total(const NodeName& node, const std::string& category) const
    {
        const auto found = totals.find({node, category});
        return found == totals.end() ? 0 : found->second;
    }

    std::int64_t used(const NodeName& node, const std::string& category) const
    {
        std::int64_t n = 0;
        for (const Somebody& one : persons) {
            n += one.place == node && one.category == category ? 1 : 0;
        }
        for (const auto& [key, given] : totals) {
            n += key.second == category && parentOf(key.first) == node ? given : 0;
        }
        return n;
    }

    std::int64_t left(const NodeName& node, const std::string& category) const
    {
        return total(node, category) - used(node, category);
    }

    bool give(const NodeName& node, const std::string& category, std::int64_t wanted)
    {
        const std::int64_t more = wanted - total(node, category);
        const NodeName parent = parentOf(node);
        if (wanted < used(node, category) ||
            (!parent.empty() && more > 0 && more > left(parent, category))) {
            return false;
        }
        totals[{node, category}] = wanted;
        return true;
    }

    bool take(Somebody& one, const std::string& category)
    {
        const NodeName node =
            by_organization ? organization(one.organization) : groupOf(one.organization);
        if (category == "visitor") {
            one.place.clear();
        } else if (one.category != category || one.place.empty()) {
            if (left(node, category) < 1) {
                return false;
            }
            one.place = node;
        }
        one.category = category;
        return true;
    }

    bool categorize(Somebody& one, const std::string& category)
    {
        if (one.state != Somebody::Open) {
            return false;
        }
        if (one.category == category) {
            return true;
        }
        const bool is_free_choice = !one.reuse || by_organization;
        return (is_free_choice || rank(category) > rank(one.category)) && take(one, category);
    }

    bool uncategorize(Somebody& one) const
    {
        if (one.state != Somebody::Open || (one.reuse && one.category == one.brought)) {
            return false;
        }
        one.place.clear();
        one.category = one.reuse ? one.brought : "";
        return true;
    }

    bool lock(Somebody& one)
    {
        if (one.state == Somebody::Locked) {
            return true;
        }
        if (one.state != Somebody::Open || one.category.empty() || !take(one, one.category)) {
            return false;
        }
        one.state = Somebody::Locked;
        return true;
    }

    static bool cancel(Somebody& one)
    {
        one.state = Somebody::Canceled;
        one.place.clear();
        return true;
    }

    bool move(int i, int to)
    {
        const NodeName from_node = groupOf(i);
        const NodeName to_node = nameOf(nodeOf(kGroups[static_cast<std::size_t>(to)]));
        std::map<std::string, std::int64_t> needed;
        for (const Somebody& one : persons) {
            needed[one.category] += one.organization == i && !one.place.empty() ? 1 : 0;
        }
        for (const auto& [category, n] : needed) {
            if (from_node != to_node && n > 0 && left(to_node, category) < n) {
                return false;
            }
        }
        group[static_cast<std::size_t>(i)] = to;
        if (from_node != to_node) {
            for (Somebody& one : persons) {
                if (one.organization == i && one.place == from_node) {
                    one.place = to_node;
                }
            }
            for (const std::string& category : kCategories) {
                if (totals.count({organization(i), category}) != 0) {
                    totals[{organization(i), category}] = used(organization(i), category);
                }
            }
        }
        return true;
    }
};

/// The plugin and the model side by side.
class Walk {
public:
    Walk(const std::string& edition, unsigned seed)
        : floor_(edition)
        , random_(seed)
        , seed_(seed)
    {
        floor_.desk.fake.rehearse(false); // other tests look at that; here many steps count
        model_.by_organization = edition == "ciie-7";
        for (int i = 0; i < kOrganizations; ++i) {
            const Group& group = kGroups[static_cast<std::size_t>(i)];
            floor_.organization(
                "org-" + std::to_string(i), group.delegation_id, group.sub_delegation_id);
            model_.group.push_back(i);
        }
        for (int i = 0; i < kPersons; ++i) {
            bring(i);
        }
    }

    void run()
    {
        for (int i = 0; i < kSteps; ++i) {
            step();
            floor_.recount();
            compare(i);
        }
        // Both answers were seen of every step, or the walk proves little.
        const std::size_t answers = model_.by_organization ? 7 : 11;
        CPPUNIT_ASSERT_EQUAL(answers, seen_.size());
    }

private:
    int draw(int n) { return std::uniform_int_distribution<int>(0, n - 1)(random_); }

    std::string nameFor(int i) const
    {
        return "person-" + std::to_string(i) + "-" + std::to_string(born_);
    }

    /// Somebody new in this place of the list.
    void bring(int i)
    {
        ++born_;
        Model::Somebody one;
        one.organization = draw(kOrganizations);
        one.reuse = !model_.by_organization && draw(3) == 0;
        one.brought = one.reuse ? kCategories[static_cast<std::size_t>(draw(3))] : "";
        one.category = one.brought;
        Organization home;
        floor_.run([&](const Work& work) {
            home = work.rows().organization("org-" + std::to_string(one.organization)).value();
        });
        Person person = floor_.person(nameFor(i), home);
        person.state =
            model_.by_organization ? PersonState::Submitted : PersonState::ToBeCategorized;
        if (one.reuse) {
            Person past = floor_.person("past-" + nameFor(i), home);
            past.edition = "ciie-3";
            past.state = PersonState::Archived;
            past.category = one.brought;
            floor_.add(past);
            person.past_person_id = past.person_id;
            person.reuse = true;
            person.state = PersonState::ToBeLocked;
            person.category = one.brought;
        }
        floor_.add(person);
        if (model_.persons.size() <= static_cast<std::size_t>(i)) {
            model_.persons.push_back(one);
            names_.push_back(person.person_id);
        } else {
            model_.persons[static_cast<std::size_t>(i)] = one;
            names_[static_cast<std::size_t>(i)] = person.person_id;
        }
    }

    void step()
    {
        switch (draw(model_.by_organization ? 8 : 10)) {
        case 0:
        case 1:
            give();
            break;
        case 2:
            move();
            break;
        case 3:
        case 4:
        case 5:
        case 6:
            categorize();
            break;
        case 7:
            cancel();
            break;
        case 8:
            act("uncategorize", Json::object(), [&](auto& one) {
                return model_.uncategorize(one);
            });
            break;
        default:
            act("lock", {{"confirmed", true}}, [&](auto& one) { return model_.lock(one); });
        }
    }

    void expect(const std::string& what, bool expected, bool done, const std::string& why)
    {
        CPPUNIT_ASSERT_EQUAL_MESSAGE(
            what + ", seed " + std::to_string(seed_) + ": " + why, expected, done);
        seen_.insert(what + (done ? " done" : " refused"));
    }

    void give()
    {
        const std::vector<QuotaNode> nodes = {{"edition", floor_.desk.edition()},
                                              {"edition", floor_.desk.edition()},
                                              nodeOf(kGroups[static_cast<std::size_t>(draw(4))]),
                                              nodeOf(kGroups[static_cast<std::size_t>(draw(4))]),
                                              {"organization", "org-" + std::to_string(draw(4))}};
        const QuotaNode& node =
            nodes[static_cast<std::size_t>(draw(model_.by_organization ? 5 : 4))];
        const std::string category = kCategories[static_cast<std::size_t>(1 + draw(2))];
        const std::int64_t total = draw(node.kind == "edition" ? 14 : 6);
        const bool expected = model_.give(
            node.kind == "edition" ? NodeName("edition") : nameOf(node), category, total);
        std::string why;
        bool done = false;
        floor_.run([&](const Work& work) {
            const Edition edition = work.edition(floor_.desk.edition()).value();
            const auto refusal =
                giveQuota(work, node, *edition.findCategory(category), total, edition);
            done = !refusal;
            why = refusal ? refusal->detail.en : "";
        });
        expect("give", expected, done, nameOf(node) + " " + why);
    }

    void move()
    {
        const int i = draw(kOrganizations);
        const int to = draw(static_cast<int>(kGroups.size()));
        const bool expected = model_.move(i, to);
        bool done = false;
        floor_.run([&](const Work& work) {
            const Edition edition = work.edition(floor_.desk.edition()).value();
            Organization one = work.rows().organization("org-" + std::to_string(i)).value();
            const Group& group = kGroups[static_cast<std::size_t>(to)];
            done = !relocateWithPlaces(
                work, one, group.delegation_id, group.sub_delegation_id, edition);
        });
        expect("move", expected, done, std::to_string(i) + " to " + std::to_string(to));
    }

    void categorize()
    {
        const std::string category = kCategories[static_cast<std::size_t>(draw(3))];
        if (!model_.by_organization) {
            act("categorize", {{"category", category}, {"reason", "sample"}}, [&](auto& one) {
                return model_.categorize(one, category);
            });
            return;
        }
        const auto i = static_cast<std::size_t>(draw(kPersons));
        const bool expected = model_.categorize(model_.persons[i], category);
        bool done = false;
        floor_.run([&](const Work& work) {
            const Edition edition = work.edition(floor_.desk.edition()).value();
            Person person = work.rows().person(names_[i]).value();
            done = !takePlace(work, person, *edition.findCategory(category), edition);
            work.rows().update(person);
        });
        expect("choose", expected, done, category);
    }

    template <typename Change>
    void act(const std::string& action, const Json& body, Change change)
    {
        const auto i = static_cast<std::size_t>(draw(kPersons));
        const bool expected = change(model_.persons[i]);
        const Heard heard = floor_.one(action, kOrganizer, names_[i], body);
        expect(action, expected, heard.status == 200, heard.body.dump());
    }

    /// And somebody else comes instead.
    void cancel()
    {
        const int i = draw(kPersons);
        Model::cancel(model_.persons[static_cast<std::size_t>(i)]);
        const Heard heard = floor_.one(
            "cancel", kOrganizer, names_[static_cast<std::size_t>(i)], {{"reason", "sample"}});
        expect("cancel", true, heard.status == 200, heard.body.dump());
        bring(i);
    }

    void compare(int step)
    {
        std::vector<QuotaNode> nodes = {{"edition", floor_.desk.edition()}};
        for (const Group& group : kGroups) {
            nodes.push_back(nodeOf(group));
        }
        for (int i = 0; i < kOrganizations; ++i) {
            nodes.push_back({"organization", "org-" + std::to_string(i)});
        }
        floor_.run([&](const Work& work) {
            for (const QuotaNode& node : nodes) {
                const NodeName name = node.kind == "edition" ? NodeName("edition") : nameOf(node);
                for (const char* category : {"staff", "vip"}) {
                    const Quota quota =
                        findQuota(work.unit(), floor_.desk.edition(), node, category);
                    const std::string where = name + " " + category + ", step " +
                                              std::to_string(step) + ", seed " +
                                              std::to_string(seed_);
                    CPPUNIT_ASSERT_EQUAL_MESSAGE(
                        where + " total", model_.total(name, category), quota.total);
                    CPPUNIT_ASSERT_EQUAL_MESSAGE(
                        where + " used", model_.used(name, category), quota.used());
                }
            }
        });
    }

    Floor floor_;
    Model model_;
    std::mt19937 random_;
    unsigned seed_;
    std::vector<std::string> names_;
    int born_ = 0;
    std::set<std::string> seen_;
};

class QuotaModelTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(QuotaModelTest);
    CPPUNIT_TEST(whereDelegationsCategorize);
    CPPUNIT_TEST(whereOrganizationsChoose);
    CPPUNIT_TEST_SUITE_END();

public:
    void whereDelegationsCategorize() { Walk("ciie-4", 20261105).run(); }
    void whereOrganizationsChoose() { Walk("ciie-7", 20261106).run(); }
};

HUB_TEST_SUITE_REGISTRATION(QuotaModelTest, "quota_model");

} // namespace

} // namespace registration::test
