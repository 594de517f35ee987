// Goal: after the submission the admission period may change until an order holds the person
// telling the new fee and the end of a reuse before (C-03); how the badge is received may
// change until it is produced (C-05). Method: the plugin on the fake hub.
#include "reception.hpp"

namespace registration::test {

namespace {

class PersonChangesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PersonChangesTest);
    CPPUNIT_TEST(thePeriodChangesUntilAnOrderHoldsThePerson);
    CPPUNIT_TEST(theNewFeeIsToldBefore);
    CPPUNIT_TEST(aReusedBadgeBecomesANewOne);
    CPPUNIT_TEST(anUnknownPeriodIsRefused);
    CPPUNIT_TEST(theWayOfReceivingChangesUntilProduction);
    CPPUNIT_TEST(theCourierNeedsAnAddress);
    CPPUNIT_TEST_SUITE_END();

    static std::string payer(Reception& reception)
    {
        reception.changeOrganization(
            [](Organization& one) { one.state = OrganizationState::Approved; });
        const std::string id = reception.ready(completeForm());
        CPPUNIT_ASSERT(reception.submit(id).body["state"] == "to_be_paid");
        return id;
    }

    static Heard change(Reception& reception, const std::string& id, bool is_confirmed)
    {
        return reception.write("person.change_period",
                               {{"admission_period", "last_days"}, {"confirmed", is_confirmed}},
                               id);
    }

public:
    void thePeriodChangesUntilAnOrderHoldsThePerson()
    {
        Reception reception;
        const std::string id = payer(reception);
        reception.changePerson(id, [](Person& one) { one.order_id = "order-1"; });
        const Heard held = change(reception, id, true);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(held.body.dump(), 409, held.status);
        CPPUNIT_ASSERT(held.body["parameters"]["rule"] == "R-193");

        reception.changePerson(id, [](Person& one) { one.order_id.clear(); });
        const Heard heard = change(reception, id, true);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 200, heard.status);
        CPPUNIT_ASSERT(heard.body["amount_minor"] == 10000);
        CPPUNIT_ASSERT_EQUAL(std::string("last_days"), reception.floor.stored(id).admission_period);
        CPPUNIT_ASSERT_EQUAL(std::string("to_be_paid"), reception.stateOf(id));
    }

    void theNewFeeIsToldBefore()
    {
        Reception reception;
        const std::string id = payer(reception);
        const Heard heard = change(reception, id, false);
        CPPUNIT_ASSERT_EQUAL(409, heard.status);
        CPPUNIT_ASSERT(heard.body["code"] == "confirmation_needed");
        CPPUNIT_ASSERT(heard.body["parameters"]["amount_minor_before"] == 20000);
        CPPUNIT_ASSERT(heard.body["parameters"]["amount_minor_after"] == 10000);
        CPPUNIT_ASSERT_EQUAL(std::string("all_days"), reception.floor.stored(id).admission_period);
    }

    void aReusedBadgeBecomesANewOne()
    {
        Reception reception;
        const std::string id = payer(reception);
        reception.changePerson(id, [](Person& one) { one.reuse = true; });
        Heard heard = change(reception, id, false);
        // Half of the longer period's fee is the shorter one's: the reuse is told nevertheless.
        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 409, heard.status);
        CPPUNIT_ASSERT(heard.body["parameters"]["amount_minor_before"] == 10000);
        CPPUNIT_ASSERT(heard.body["parameters"]["new_badge"] == true);
        heard = change(reception, id, true);
        CPPUNIT_ASSERT(heard.body["reuse"] == false);
        CPPUNIT_ASSERT(!reception.floor.stored(id).reuse);
    }

    void anUnknownPeriodIsRefused()
    {
        Reception reception;
        const std::string id = payer(reception);
        const Heard heard =
            reception.write("person.change_period", {{"admission_period", "someday"}}, id);
        CPPUNIT_ASSERT_EQUAL(422, heard.status);
        CPPUNIT_ASSERT(heard.body["pointer"] == "/admission_period");
    }

    void theWayOfReceivingChangesUntilProduction()
    {
        Reception reception;
        const std::string id = payer(reception);
        const auto receive = [&] {
            return reception.write(
                "person.change_delivery", {{"delivery_method", "onsite_pickup"}}, id);
        };
        CPPUNIT_ASSERT_EQUAL(200, receive().status);
        CPPUNIT_ASSERT_EQUAL(std::string("onsite_pickup"),
                             reception.floor.stored(id).delivery_method);
        reception.changePerson(id, [](Person& one) { one.state = PersonState::Passed; });
        CPPUNIT_ASSERT_EQUAL(409, receive().status);
        const Heard unknown =
            reception.write("person.change_delivery", {{"delivery_method", "pigeon"}}, id);
        CPPUNIT_ASSERT_EQUAL(409, unknown.status);
    }

    void theCourierNeedsAnAddress()
    {
        Reception reception;
        const std::string id = payer(reception);
        Heard heard =
            reception.write("person.change_delivery", {{"delivery_method", "courier"}}, id);
        CPPUNIT_ASSERT_EQUAL(422, heard.status);
        CPPUNIT_ASSERT(heard.body["pointer"] == "/address_id");
        heard = reception.write("person.change_delivery", {{"delivery_method", "pigeon"}}, id);
        CPPUNIT_ASSERT(heard.body["pointer"] == "/delivery_method");
    }
};

HUB_TEST_SUITE_REGISTRATION(PersonChangesTest, "person_changes");

} // namespace

} // namespace registration::test
