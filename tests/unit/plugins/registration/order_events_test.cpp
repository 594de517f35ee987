// Goal: persons follow their order's fate, whatever comes twice or too late, and orders are told
// what they may ask for and nothing else. Method: events and questions of the plugin `orders`.
#include "floor.hpp"
#include "support/suite.hpp"

namespace registration::test {

namespace {

const std::string kOrder = "V20260501000000000123001";
const std::string kOther = "V20260501000000000124001";

class OrderEventsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(OrderEventsTest);
    CPPUNIT_TEST(anOrderHoldsItsPersons);
    CPPUNIT_TEST(aCanceledOrExpiredOrderFreesItsPersons);
    CPPUNIT_TEST(aPaidOrderSendsItsPersonsToTheReview);
    CPPUNIT_TEST(whatComesTwiceChangesNothing);
    CPPUNIT_TEST(anotherOrdersEventsDoNotConcernAPerson);
    CPPUNIT_TEST(whoIsGoneIsLeftAlone);
    CPPUNIT_TEST(ordersAreToldWhatTheyNeed);
    CPPUNIT_TEST(nobodyElsesPersonsAreTold);
    CPPUNIT_TEST_SUITE_END();

    static void floorWith(Floor& floor)
    {
        const Organization home = floor.organization("org-1", "shanghai");
        for (const char* id : {"first", "second"}) {
            Person person = floor.person(id, home);
            person.state = PersonState::ToBePaid;
            person.category = "visitor";
            floor.add(person);
        }
    }

    static void hear(Floor& floor,
                     const std::string& type,
                     const std::string& order_id = kOrder,
                     const std::vector<std::string>& person_ids = {"first", "second"})
    {
        hub::testing::PluginEvent event;
        event.type = type;
        event.key = order_id;
        event.edition = "ciie-4";
        event.id = type + order_id;
        event.payload =
            Json{{"order_ref", order_id}, {"organization_id", "org-1"}, {"person_ids", person_ids}}
                .dump();
        const hub::Answer answer = floor.desk.fake.deliver(event);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(answer.message, hub_status{HUB_OK}, answer.status);
    }

    static void assertPerson(Floor& floor,
                             const std::string& id,
                             const std::string& state,
                             const std::string& order_id)
    {
        const Person person = floor.stored(id);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(id, state, std::string(toText(person.state)));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(id, order_id, person.order_id);
    }

public:
    void anOrderHoldsItsPersons()
    {
        Floor floor("ciie-4");
        floorWith(floor);
        hear(floor, "order.created", kOrder, {"first"});
        assertPerson(floor, "first", "to_be_paid", kOrder);
        assertPerson(floor, "second", "to_be_paid", "");
    }

    void aCanceledOrExpiredOrderFreesItsPersons()
    {
        for (const char* end : {"order.canceled", "order.expired"}) {
            Floor floor("ciie-4");
            floorWith(floor);
            hear(floor, "order.created");
            hear(floor, end);
            assertPerson(floor, "first", "to_be_paid", "");
            hear(floor, "order.created", kOther);
            assertPerson(floor, "first", "to_be_paid", kOther);
        }
    }

    void aPaidOrderSendsItsPersonsToTheReview()
    {
        Floor floor("ciie-4");
        floorWith(floor);
        hear(floor, "order.created");
        hear(floor, "order.paid");
        assertPerson(floor, "first", "to_be_reviewed", kOrder);
        assertPerson(floor, "second", "to_be_reviewed", kOrder);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, floor.told("person.to_be_reviewed").size());
    }

    void whatComesTwiceChangesNothing()
    {
        Floor floor("ciie-4");
        floorWith(floor);
        for (const char* type : {"order.created", "order.created", "order.paid", "order.paid"}) {
            hear(floor, type);
        }
        hear(floor, "order.created");
        assertPerson(floor, "first", "to_be_reviewed", kOrder);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, floor.told("person.to_be_reviewed").size());
        CPPUNIT_ASSERT_EQUAL(
            std::int64_t{2},
            floor.desk.fake.store().integer(
                "SELECT COUNT(*) FROM registration_history WHERE subject = 'first'"));
    }

    void anotherOrdersEventsDoNotConcernAPerson()
    {
        Floor floor("ciie-4");
        floorWith(floor);
        hear(floor, "order.created");
        hear(floor, "order.created", kOther);
        hear(floor, "order.canceled", kOther);
        hear(floor, "order.paid", kOther);
        assertPerson(floor, "first", "to_be_paid", kOrder);
    }

    void whoIsGoneIsLeftAlone()
    {
        Floor floor("ciie-4");
        floorWith(floor);
        floor.one("cancel", clerkOf("shanghai"), "first", {{"reason", "sample"}});
        hear(floor, "order.created", kOrder, {"first", "second", "nobody"});
        hear(floor, "order.paid", kOrder, {"first", "second", "nobody"});
        assertPerson(floor, "first", "canceled", "");
        assertPerson(floor, "second", "to_be_reviewed", kOrder);
    }

    void ordersAreToldWhatTheyNeed()
    {
        Floor floor("ciie-4");
        floorWith(floor);
        hear(floor, "order.created", kOrder, {"first"});
        const hub::Answer answer = floor.desk.fake.ask(
            "payables",
            "",
            Json{{"organization_id", "org-1"}, {"person_ids", {"second", "first"}}}.dump());
        const Json persons = Json::parse(answer.payload)["persons"];
        const Json expected = {{"person_id", "first"},
                               {"edition", "ciie-4"},
                               {"state", "to_be_paid"},
                               {"order_id", kOrder},
                               {"category", "visitor"},
                               {"admission_period", "all_days"},
                               {"delivery_method", "courier"},
                               {"reuse", false},
                               {"upgraded", false},
                               {"name", "样本甲"},
                               {"document_masked", "110***********0020"}};
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, persons.size());
        CPPUNIT_ASSERT_EQUAL(expected.dump(), persons[1].dump());
    }

    void nobodyElsesPersonsAreTold()
    {
        Floor floor("ciie-4");
        floorWith(floor);
        const hub::Answer answer = floor.desk.fake.ask(
            "payables",
            "",
            Json{{"organization_id", "org-2"}, {"person_ids", {"first", "nobody"}}}.dump());
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"persons":[]})"), answer.payload);
    }
};

HUB_TEST_SUITE_REGISTRATION(OrderEventsTest, "order_events");

} // namespace

} // namespace registration::test
