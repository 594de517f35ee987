// Goal: an organization gets a code for its own unpaid order, for the order's very amount, and sees
// its address; nobody else does, and what is over gets none. Method: the plugin on the fake hub,
// with payments as answers.
#include "desk.hpp"
#include "domain/json.hpp"
#include "support/suite.hpp"

#include <set>

namespace orders::test {

namespace {

class CheckoutsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(CheckoutsTest);
    CPPUNIT_TEST(anUnpaidOrderAsksForItsAmount);
    CPPUNIT_TEST(theAddressStandsInTheOrder);
    CPPUNIT_TEST(aCodeThatIsOverIsNotShown);
    CPPUNIT_TEST(anotherOrganizationsOrderLooksLikeNone);
    CPPUNIT_TEST(whatIsOverGetsNoCode);
    CPPUNIT_TEST(aDeclinedWishSaysWhyAndWhatToDo);
    CPPUNIT_TEST(everyCodeOfPaymentsHasItsAdvice);
    CPPUNIT_TEST(aNewerWishOrPaymentEndsTheRefusal);
    CPPUNIT_TEST(anAnswerToAFormerWishIsNoNews);
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

    /// An order whose newest wish was declined.
    std::string declinedOrder()
    {
        const std::string number = desk_.ordered(desk_.addPersons(1));
        ask(number);
        desk_.passTime(kMinute);
        desk_.decline(number, "method_stopped");
        return number;
    }

    Json declined(const std::string& number)
    {
        return desk_.show(number).body.at("checkout_declined");
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

    void aDeclinedWishSaysWhyAndWhatToDo()
    {
        const std::string number = desk_.ordered(desk_.addPersons(1));
        CPPUNIT_ASSERT(declined(number).is_null());
        ask(number);
        CPPUNIT_ASSERT(declined(number).is_null());
        desk_.passTime(kMinute);
        desk_.decline(number, "method_stopped");

        const Json shown = declined(number);

        CPPUNIT_ASSERT(shown.at("code") == "method_stopped");
        CPPUNIT_ASSERT(shown.at("declined_at") == "2026-10-08T02:41:00.123Z");
        const Json finance =
            desk_.finance("finance.order_get", {{"number", number}}, Json::object()).body;
        CPPUNIT_ASSERT(finance.at("checkout_declined") == shown);
        const std::string said =
            desk_.command("order.show", Json::array({number})).at("sections").dump();
        CPPUNIT_ASSERT(said.find("method_stopped") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::string("unpaid"), desk_.stateOf(number));
        // No money was asked for: nothing keeps the order from being canceled.
        CPPUNIT_ASSERT_EQUAL(200, desk_.cancel(number).status);
        CPPUNIT_ASSERT(!desk_.show(number).body.contains("checkout_declined"));
    }

    void everyCodeOfPaymentsHasItsAdvice()
    {
        desk_.addPersons(1);
        std::set<std::string> advice;
        for (const std::string code : {"method_stopped",
                                       "method_not_supported",
                                       "order_already_paid",
                                       "another_amount_open",
                                       "amount_not_positive"}) {
            const std::string number = desk_.ordered({"person-1"});
            ask(number);
            desk_.decline(number, code);
            const Json detail = declined(number).at("detail");
            CPPUNIT_ASSERT_MESSAGE(code, !textOf(detail, "zh").empty());
            advice.insert(textOf(detail, "en"));
            desk_.cancel(number);
        }
        CPPUNIT_ASSERT_EQUAL(std::size_t{5}, advice.size());
    }

    void aNewerWishOrPaymentEndsTheRefusal()
    {
        const std::string number = declinedOrder();
        CPPUNIT_ASSERT(!declined(number).is_null());
        desk_.passTime(kMinute);
        ask(number);
        CPPUNIT_ASSERT(declined(number).is_null());

        desk_.passTime(kMinute);
        desk_.decline(number, "method_stopped");
        CPPUNIT_ASSERT(!declined(number).is_null());
        desk_.passTime(kMinute);
        desk_.tell("payment.created", "payment-1", number);
        CPPUNIT_ASSERT(declined(number).is_null());
    }

    void anAnswerToAFormerWishIsNoNews()
    {
        const std::string number = desk_.ordered(desk_.addPersons(1));
        ask(number);
        desk_.passTime(kMinute);
        desk_.passTime(kMinute);
        ask(number);
        desk_.decline(number, "method_stopped", kMinute);
        CPPUNIT_ASSERT(declined(number).is_null());

        desk_.passTime(kMinute);
        desk_.tell("payment.created", "payment-1", number);
        desk_.decline(number, "method_stopped", 1);
        CPPUNIT_ASSERT(declined(number).is_null());
        // What others wish for is none of ours.
        desk_.decline("sample-order-1", "method_stopped");
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
