// Goal: a callback that is forged, or that speaks of another amount, account or payment, changes
// nothing, is counted and audited; a genuine one counts once, however often it comes. Method: the
// real hub over HTTPS; notices are signed here, with the simulated provider's key or another.
#include "support/hub_process.hpp"
#include "support/suite.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace hub::test {

namespace {

using Fields = std::map<std::string, std::string>;

std::string escape(const std::string& text)
{
    static const char kHex[] = "0123456789ABCDEF";
    std::string escaped;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (std::isalnum(byte) != 0 || c == '.' || c == '-' || c == '_') {
            escaped += c;
        } else {
            escaped += {'%', kHex[byte >> 4U], kHex[byte & 15U]};
        }
    }
    return escaped;
}

std::string toForm(const Fields& fields)
{
    std::string form;
    for (const auto& [name, value] : fields) {
        form += (form.empty() ? "" : "&") + name + "=" + escape(value);
    }
    return form;
}

/// RSA2 over the sorted fields, as the provider's documents say, in base64.
std::string sign(const Fields& fields, const std::filesystem::path& key_file)
{
    std::string text;
    for (const auto& [name, value] : fields) {
        if (name != "sign" && name != "sign_type" && !value.empty()) {
            text += (text.empty() ? "" : "&") + name + "=" + value;
        }
    }
    const std::string pem = readFile(key_file);
    BIO* bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
    EVP_PKEY* key = PEM_read_bio_PrivateKey(bio, nullptr, nullptr, nullptr);
    BIO_free(bio);
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    std::array<unsigned char, 1024> raw{};
    std::size_t size = raw.size();
    const bool signed_it = EVP_DigestSignInit(context, nullptr, EVP_sha256(), nullptr, key) == 1 &&
                           EVP_DigestSign(context,
                                          raw.data(),
                                          &size,
                                          reinterpret_cast<const unsigned char*>(text.data()),
                                          text.size()) == 1;
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
    if (!signed_it) {
        throw std::runtime_error(key_file.string() + ": can't sign");
    }
    std::array<unsigned char, 1400> base64{};
    const int length = EVP_EncodeBlock(base64.data(), raw.data(), static_cast<int>(size));
    return {base64.begin(), base64.begin() + length};
}

class CallbacksTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(CallbacksTest);
    CPPUNIT_TEST(whatDoesNotFitIsRefusedAndChangesNothing);
    CPPUNIT_TEST(aGenuineRepeatIsAcknowledgedAndCountsOnce);
    CPPUNIT_TEST_SUITE_END();

    static constexpr const char* kApp = "9021000000000001";
    static constexpr const char* kOtherApp = "9021000000000002";
    static constexpr const char* kSeller = "2088000000000001";
    static constexpr const char* kOtherSeller = "2088000000000002";

    std::unique_ptr<HubProcess> hub_;
    std::string address_; ///< of the first account
    std::string other_address_;
    std::string payment_;
    std::string number_;

    std::filesystem::path providerKey() const
    {
        return hub_->folder() / "simulator/alipay/provider_private_key.pem";
    }
    std::filesystem::path foreignKey() const
    {
        return hub_->folder() / "simulator/alipay/app_private_key.pem";
    }

    Fields genuine() const
    {
        return {{"notify_time", "2026-11-05 10:00:01"},
                {"notify_type", "trade_status_sync"},
                {"notify_id", "2026110500222100001000000000000001"},
                {"sign_type", "RSA2"},
                {"charset", "utf-8"},
                {"version", "1.0"},
                {"app_id", kApp},
                {"auth_app_id", kApp},
                {"seller_id", kSeller},
                {"trade_no", "2026110522001400000000000001"},
                {"out_trade_no", number_},
                {"trade_status", "TRADE_SUCCESS"},
                {"total_amount", "200.00"},
                {"receipt_amount", "200.00"},
                {"buyer_pay_amount", "200.00"},
                {"gmt_create", "2026-11-05 09:59:00"},
                {"gmt_payment", "2026-11-05 10:00:00"}};
    }

    Fields changed(const Fields& changes) const
    {
        Fields fields = genuine();
        for (const auto& [name, value] : changes) {
            fields[name] = value;
        }
        return fields;
    }

    std::string signedForm(Fields fields, const std::filesystem::path& key) const
    {
        fields["sign"] = sign(fields, key);
        return toForm(fields);
    }

    std::string paymentState() const
    {
        return hub_->get("/api/v1/payments/" + payment_).body.at("state").get<std::string>();
    }

    double counted(const std::string& ended) const
    {
        return hub_->metric(R"(hub_callbacks_total{connector="payment_alipay",ended=")" + ended +
                            "\"}");
    }

    std::size_t audited() const
    {
        return hub_->ask({"audit", "list", "--action", "callback.refused"}).size();
    }

    std::size_t timesPaid() const
    {
        const Json timeline = hub_->get("/api/v1/payments/" + payment_ + "/timeline").body;
        std::size_t times = 0;
        for (const Json& step : timeline.at("steps")) {
            if (step.value("cause", "") == "attempt_paid") {
                ++times;
            }
        }
        return times;
    }

    struct Row {
        std::string name;
        std::string address;
        std::string form;
        int status;
        std::string reason; ///< in the audit log
    };

    std::vector<Row> rows() const
    {
        Fields altered = genuine();
        altered["sign"] = sign(altered, providerKey());
        altered["total_amount"] = "0.01";
        const std::string form = signedForm(genuine(), providerKey());
        const auto with = [&](const Fields& changes) {
            return signedForm(changed(changes), providerKey());
        };
        const std::string folder = address_.substr(0, address_.rfind('/') + 1);
        const std::string wrong_token = folder + std::string(32, '0');
        const Fields other_app = {
            {"app_id", kOtherApp}, {"auth_app_id", kOtherApp}, {"seller_id", kOtherSeller}};
        return {
            {"another key", address_, signedForm(genuine(), foreignKey()), 400, "signature"},
            {"altered", address_, toForm(altered), 400, "signature"},
            {"no signature", address_, toForm(genuine()), 400, "sign"},
            {"no form", address_, "\xff\xfe{}", 400, ""},
            {"empty", address_, "", 400, ""},
            {"another amount", address_, with({{"total_amount", "200.01"}}), 400, "amount"},
            {"another app", address_, with({{"app_id", kOtherApp}}), 400, "app_id"},
            {"another seller", address_, with({{"seller_id", kOtherSeller}}), 400, "seller"},
            {"another payment", address_, with({{"out_trade_no", "140000"}}), 400, "140000"},
            {"another account's notice", other_address_, form, 400, "app_id"},
            {"another account's payment", other_address_, with(other_app), 400, "account"},
            {"wrong token", wrong_token, form, 404, "token"},
            {"no such account", "/callback/payment_alipay/nobody/x", form, 404, "account"},
            {"no such connector", "/callback/nothing/alipay-demo/x", form, 404, "account"},
        };
    }

public:
    void setUp() override
    {
        hub_ = std::make_unique<HubProcess>();
        const std::filesystem::path file = hub_->folder() / "hub/plugins.d/payment_alipay.json";
        Json configured = Json::parse(readFile(file));
        Json second = configured.at("accounts").at("alipay-demo");
        const std::string token = second.at("callback_token").get<std::string>();
        second["config"]["app_id"] = kOtherApp;
        second["config"]["seller_id"] = kOtherSeller;
        second["callback_token"] = std::string(token.rbegin(), token.rend());
        configured["accounts"]["alipay-second"] = second;
        hub_->configure("payment_alipay", configured);
        address_ = "/callback/payment_alipay/alipay-demo/" + token;
        other_address_ = "/callback/payment_alipay/alipay-second/" +
                         second.at("callback_token").get<std::string>();
        hub_->startSimulator();
        hub_->start();
        payment_ = hub_->pay("callbacks");
        number_ = hub_->codeNumber(payment_);
    }

    void tearDown() override { hub_.reset(); }

    void whatDoesNotFitIsRefusedAndChangesNothing()
    {
        std::size_t refused = 0;
        for (const Row& row : rows()) {
            const ApiAnswer answer = hub_->deliver(row.address, row.form);

            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.name, row.status, answer.status);
            CPPUNIT_ASSERT_MESSAGE(row.name, answer.body != Json("success"));
            ++refused;
            CPPUNIT_ASSERT_MESSAGE(row.name, becomesTrue([&] { return audited() == refused; }));
            const Json entry = hub_->ask({"audit", "list", "--limit", "1"}).at(0);
            CPPUNIT_ASSERT_MESSAGE(row.name + ": " + entry.dump(),
                                   entry.at("detail").get<std::string>().find(row.reason) !=
                                       std::string::npos);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.name, std::string("waiting"), paymentState());
        }
        CPPUNIT_ASSERT_EQUAL(
            static_cast<double>(refused),
            counted("refused") +
                hub_->metric(R"(hub_callbacks_total{connector="unknown",ended="refused"})"));
        CPPUNIT_ASSERT_EQUAL(0, hub_->command({"audit", "verify"}).code);

        const ApiAnswer taken = hub_->deliver(address_, signedForm(genuine(), providerKey()));
        CPPUNIT_ASSERT_EQUAL(Json("success"), taken.body);
        CPPUNIT_ASSERT_EQUAL(std::string("paid"), paymentState());
    }

    void aGenuineRepeatIsAcknowledgedAndCountsOnce()
    {
        hub_->simulator("POST", "/control/pay", {{"out_trade_no", number_}});
        CPPUNIT_ASSERT(becomesTrue([&] { return paymentState() == "paid"; }));
        const std::string form = signedForm(genuine(), providerKey());
        for (int i = 0; i < 3; ++i) {
            const ApiAnswer again = hub_->deliver(address_, form);
            CPPUNIT_ASSERT_EQUAL(200, again.status);
            CPPUNIT_ASSERT_EQUAL(Json("success"), again.body);
        }
        CPPUNIT_ASSERT_EQUAL(1.0, counted("taken"));
        CPPUNIT_ASSERT_EQUAL(3.0, counted("repeat"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, timesPaid());
        CPPUNIT_ASSERT_EQUAL(0, hub_->command({"ledger", "check"}).code);
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, audited());
    }
};

HUB_TEST_SUITE_REGISTRATION(CallbacksTest, "callbacks");

} // namespace

} // namespace hub::test
