// UnionPay: forms that bring the certificate along which they are signed with; the merchant knows
// the authority above it. There is no window, and no end of an old certificate but its own.
#include "wallet.hpp"

#include <algorithm>
#include <fstream>
#include <stdexcept>

namespace chaos {

namespace {

namespace fs = std::filesystem;

constexpr const char* kSecondMerchant = "100000000000002";

struct MessageSigner {
    std::string certificate; ///< PEM
    Key key;
};

MessageSigner readSigner(const fs::path& folder, const std::string& stem)
{
    return {readText(folder / (stem + "_certificate.pem")),
            Key::readPrivate(folder / (stem + "_key.pem"))};
}

std::string compactTime()
{
    std::string time = beijingTime();
    std::erase_if(time, [](char c) { return c < '0' || c > '9'; });
    return time;
}

std::string messageText(const Fields& fields, bool with_empty)
{
    std::string text;
    for (const auto& [name, value] : fields) {
        if (name != "signature" && (with_empty || !value.empty())) {
            text += (text.empty() ? "" : "&") + name + "=" + value;
        }
    }
    return text;
}

/// With certificate and signature.
Fields signedMessage(Fields fields, const MessageSigner& signer)
{
    fields["signPubKeyCert"] = signer.certificate;
    fields["signature"] = signer.key.sign(sha256Of(messageText(fields, true)));
    return fields;
}

FormDialect dialectOf(const Key& provider)
{
    FormDialect dialect;
    dialect.signature = "signature";
    dialect.scheme = "signMethod";
    dialect.schemes = {"11", "12", "00", "", "1", "01 ", "02"};
    dialect.not_signed = {"signature"};
    dialect.changes = {{"merId", kSecondMerchant},
                       {"txnAmt", "1"},
                       {"txnAmt", "1e2"},
                       {"txnAmt", "-100"},
                       {"txnAmt", "100.5"},
                       {"respCode", "01"},
                       {"respCode", "A6"},
                       {"txnType", "04"},
                       {"orderId", "1400000020261101000000000001"},
                       {"queryId", "202611051000000000009"},
                       {"version", "5.0.0"},
                       {"currencyCode", "840"},
                       {"encoding", "GBK"},
                       {"signPubKeyCert", ""}};
    dialect.additions = {{"origQryId", "202611051000000000009"},
                         {"reqReserved", "1400000020261101000000000001"},
                         {"a", ""},
                         {"", "x"},
                         {"signature", "AAAA"},
                         {"zzz", "1"}};
    dialect.verifies = [provider](const Fields& fields) {
        const auto sign = fields.find("signature");
        if (sign == fields.end()) {
            return false;
        }
        const std::string signature = fromBase64(sign->second);
        return provider.verify(sha256Of(messageText(fields, true)), signature) ||
               provider.verify(sha256Of(messageText(fields, false)), signature);
    };
    return dialect;
}

class Unionpay : public Wallet {
public:
    Unionpay()
        : Wallet("unionpay")
    {}

    Requests requests() const override
    {
        return {"backTransReq.do 01", "backTransReq.do 04", "queryTrans.do 00"};
    }
    bool givesCodeAgain() const override { return false; }
    void install(const Site& site) const override;
    std::map<std::string, fs::path> secrets(const fs::path& folder) const override;
    void enter(const fs::path& folder) override;
    Notice paid(const Order& order, Signer signer) const override
    {
        return say(fieldsOf(order), signer == Signer::Former ? *former_ : *present_);
    }
    std::vector<Lie> lies(const Order& order, const Order& other) const override;
    Tale tell(Shop& shop, Deliverer& desk, const Order& order) const override;
    std::unique_ptr<Mutator>
    mutator(const Order& order, const Order& other, std::uint64_t seed) const override;
    bool isSuccess(const RawAnswer& answer) const override { return answer.status == 200; }

    int keyChanges() const override { return 2; }
    std::string keyChange(int number) const override
    {
        return number == 0 ? "the authority of the provider's certificates"
                           : "the provider's certificate";
    }
    void beginKeyChange(int number, const KeyTools& tools) override;
    bool needsRestart(int number) const override { return number == 0; }
    bool endKeyChange(int number, const KeyTools& tools) override;
    void changeMerchantKey(const KeyTools& tools) override;

private:
    static Notice say(const Fields& fields, const MessageSigner& signer)
    {
        return formNotice(toForm(signedMessage(fields, signer)));
    }
    Fields messageOf(const Order& order, std::int64_t amount_minor) const;
    Fields fieldsOf(const Order& order) const;
    Notice refundNotice(const Order& order,
                        const std::string& refund_number,
                        std::int64_t amount_minor) const;
    void believe(const std::string& middle, const std::string& root, const KeyTools& tools) const;

    std::string merchant_;
    std::unique_ptr<MessageSigner> former_;
    std::unique_ptr<MessageSigner> present_;
    std::unique_ptr<MessageSigner> stranger_;  ///< right name, no authority
    std::unique_ptr<MessageSigner> ourselves_; ///< right authority, another name
    std::unique_ptr<Key> public_key_;
};

void Unionpay::install(const Site& site) const
{
    const fs::path theirs = site.folder / "simulator";
    std::string merchant;
    editJson(theirs / "simulator.json", [&](Json& content) {
        Json& merchants = content["unionpay"]["merchants"];
        merchant = textOf(merchants[0], "mer_id");
        Json second = merchants[0];
        second["mer_id"] = kSecondMerchant;
        merchants.push_back(second);
    });
    const auto make = [&](const std::string& mer_id, std::uint16_t port) {
        const std::string place = "https://127.0.0.1:" + std::to_string(port);
        return accountOf(
            {{"merchant_id", mer_id},
             {"gateway_url", place},
             {"file_url", place + "/"},
             {"middle_certificate", readText(theirs / "unionpay/authority/middle.pem")},
             {"root_certificate", readText(theirs / "unionpay/authority/root.pem")}},
            {{"signing_key", account() + "/signing_key"}},
            port);
    };
    const Json file = {{"library", library()},
                       {"enabled", true},
                       {"accounts",
                        {{account(), make(merchant, site.own_port)},
                         {secondAccount(), make(kSecondMerchant, site.second_port)},
                         {sisterAccount(), make(merchant, site.own_port)}}}};
    std::ofstream(accountsFile(site.folder)) << file.dump(2);
}

std::map<std::string, fs::path> Unionpay::secrets(const fs::path& folder) const
{
    const fs::path theirs = folder / "simulator/unionpay";
    const fs::path key = folder / "unionpay_signing_key.pem";
    std::ofstream(key) << readText(theirs / "merchant_key.pem")
                       << readText(theirs / "merchant_certificate.pem");
    return {{account() + "/signing_key", key}};
}

void Unionpay::enter(const fs::path& folder)
{
    const Json accounts = readAccounts(folder);
    readPaths(accounts);
    merchant_ = textOf(accounts.at(account()).at("config"), "merchant_id");
    const fs::path theirs = folder / "simulator/unionpay";
    present_ = std::make_unique<MessageSigner>(readSigner(theirs / "signing", "001"));
    former_ = std::make_unique<MessageSigner>(*present_);
    stranger_ = std::make_unique<MessageSigner>(readSigner(theirs / "signing", "stranger"));
    ourselves_ = std::make_unique<MessageSigner>(readSigner(theirs, "merchant"));
    public_key_ =
        std::make_unique<Key>(Key::readCertificate(theirs / "signing/001_certificate.pem"));
}

/// What messages about payments and refunds have in common.
Fields Unionpay::messageOf(const Order& order, std::int64_t amount_minor) const
{
    const std::string time = compactTime();
    const std::string amount = std::to_string(amount_minor);
    return {{"version", "5.1.0"},
            {"encoding", "UTF-8"},
            {"signMethod", "01"},
            {"accessType", "0"},
            {"merId", merchant_},
            {"bizType", "000000"},
            {"orderId", order.number},
            {"txnTime", time},
            {"txnAmt", amount},
            {"currencyCode", "156"},
            {"settleAmt", amount},
            {"settleCurrencyCode", "156"},
            {"settleDate", time.substr(4, 4)},
            {"traceNo", "000001"},
            {"traceTime", time.substr(4)},
            {"respCode", "00"},
            {"respMsg", "成功[0000000]"}};
}

Fields Unionpay::fieldsOf(const Order& order) const
{
    Fields fields = messageOf(order, order.amount_minor);
    fields["txnType"] = "01";
    fields["txnSubType"] = "07";
    fields["queryId"] = order.trade_number;
    fields["payTime"] = fields["txnTime"];
    fields["accNo"] = "6200********0000";
    return fields;
}

std::vector<Lie> Unionpay::lies(const Order& order, const Order& other) const
{
    std::vector<Lie> lies;
    const auto tell = [&](const char* what, const Fields& changes, const std::string& path) {
        Fields fields = fieldsOf(order);
        for (const auto& [name, value] : changes) {
            fields[name] = value;
        }
        std::erase_if(fields, [](const auto& field) { return field.second.empty(); });
        lies.push_back({what, say(fields, *present_), path});
    };
    const std::string amount = std::to_string(order.amount_minor);
    tell("one cent less", {{"txnAmt", std::to_string(order.amount_minor - 1)}}, own_path_);
    tell("one cent more", {{"txnAmt", std::to_string(order.amount_minor + 1)}}, own_path_);
    tell("one cent", {{"txnAmt", "1"}}, own_path_);
    tell("no amount", {{"txnAmt", ""}}, own_path_);
    tell("amount with a point", {{"txnAmt", amount + ".0"}}, own_path_);
    tell("amount and a blank", {{"txnAmt", amount + " "}}, own_path_);
    tell("another currency", {{"currencyCode", "840"}}, own_path_);
    tell("other merchant", {{"merId", kSecondMerchant}}, own_path_);
    tell("number of nobody", {{"orderId", "14000001" + std::string(20, '9')}}, own_path_);
    tell("number and a blank", {{"orderId", order.number + " "}}, own_path_);
    tell("no number", {{"orderId", ""}}, own_path_);
    tell("unknown code", {{"respCode", "ZZ"}}, own_path_);
    tell("an undoing", {{"txnType", "31"}}, own_path_);
    tell("an older version", {{"version", "5.0.0"}}, own_path_);
    tell("another account's address", {}, second_path_);
    tell("the same merchant's other address", {}, sister_path_);
    tell("another account's merchant and address", {{"merId", kSecondMerchant}}, second_path_);
    tell("another payment's amount",
         {{"txnAmt", std::to_string(other.amount_minor + 7)}},
         own_path_);
    lies.push_back({"a refund that nobody asked for",
                    refundNotice(order, "14000001" + std::string(20, '8'), 1),
                    own_path_});
    lies.push_back({"a certificate that no authority issued, with the provider's name",
                    say(fieldsOf(order), *stranger_),
                    own_path_});
    lies.push_back({"a merchant's certificate of the same authority",
                    say(fieldsOf(order), *ourselves_),
                    own_path_});
    return lies;
}

Notice Unionpay::refundNotice(const Order& order,
                              const std::string& refund_number,
                              std::int64_t amount_minor) const
{
    Fields fields = messageOf(order, amount_minor);
    fields["txnType"] = "04";
    fields["txnSubType"] = "00";
    fields["orderId"] = refund_number;
    fields["queryId"] = "9" + refund_number.substr(refund_number.size() - 20);
    fields["origQryId"] = order.trade_number;
    fields["reqReserved"] = order.number;
    return say(fields, *present_);
}

/// The hub knows of the payment and gives the money back in two parts; of neither has it heard.
Tale Unionpay::tell(Shop& shop, Deliverer& desk, const Order& order) const
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
    Fields waiting = fieldsOf(order);
    waiting["respCode"] = "05";
    return {{{"paid", paid_notice},
             {"first part refunded", refundNotice(order, first_number, first)},
             {"second part refunded", refundNotice(order, second_number, second)}},
            say(waiting, *present_),
            "paid keeps 0"};
}

std::unique_ptr<Mutator>
Unionpay::mutator(const Order& order, const Order& other, std::uint64_t seed) const
{
    return std::make_unique<FormMutator>(dialectOf(*public_key_),
                                         signedMessage(fieldsOf(order), *present_),
                                         signedMessage(fieldsOf(other), *present_).at("signature"),
                                         seed);
}

/// Both accounts that collect.
void Unionpay::believe(const std::string& middle,
                       const std::string& root,
                       const KeyTools& tools) const
{
    const fs::path file = tools.folder / "unionpay_anchors.json";
    std::ofstream(file) << Json{{"middle_certificate", middle}, {"root_certificate", root}}.dump();
    for (const std::string& one : {account(), secondAccount()}) {
        tools.operate({"provider-account", "configure", one, "--file", file});
    }
}

void Unionpay::beginKeyChange(int number, const KeyTools& tools)
{
    const fs::path theirs = tools.folder / "simulator/unionpay";
    former_ = std::make_unique<MessageSigner>(*present_);
    if (number == 0) {
        const fs::path spare = tools.spare / "unionpay";
        believe(readText(theirs / "authority/middle.pem") +
                    readText(spare / "authority/middle.pem"),
                readText(theirs / "authority/root.pem") + readText(spare / "authority/root.pem"),
                tools);
        for (const char* part : {"authority", "signing"}) {
            fs::copy(spare / part,
                     theirs / part,
                     fs::copy_options::overwrite_existing | fs::copy_options::recursive);
        }
    } else {
        tools.control("provider/unionpay/rotate", Json::object());
    }
    const std::string stem = number == 0 ? "001" : "002";
    present_ = std::make_unique<MessageSigner>(readSigner(theirs / "signing", stem));
    public_key_ = std::make_unique<Key>(
        Key::readCertificate(theirs / "signing" / (stem + "_certificate.pem")));
}

bool Unionpay::endKeyChange(int number, const KeyTools& tools)
{
    if (number != 0) {
        return false;
    }
    const fs::path authority = tools.spare / "unionpay/authority";
    believe(readText(authority / "middle.pem"), readText(authority / "root.pem"), tools);
    return true;
}

/// UnionPay knows both certificates for a while.
void Unionpay::changeMerchantKey(const KeyTools& tools)
{
    const fs::path theirs = tools.folder / "simulator/unionpay";
    for (const char* kind : {"key", "certificate"}) {
        fs::copy_file(tools.spare / "unionpay" / (std::string("merchant_") + kind + ".pem"),
                      theirs / (std::string("merchant_next_") + kind + ".pem"),
                      fs::copy_options::overwrite_existing);
    }
    editJson(tools.folder / "simulator/simulator.json", [](Json& content) {
        for (Json& merchant : content["unionpay"]["merchants"]) {
            merchant["certificates"].push_back(
                {{"private_key", "unionpay/merchant_next_key.pem"},
                 {"certificate", "unionpay/merchant_next_certificate.pem"}});
        }
    });
    const fs::path key = tools.folder / "unionpay_signing_key.pem";
    std::ofstream(key) << readText(theirs / "merchant_next_key.pem")
                       << readText(theirs / "merchant_next_certificate.pem");
    tools.operate({"provider-account", "put", account(), "signing_key", "--file", key});
    tools.operate({"secret", "retire", account() + "/signing_key", "1"});
}

} // namespace

std::unique_ptr<Wallet> makeUnionpay()
{
    return std::make_unique<Unionpay>();
}

} // namespace chaos
