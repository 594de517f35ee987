// Goal: an organization gets a code for its own unpaid order, for the order's very amount, and sees
// its address; nobody else does, and what is over gets none. Method: the plugin on the fake hub,
// with payments as answers.
#include "desk.hpp"
#include "support/suite.hpp"

namespace orders::test {

namespace {

class CheckoutsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(CheckoutsTest);
    CPPUNIT_TEST(anUnpaidOrderAsksForItsAmount);
    CPPUNIT_TEST(theAddressStandsInTheOrder);
    CPPUNIT_TEST(aCodeThatIsOverIsNotShown);
    CPPUNIT_TEST(anotherOrganizationsOrderLooksLikeNone);
    CPPUNIT_TEST(whatIsOverGetsNoCode);
    CPPUNIT_TEST(personsOfAnotherEditionAreUnknown);
    CPPUNIT_TEST_SUITE_END();

    Desk desk_;

    Heard ask(const std::string& number, const std::string& organization = kOrganization)
    {
        return desk_.send(HUB_KIND_UNIT,
                          "order.checkout",
                          {{"path", {{"number", number}}}, {"body", Json::object()}},
                          {"orders:write", "organization:" + organization});
    }

    void payments(const std::string& state)
    {
        const Json checkout = {{"url", "https://fair.example.com/pay/1"}, {"expires_at", "later"}};
        const Json one = {{"payment_id", "payment-1"}, {"state", state}, {"checkout", checkout}};
        desk_.paymentsSay({{"paid", false}, {"undecided", false}, {"payments", {one}}});
    }

public:
    void tearDown() override { CPPUNIT_ASSERT_EQUAL(std::string(), desk_.fault()); }

    void anUnpaidOrderAsksForItsAmount()
    {
        const std::string number = desk_.ordered(desk_.addPersons(2));
        assertStatus(202, ask(number));
        const Json told = desk_.lastPublished("order.payment_requested");
        CPPUNIT_ASSERT(told.at("order_ref") == number);
        CPPUNIT_ASSERT(told.at("amount_minor") == 2 * kFee);
        CPPUNIT_ASSERT(told.at("method") == "wallets");
    }

    void theAddressStandsInTheOrder()
    {
        const std::string number = desk_.ordered(desk_.addPersons(1));
        CPPUNIT_ASSERT(desk_.show(number).body.at("checkout").is_null());
        payments("unpaid");
        CPPUNIT_ASSERT(desk_.show(number).body.at("checkout").at("url") ==
                       "https://fair.example.com/pay/1");
    }

    void aCodeThatIsOverIsNotShown()
    {
        const std::string number = desk_.ordered(desk_.addPersons(1));
        payments("expired");
        CPPUNIT_ASSERT(desk_.show(number).body.at("checkout").is_null());
    }

    void anotherOrganizationsOrderLooksLikeNone()
    {
        const std::string number = desk_.ordered(desk_.addPersons(1));
        assertRefused(404, "not_found", ask(number, kOther));
        CPPUNIT_ASSERT_EQUAL(0, desk_.published("order.payment_requested"));
    }

    void whatIsOverGetsNoCode()
    {
        const std::string number = desk_.ordered(desk_.addPersons(1));
        desk_.cancel(number);
        assertRefused(409, "order_not_unpaid", ask(number));
    }

    void personsOfAnotherEditionAreUnknown()
    {
        desk_.addPerson("person-1", {{"edition", "ciie-4"}});
        const Heard heard = desk_.create({"person-1"});
        assertRefused(422, "persons_not_orderable", heard);
        CPPUNIT_ASSERT(heard.body.at("parameters").at("persons")[0].at("reason") ==
                       "person_not_found");
    }
};

HUB_TEST_SUITE_REGISTRATION(CheckoutsTest, "checkouts");

} // namespace

} // namespace orders::test
