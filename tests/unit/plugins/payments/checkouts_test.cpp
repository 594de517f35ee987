// Goal: one code for all wallets: a look costs nothing, an app's opening begins one attempt, and
// the page never invites to pay twice. Method: the plugin over the fake hub, three accounts of two
// wallets.

#include "desk.hpp"
#include "domain/checkout.hpp"
#include "pages/checkout_page.hpp"
#include "support/suite.hpp"

#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <tuple>

namespace {

using namespace payments::test; // NOLINT(google-build-using-namespace): the words of the scenarios
using payments::Json;

const std::string kDesk = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0";
const std::string kPhone = "Mozilla/5.0 (Linux; Android 14; Mobile) Chrome/140.0";
const std::string kInPurse = kPhone + " PurseClient/10.2";
const std::string kInBag = kPhone + " BagMessenger/8.0";
const Json kPurseLook = {
    {"title", {{"en", "Purse Pay"}, {"zh", "钱包支付"}}}, {"sign", "钱"}, {"color", "#1a2b3c"}};

Json account(const std::string& name, const std::string& wallet, const Json& traits)
{
    Json all = {{"wallet", wallet}};
    all.merge_patch(traits);
    return {{"account", name},
            {"connector", "payment_" + wallet},
            {"state", "enabled"},
            {"products", {"qr", "wap", "jsapi", "h5"}},
            {"operations", {"create", "payer_identity"}},
            {"traits", all},
            {"breaker", "closed"}};
}

class CheckoutsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(CheckoutsTest);
    CPPUNIT_TEST(aCheckoutAsksNobody);
    CPPUNIT_TEST(aLookChangesNothing);
    CPPUNIT_TEST(anAppsOpeningBeginsOneAttempt);
    CPPUNIT_TEST(theBrowserDecidesTheProduct);
    CPPUNIT_TEST(aSecondWalletClosesTheFirst);
    CPPUNIT_TEST(nobodyIsInvitedToPayAgainWhileNobodyKnows);
    CPPUNIT_TEST(thePayerIsAskedForOnceOnTheWalletsPage);
    CPPUNIT_TEST(aForeignLogInIsNotUsed);
    CPPUNIT_TEST(anExpiredCodeBeginsNothing);
    CPPUNIT_TEST(aChoiceNearTheEndProlongsNothing);
    CPPUNIT_TEST(anExpiredPaymentTakesNoChoice);
    CPPUNIT_TEST(aPaymentHasSoManyAttemptsAndNoMore);
    CPPUNIT_TEST(aLoopOfSwitchesIsStopped);
    CPPUNIT_TEST(aPayersIdentityGoesToNoOtherAccount);
    CPPUNIT_TEST(theSamePayerPressesTwiceInVain);
    CPPUNIT_TEST(anotherPayerReplacesTheFirst);
    CPPUNIT_TEST(anIdentityThatComesTooLateBeginsNothing);
    CPPUNIT_TEST(aWalletsFormShowsThePage);
    CPPUNIT_TEST(aPaidOneSaysSo);
    CPPUNIT_TEST(anAttemptLivesAtLeastFiveMinutes);
    CPPUNIT_TEST(aWalletLooksAsItsManifestSays);
    CPPUNIT_TEST(aWalletWithoutALookIsShownByItsId);
    CPPUNIT_TEST(aWalletThatIsNotOfferedKeepsItsLook);
    CPPUNIT_TEST(whatPeopleWriteIsNoHtml);
    CPPUNIT_TEST(whatManifestsSayIsNoHtml);
    CPPUNIT_TEST(everyViewHasWordsInBothLanguages);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override { open(Json::object()); }

    void open(const Json& changes)
    {
        Json settings = {
            {"public_url", "https://fair.example.com"},
            {"methods",
             {{"scan",
               {{"product", "qr"},
                {"checkout", true},
                {"accounts", {"purse-main", "purse-other", "bag-main", "bag-other"}}}}}}};
        settings.merge_patch(changes);
        desk_ = std::make_unique<Desk>(settings);
        const Json purse = {
            {"agents", {"PurseClient"}}, {"inside", "qr"}, {"phone", "wap"}, {"desk", "qr"}};
        const Json bag = {
            {"agents", {"BagMessenger"}}, {"inside", "jsapi"}, {"phone", "h5"}, {"desk", "qr"}};
        desk_->hub().accounts = Json::array({account("bag-main", "bag", bag),
                                             account("bag-other", "bag", bag),
                                             account("purse-main", "purse", purse),
                                             account("purse-other", "purse", purse)})
                                    .dump();
    }

    void aCheckoutAsksNobody()
    {
        const Json made = create();

        CPPUNIT_ASSERT(desk_->hub().calls().empty());
        CPPUNIT_ASSERT(!made.contains("attempt"));
        CPPUNIT_ASSERT_EQUAL(0UL, urlOf(made).find("https://fair.example.com/pay/"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{61}, urlOf(made).size()); // 32 hex digits nobody guesses
    }

    void aLookChangesNothing()
    {
        const std::string token = tokenOf(create());

        const std::string html = look(token, kDesk);

        CPPUNIT_ASSERT(desk_->hub().calls().empty());
        CPPUNIT_ASSERT(html.find("¥200.00") != std::string::npos);
        CPPUNIT_ASSERT(html.find("value=\"purse\"") != std::string::npos);
        CPPUNIT_ASSERT(html.find("value=\"bag\"") != std::string::npos);
        CPPUNIT_ASSERT(html.find("<svg") != std::string::npos);
        const std::string inside = look(token, kInPurse);
        CPPUNIT_ASSERT(inside.find("data-submit") != std::string::npos);
        CPPUNIT_ASSERT(inside.find("value=\"bag\"") == std::string::npos);
    }

    void anAppsOpeningBeginsOneAttempt()
    {
        const std::string token = tokenOf(create());

        const Json first = choose(token, "purse", kInPurse);
        CPPUNIT_ASSERT_EQUAL("/pay/" + token, first.at("location").get<std::string>());
        CPPUNIT_ASSERT_EQUAL(1, desk_->hub().countCalls("create"));
        choose(token, "purse", kInPurse);

        CPPUNIT_ASSERT_EQUAL(1, desk_->hub().countCalls("create"));
        const auto& call = desk_->hub().lastCall("create");
        CPPUNIT_ASSERT_EQUAL(std::string("purse-main"), call.account);
        CPPUNIT_ASSERT_EQUAL("https://fair.example.com/pay/" + token,
                             desk_->payloadOf(call).at("return_url").get<std::string>());
        desk_->showCode(call.id);
        const std::string html = look(token, kInPurse);
        CPPUNIT_ASSERT(html.find("href=\"https://qr.example.com/bax0001\"") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::string(), desk_->fault());
    }

    void theBrowserDecidesTheProduct()
    {
        const std::tuple<const char*, std::string, const char*> rows[] = {{"purse", kDesk, "qr"},
                                                                          {"purse", kPhone, "wap"},
                                                                          {"bag", kPhone, "h5"},
                                                                          {"bag", kDesk, "qr"}};
        for (const auto& [wallet, agent, product] : rows) {
            setUp();
            choose(tokenOf(create()), wallet, agent);
            CPPUNIT_ASSERT_EQUAL(
                std::string(product),
                desk_->payloadOf(desk_->hub().lastCall("create")).at("product").get<std::string>());
        }
    }

    void aSecondWalletClosesTheFirst()
    {
        const std::string token = tokenOf(create());
        choose(token, "purse", kDesk);
        desk_->showCode(desk_->hub().lastCall("create").id);

        choose(token, "bag", kDesk);

        CPPUNIT_ASSERT_EQUAL(1, desk_->hub().countCalls("close"));
        CPPUNIT_ASSERT_EQUAL(1, desk_->hub().countCalls("create"));
        desk_->succeed(desk_->hub().lastCall("close").id, {{"state", "closed"}});
        CPPUNIT_ASSERT_EQUAL(2, desk_->hub().countCalls("create"));
        CPPUNIT_ASSERT_EQUAL(std::string("bag-main"), desk_->hub().lastCall("create").account);
        CPPUNIT_ASSERT_EQUAL(std::string(), desk_->fault());
    }

    void nobodyIsInvitedToPayAgainWhileNobodyKnows()
    {
        const std::string token = tokenOf(create());
        choose(token, "purse", kDesk);
        desk_->unknown(desk_->hub().lastCall("create").id);

        CPPUNIT_ASSERT(look(token, kDesk).find("Do not pay again") != std::string::npos);
        choose(token, "bag", kDesk);

        CPPUNIT_ASSERT_EQUAL(1, desk_->hub().countCalls("create"));
        CPPUNIT_ASSERT_EQUAL(std::string("checking"), viewOf(token));
    }

    void thePayerIsAskedForOnceOnTheWalletsPage()
    {
        const std::string token = tokenOf(create());
        choose(token, "bag", kInBag);
        CPPUNIT_ASSERT_EQUAL(0, desk_->hub().countCalls("create"));
        const auto asked = desk_->hub().lastCall("payer_identity");
        CPPUNIT_ASSERT_EQUAL(token, desk_->payloadOf(asked).at("state").get<std::string>());
        desk_->succeed(asked.id, {{"url", "https://bag.example.com/authorize?state=" + token}});
        CPPUNIT_ASSERT(look(token, kInBag).find("href=\"https://bag.example.com/authorize") !=
                       std::string::npos);

        const std::string back = look(token, kInBag, {{"code", "c0de"}, {"state", token}});
        CPPUNIT_ASSERT(back.find("value=\"c0de\"") != std::string::npos);
        choose(token, "bag", kInBag, "c0de");
        desk_->succeed(desk_->hub().lastCall("payer_identity").id, {{"identity", "payer-1"}});

        const auto& created = desk_->hub().lastCall("create");
        CPPUNIT_ASSERT_EQUAL(std::string("bag-main"), created.account);
        CPPUNIT_ASSERT_EQUAL(std::string("payer-1"),
                             desk_->payloadOf(created)["payer"]["identity"].get<std::string>());
        desk_->succeed(created.id, {{"product", "jsapi"}, {"parameters", {{"appId", "wx1"}}}});
        CPPUNIT_ASSERT(look(token, kInBag).find("data-invoke=\"{&quot;appId&quot;") !=
                       std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::string(), desk_->fault());
    }

    void aForeignLogInIsNotUsed()
    {
        const std::string token = tokenOf(create());

        const std::string html = look(token, kInBag, {{"code", "c0de"}, {"state", "other"}});

        CPPUNIT_ASSERT(html.find("c0de") == std::string::npos);
    }

    void anExpiredCodeBeginsNothing()
    {
        const std::string token = tokenOf(create());
        desk_->hub().passTime(10 * kMinute);

        CPPUNIT_ASSERT(look(token, kDesk).find("has expired") != std::string::npos);
        choose(token, "purse", kDesk);

        CPPUNIT_ASSERT(desk_->hub().calls().empty());
        CPPUNIT_ASSERT(look("0123456789abcdef0123456789abcdef", kDesk).find("not known") !=
                       std::string::npos);
    }

    void aChoiceNearTheEndProlongsNothing()
    {
        const std::string token = tokenOf(create());
        desk_->hub().passTime(9 * kMinute);
        choose(token, "purse", kDesk);
        desk_->showCode(desk_->hub().lastCall("create").id);
        CPPUNIT_ASSERT(look(token, kDesk).find("value=\"bag\"") != std::string::npos);
        desk_->hub().passTime(2 * kMinute);

        choose(token, "bag", kDesk);

        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, attempts());
        CPPUNIT_ASSERT_EQUAL(std::string("pay"), viewOf(token)); // what is open may be paid
        const std::string html = look(token, kDesk);
        CPPUNIT_ASSERT(html.find("value=\"bag\"") == std::string::npos);
        CPPUNIT_ASSERT(html.find("get a new code in your order") != std::string::npos);
    }

    void anExpiredPaymentTakesNoChoice()
    {
        open({{"payment_life_s", 300}});
        const std::string token = tokenOf(create());
        choose(token, "purse", kDesk);
        desk_->showCode(desk_->hub().lastCall("create").id);
        desk_->hub().passTime(6 * kMinute);

        choose(token, "bag", kDesk);

        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, attempts());
    }

    void aPaymentHasSoManyAttemptsAndNoMore()
    {
        open({{"attempt_life_s", 7200}});
        const std::string token = tokenOf(create());
        int answered = 0;
        for (int i = 0; i < 60; ++i) {
            choose(token, "purse", i % 2 == 0 ? kDesk : kPhone);
            desk_->hub().passTime(15'000);
            if (desk_->hub().countCalls("create") > answered) {
                ++answered;
                desk_->succeed(desk_->hub().lastCall("create").id,
                               {{"qr_code", "https://qr.example.com/1"}, {"form", Json::object()}});
            }
        }

        choose(token, "purse", kDesk);

        CPPUNIT_ASSERT_EQUAL(std::int64_t{50}, attempts());
        CPPUNIT_ASSERT(look(token, kDesk).find("begun too often") != std::string::npos);
    }

    void aLoopOfSwitchesIsStopped()
    {
        const std::string token = tokenOf(create());
        for (int i = 0; i < 21; ++i) {
            choose(token, i % 2 == 0 ? "purse" : "bag", kDesk);
        }
        CPPUNIT_ASSERT_EQUAL(std::int64_t{6}, attempts());
        desk_->hub().passTime(10'000);
        desk_->showCode(desk_->hub().lastCall("create").id);
        CPPUNIT_ASSERT(look(token, kDesk).find("Wait a minute") != std::string::npos);

        desk_->hub().passTime(kMinute);
        choose(token, "purse", kDesk);

        CPPUNIT_ASSERT_EQUAL(std::int64_t{7}, attempts());
        CPPUNIT_ASSERT_EQUAL(std::string(), desk_->fault());
    }

    void aPayersIdentityGoesToNoOtherAccount()
    {
        const std::string token = tokenOf(create());
        identifyAs(token, "payer-1");
        const auto created = desk_->hub().lastCall("create");

        desk_->notSent(created.id);
        CPPUNIT_ASSERT_EQUAL(1, desk_->hub().countCalls("create"));
        CPPUNIT_ASSERT(look(token, kInBag).find("did not go through") != std::string::npos);
        choose(token, "bag", kInBag);

        const auto asked = desk_->hub().lastCall("payer_identity");
        CPPUNIT_ASSERT(created.account != asked.account);
        desk_->succeed(asked.id, {{"url", "https://bag.example.com/authorize?id=2"}});
        CPPUNIT_ASSERT(look(token, kInBag).find("href=\"https://bag.example.com/authorize") !=
                       std::string::npos);
    }

    void theSamePayerPressesTwiceInVain()
    {
        const std::string token = tokenOf(create());
        identifyAs(token, "payer-1");

        identifyAs(token, "payer-1");

        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, attempts());
        CPPUNIT_ASSERT_EQUAL(0, desk_->hub().countCalls("close"));
    }

    void anotherPayerReplacesTheFirst()
    {
        const std::string token = tokenOf(create());
        identifyAs(token, "payer-1");
        desk_->succeed(desk_->hub().lastCall("create").id,
                       {{"product", "jsapi"}, {"parameters", {{"appId", "wx1"}}}});
        CPPUNIT_ASSERT(look(token, kInBag).find("Somebody else pays") != std::string::npos);

        identifyAs(token, "payer-2");
        desk_->succeed(desk_->hub().lastCall("close").id, {{"state", "closed"}});

        const Json payload = desk_->payloadOf(desk_->hub().lastCall("create"));
        CPPUNIT_ASSERT_EQUAL(std::string("payer-2"),
                             payload.at("payer").at("identity").get<std::string>());
        CPPUNIT_ASSERT_EQUAL(2, desk_->hub().countCalls("create"));
        CPPUNIT_ASSERT_EQUAL(std::string(), desk_->fault());
    }

    void anIdentityThatComesTooLateBeginsNothing()
    {
        for (const std::string reason : {"stopped", "expired", "paid"}) {
            setUp();
            const std::string token = tokenOf(create());
            const std::string other = tokenOf(create());
            choose(token, "bag", kInBag);
            desk_->succeed(desk_->hub().lastCall("payer_identity").id,
                           {{"url", "https://b.example"}});
            choose(token, "bag", kInBag, "c0de");
            const auto asked = desk_->hub().lastCall("payer_identity");
            if (reason == "stopped") {
                desk_->hub().commandUnit("method.stop", R"(["scan","维护","Maintenance"])");
            } else if (reason == "expired") {
                desk_->hub().passTime(10 * kMinute);
            } else {
                choose(other, "purse", kDesk);
                const auto call = desk_->hub().lastCall("create");
                desk_->showCode(call.id);
                desk_->notice(call.idempotency_key, "paid", Json::object(), "purse-main");
            }
            const std::int64_t before = attempts();

            desk_->succeed(asked.id, {{"identity", "payer-1"}});

            CPPUNIT_ASSERT_EQUAL_MESSAGE(reason, before, attempts());
        }
    }

    void aWalletsFormShowsThePage()
    {
        const Json made = create();
        const std::string token = tokenOf(made);
        const Json request = {{"path", {{"token", token}}},
                              {"query", Json::object()},
                              {"body", {{"orderId", "1"}, {"respCode", "00"}}},
                              {"client_ip", "192.0.2.1"},
                              {"user_agent", kPhone},
                              {"language", "en"}};

        const hub::Answer answer = desk_->hub().request("checkout.choose", request.dump());

        assertStatus(HUB_OK, answer);
        CPPUNIT_ASSERT_EQUAL("/pay/" + token, parse(answer).at("location").get<std::string>());
        CPPUNIT_ASSERT(desk_->hub().calls().empty());
        CPPUNIT_ASSERT(look(token, kDesk).find("class=\"trouble\"") == std::string::npos);
        CPPUNIT_ASSERT_EQUAL(made.at("revision"),
                             desk_->payment(made.at("payment_id")).at("revision"));
        const Json form = requestFormOf("checkout.choose");
        CPPUNIT_ASSERT(form.value("additionalProperties", true));
        CPPUNIT_ASSERT(!form.contains("required"));
    }

    void aPaidOneSaysSo()
    {
        const std::string token = tokenOf(create());
        choose(token, "purse", kDesk);
        const auto call = desk_->hub().lastCall("create");
        desk_->showCode(call.id);
        desk_->notice(call.idempotency_key, "paid", Json::object(), "purse-main");

        CPPUNIT_ASSERT(look(token, kDesk).find("Paid. Thank you.") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::string("paid"), viewOf(token));
        choose(token, "bag", kDesk);
        CPPUNIT_ASSERT_EQUAL(1, desk_->hub().countCalls("create"));
    }

    void anAttemptLivesAtLeastFiveMinutes()
    {
        const std::string token = tokenOf(create());
        desk_->hub().passTime(9 * kMinute);
        choose(token, "purse", kDesk);

        const Json payload = desk_->payloadOf(desk_->hub().lastCall("create"));
        CPPUNIT_ASSERT_EQUAL(5 * kMinute,
                             payload.at("expires_at_ms").get<std::int64_t>() -
                                 payload.at("created_at_ms").get<std::int64_t>());
    }

    void aWalletLooksAsItsManifestSays()
    {
        addToTraits("purse", kPurseLook);
        const std::string token = tokenOf(create());

        const std::string english = look(token, kPhone);
        const std::string chinese = look(token, kPhone, Json::object(), "zh");

        assertHolds(english, "fill=\"#1a2b3c\"/><text x=\"16\" y=\"16\">钱</text></svg>Purse Pay<");
        assertHolds(chinese, "fill=\"#1a2b3c\"/><text x=\"16\" y=\"16\">钱</text></svg>钱包支付<");
        assertHolds(look(token, kInPurse), "Pay with Purse Pay<");
        assertHolds(look(token, kInPurse, Json::object(), "zh"), "使用钱包支付付款<");
    }

    void aWalletWithoutALookIsShownByItsId()
    {
        addToTraits("purse", {{"title", {{"en", "Ünion"}, {"zh", "钱包支付"}}}});
        const std::string token = tokenOf(create());

        const std::string html = look(token, kPhone);

        assertHolds(html, "rx=\"9\"/><text x=\"16\" y=\"16\">b</text></svg>bag<");
        assertHolds(html, "rx=\"9\"/><text x=\"16\" y=\"16\">Ü</text></svg>Ünion<");
        assertHolds(look(token, kPhone, Json::object(), "zh"), ">钱</text></svg>钱包支付<");
    }

    void aWalletThatIsNotOfferedKeepsItsLook()
    {
        addToTraits("purse", kPurseLook);
        const std::string token = tokenOf(create());
        choose(token, "purse", kDesk);
        desk_->succeed(desk_->hub().lastCall("create").id,
                       {{"product", "qr"}, {"qr_code", "https://qr.example.com/1"}});
        Json accounts = Json::parse(desk_->hub().accounts);
        for (Json& account : accounts) {
            account["state"] = account["connector"] == "payment_purse" ? "draining" : "enabled";
        }
        desk_->hub().accounts = accounts.dump();

        const std::string html = look(token, kDesk);

        CPPUNIT_ASSERT(html.find("value=\"purse\"") == std::string::npos);
        assertHolds(html, ">钱</text></svg>Scan this code with Purse Pay<");
    }

    void whatManifestsSayIsNoHtml()
    {
        const std::string harm = "\"><b>'&";
        addToTraits("purse",
                    {{"title", {{"en", harm}, {"zh", harm}}}, {"sign", harm}, {"color", harm}});

        const std::string html = look(tokenOf(create()), kDesk);

        CPPUNIT_ASSERT(html.find("<b>") == std::string::npos);
        assertHolds(html, "fill=\"&quot;&gt;&lt;b&gt;&#39;&amp;\"/>");
    }

    void whatPeopleWriteIsNoHtml()
    {
        const Json made = create("<script>alert(1)</script>");

        const std::string html = look(tokenOf(made), kDesk);

        CPPUNIT_ASSERT(html.find("<script>alert") == std::string::npos);
        CPPUNIT_ASSERT(html.find("&lt;script&gt;alert(1)") != std::string::npos);
    }

    void everyViewHasWordsInBothLanguages()
    {
        using payments::CheckoutView;
        for (const CheckoutView view : {CheckoutView::Choose,
                                        CheckoutView::Preparing,
                                        CheckoutView::Pay,
                                        CheckoutView::Checking,
                                        CheckoutView::Paid,
                                        CheckoutView::Expired,
                                        CheckoutView::Ended}) {
            payments::CheckoutScene scene;
            scene.view = view;
            scene.payment.currency = "CNY";
            scene.attempt.emplace();
            scene.attempt->state = payments::AttemptState::Failed;
            scene.wallets = {{"purse", {}, "qr", "qr", "qr"}, {"bag", {}, "qr", "qr", "qr"}};
            scene.tongue = payments::Tongue::English;
            const std::string english = payments::renderCheckout(scene);
            scene.tongue = payments::Tongue::Chinese;
            CPPUNIT_ASSERT(payments::renderCheckout(scene) != english);
        }
        for (const char* trouble : {"no_account", "identity", "too_many", "too_fast"}) {
            payments::CheckoutScene scene;
            scene.checkout.trouble = trouble;
            CPPUNIT_ASSERT(payments::renderCheckout(scene).find("trouble") != std::string::npos);
        }
    }

private:
    Json create(const std::string& subject = "Badge fee 2026")
    {
        const hub::Answer answer = desk_->post({{"order_ref", "order-1"},
                                                {"method", "scan"},
                                                {"amount_minor", kAmount},
                                                {"currency", "CNY"},
                                                {"subject", subject}});
        assertStatus(HUB_OK, answer);
        return parse(answer).at("body");
    }

    static std::string urlOf(const Json& payment)
    {
        return payment.at("checkout").at("url").get<std::string>();
    }

    static std::string tokenOf(const Json& payment)
    {
        const std::string url = urlOf(payment);
        return url.substr(url.rfind('/') + 1);
    }

    void addToTraits(const std::string& wallet, const Json& more)
    {
        Json accounts = Json::parse(desk_->hub().accounts);
        for (Json& account : accounts) {
            if (account.at("traits").at("wallet") == wallet) {
                account["traits"].merge_patch(more);
            }
        }
        desk_->hub().accounts = accounts.dump();
    }

    static void assertHolds(const std::string& html, const std::string& part)
    {
        CPPUNIT_ASSERT_MESSAGE(part + " in " + html, html.find(part) != std::string::npos);
    }

    std::string look(const std::string& token,
                     const std::string& agent,
                     const Json& query = Json::object(),
                     const std::string& language = "en")
    {
        const Json request = {{"path", {{"token", token}}},
                              {"query", query},
                              {"client_ip", "192.0.2.1"},
                              {"user_agent", agent},
                              {"language", language}};
        return parse(desk_->hub().get("checkout.show", request.dump())).at("body");
    }

    Json choose(const std::string& token,
                const std::string& wallet,
                const std::string& agent,
                const std::string& code = {})
    {
        Json body = {{"wallet", wallet}};
        if (!code.empty()) {
            body["code"] = code;
        }
        const Json request = {{"path", {{"token", token}}},
                              {"query", Json::object()},
                              {"body", body},
                              {"client_ip", "192.0.2.1"},
                              {"user_agent", agent},
                              {"language", "en"}};
        const hub::Answer answer = desk_->hub().request("checkout.choose", request.dump());
        assertStatus(HUB_OK, answer);
        return parse(answer);
    }

    /// In the bag's app, there and back from its log-in page.
    void identifyAs(const std::string& token, const std::string& identity)
    {
        choose(token, "bag", kInBag);
        desk_->succeed(desk_->hub().lastCall("payer_identity").id,
                       {{"url", "https://bag.example.com/authorize"}});
        choose(token, "bag", kInBag, "c0de");
        desk_->succeed(desk_->hub().lastCall("payer_identity").id, {{"identity", identity}});
    }

    std::int64_t attempts()
    {
        return desk_->hub().store().integer("SELECT COUNT(*) FROM payments_attempt");
    }

    static Json requestFormOf(const std::string& operation)
    {
        const char* folder = std::getenv("HUB_SOURCE_DIR"); // NOLINT(concurrency-mt-unsafe)
        CPPUNIT_ASSERT(folder != nullptr);
        std::ifstream stream(std::string(folder) + "/plugins/payments/routes.json");
        const Json document = Json::parse(stream);
        for (const Json& route : document.at("routes")) {
            if (route.at("operation") == operation) {
                return route.at("request");
            }
        }
        return {};
    }

    std::string viewOf(const std::string& token)
    {
        const Json request = {{"path", {{"token", token}}}, {"query", Json::object()}};
        return parse(desk_->hub().get("checkout.get", request.dump())).at("body").at("view");
    }

    std::unique_ptr<Desk> desk_;
};

HUB_TEST_SUITE_REGISTRATION(CheckoutsTest, "checkouts");

} // namespace
