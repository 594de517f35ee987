// Goal: a group sees its own persons, narrowed by each filter, found by what people type, page by
// page in the order of submission, with totals that are true.
// Method: requests against the plugin on the fake hub; plans_test looks at the statements' plans.
#include "floor.hpp"
#include "store/person_list.hpp"
#include "support/suite.hpp"

#include <hub/person.hpp>

#include <algorithm>

namespace registration::test {

namespace {

const Visitor kShanghai = clerkOf("shanghai");

/// One reference person, and others who differ from it in one thing each.
class Crowd : public Floor {
public:
    explicit Crowd(const std::string& edition = "ciie-4")
        : Floor(edition)
        , home(organization("org-1", "shanghai"))
    {}

    Person draft(const std::string& person_id)
    {
        Person one = person(person_id, home);
        one.submitted_ms += ++count_;
        return one;
    }

    /// Ids in their order, each with a blank behind; "422 <code>" of a refusal.
    std::string list(const Visitor& who, const Json& query = Json::object())
    {
        const Heard heard = desk.read("persons.list", who, {{"query", query}});
        if (heard.status != 200) {
            return std::to_string(heard.status) + " " +
                   heard.body["code"].get_ref<const std::string&>();
        }
        std::string ids;
        for (const Json& item : heard.body["items"]) {
            ids += item["person_id"].get_ref<const std::string&>() + " ";
        }
        return ids;
    }

    Json line(const Visitor& who) { return desk.read("persons.list", who).body.at("items").at(0); }

    Organization home;

private:
    std::int64_t count_ = 0;
};

void assertList(const std::string& expected,
                Crowd& crowd,
                const Json& query,
                const Visitor& who = kShanghai)
{
    CPPUNIT_ASSERT_EQUAL_MESSAGE(query.dump(), expected, crowd.list(who, query));
}

class PersonListTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PersonListTest);
    CPPUNIT_TEST(aGroupSeesItsOwnPersons);
    CPPUNIT_TEST(aSubDelegationSeesItsOwnPersons);
    CPPUNIT_TEST(savedPersonsAreTheirOrganizationsOwn);
    CPPUNIT_TEST(byTheOrganizationsNameOrCode);
    CPPUNIT_TEST(organizationsOfOneNameAreOneList);
    CPPUNIT_TEST(byAPartOfTheName);
    CPPUNIT_TEST(byTheKindOfPerson);
    CPPUNIT_TEST(byOneOrManyCategories);
    CPPUNIT_TEST(byOneOrManyStates);
    CPPUNIT_TEST(byTheAdmissionPeriod);
    CPPUNIT_TEST(byTheWayOfDelivery);
    CPPUNIT_TEST(byTheStatusOfTheBadge);
    CPPUNIT_TEST(byTheReuseOfABadge);
    CPPUNIT_TEST(byWhatOrganizationsAskFor);
    CPPUNIT_TEST(filtersTogetherMeanAllOfThem);
    CPPUNIT_TEST(theQuickSearchFindsNamesNumbersAndPhones);
    CPPUNIT_TEST(aSearchShowsPagesInTheOrderOfSubmission);
    CPPUNIT_TEST(whoIsSubmittedOrMovedIsFoundThere);
    CPPUNIT_TEST(manyAreCategorizedAtOnce);
    CPPUNIT_TEST(theColumnsAreShownWithTheirTitles);
    CPPUNIT_TEST(theAmountFollowsCategoryAndReuse);
    CPPUNIT_TEST(whoHasNoCategoryReadsAsAGeneralVisitor);
    CPPUNIT_TEST(whoWaitsForTheLockReadsSo);
    CPPUNIT_TEST(pagesFollowEachOtherWithoutGapOrRepetition);
    CPPUNIT_TEST(aFilterThatFindsLittleLooksAWindowFarAndGoesOn);
    CPPUNIT_TEST(wrongValuesAreRefused);
    CPPUNIT_TEST(totalsAreTrue);
    CPPUNIT_TEST(countsByStateAreTrue);
    CPPUNIT_TEST(anErasedPersonShowsNothing);
    CPPUNIT_TEST(aPastEditionHasNoList);
    CPPUNIT_TEST_SUITE_END();

    /// Behind the n-th person that the quick search finds.
    static std::string cursorAt(Crowd& crowd, int n)
    {
        const Heard heard = read(crowd, {{"q", "样本甲"}, {"limit", std::to_string(n)}});
        return heard.body.at("next_cursor").get<std::string>();
    }

    static Heard read(Crowd& crowd, const Json& query)
    {
        return crowd.desk.read("persons.list", kShanghai, {{"query", query}});
    }

public:
    void aGroupSeesItsOwnPersons()
    {
        Crowd crowd;
        crowd.add(crowd.draft("own"));
        crowd.add(crowd.person("below", crowd.organization("org-2", "shanghai", "shanghai-trade")));
        crowd.add(crowd.person("other", crowd.organization("org-3", "guangdong")));

        assertList("below own ", crowd, {});
        assertList("other ", crowd, {}, clerkOf("guangdong"));
        assertList("below other own ", crowd, {}, kOrganizer);
        assertList("below ", crowd, {{"sub_delegation_id", "shanghai-trade"}});
        assertList("own ", crowd, {{"organization_id", "org-1"}});
        assertList("other ", crowd, {{"delegation_id", "guangdong"}}, kOrganizer);
        assertList("404 not_found", crowd, {{"delegation_id", "guangdong"}});
        assertList("404 not_found", crowd, {{"organization_id", "org-3"}});
        assertList("404 not_found",
                   crowd,
                   {{"sub_delegation_id", "shanghai-health"}},
                   subClerkOf("shanghai-trade"));
    }

    void aSubDelegationSeesItsOwnPersons()
    {
        Crowd crowd;
        crowd.add(crowd.draft("own"));
        crowd.add(crowd.person("below", crowd.organization("org-2", "shanghai", "shanghai-trade")));
        assertList("below ", crowd, {}, subClerkOf("shanghai-trade"));
        assertList("", crowd, {}, subClerkOf("shanghai-health"));
    }

    void savedPersonsAreTheirOrganizationsOwn()
    {
        Crowd crowd;
        Person saved = crowd.draft("saved");
        saved.state = PersonState::Saved;
        saved.submitted_ms = 0;
        crowd.add(saved);
        assertList("", crowd, {});
        assertList("", crowd, {{"state", "saved"}});
    }

    void byTheOrganizationsNameOrCode()
    {
        Crowd crowd;
        crowd.add(crowd.draft("first"));
        crowd.add(crowd.person("second", crowd.organization("org-2", "shanghai")));
        crowd.run([](const Work& work) {
            Organization one = work.rows().organization("org-2").value();
            one.name = "样本%单位_二";
            one.social_credit_code = "91310000MAXHUB0226";
            work.rows().update(one);
        });
        assertList("first ", crowd, {{"organization", "org-1"}});
        assertList("first ", crowd, {{"organization", kCode}});
        assertList("second ", crowd, {{"organization", "91310000MAXHUB0226"}});
        assertList("second ", crowd, {{"organization", "位_二"}});
        assertList("second ", crowd, {{"organization", "%"}});
        assertList("", crowd, {{"organization", "样本!单位"}});
    }

    void byAPartOfTheName()
    {
        Crowd crowd;
        crowd.add(crowd.draft("first"));
        Person other = crowd.draft("other");
        other.document["name"] = "某某乙";
        crowd.add(other);
        assertList("other ", crowd, {{"name", "某乙"}});
        assertList("first ", crowd, {{"name", "样本甲"}});
        assertList("", crowd, {{"name", "样本乙"}});
        assertList("422 filter_value_unknown", crowd, {{"name", "乙"}});
    }

    void byTheKindOfPerson()
    {
        Crowd crowd;
        crowd.add(crowd.draft("first"));
        Person other = crowd.draft("other");
        other.kind = "overseas";
        crowd.add(other);
        assertList("other ", crowd, {{"kind", "overseas"}});
    }

    void byOneOrManyCategories()
    {
        Crowd crowd;
        for (const char* category : {"", "visitor", "staff", "vip"}) {
            Person one = crowd.draft(category[0] == '\0' ? "none" : category);
            one.category = category;
            crowd.add(one);
        }
        assertList("staff ", crowd, {{"category", "staff"}});
        assertList("staff vip ", crowd, {{"category", "vip,staff"}});
        assertList("none vip ", crowd, {{"category", "vip,none"}});
        assertList("422 filter_value_unknown", crowd, {{"category", "vip,nobility"}});
    }

    void byOneOrManyStates()
    {
        Crowd crowd;
        for (const PersonState state :
             {PersonState::ToBeCategorized, PersonState::ToBeLocked, PersonState::ToBePaid}) {
            Person one = crowd.draft(std::string(toText(state)));
            one.state = state;
            crowd.add(one);
        }
        assertList("to_be_locked ", crowd, {{"state", "to_be_locked"}});
        assertList("to_be_locked to_be_paid ", crowd, {{"state", "to_be_paid,to_be_locked"}});
        assertList("422 filter_value_unknown", crowd, {{"state", "sleeping"}});
    }

    void byTheAdmissionPeriod()
    {
        Crowd crowd;
        crowd.add(crowd.draft("first"));
        Person other = crowd.draft("other");
        other.admission_period = "last_days";
        crowd.add(other);
        assertList("other ", crowd, {{"admission_period", "last_days"}});
        assertList("422 filter_value_unknown", crowd, {{"admission_period", "someday"}});
    }

    void byTheWayOfDelivery()
    {
        Crowd crowd;
        crowd.add(crowd.draft("first"));
        Person other = crowd.draft("other");
        other.delivery_method = "delegation_pickup";
        crowd.add(other);
        assertList("other ", crowd, {{"delivery_method", "delegation_pickup"}});
    }

    void byTheStatusOfTheBadge()
    {
        Crowd crowd;
        crowd.add(crowd.draft("waiting"));
        for (const char* id : {"new", "reused", "upgraded"}) {
            Person one = crowd.draft(id);
            one.state = PersonState::Passed;
            one.reuse = one.person_id != "new";
            one.upgraded = one.person_id == "upgraded";
            crowd.add(one);
        }
        assertList("waiting ", crowd, {{"badge_status", "registered"}});
        assertList("new upgraded ", crowd, {{"badge_status", "in_production"}});
        assertList("reused ", crowd, {{"badge_status", "reuse_activated"}});
        assertList("", crowd, {{"badge_status", "registered"}, {"state", "passed"}});
        assertList("reused ", crowd, {{"badge_status", "reuse_activated"}, {"state", "passed"}});
    }

    void byTheReuseOfABadge()
    {
        Crowd crowd;
        crowd.add(crowd.draft("first"));
        Person other = crowd.draft("other");
        other.reuse = true;
        crowd.add(other);
        assertList("other ", crowd, {{"reuse", "true"}});
        assertList("first ", crowd, {{"reuse", "false"}});
    }

    void byWhatOrganizationsAskFor()
    {
        Crowd crowd;
        crowd.add(crowd.draft("first"));
        Person other = crowd.draft("other");
        other.state = PersonState::ToBePaid;
        crowd.add(other);
        crowd.desk.write("own_person.cancel",
                         contactOf("org-1"),
                         {{"path", {{"organization_id", "org-1"}, {"person_id", "other"}}},
                          {"body", {{"reason", "sample"}}}});
        assertList("other ", crowd, {{"cancellation", "asked"}});
    }

    void filtersTogetherMeanAllOfThem()
    {
        Crowd crowd;
        for (const char* id : {"both", "kind", "reuse"}) {
            Person one = crowd.draft(id);
            one.kind = one.person_id == "reuse" ? "mainland" : "overseas";
            one.reuse = one.person_id != "kind";
            crowd.add(one);
        }
        assertList("both ",
                   crowd,
                   {{"kind", "overseas"},
                    {"reuse", "true"},
                    {"name", "样本甲"},
                    {"state", "to_be_categorized"},
                    {"organization", kCode}});
    }

    void theQuickSearchFindsNamesNumbersAndPhones()
    {
        Crowd crowd;
        crowd.add(crowd.draft("first"));
        Person other = crowd.draft("other");
        other.document["name"] = "某乙";
        other.document["document_number"] = "11010119000101002X";
        other.document["phone"] = "+8619900000007";
        crowd.add(other);
        Person outside = crowd.person("outside", crowd.organization("org-2", "guangdong"));
        outside.document = other.document;
        outside.document_key = "id_card:outside";
        crowd.add(outside);

        for (const char* typed :
             {"某乙", "002x", "11010119000101002X", "0007", "199 0000 0007", "+86 19900000007"}) {
            assertList("other ", crowd, {{"q", typed}});
        }
        assertList("first ", crowd, {{"q", "样本"}});
        assertList("", crowd, {{"q", "甲乙"}});
        assertList("422 filter_value_unknown", crowd, {{"q", "乙"}});
    }

    void aSearchShowsPagesInTheOrderOfSubmission()
    {
        Crowd crowd;
        for (int i = 0; i < 5; ++i) {
            Person one = crowd.draft("person-" + std::to_string(9 - i));
            one.document["name"] = i == 2 ? "某某乙" : "样本甲";
            crowd.add(one);
        }
        assertList("person-9 person-8 person-6 person-5 ", crowd, {{"q", "样本"}});
        assertList("person-9 person-8 person-6 person-5 ", crowd, {{"q", "样本甲"}});
        assertList("person-6 person-5 ", crowd, {{"q", "样本甲"}, {"cursor", cursorAt(crowd, 2)}});
        assertList(
            "person-8 ", crowd, {{"q", "样本甲"}, {"limit", "1"}, {"cursor", cursorAt(crowd, 1)}});
    }

    void whoIsSubmittedOrMovedIsFoundThere()
    {
        Crowd crowd;
        crowd.add(crowd.draft("first"));
        Person saved = crowd.draft("saved");
        saved.state = PersonState::Saved;
        saved.submitted_ms = 0;
        crowd.add(saved);
        assertList("first ", crowd, {{"q", "样本"}});

        crowd.run([&](const Work& work) {
            Person person = work.rows().person("saved").value();
            person.state = PersonState::ToBeCategorized;
            person.submitted_ms = work.nowMs() * 2;
            work.rows().update(person);
        });
        assertList("first saved ", crowd, {{"q", "样本"}});

        crowd.run([&](const Work& work) {
            Organization home = work.rows().organization("org-1").value();
            work.relocate(home, "guangdong", "");
        });
        assertList("", crowd, {{"q", "样本"}});
        assertList("first saved ", crowd, {{"q", "样本"}}, clerkOf("guangdong"));
        assertList("first saved ", crowd, {{"kind", "mainland"}}, clerkOf("guangdong"));
        crowd.recount();
    }

    void organizationsOfOneNameAreOneList()
    {
        Crowd crowd;
        const Organization other = crowd.organization("org-10", "shanghai");
        for (int i = 0; i < 5; ++i) {
            Person one =
                crowd.person("person-" + std::to_string(i), i % 2 == 0 ? crowd.home : other);
            one.submitted_ms += i;
            crowd.add(one);
        }
        assertList(
            "person-0 person-1 person-2 person-3 person-4 ", crowd, {{"organization", "org-1"}});
        assertList("person-1 person-3 ", crowd, {{"organization", "org-10"}});
        std::string found;
        Json query = {{"organization", "org-1"}, {"limit", "2"}};
        for (int page = 0; page < 3; ++page) {
            const Heard heard = read(crowd, query);
            for (const Json& item : heard.body["items"]) {
                found += item["person_id"].get_ref<const std::string&>() + " ";
            }
            query["cursor"] = heard.body["next_cursor"];
        }
        CPPUNIT_ASSERT_EQUAL(std::string("person-0 person-1 person-2 person-3 person-4 "), found);
        CPPUNIT_ASSERT(query["cursor"].is_null());
    }

    void manyAreCategorizedAtOnce()
    {
        Crowd crowd;
        crowd.add(crowd.draft("first"));
        crowd.add(crowd.draft("second"));
        const Heard heard =
            crowd.many("categorize", kShanghai, {"first", "second"}, {{"category", "visitor"}});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 200, heard.status);
        CPPUNIT_ASSERT(heard.body["done"] == 2);
    }

    void theColumnsAreShownWithTheirTitles()
    {
        Crowd crowd;
        crowd.add(crowd.draft("first"));
        const Heard heard = read(crowd, Json::object());
        const Json& columns = heard.body["columns"];
        const Json first = {{"name", "name"}, {"title", {{"en", "Name"}, {"zh", "姓名"}}}};
        CPPUNIT_ASSERT(!columns.empty());
        CPPUNIT_ASSERT_EQUAL(first.dump(), columns[0].dump());
        const Json line = crowd.line(kShanghai);
        for (const Json& column : columns) {
            CPPUNIT_ASSERT_MESSAGE(column.dump(),
                                   line.contains(column["name"].get_ref<const std::string&>()));
        }
        CPPUNIT_ASSERT(line["name"] == "样本甲");
        CPPUNIT_ASSERT(line["document_masked"] == "110***********0020");
        CPPUNIT_ASSERT(line["organization_name"] == "样本单位 org-1");
        CPPUNIT_ASSERT(line["badge_status"] == "registered");
    }

    void theAmountFollowsCategoryAndReuse()
    {
        Crowd crowd;
        const auto amountOf = [&](const char* id, const char* category, bool reuse, bool upgraded) {
            Person one = crowd.draft(id);
            one.category = category;
            one.reuse = reuse;
            one.upgraded = upgraded;
            crowd.add(one);
        };
        amountOf("new", "visitor", false, false);
        amountOf("reused", "visitor", true, false);
        amountOf("upgraded", "staff", true, true);
        amountOf("uncategorized", "", false, false);

        const Json items = read(crowd, Json::object()).body["items"];
        CPPUNIT_ASSERT(items[0]["amount_minor"] == 20000);
        CPPUNIT_ASSERT(items[1]["amount_minor"] == 10000);
        CPPUNIT_ASSERT(items[2]["amount_minor"] == 0);
        CPPUNIT_ASSERT(items[3]["amount_minor"].is_null());
    }

    void whoHasNoCategoryReadsAsAGeneralVisitor()
    {
        Crowd crowd;
        crowd.add(crowd.draft("first"));
        const Json line = crowd.line(kShanghai);
        CPPUNIT_ASSERT(line["state_title"]["zh"] == "待标记");
        CPPUNIT_ASSERT(line["category_title"]["zh"] == "普通观众");
    }

    void whoWaitsForTheLockReadsSo()
    {
        Crowd crowd;
        crowd.add(crowd.draft("first"));
        crowd.one("categorize", kShanghai, "first", {{"category", "visitor"}});
        const Json line = crowd.line(kShanghai);
        CPPUNIT_ASSERT(line["state_title"]["zh"] == "待锁定");
        CPPUNIT_ASSERT(line["category_title"]["zh"] == "专业观众");
    }

    void pagesFollowEachOtherWithoutGapOrRepetition()
    {
        Crowd crowd;
        std::string expected;
        for (int i = 0; i < 7; ++i) {
            const std::string id = "person-" + std::to_string(i);
            Person one = crowd.draft(id);
            one.submitted_ms -= i % 2; // some at the same time
            one.state = i == 3 ? PersonState::ToBeLocked : PersonState::ToBeCategorized;
            crowd.add(one);
        }
        const std::string whole = crowd.list(kShanghai);
        std::string found;
        Json query = {{"limit", "2"}};
        int pages = 0;
        for (bool more = true; more && pages < 9; ++pages) {
            const Heard heard = read(crowd, query);
            for (const Json& item : heard.body["items"]) {
                found += item["person_id"].get_ref<const std::string&>() + " ";
            }
            query["cursor"] = heard.body["next_cursor"];
            more = !query["cursor"].is_null();
        }
        CPPUNIT_ASSERT_EQUAL(4, pages);
        CPPUNIT_ASSERT_EQUAL(whole, found);
        CPPUNIT_ASSERT_EQUAL(std::ptrdiff_t{7}, std::count(whole.begin(), whole.end(), ' '));
    }

    void aFilterThatFindsLittleLooksAWindowFarAndGoesOn()
    {
        Crowd crowd;
        for (int i = 0; i < 25; ++i) {
            crowd.organization("other-" + std::to_string(i), "shanghai");
        }
        for (int i = 0; i < 9; ++i) {
            Person one = crowd.draft("person-" + std::to_string(i));
            one.submitted_ms -= i == 4 ? 1 : 0; // at the same time as the one before
            one.kind = i == 3 || i == 4 || i == 8 ? "overseas" : "mainland";
            crowd.add(one);
        }
        PersonFilter filter;
        filter.edition = "ciie-4";
        filter.kind = "overseas";
        filter.window = 3;
        std::string found;
        int pages = 0;
        crowd.run([&](const Work& work) {
            found.clear();
            std::optional<ListPosition> next = ListPosition{};
            for (pages = 0; next && pages < 9; ++pages) {
                const PersonPage page = listPersons(work.unit(), filter, *next, 50);
                for (const ListedPerson& one : page.persons) {
                    found += one.person_id + " ";
                }
                next = page.next;
            }
            const PersonCount kept = countPersons(work.unit(), filter, 50);
            CPPUNIT_ASSERT_EQUAL(std::size_t{3}, kept.n);
            CPPUNIT_ASSERT(!kept.more);
            PersonFilter by_name = filter;
            by_name.organization = "样本"; // which is that of many
            const PersonCount counted = countPersons(work.unit(), by_name, 50);
            CPPUNIT_ASSERT_EQUAL(std::size_t{2}, counted.n);
            CPPUNIT_ASSERT(counted.more);

            PersonFilter states;
            states.edition = "ciie-4";
            states.window = 3;
            states.states = {PersonState::Passed, PersonState::Failed};
            CPPUNIT_ASSERT(listPersons(work.unit(), states, {}, 50).next.has_value());
            states.states = {PersonState::Passed};
            CPPUNIT_ASSERT(!listPersons(work.unit(), states, {}, 50).next);
        });
        CPPUNIT_ASSERT_EQUAL(std::string("person-3 person-4 person-8 "), found);
        CPPUNIT_ASSERT_EQUAL(3, pages);
    }

    void wrongValuesAreRefused()
    {
        Crowd crowd;
        assertList("422 limit_out_of_range", crowd, {{"limit", "0"}});
        assertList("422 limit_out_of_range", crowd, {{"limit", "201"}});
        for (const char* cursor : {"1", "x.first", ".first", "1."}) {
            assertList("422 cursor_unknown", crowd, {{"cursor", cursor}});
        }
    }

    void totalsAreTrue()
    {
        Crowd crowd;
        for (int i = 0; i < 5; ++i) {
            crowd.add(crowd.draft("person-" + std::to_string(i)));
        }
        Person saved = crowd.draft("saved");
        saved.state = PersonState::Saved;
        saved.submitted_ms = 0;
        crowd.add(saved);
        crowd.one("categorize", kShanghai, "person-1", {{"category", "visitor"}});
        const auto total = [&](const Json& query) {
            return read(crowd, query).body["total"].dump();
        };
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"more":false,"n":5})"), total({{"limit", "1"}}));
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"more":false,"n":4})"),
                             total({{"state", "to_be_categorized"}}));
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"more":false,"n":5})"),
                             total({{"state", "to_be_categorized,to_be_locked,to_be_locked"}}));
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"more":false,"n":1})"),
                             total({{"category", "visitor"}}));
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"more":false,"n":0})"),
                             total({{"category", "visitor"}, {"state", "to_be_categorized"}}));
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"more":false,"n":4})"),
                             total({{"category", "none"}, {"reuse", "false"}}));
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"more":false,"n":5})"), total({{"q", "样本"}}));
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"more":false,"n":1})"),
                             total({{"q", "样本"}, {"category", "visitor"}}));
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"more":false,"n":5})"),
                             total({{"organization", "org-1"}}));
        crowd.recount();
    }

    void countsByStateAreTrue()
    {
        Crowd crowd;
        crowd.add(crowd.draft("first"));
        crowd.add(crowd.draft("second"));
        crowd.one("categorize", kShanghai, "first", {{"category", "visitor"}});

        const Json counts = crowd.desk.read("persons.counts", kShanghai).body["counts"];
        std::string told;
        for (const Json& one : counts) {
            told += one["state"].get_ref<const std::string&>() + " " + one["n"].dump() + ", ";
        }
        CPPUNIT_ASSERT_EQUAL(std::string("to_be_categorized 1, to_be_locked 1, "), told);
        CPPUNIT_ASSERT(
            crowd.desk.read("persons.counts", clerkOf("guangdong")).body["counts"].empty());
    }

    void anErasedPersonShowsNothing()
    {
        Crowd crowd;
        crowd.add(crowd.draft("erased"));
        Person unknown = crowd.draft("unknown");
        unknown.summary = Json::object();
        crowd.add(unknown);
        crowd.run([](const Work& work) { hub::person::erase(work.unit(), "erased"); });

        const Json items = read(crowd, Json::object()).body["items"];
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, items.size());
        for (const Json& item : items) {
            CPPUNIT_ASSERT(item["name"] == "");
            CPPUNIT_ASSERT(item["document_masked"] == "");
        }
    }

    void aPastEditionHasNoList()
    {
        Crowd crowd;
        assertList("409 edition_archived", crowd, {{"edition", "ciie-1"}});
    }
};

HUB_TEST_SUITE_REGISTRATION(PersonListTest, "person_list");

} // namespace

} // namespace registration::test
