// Goal: a cancellation frees the place and is told; an organization cancels before the lock and
// asks afterwards; nobody is canceled out of an open order. Method: requests against the plugin on
// the fake hub.
#include "floor.hpp"
#include "support/suite.hpp"

namespace registration::test {

namespace {

const Visitor kShanghai = clerkOf("shanghai");
const Json kReason = {{"reason", "sample reason"}};

class CancellationTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(CancellationTest);
    CPPUNIT_TEST(aCancellationFreesThePlaceAndIsTold);
    CPPUNIT_TEST(manyAreCanceledAtOnce);
    CPPUNIT_TEST(nobodyIsCanceledOutOfAnOpenOrder);
    CPPUNIT_TEST(whatWasNotSubmittedIsNotCanceled);
    CPPUNIT_TEST(anOrganizationCancelsBeforeTheLock);
    CPPUNIT_TEST(anOrganizationAsksAfterTheLock);
    CPPUNIT_TEST(whatWasAskedMayBeRefused);
    CPPUNIT_TEST(anOrganizationCancelsNobodyElses);
    CPPUNIT_TEST_SUITE_END();

    static Person in(Floor& floor, const std::string& id, PersonState state)
    {
        Person person = floor.person(id, home(floor));
        person.state = state;
        person.category = state == PersonState::ToBeCategorized ? "" : "visitor";
        return person;
    }

    static Organization home(Floor& floor)
    {
        Organization found;
        floor.run([&](const Work& work) {
            found = work.rows().organization("org-1").value_or(Organization{});
        });
        return found.organization_id.empty() ? floor.organization("org-1", "shanghai") : found;
    }

    static Heard cancelOwn(Floor& floor,
                           const std::string& person_id,
                           const std::string& organization_id = "org-1")
    {
        return floor.desk.write(
            "own_person.cancel",
            contactOf(organization_id),
            {{"path", {{"organization_id", organization_id}, {"person_id", person_id}}},
             {"body", kReason}});
    }

public:
    void aCancellationFreesThePlaceAndIsTold()
    {
        Floor floor("ciie-4");
        floor.give({"edition", "ciie-4"}, "vip", 1);
        floor.give({"delegation", "shanghai"}, "vip", 1);
        floor.add(in(floor, "first", PersonState::ToBeCategorized));
        floor.add(in(floor, "second", PersonState::ToBeCategorized));
        floor.one("categorize", kShanghai, "first", {{"category", "vip"}});

        const Heard heard = floor.one("cancel", kShanghai, "first", kReason);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 200, heard.status);
        CPPUNIT_ASSERT(heard.body["state"] == "canceled");
        floor.recount();
        const Json expected = {{"organization_id", "org-1"}, {"person_id", "first"}};
        CPPUNIT_ASSERT_EQUAL(expected.dump(), floor.told("person.canceled").at(0).dump());
        CPPUNIT_ASSERT_EQUAL(
            200, floor.one("categorize", kShanghai, "second", {{"category", "vip"}}).status);

        // Once more is no second cancellation.
        CPPUNIT_ASSERT_EQUAL(200, floor.one("cancel", kShanghai, "first", kReason).status);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, floor.told("person.canceled").size());
        floor.recount();
    }

    void manyAreCanceledAtOnce()
    {
        Floor floor("ciie-4");
        floor.add(in(floor, "first", PersonState::ToBeLocked));
        floor.add(in(floor, "second", PersonState::Passed));
        floor.add(in(floor, "failed", PersonState::Failed));

        const Heard heard = floor.many("cancel", kShanghai, {"first", "second", "failed"}, kReason);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 200, heard.status);
        CPPUNIT_ASSERT(heard.body["done"] == 2);
        CPPUNIT_ASSERT(heard.body["failed"] == Json::array({"failed"}));
    }

    void nobodyIsCanceledOutOfAnOpenOrder()
    {
        Floor floor("ciie-4");
        Person ordered = in(floor, "ordered", PersonState::ToBePaid);
        ordered.order_id = "V20260501000000000123001";
        floor.add(ordered);

        const Heard heard = floor.one("cancel", kShanghai, "ordered", kReason);
        CPPUNIT_ASSERT_EQUAL(409, heard.status);
        CPPUNIT_ASSERT(heard.body["code"] == "order_is_open");
        CPPUNIT_ASSERT(heard.body["parameters"]["order_id"] == ordered.order_id);
        CPPUNIT_ASSERT_EQUAL(409, cancelOwn(floor, "ordered").status);
    }

    void whatWasNotSubmittedIsNotCanceled()
    {
        Floor floor("ciie-4");
        floor.add(in(floor, "saved", PersonState::Saved));
        const Heard heard = floor.one("cancel", kShanghai, "saved", kReason);
        CPPUNIT_ASSERT_EQUAL(409, heard.status);
        CPPUNIT_ASSERT(heard.body["code"] == "person_not_cancelable");
    }

    void anOrganizationCancelsBeforeTheLock()
    {
        for (const PersonState state :
             {PersonState::Submitted, PersonState::ToBeCategorized, PersonState::ToBeLocked}) {
            Floor floor("ciie-4");
            floor.add(in(floor, "first", state));
            const Heard heard = cancelOwn(floor, "first");
            CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 200, heard.status);
            CPPUNIT_ASSERT(heard.body["cancellation"] == "done");
            CPPUNIT_ASSERT_EQUAL(std::size_t{1}, floor.told("person.canceled").size());
        }
    }

    void anOrganizationAsksAfterTheLock()
    {
        Floor floor("ciie-4");
        floor.add(in(floor, "first", PersonState::ToBePaid));
        for (int i = 0; i < 2; ++i) {
            const Heard heard = cancelOwn(floor, "first");
            CPPUNIT_ASSERT_EQUAL(202, heard.status);
            CPPUNIT_ASSERT(heard.body["cancellation"] == "asked");
            CPPUNIT_ASSERT(heard.body["state"] == "to_be_paid");
        }
        CPPUNIT_ASSERT(floor.told("person.canceled").empty());

        CPPUNIT_ASSERT_EQUAL(200, floor.one("cancel", kShanghai, "first", kReason).status);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, floor.told("person.canceled").size());
        CPPUNIT_ASSERT_EQUAL(409,
                             floor.one("refuse_cancellation", kShanghai, "first", kReason).status);
    }

    void whatWasAskedMayBeRefused()
    {
        Floor floor("ciie-4");
        floor.add(in(floor, "first", PersonState::ToBeReviewed));
        cancelOwn(floor, "first");

        CPPUNIT_ASSERT_EQUAL(
            404, floor.one("refuse_cancellation", clerkOf("guangdong"), "first", kReason).status);
        CPPUNIT_ASSERT_EQUAL(200,
                             floor.one("refuse_cancellation", kShanghai, "first", kReason).status);
        CPPUNIT_ASSERT_EQUAL(409,
                             floor.one("refuse_cancellation", kShanghai, "first", kReason).status);
        CPPUNIT_ASSERT_EQUAL(
            std::int64_t{1},
            floor.desk.fake.store().integer("SELECT COUNT(*) FROM registration_history "
                                            "WHERE event = 'refuse_to_cancel'"));
    }

    void anOrganizationCancelsNobodyElses()
    {
        Floor floor("ciie-4");
        floor.add(in(floor, "first", PersonState::ToBeLocked));
        floor.organization("org-2", "shanghai");
        CPPUNIT_ASSERT_EQUAL(404, cancelOwn(floor, "first", "org-2").status);
    }
};

HUB_TEST_SUITE_REGISTRATION(CancellationTest, "cancellation");

} // namespace

} // namespace registration::test
