// Goal: organizers stop a way to pay with a word to the people, and check an account with one fen,
// while everything else goes on. Method: the plugin over the fake hub.

#include "desk.hpp"
#include "support/suite.hpp"

#include <memory>
#include <string>

namespace {

using namespace payments::test; // NOLINT(google-build-using-namespace): the words of the scenarios
using payments::Json;

constexpr std::int64_t kDay = 24 * 60 * kMinute;

class OperationTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(OperationTest);
    CPPUNIT_TEST(aStoppedMethodBeginsNothing);
    CPPUNIT_TEST(whatIsOpenGoesOnWhileItsMethodIsStopped);
    CPPUNIT_TEST(nothingGoesOnElsewhereWhileStopped);
    CPPUNIT_TEST(whatIsQueuedIsNotOpenedWhileStopped);
    CPPUNIT_TEST(aStopNeedsAWordInBothLanguages);
    CPPUNIT_TEST(aMethodIsOpenedAgain);
    CPPUNIT_TEST(aCheckPaysOneFenAndTakesItBack);
    CPPUNIT_TEST(aCheckEndsWithTheBillOfTheDay);
    CPPUNIT_TEST(aCheckNeedsAnAccountThatOpens);
    CPPUNIT_TEST(aCheckReachesAccountsOfNoMethod);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override { desk_ = std::make_unique<Desk>(); }

    void aStoppedMethodBeginsNothing()
    {
        const Made made = desk_->createWaiting();
        stop();

        const hub::Answer payment = desk_->post({{"order_ref", "order-2"},
                                                 {"method", "scan"},
                                                 {"amount_minor", kAmount},
                                                 {"currency", "CNY"},
                                                 {"subject", "Badge fee 2026"}});

        CPPUNIT_ASSERT_EQUAL(std::string("409 method_stopped"), codeOf(payment));
        const Json notice = parse(payment).at("problem").at("parameters").at("notice");
        CPPUNIT_ASSERT_EQUAL(std::string("系统维护中"), notice.at("zh").get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::string("409 method_stopped"),
                             codeOf(desk_->newAttempt(made.payment_id, kOther)));
        CPPUNIT_ASSERT_EQUAL(1, desk_->hub().countCalls("create"));
    }

    void whatIsOpenGoesOnWhileItsMethodIsStopped()
    {
        const Made made = desk_->createWaiting();
        stop();

        desk_->notice(made.number, "paid");

        CPPUNIT_ASSERT_EQUAL(std::string("paid"), desk_->stateOf(made.payment_id));
        assertStatus(HUB_OK, desk_->refund(made.payment_id, kAmount));
        CPPUNIT_ASSERT_EQUAL(std::string(), desk_->fault());
    }

    void nothingGoesOnElsewhereWhileStopped()
    {
        const Made made = desk_->create();
        stop();

        desk_->notSent(made.create);

        CPPUNIT_ASSERT_EQUAL(1, desk_->hub().countCalls("create"));
        CPPUNIT_ASSERT_EQUAL(std::string("failed"), desk_->attemptState(made.number));
    }

    void whatIsQueuedIsNotOpenedWhileStopped()
    {
        const Made made = desk_->createWaiting();
        const Json answer = parse(desk_->newAttempt(made.payment_id, kOther));
        stop();

        desk_->hub().passTime(3'000);

        CPPUNIT_ASSERT_EQUAL(1, desk_->hub().countCalls("create"));
        CPPUNIT_ASSERT_EQUAL(std::string("failed"),
                             desk_->attemptState(answer.at("body").at("attempt").at("number")));
        desk_->notice(made.number, "paid"); // the one before is still watched
        CPPUNIT_ASSERT_EQUAL(std::string("paid"), desk_->stateOf(made.payment_id));
        CPPUNIT_ASSERT_EQUAL(std::string(), desk_->fault());
    }

    void aStopNeedsAWordInBothLanguages()
    {
        CPPUNIT_ASSERT_EQUAL(std::string("422 notice_missing"),
                             codeOf(command("method.stop", {"scan", "系统维护中"})));
        CPPUNIT_ASSERT_EQUAL(std::string("404 not_found"),
                             codeOf(command("method.stop", {"cash", "一", "one"})));
        desk_->createWaiting(); // nothing was stopped
    }

    void aMethodIsOpenedAgain()
    {
        stop();
        CPPUNIT_ASSERT(methods().at(0).at("stopped").get<bool>());

        assertStatus(HUB_OK, command("method.start", {"scan"}));

        CPPUNIT_ASSERT(!methods().at(0).at("stopped").get<bool>());
        desk_->createWaiting();
    }

    void aCheckPaysOneFenAndTakesItBack()
    {
        const Json begun = begin(kOther);
        const auto create = desk_->hub().lastCall("create");
        CPPUNIT_ASSERT_EQUAL(std::string(kOther), create.account);
        CPPUNIT_ASSERT_EQUAL(1, desk_->payloadOf(create).at("amount_minor").get<int>());
        CPPUNIT_ASSERT(!begun.at("code").get<bool>());
        desk_->showCode(create.id);
        CPPUNIT_ASSERT_EQUAL(std::string("https://qr.example.com/bax0001"),
                             shown(kOther).at("qr_code").get<std::string>());

        pay(create.idempotency_key);

        const auto refund = desk_->hub().lastCall("refund");
        CPPUNIT_ASSERT_EQUAL(1, desk_->payloadOf(refund).at("amount_minor").get<int>());
        CPPUNIT_ASSERT(shown(kOther).at("paid").get<bool>());
        desk_->succeed(refund.id, {{"state", "succeeded"}});
        CPPUNIT_ASSERT(shown(kOther).at("refunded").get<bool>());
        CPPUNIT_ASSERT(!shown(kOther).at("done").get<bool>());
        CPPUNIT_ASSERT_EQUAL(std::string(), desk_->fault());
    }

    void aCheckEndsWithTheBillOfTheDay()
    {
        begin(kOther);
        const auto create = desk_->hub().lastCall("create");
        desk_->showCode(create.id);
        pay(create.idempotency_key);
        const auto refund = desk_->hub().lastCall("refund");
        desk_->succeed(refund.id, {{"state", "succeeded"}});
        CPPUNIT_ASSERT_EQUAL(0, desk_->hub().countCalls("bill"));

        desk_->hub().passTime(2 * kDay);

        CPPUNIT_ASSERT_EQUAL(1, desk_->hub().countCalls("bill"));
        const Json number = create.idempotency_key;
        const Json lines = {
            {{"type", "payment"}, {"number", number}, {"amount_minor", 1}, {"currency", "CNY"}},
            {{"type", "refund"},
             {"number", number},
             {"refund_number", refund.idempotency_key},
             {"amount_minor", 1},
             {"currency", "CNY"}}};
        std::string bill;
        for (const Json& line : lines) {
            bill += line.dump() + "\n";
        }
        desk_->succeed(desk_->hub().lastCall("bill").id,
                       {{"state", "ready"}, {"blob", desk_->hub().addBlob(bill)}});
        desk_->hub().passTime(kMinute);

        CPPUNIT_ASSERT_MESSAGE(shown(kOther).dump(), shown(kOther).at("done").get<bool>());
        CPPUNIT_ASSERT_EQUAL(std::string(), desk_->fault());
    }

    void aCheckNeedsAnAccountThatOpens()
    {
        Json accounts = Json::parse(desk_->hub().accounts);
        accounts[1]["state"] = "draining";
        desk_->hub().accounts = accounts.dump();

        CPPUNIT_ASSERT_EQUAL(std::string("409 no_channel"),
                             codeOf(command("golive.start", {kOther})));
        CPPUNIT_ASSERT_EQUAL(std::string("409 no_channel"),
                             codeOf(command("golive.start", {"nobody"})));
        CPPUNIT_ASSERT_EQUAL(
            std::string("404 not_found"),
            codeOf(desk_->hub().command("golive.show", Json::array({kOther}).dump())));
    }

    void aCheckReachesAccountsOfNoMethod()
    {
        desk_ = std::make_unique<Desk>(
            Json{{"methods", {{"scan", {{"product", "qr"}, {"accounts", {kMain}}}}}}});

        begin(kOther);

        CPPUNIT_ASSERT_EQUAL(std::string(kOther), desk_->hub().lastCall("create").account);
    }

private:
    hub::Answer command(const std::string& operation, const Json& arguments)
    {
        return desk_->hub().commandUnit(operation, arguments.dump());
    }

    void stop()
    {
        assertStatus(HUB_OK, command("method.stop", {"scan", "系统维护中", "Under maintenance"}));
    }

    Json methods() { return parse(desk_->hub().command("method.list")).at("data").at("items"); }

    Json begin(const std::string& account)
    {
        const hub::Answer answer = command("golive.start", Json::array({account}));
        assertStatus(HUB_OK, answer);
        return parse(answer).at("data");
    }

    Json shown(const std::string& account)
    {
        return parse(desk_->hub().command("golive.show", Json::array({account}).dump())).at("data");
    }

    void pay(const std::string& number)
    {
        assertStatus(HUB_OK, desk_->notice(number, "paid", {{"amount_minor", 1}}, kOther));
    }

    std::unique_ptr<Desk> desk_;
};

HUB_TEST_SUITE_REGISTRATION(OperationTest, "operation");

} // namespace
