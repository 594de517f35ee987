// Goal: what is searched for in organizations that a text means is one list, page by page and
// without a gap, also where a restored backup has rows of erased persons among them. Method:
// requests against the plugin on the fake hub.
#include "floor.hpp"
#include "support/suite.hpp"

#include <hub/person.hpp>

namespace registration::test {

namespace {

class OrganizationListsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(OrganizationListsTest);
    CPPUNIT_TEST(aPageOfErasedPersonsGoesOn);
    CPPUNIT_TEST(nobodyIsSkippedBehindAnErasedPerson);
    CPPUNIT_TEST_SUITE_END();

    /// Somebody who was submitted at this time.
    static void add(Floor& floor, const Organization& organization, std::int64_t at, bool is_erased)
    {
        const std::string id = (is_erased ? "erased-" : "person-") + std::to_string(at);
        Person person = floor.person(id, organization);
        person.submitted_ms += at;
        floor.add(person);
        if (is_erased) {
            floor.run([&](const Work& work) { hub::person::erase(work.unit(), id); });
        }
    }

    /// All pages behind each other.
    static std::string walked(Floor& floor, Json query)
    {
        std::string found;
        for (int page = 0; page < 9; ++page) {
            const Heard heard =
                floor.desk.read("persons.list", clerkOf("shanghai"), {{"query", query}});
            CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 200, heard.status);
            for (const Json& item : heard.body["items"]) {
                found += item["person_id"].get_ref<const std::string&>() + " ";
            }
            query["cursor"] = heard.body["next_cursor"];
            if (query["cursor"].is_null()) {
                return found;
            }
        }
        return found + "and on";
    }

public:
    void aPageOfErasedPersonsGoesOn()
    {
        Floor floor("ciie-4");
        const Organization home = floor.organization("org-1", "shanghai");
        add(floor, home, 1, true);
        add(floor, home, 2, false);
        CPPUNIT_ASSERT_EQUAL(
            std::string("person-2 "),
            walked(floor, {{"organization", "org-1"}, {"q", "样本"}, {"limit", "1"}}));
    }

    void nobodyIsSkippedBehindAnErasedPerson()
    {
        Floor floor("ciie-4");
        const Organization first = floor.organization("org-1", "shanghai");
        const Organization second = floor.organization("org-10", "shanghai");
        add(floor, first, 1, true);
        add(floor, first, 2, false);
        add(floor, first, 5, false);
        add(floor, second, 10, false);
        add(floor, second, 11, false);
        const Json query = {{"organization", "org-1"}, {"q", "样本"}};
        for (const char* limit : {"1", "2", "3", "50"}) {
            Json limited = query;
            limited["limit"] = limit;
            CPPUNIT_ASSERT_EQUAL_MESSAGE(limit,
                                         std::string("person-2 person-5 person-10 person-11 "),
                                         walked(floor, limited));
        }
    }
};

HUB_TEST_SUITE_REGISTRATION(OrganizationListsTest, "organization_lists");

} // namespace

} // namespace registration::test
