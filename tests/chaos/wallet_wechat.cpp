// WeChat Pay: sealed notices, signed by platform certificates of which several are valid at once,
// or by the platform's public key; a merchant moves from the ones to the other.
#include "callbacks_sealed.hpp"
#include "processes.hpp"
#include "wallet.hpp"

#include <fstream>
#include <stdexcept>

namespace chaos {

namespace {

namespace fs = std::filesystem;

constexpr const char* kSecondMerchant = "1900000002";
constexpr const char* kSecondApp = "wx0000000000000002";
constexpr const char* kSisterApp = "wx0000000000000003";
constexpr std::int64_t kMinute = 60;

struct WechatMerchant {
    std::string mchid;
    std::string appid;
};

/// Upper-case hex, as the platform names it.
std::string serialOf(const fs::path& certificate)
{
    const Ended shown = run({"/usr/bin/openssl", "x509", "-noout", "-serial", "-in", certificate});
    const auto equals = shown.output.find('=');
    const auto end = shown.output.find('\n');
    if (shown.code != 0 || equals == std::string::npos) {
        throw std::runtime_error(certificate.string() + " is no certificate");
    }
    return shown.output.substr(equals + 1, end - equals - 1);
}

class Wechat : public Wallet {
public:
    Wechat()
        : Wallet("wechat")
    {}

    Requests requests() const override
    {
        return {"POST /v3/pay/transactions/native",
                "POST /v3/refund/domestic/refunds",
                "GET /v3/pay/transactions/out-trade-no/{out_trade_no}"};
    }
    void install(const Site& site) const override;
    std::map<std::string, fs::path> secrets(const fs::path& folder) const override;
    void enter(const fs::path& folder) override;
    Notice paid(const Order& order, Signer signer) const override
    {
        return signedNotice(signer == Signer::Former ? *former_ : *present_,
                            paidBody(contentOf(order)).dump());
    }
    std::vector<Lie> lies(const Order& order, const Order& other) const override;
    Tale tell(Shop& shop, Deliverer& desk, const Order& order) const override;
    std::unique_ptr<Mutator>
    mutator(const Order& order, const Order& other, std::uint64_t seed) const override;
    std::vector<TimedNotice> timed(const Order& order) const override;
    bool isSuccess(const RawAnswer& answer) const override
    {
        return answer.status == 200 || answer.status == 204;
    }

    int keyChanges() const override { return 2; }
    std::string keyChange(int number) const override
    {
        return number == 0 ? "the platform's certificate" : "from certificates to the public key";
    }
    void beginKeyChange(int number, const KeyTools& tools) override;
    bool needsRestart(int) const override { return false; }
    bool endKeyChange(int number, const KeyTools& tools) override;
    void changeMerchantKey(const KeyTools& tools) override;

private:
    Json contentOf(const Order& order) const;
    Json paidBody(const Json& content) const
    {
        return sealedBody(api_key_, "TRANSACTION.SUCCESS", "transaction", content);
    }
    Notice refundNotice(const Order& order,
                        const std::string& refund_number,
                        std::int64_t amount_minor,
                        const char* status) const;
    PlatformSigner certificateSigner(const fs::path& folder, const char* number) const
    {
        const fs::path stem = folder / "simulator/wechat/platform";
        const std::string name = number;
        return {serialOf(stem / (name + "_certificate.pem")),
                Key::readPrivate(stem / (name + "_key.pem"))};
    }

    WechatMerchant own_;
    WechatMerchant second_;
    WechatMerchant sister_;
    std::string api_key_;
    std::unique_ptr<PlatformSigner> former_;
    std::unique_ptr<PlatformSigner> present_;
    std::unique_ptr<Key> public_key_;
};

void Wechat::install(const Site& site) const
{
    Json own;
    editJson(site.folder / "simulator/simulator.json", [&](Json& content) {
        Json& section = content["wechat"];
        section["refund_pause_s"] = 0; // many refunds of one order at once are what a race is
        own = section["merchants"][0];
        Json second = own;
        second["mchid"] = kSecondMerchant;
        second["appids"] = {kSecondApp};
        section["merchants"][0]["appids"].push_back(kSisterApp);
        section["merchants"].push_back(second);
    });
    const auto make = [&](const Json& mchid, const Json& appid, std::uint16_t port) {
        return accountOf({{"mchid", mchid},
                          {"appid", appid},
                          {"base_url", "https://127.0.0.1:" + std::to_string(port)},
                          {"platform_keys", "certificates"}},
                         {{"merchant_key", account() + "/merchant_key"},
                          {"platform_certificate", account() + "/platform_certificate"},
                          {"api_v3_key", account() + "/api_v3_key"}},
                         port);
    };
    const Json file = {{"library", library()},
                       {"enabled", true},
                       {"accounts",
                        {{account(), make(own["mchid"], own["appids"][0], site.own_port)},
                         {secondAccount(), make(kSecondMerchant, kSecondApp, site.second_port)},
                         {sisterAccount(), make(own["mchid"], kSisterApp, site.own_port)}}}};
    std::ofstream(accountsFile(site.folder)) << file.dump(2);
}

std::map<std::string, fs::path> Wechat::secrets(const fs::path& folder) const
{
    const fs::path theirs = folder / "simulator/wechat";
    const Json settings = Json::parse(readText(folder / "simulator/simulator.json"));
    const fs::path api_key = folder / "wechat_api_key";
    const fs::path merchant_key = folder / "wechat_merchant_key.pem";
    std::ofstream(api_key) << textOf(settings["wechat"]["merchants"][0], "apiv3_key");
    std::ofstream(merchant_key) << readText(theirs / "apiclient_key.pem")
                                << readText(theirs / "apiclient_cert.pem");
    return {{account() + "/api_v3_key", api_key},
            {account() + "/merchant_key", merchant_key},
            {account() + "/platform_certificate", theirs / "platform/001_certificate.pem"}};
}

void Wechat::enter(const fs::path& folder)
{
    const Json accounts = readAccounts(folder);
    const auto merchant = [&](const std::string& name) {
        const Json& config = accounts.at(name).at("config");
        return WechatMerchant{textOf(config, "mchid"), textOf(config, "appid")};
    };
    own_ = merchant(account());
    second_ = merchant(secondAccount());
    sister_ = merchant(sisterAccount());
    readPaths(accounts);
    const Json settings = Json::parse(readText(folder / "simulator/simulator.json"));
    api_key_ = textOf(settings["wechat"]["merchants"][0], "apiv3_key");
    present_ = std::make_unique<PlatformSigner>(certificateSigner(folder, "001"));
    former_ = std::make_unique<PlatformSigner>(*present_);
    public_key_ = std::make_unique<Key>(
        Key::readCertificate(folder / "simulator/wechat/platform/001_certificate.pem"));
}

Json Wechat::contentOf(const Order& order) const
{
    return {{"appid", own_.appid},
            {"mchid", own_.mchid},
            {"out_trade_no", order.number},
            {"transaction_id", order.trade_number},
            {"trade_type", "NATIVE"},
            {"trade_state", "SUCCESS"},
            {"trade_state_desc", "支付成功"},
            {"bank_type", "OTHERS"},
            {"success_time", "2026-11-05T10:00:00+08:00"},
            {"payer", {{"openid", "oSIMULATED-payer-0000000001"}}},
            {"amount",
             {{"total", order.amount_minor},
              {"payer_total", order.amount_minor},
              {"currency", "CNY"},
              {"payer_currency", "CNY"}}}};
}

std::vector<Lie> Wechat::lies(const Order& order, const Order& other) const
{
    std::vector<Lie> lies;
    const auto say = [&](const char* what, const Json& changes, const std::string& path) {
        Json content = contentOf(order);
        content.merge_patch(changes);
        lies.push_back({what, signedNotice(*present_, paidBody(content).dump()), path});
    };
    const auto total = [](const Json& amount) {
        return Json{{"amount", {{"total", amount}}}};
    };
    say("one cent less", total(order.amount_minor - 1), own_path_);
    say("one cent more", total(order.amount_minor + 1), own_path_);
    say("one cent", total(1), own_path_);
    say("no amount", total(nullptr), own_path_);
    say("amount as text", total(std::to_string(order.amount_minor)), own_path_);
    say("amount with a point", total(static_cast<double>(order.amount_minor) + 0.5), own_path_);
    say("another currency", {{"amount", {{"currency", "USD"}}}}, own_path_);
    say("other merchant", {{"mchid", second_.mchid}}, own_path_);
    say("other app", {{"appid", second_.appid}}, own_path_);
    say("other app of the same merchant", {{"appid", sister_.appid}}, own_path_);
    say("number of nobody", {{"out_trade_no", "14000001" + std::string(20, '9')}}, own_path_);
    say("number and a blank", {{"out_trade_no", order.number + " "}}, own_path_);
    say("no number", {{"out_trade_no", nullptr}}, own_path_);
    say("not paid yet", {{"trade_state", "NOTPAY"}}, own_path_);
    say("unknown state", {{"trade_state", "MAYBE"}}, own_path_);
    say("another account's address", Json::object(), second_path_);
    say("the same merchant's other address", Json::object(), sister_path_);
    say("another account's merchant, app and address",
        {{"mchid", second_.mchid}, {"appid", second_.appid}},
        second_path_);
    say("the same merchant's other app and address", {{"appid", sister_.appid}}, sister_path_);
    say("another account's app, our merchant", {{"appid", second_.appid}}, second_path_);
    say("another payment's amount", total(other.amount_minor + 7), own_path_);
    lies.push_back({"a refund that nobody asked for",
                    refundNotice(order, "14000001" + std::string(20, '8'), 1, "SUCCESS"),
                    own_path_});
    return lies;
}

Notice Wechat::refundNotice(const Order& order,
                            const std::string& refund_number,
                            std::int64_t amount_minor,
                            const char* status) const
{
    const Json content = {{"mchid", own_.mchid},
                          {"out_trade_no", order.number},
                          {"transaction_id", order.trade_number},
                          {"out_refund_no", refund_number},
                          {"refund_id", "5" + refund_number},
                          {"refund_status", status},
                          {"success_time", "2026-11-05T10:05:00+08:00"},
                          {"user_received_account", "支付用户零钱"},
                          {"amount",
                           {{"total", order.amount_minor},
                            {"refund", amount_minor},
                            {"payer_total", order.amount_minor},
                            {"payer_refund", amount_minor}}}};
    return signedNotice(
        *present_, sealedBody(api_key_, std::string("REFUND.") + status, "refund", content).dump());
}

/// The hub knows of the payment and gives the money back in two parts; of neither has it heard.
Tale Wechat::tell(Shop& shop, Deliverer& desk, const Order& order) const
{
    const Notice paid_notice = paid(order, Signer::Present);
    desk.deliver(own_path_, paid_notice);
    const std::int64_t first = order.amount_minor / 2;
    const std::int64_t second = order.amount_minor - first;
    const std::string first_number = shop.refund(order, first, order.key + "-first");
    const std::string second_number = shop.refund(order, second, order.key + "-second");
    if (first_number.empty() || second_number.empty() || !shop.isRefundedAtProvider(order)) {
        throw std::runtime_error("the provider does not refund " + order.key);
    }
    return {{{"paid", paid_notice},
             {"first part refunded", refundNotice(order, first_number, first, "SUCCESS")},
             {"second part refunded", refundNotice(order, second_number, second, "SUCCESS")}},
            refundNotice(order, first_number, first, "ABNORMAL"),
            "paid keeps 0"};
}

std::unique_ptr<Mutator>
Wechat::mutator(const Order& order, const Order& other, std::uint64_t seed) const
{
    const Notice notice = paid(other, Signer::Present);
    std::string other_signature;
    for (const auto& [name, value] : notice.headers) {
        other_signature = name == "Wechatpay-Signature" ? value : other_signature;
    }
    return std::make_unique<SealedMutator>(
        *present_, *public_key_, paidBody(contentOf(order)), other_signature, seed);
}

std::vector<TimedNotice> Wechat::timed(const Order& order) const
{
    std::vector<TimedNotice> notices;
    for (const std::int64_t minutes : {-60, -6, 6, 60, -4, 4}) {
        notices.push_back(
            {std::to_string(minutes) + " minutes",
             signedNotice(*present_, paidBody(contentOf(order)).dump(), minutes * kMinute),
             minutes == -4 || minutes == 4});
    }
    return notices;
}

void Wechat::beginKeyChange(int number, const KeyTools& tools)
{
    const fs::path theirs = tools.folder / "simulator/wechat";
    former_ = std::make_unique<PlatformSigner>(*present_);
    if (number == 0) {
        tools.control("provider/wechat/rotate", Json::object());
        const fs::path certificate = theirs / "platform/002_certificate.pem";
        tools.operate(
            {"provider-account", "put", account(), "platform_certificate", "--file", certificate});
        present_ = std::make_unique<PlatformSigner>(certificateSigner(tools.folder, "002"));
        public_key_ = std::make_unique<Key>(Key::readCertificate(certificate));
        return;
    }
    const fs::path settings = tools.folder / "simulator/simulator.json";
    const std::string id = textOf(Json::parse(readText(settings))["wechat"], "public_key_id");
    const fs::path both = tools.folder / "wechat_both.json";
    std::ofstream(both) << Json{{"platform_keys", "both"}, {"public_key_id", id}}.dump();
    tools.operate(
        {"provider-account", "put", account(), "platform_key", "--file", theirs / "pub_key.pem"});
    tools.operate({"provider-account", "configure", account(), "--file", both});
    // By a command now, and by the settings after the next start.
    tools.control("provider/wechat/mode", {{"mchid", own_.mchid}, {"mode", "public_key"}});
    editJson(settings,
             [](Json& content) { content["wechat"]["merchants"][0]["mode"] = "public_key"; });
    present_ = std::make_unique<PlatformSigner>(
        PlatformSigner{id, Key::readPrivate(theirs / "pub_private_key.pem")});
    public_key_ = std::make_unique<Key>(Key::readPublic(theirs / "pub_key.pem"));
}

bool Wechat::endKeyChange(int number, const KeyTools& tools)
{
    if (number == 0) {
        tools.operate({"secret", "retire", account() + "/platform_certificate", "1"});
        return true;
    }
    const fs::path alone = tools.folder / "wechat_alone.json";
    std::ofstream(alone) << Json{{"platform_keys", "public_key"}}.dump();
    tools.operate({"provider-account", "configure", account(), "--file", alone});
    return true;
}

void Wechat::changeMerchantKey(const KeyTools& tools)
{
    const fs::path theirs = tools.folder / "simulator/wechat";
    for (const char* file : {"apiclient_key.pem", "apiclient_cert.pem"}) {
        fs::copy_file(
            tools.spare / "wechat" / file, theirs / file, fs::copy_options::overwrite_existing);
    }
    const fs::path key = tools.folder / "wechat_merchant_key.pem";
    std::ofstream(key) << readText(theirs / "apiclient_key.pem")
                       << readText(theirs / "apiclient_cert.pem");
    tools.operate({"provider-account", "put", account(), "merchant_key", "--file", key});
    tools.operate({"secret", "retire", account() + "/merchant_key", "1"});
}

} // namespace

std::unique_ptr<Wallet> makeWechat()
{
    return std::make_unique<Wechat>();
}

} // namespace chaos
