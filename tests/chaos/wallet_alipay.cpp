// Alipay: forms signed with RSA2 by a key that the merchant gets once; a merchant's key is replaced
// at once.
#include "wallet.hpp"

#include <stdexcept>

namespace chaos {

namespace {

namespace fs = std::filesystem;

FormDialect dialectOf(const Key& provider)
{
    FormDialect dialect;
    dialect.signature = "sign";
    dialect.scheme = "sign_type";
    dialect.schemes = {"RSA", "MD5", "HMAC", "none", "", "rsa2", "RSA2 ", "SM2"};
    dialect.not_signed = {"sign", "sign_type"};
    dialect.changes = {{"app_id", "9021000000000002"},
                       {"seller_id", "2088000000000002"},
                       {"total_amount", "0.01"},
                       {"total_amount", "1e2"},
                       {"total_amount", "-1.00"},
                       {"trade_status", "TRADE_CLOSED"},
                       {"trade_status", "TRADE_FINISHED"},
                       {"trade_status", "TRADE_SUCCESS "},
                       {"out_trade_no", "1400000020261101000000000001"},
                       {"trade_no", "2026110522001400000000000009"},
                       {"notify_id", "2026110500000000000000000000000009"},
                       {"charset", "gbk"}};
    dialect.additions = {{"refund_fee", "0.01"},
                         {"gmt_refund", "2026-11-05 10:00:02"},
                         {"encrypt_type", "AES"},
                         {"a", ""},
                         {"", "x"},
                         {"sign", "AAAA"},
                         {"zzz", "1"}};
    // Every "name=value" with the names that are signed in one reading or the other.
    dialect.verifies = [provider](const Fields& fields) {
        const auto sign = fields.find("sign");
        if (sign == fields.end()) {
            return false;
        }
        const std::string signature = fromBase64(sign->second);
        std::string with_type;
        std::string with_empty;
        for (const auto& [name, value] : fields) {
            if (name != "sign") {
                with_type += (with_type.empty() ? "" : "&") + name + "=" + value;
                if (name != "sign_type") {
                    with_empty += (with_empty.empty() ? "" : "&") + name + "=" + value;
                }
            }
        }
        return provider.verify(signedText(fields), signature) ||
               provider.verify(with_type, signature) || provider.verify(with_empty, signature);
    };
    return dialect;
}

class Alipay : public Wallet {
public:
    Alipay()
        : Wallet("alipay")
    {}

    Requests requests() const override
    {
        return {"alipay.trade.precreate", "alipay.trade.refund", "alipay.trade.query"};
    }
    void install(const Site& site) const override;
    void enter(const fs::path& folder) override;
    Notice paid(const Order& order, Signer signer) const override
    {
        return formNotice(signedForm(paidNotice(merchants_.own, order), keyOf(signer)));
    }
    std::vector<Lie> lies(const Order& order, const Order& other) const override;
    Tale tell(Shop& shop, Deliverer& desk, const Order& order) const override;
    std::unique_ptr<Mutator>
    mutator(const Order& order, const Order& other, std::uint64_t seed) const override;
    bool isSuccess(const RawAnswer& answer) const override { return chaos::isSuccess(answer); }

    std::string keyChange(int) const override { return "the provider's key"; }
    void beginKeyChange(int number, const KeyTools& tools) override;
    bool needsRestart(int) const override { return true; }
    bool endKeyChange(int number, const KeyTools& tools) override;
    void changeMerchantKey(const KeyTools& tools) override;

private:
    const Key& keyOf(Signer signer) const
    {
        return signer == Signer::Former ? *former_ : *present_;
    }

    Merchants merchants_;
    std::unique_ptr<Key> former_;
    std::unique_ptr<Key> present_;
    std::unique_ptr<Key> public_key_;
    std::unique_ptr<Key> app_key_; ///< whoever acts in the merchant's name at the provider
};

void Alipay::install(const Site& site) const
{
    addOtherAccounts(site.folder);
    editJson(accountsFile(site.folder), [&](Json& content) {
        const auto lead = [&](const std::string& account, std::uint16_t port) {
            const std::string place = "127.0.0.1:" + std::to_string(port);
            Json& entry = content["accounts"][account];
            entry["config"]["gateway_url"] = "https://" + place + "/gateway.do";
            entry["http_exact"] = {place};
        };
        lead(account(), site.own_port);
        lead(secondAccount(), site.second_port);
        lead(sisterAccount(), site.own_port);
    });
    editJson(site.folder / "simulator/simulator.json", [&](Json& content) {
        Json& apps = content["alipay"]["apps"];
        Json second = apps[0];
        const Merchant merchant = readMerchant(site.folder, secondAccount());
        second["app_id"] = merchant.app_id;
        second["seller_id"] = merchant.seller_id;
        apps.push_back(second);
    });
}

void Alipay::enter(const fs::path& folder)
{
    merchants_ = {readMerchant(folder, account()),
                  readMerchant(folder, secondAccount()),
                  readMerchant(folder, sisterAccount())};
    readPaths(readAccounts(folder));
    const fs::path keys = folder / "simulator/alipay";
    present_ = std::make_unique<Key>(Key::readPrivate(keys / "provider_private_key.pem"));
    former_ = std::make_unique<Key>(*present_);
    public_key_ = std::make_unique<Key>(Key::readPublic(keys / "provider_public_key.pem"));
    app_key_ = std::make_unique<Key>(Key::readPrivate(keys / "app_private_key.pem"));
}

std::vector<Lie> Alipay::lies(const Order& order, const Order& other) const
{
    std::vector<Lie> lies;
    for (const FormLie& lie : liesAbout(order, other, merchants_)) {
        Fields fields = paidNotice(merchants_.own, order);
        for (const auto& [name, value] : lie.changes) {
            fields[name] = value;
        }
        lies.push_back({lie.what, formNotice(signedForm(fields, *present_)), lie.path});
    }
    return lies;
}

/// A person at the provider gives the money back: the hub did not ask for it.
Tale Alipay::tell(Shop& shop, Deliverer&, const Order& order) const
{
    Fields fields = {{"app_id", merchants_.own.app_id},
                     {"method", requests().refund},
                     {"charset", "utf-8"},
                     {"format", "JSON"},
                     {"version", "1.0"},
                     {"timestamp", beijingTime()},
                     {"sign_type", "RSA2"},
                     {"biz_content",
                      Json{{"out_trade_no", order.number},
                           {"refund_amount", toYuan(order.amount_minor)},
                           {"out_request_no", order.number + "-1"},
                           {"refund_reason", "at the provider " + order.key}}
                          .dump()}};
    std::string text;
    for (const auto& [name, value] : fields) {
        text += (text.empty() ? "" : "&") + name + "=" + value;
    }
    fields["sign"] = app_key_->sign(text);
    const HttpAnswer answer = shop.simulator().postForm("/gateway.do", toForm(fields));
    const Json body = answer.body.is_object()
                          ? answer.body.value("alipay_trade_refund_response", Json::object())
                          : Json::object();
    if (textOf(body, "code") != "10000") {
        throw std::runtime_error("the provider does not refund " + order.key + ": " +
                                 answer.body.dump());
    }
    const auto say = [&](const Fields& notice) {
        return formNotice(signedForm(notice, *present_));
    };
    return {{{"paid", say(paidNotice(merchants_.own, order))},
             {"refunded", say(refundedNotice(merchants_.own, order))},
             {"closed", say(closedNotice(merchants_.own, order))}},
            say(waitingNotice(merchants_.own, order)),
            "paid keeps 0"};
}

std::unique_ptr<Mutator>
Alipay::mutator(const Order& order, const Order& other, std::uint64_t seed) const
{
    Fields fields = paidNotice(merchants_.own, order);
    fields["sign"] = present_->sign(signedText(fields));
    fields["sign_type"] = "RSA2";
    return std::make_unique<FormMutator>(
        dialectOf(*public_key_),
        fields,
        present_->sign(signedText(paidNotice(merchants_.own, other))),
        seed);
}

void Alipay::beginKeyChange(int, const KeyTools& tools)
{
    const fs::path theirs = tools.folder / "simulator/alipay";
    const fs::path spare = tools.spare / "alipay";
    tools.operate({"provider-account",
                   "put",
                   account(),
                   "provider_key",
                   "--file",
                   spare / "provider_public_key.pem"});
    for (const char* file :
         {"provider_private_key.pem", "provider_public_key.pem", "provider_certificate.pem"}) {
        fs::copy_file(spare / file, theirs / file, fs::copy_options::overwrite_existing);
    }
    present_ = std::make_unique<Key>(Key::readPrivate(theirs / "provider_private_key.pem"));
    public_key_ = std::make_unique<Key>(Key::readPublic(theirs / "provider_public_key.pem"));
}

bool Alipay::endKeyChange(int, const KeyTools& tools)
{
    tools.operate({"secret", "retire", account() + "/provider_key", "1"});
    return true;
}

void Alipay::changeMerchantKey(const KeyTools& tools)
{
    const fs::path theirs = tools.folder / "simulator/alipay";
    for (const char* file : {"app_private_key.pem", "app_public_key.pem", "app_certificate.pem"}) {
        fs::copy_file(
            tools.spare / "alipay" / file, theirs / file, fs::copy_options::overwrite_existing);
    }
    tools.operate({"provider-account",
                   "put",
                   account(),
                   "app_key",
                   "--file",
                   theirs / "app_private_key.pem"});
    tools.operate({"secret", "retire", account() + "/app_key", "1"});
    app_key_ = std::make_unique<Key>(Key::readPrivate(theirs / "app_private_key.pem"));
}

} // namespace

std::unique_ptr<Wallet> makeAlipay()
{
    return std::make_unique<Alipay>();
}

} // namespace chaos
