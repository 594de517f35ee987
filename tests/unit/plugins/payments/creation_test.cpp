// Goal: a payment begins with one frozen attempt, and each outcome of its call leads where the
// rules say. Method: the whole plugin over the SDK's fake hub, told in scenarios.

#include "desk.hpp"
#include "support/suite.hpp"

#include <regex>

namespace {

using namespace payments::test; // NOLINT(google-build-using-namespace): the words of the scenarios
using payments::Json;

struct Refused {
    std::string name;
    Json change;
    std::string expected;
    std::string pointer;
};

std::ostream& operator<<(std::ostream& out, const Refused& row)
{
    return out << row.name;
}

std::vector<Refused> refusedBodies()
{
    return {
        // name                  change                                    answer pointer
        {"zero", {{"amount_minor", 0}}, "422 amount_not_positive", "/amount_minor"},
        {"negative", {{"amount_minor", -1}}, "422 amount_not_positive", "/amount_minor"},
        {"over the limit", {{"amount_minor", 10000001}}, "422 amount_over_limit", "/amount_minor"},
        {"beyond 64 bits",
         {{"amount_minor", 18446744073709551615U}},
         "422 amount_over_limit",
         "/amount_minor"},
        {"fractional", {{"amount_minor", 1.5}}, "422 amount_not_whole", "/amount_minor"},
        {"a text", {{"amount_minor", "100"}}, "400 type", "/amount_minor"},
        {"another currency", {{"currency", "USD"}}, "422 currency_not_supported", "/currency"},
        {"another method", {{"method", "cash"}}, "422 method_not_supported", "/method"},
    };
}

class CreationTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(CreationTest);
    CPPUNIT_TEST(aPaymentBeginsWithAFrozenAttempt);
    CPPUNIT_TEST_PARAMETERIZED(refusesAWrongAmount, refusedBodies());
    CPPUNIT_TEST(aRefusedPaymentLeavesNothing);
    CPPUNIT_TEST(theCodeIsShownWhenItComes);
    CPPUNIT_TEST(aRejectedAttemptLeavesThePaymentOpen);
    CPPUNIT_TEST(whatWasNotSentGoesOnAtTheNextAccount);
    CPPUNIT_TEST(aRefusalBecauseOfTheAccountGoesOnAtTheNextOne);
    CPPUNIT_TEST(onlyTheContractsWordGoesOnElsewhere);
    CPPUNIT_TEST(aMethodThatComesBackNeedsAPage);
    CPPUNIT_TEST(anUnknownIsNeverTriedElsewhere);
    CPPUNIT_TEST(aSickAccountIsTriedLast);
    CPPUNIT_TEST(anUnknownAttemptAsksNotToPayAgain);
    CPPUNIT_TEST(anAnswerWithoutACodeIsUnknown);
    CPPUNIT_TEST(aResolvedUnknownCountsAsTheQuerySays);
    CPPUNIT_TEST(theNextAccountTakesOverWhenTheFirstIsSwitchedOff);
    CPPUNIT_TEST(withoutAnAccountThereIsNoPayment);
    CPPUNIT_TEST(numbersAreNeverTheSame);
    CPPUNIT_TEST(aFailingStoreRollsTheWholeUnitBack);
    CPPUNIT_TEST(aPaidOrderTakesNoSecondPayment);
    CPPUNIT_TEST(aWrongConfigurationIsRefusedByName);
    CPPUNIT_TEST_SUITE_END();

public:
    void aPaymentBeginsWithAFrozenAttempt()
    {
        Desk desk;

        const Made made = desk.create();

        const auto& call = desk.hub().lastCall("create");
        const Json payload = desk.payloadOf(call);
        CPPUNIT_ASSERT_EQUAL(made.create, call.id);
        CPPUNIT_ASSERT_EQUAL(std::string(kMain), call.account);
        CPPUNIT_ASSERT_EQUAL(made.payment_id, call.key);
        CPPUNIT_ASSERT_EQUAL(made.number, call.idempotency_key);
        CPPUNIT_ASSERT(std::regex_match(made.number, std::regex("14000001[0-9]{20}")));
        CPPUNIT_ASSERT_EQUAL(std::string("20261121"), made.number.substr(8, 8));
        CPPUNIT_ASSERT_EQUAL(payload["created_at_ms"].get<std::int64_t>() + 600'000,
                             payload["expires_at_ms"].get<std::int64_t>());
        CPPUNIT_ASSERT_EQUAL(std::string("creating"), desk.stateOf(made.payment_id));
        CPPUNIT_ASSERT_EQUAL(1, desk.hub().countPublished("payment.created"));
        CPPUNIT_ASSERT_EQUAL(std::string(), desk.fault());
    }

    void refusesAWrongAmount(Refused row)
    {
        Desk desk;
        Json body = {{"order_ref", "order-1"},
                     {"method", "scan"},
                     {"amount_minor", kAmount},
                     {"currency", "CNY"},
                     {"subject", "Badge fee 2026"}};
        body.merge_patch(row.change);

        const hub::Answer answer = desk.post(body);

        CPPUNIT_ASSERT_EQUAL(row.expected, codeOf(answer));
        CPPUNIT_ASSERT_EQUAL(row.pointer, parse(answer)["problem"]["pointer"].get<std::string>());
        CPPUNIT_ASSERT(answer.status != HUB_OK);
    }

    void aRefusedPaymentLeavesNothing()
    {
        Desk desk;
        desk.hub().accounts = "[]";

        const hub::Answer answer = desk.post({{"order_ref", "order-1"},
                                              {"method", "scan"},
                                              {"amount_minor", 1},
                                              {"currency", "CNY"},
                                              {"subject", "Badge fee 2026"}});

        CPPUNIT_ASSERT_EQUAL(std::string("503 no_channel"), codeOf(answer));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0},
                             desk.hub().store().integer("SELECT COUNT(*) FROM payments_payment"));
        CPPUNIT_ASSERT(desk.hub().publications().empty());
    }

    void theCodeIsShownWhenItComes()
    {
        Desk desk;

        const Made made = desk.createWaiting();

        const Json payment = desk.payment(made.payment_id);
        CPPUNIT_ASSERT_EQUAL(std::string("waiting"), payment["state"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::string("https://qr.example.com/bax0001"),
                             payment["attempt"]["qr_code"].get<std::string>());
    }

    void aRejectedAttemptLeavesThePaymentOpen()
    {
        Desk desk;
        const Made made = desk.create();

        desk.reject(made.create, "the seller is blocked");

        CPPUNIT_ASSERT_EQUAL(std::string("unpaid"), desk.stateOf(made.payment_id));
        CPPUNIT_ASSERT_EQUAL(std::string("failed"), desk.attemptState(made.number));
        CPPUNIT_ASSERT_EQUAL(1, desk.hub().countPublished("payment.failed"));
        CPPUNIT_ASSERT_EQUAL(std::string("the seller is blocked"),
                             desk.steps(made.payment_id).back()["message"].get<std::string>());
        assertStatus(HUB_OK, desk.newAttempt(made.payment_id));
    }

    void whatWasNotSentGoesOnAtTheNextAccount()
    {
        Desk desk;
        const Made made = desk.create();

        desk.notSent(made.create);

        CPPUNIT_ASSERT_EQUAL(std::string("failed"), desk.attemptState(made.number));
        const auto second = desk.hub().lastCall("create");
        CPPUNIT_ASSERT_EQUAL(std::string(kOther), second.account);
        CPPUNIT_ASSERT(second.idempotency_key != made.number);
        CPPUNIT_ASSERT_EQUAL(0, desk.hub().countPublished("payment.failed"));
        desk.notSent(second.id);

        CPPUNIT_ASSERT_EQUAL(2, desk.hub().countCalls("create"));
        CPPUNIT_ASSERT_EQUAL(1, desk.hub().countPublished("payment.failed"));
        CPPUNIT_ASSERT_EQUAL(std::string("unpaid"), desk.stateOf(made.payment_id));
        CPPUNIT_ASSERT_EQUAL(std::string(), desk.fault());
    }

    void aRefusalBecauseOfTheAccountGoesOnAtTheNextOne()
    {
        Desk desk;
        const Made made = desk.create();

        desk.hub().outcome(made.create,
                           HUB_OUTCOME_REJECTED,
                           R"({"reason":"seller_blocked","retriable":true})",
                           "the seller is blocked");

        CPPUNIT_ASSERT_EQUAL(std::string(kOther), desk.hub().lastCall("create").account);
    }

    void onlyTheContractsWordGoesOnElsewhere()
    {
        for (const char* refusal : {R"({"retriable":"true"})",
                                    R"({"retriable":1})",
                                    R"({"retriable":null})",
                                    R"({"retriable":false})",
                                    "[]",
                                    "no JSON"}) {
            Desk desk;
            const Made made = desk.create();

            assertStatus(HUB_OK,
                         desk.hub().outcome(made.create, HUB_OUTCOME_REJECTED, refusal, "refused"));

            CPPUNIT_ASSERT_EQUAL_MESSAGE(refusal, 1, desk.hub().countCalls("create"));
            CPPUNIT_ASSERT_EQUAL(std::string("failed"), desk.attemptState(made.number));
        }
    }

    void aMethodThatComesBackNeedsAPage()
    {
        for (const char* product : {"page", "wap"}) {
            Json method = {{"product", product}, {"accounts", {kMain}}};
            try {
                Desk desk(Json{{"methods", {{"bank", method}}}});
                CPPUNIT_FAIL("it was accepted");
            } catch (const std::runtime_error& refusal) {
                CPPUNIT_ASSERT(std::string(refusal.what()).find("methods/bank") !=
                               std::string::npos);
                CPPUNIT_ASSERT(std::string(refusal.what()).find("\"checkout\": true") !=
                               std::string::npos);
            }
            method["checkout"] = true;
            Desk desk(Json{{"methods", {{"bank", method}}}});
        }
    }

    void anUnknownIsNeverTriedElsewhere()
    {
        Desk desk;
        const Made made = desk.create();
        desk.unknown(made.create);

        desk.notSent(made.create); // of a repetition

        CPPUNIT_ASSERT_EQUAL(1, desk.hub().countCalls("create"));
        CPPUNIT_ASSERT_EQUAL(std::string("unknown"), desk.attemptState(made.number));
    }

    void aSickAccountIsTriedLast()
    {
        Desk desk;
        Json accounts = Json::parse(desk.hub().accounts);
        accounts[0]["breaker"] = "open";
        desk.hub().accounts = accounts.dump();

        desk.create();

        CPPUNIT_ASSERT_EQUAL(std::string(kOther), desk.hub().lastCall("create").account);
    }

    void anUnknownAttemptAsksNotToPayAgain()
    {
        Desk desk;
        const Made made = desk.create();

        desk.unknown(made.create);

        const Json payment = desk.payment(made.payment_id);
        CPPUNIT_ASSERT_EQUAL(std::string("checking"), payment["state"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::string("still_checking"),
                             payment["notice"]["code"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::string("409 attempt_still_open"),
                             codeOf(desk.newAttempt(made.payment_id)));
    }

    void anAnswerWithoutACodeIsUnknown()
    {
        Desk desk;
        const Made made = desk.create();

        desk.succeed(made.create, {{"product", "qr"}});

        CPPUNIT_ASSERT_EQUAL(std::string("checking"), desk.stateOf(made.payment_id));
    }

    void aResolvedUnknownCountsAsTheQuerySays()
    {
        struct Row {
            std::string state;
            std::string expected;
        };
        for (const Row& row : {Row{"paid", "paid"}, Row{"closed", "unpaid"}}) {
            Desk desk;
            const Made made = desk.create();
            desk.unknown(made.create);

            desk.resolve(made.create,
                         {{"state", row.state}, {"amount_minor", kAmount}, {"currency", "CNY"}});

            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.state, row.expected, desk.stateOf(made.payment_id));
            CPPUNIT_ASSERT_EQUAL(std::string(), desk.fault());
        }
    }

    void theNextAccountTakesOverWhenTheFirstIsSwitchedOff()
    {
        Desk desk;
        desk.hub().withdraw(kMain, "create");

        desk.create();

        CPPUNIT_ASSERT_EQUAL(std::string(kOther), desk.hub().lastCall("create").account);
    }

    void withoutAnAccountThereIsNoPayment()
    {
        Desk desk;
        desk.hub().withdraw(kMain, "create");
        desk.hub().withdraw(kOther, "create");

        const hub::Answer answer = desk.post({{"order_ref", "order-1"},
                                              {"method", "scan"},
                                              {"amount_minor", 1},
                                              {"currency", "CNY"},
                                              {"subject", "Badge fee 2026"}});

        CPPUNIT_ASSERT_EQUAL(std::string("503 no_channel"), codeOf(answer));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0},
                             desk.hub().store().integer("SELECT COUNT(*) FROM payments_payment"));
    }

    void numbersAreNeverTheSame()
    {
        Desk desk;
        std::set<std::string> numbers;
        const std::int64_t start_ms = desk.hub().clock().nowMs();
        for (int i = 0; i < 50; ++i) {
            desk.hub().clock().set(start_ms - i * 10); // a clock that goes back
            numbers.insert(desk.create("order-" + std::to_string(i)).number);
        }
        // A whole round of serials later, the counter meets numbers that were given out.
        desk.hub().clock().set(start_ms);
        desk.hub().store().asHub(
            "UPDATE payments_sequence SET last = 1000000 WHERE name = 'number'");
        numbers.insert(desk.create("order-last").number);

        CPPUNIT_ASSERT_EQUAL(std::size_t{51}, numbers.size());
    }

    void aFailingStoreRollsTheWholeUnitBack()
    {
        int failed = 0;
        for (int statements = 0;; ++statements) {
            Desk desk;
            const Made made = desk.createWaiting();
            const auto calls = desk.hub().calls().size();
            const auto published = desk.hub().publications().size();
            const auto revision = desk.payment(made.payment_id)["revision"];
            desk.hub().store().failAfter(statements);
            const hub::Answer answer = desk.notice(made.number, "paid");
            desk.hub().store().neverFail();
            if (answer.status == HUB_OK) {
                break;
            }
            ++failed;
            assertStatus(HUB_UNAVAILABLE, answer);
            CPPUNIT_ASSERT_EQUAL(calls, desk.hub().calls().size());
            CPPUNIT_ASSERT_EQUAL(published, desk.hub().publications().size());
            CPPUNIT_ASSERT_EQUAL(revision, desk.payment(made.payment_id)["revision"]);
            assertStatus(HUB_OK, desk.notice(made.number, "paid"));
        }
        CPPUNIT_ASSERT(failed > 5);
    }

    void aPaidOrderTakesNoSecondPayment()
    {
        Desk desk;
        desk.createPaid();

        const hub::Answer answer = desk.post({{"order_ref", "order-1"},
                                              {"method", "scan"},
                                              {"amount_minor", kAmount},
                                              {"currency", "CNY"},
                                              {"subject", "Badge fee 2026"}});

        CPPUNIT_ASSERT_EQUAL(std::string("409 order_already_paid"), codeOf(answer));
    }

    void aWrongConfigurationIsRefusedByName()
    {
        for (const auto& [name, value] :
             std::vector<std::pair<std::string, Json>>{{"site", "1400"},
                                                       {"store_epoch", 1000},
                                                       {"attempt_life_s", 299},
                                                       {"methods", Json::array({1})},
                                                       {"late_success", "keep"}}) {
            try {
                Desk desk(Json{{name, value}});
                CPPUNIT_FAIL(name + " was accepted");
            } catch (const std::runtime_error& refusal) {
                CPPUNIT_ASSERT(std::string(refusal.what()).find(name) != std::string::npos);
            }
        }
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(CreationTest, "creation");
