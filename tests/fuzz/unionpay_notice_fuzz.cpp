// Input: the form of a notification. As it came nobody of ours has signed it, so it is never
// genuine; signed by a UnionPay that was made when this started, it is, and then what is read says
// nothing that the account or the contract forbids. A changed letter makes it worthless again.

#include "expect.hpp"
#include "payment_unionpay/notice.hpp"
#include "unionpay_acp/message.hpp"
#include "unit/connectors/unionpay_acp/authority.hpp"

#include <set>

#include <nlohmann/json.hpp>

namespace {

using namespace hub::fuzz;
using Json = nlohmann::json;
using unionpay::Fields;
using unionpay_test::Authority;
using unionpay_test::kNowS;

const unionpay::TrustAnchors& anchors()
{
    static const auto kAnchors =
        unionpay::TrustAnchors::parse(Authority::shared().middle.certificatePem(),
                                      Authority::shared().root.certificatePem())
            .value();
    return kAnchors;
}

const payment_unionpay::Account& account()
{
    static const payment_unionpay::Account kAccount = [] {
        payment_unionpay::Account account;
        account.merchant_id = "777290058110048";
        return account;
    }();
    return kAccount;
}

hub::Result<void> check(const Fields& fields)
{
    auto checked =
        unionpay::checkMessage(fields, anchors(), unionpay::TrustRules::production(), kNowS);
    if (!checked.ok()) {
        expect(checked.error().code == HUB_REJECTED, "what is not genuine is rejected");
        expectReadable(checked.error().message);
    }
    return checked;
}

void checkReading(const Fields& notice)
{
    const auto reading = payment_unionpay::readNotice(account(), notice, kNowS * 1000);
    if (!reading.ok()) {
        expect(reading.error().code == HUB_REJECTED, "a foreign notification is rejected");
        expectReadable(reading.error().message);
        return;
    }
    const Json& read = reading.value();
    const std::string shown = read.dump();
    expect(Json::parse(shown) == read, "a reading survives its coding", shown);
    expect(read.at("merchant") == account().merchant_id, "a reading is the account's", shown);
    expect(!read.at("number").get<std::string>().empty(), "a reading has a number", shown);
    expect(read.at("amount_minor").get<std::int64_t>() >= 0, "no amount is negative", shown);
    const bool is_refund = read.at("subject") == "refund";
    expect(is_refund == read.contains("refund_number"), "a refund has its number", shown);
    static const std::set<std::string> kPayment{"waiting", "paid", "closed"};
    static const std::set<std::string> kRefund{"succeeded", "failed"};
    expect((is_refund ? kRefund : kPayment).count(read.at("state")) == 1,
           "a state is the contract's",
           shown);
}

/// Another letter in the value of the field that is signed at that place.
Fields changed(Fields fields, std::size_t at)
{
    std::string& value = fields[at % fields.size()].second;
    if (value.empty()) {
        value = "0";
    } else {
        value[at % value.size()] = value[at % value.size()] == '7' ? '8' : '7';
    }
    return fields;
}

void checkSigned(Fields fields, std::size_t size)
{
    std::erase_if(fields, [](const auto& field) {
        return field.first == "signature" || field.first == "signPubKeyCert";
    });
    const Fields genuine = unionpay_test::signedBy(Authority::shared().leaf, fields);
    const bool is_ours = unionpay::valueOf(fields, "version") == "5.1.0" &&
                         unionpay::valueOf(fields, "signMethod") == "01";
    const bool is_genuine = check(genuine).ok();
    expect(is_genuine == (is_ours && unionpay::hasOneReading(genuine)),
           "what UnionPay signed is genuine when it can be read in one way");
    if (is_genuine) {
        checkReading(genuine);
        expect(!check(changed(genuine, size)).ok(), "a changed letter makes it worthless");
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto notice = unionpay::fromForm(textOf(data, size));
    if (!notice.ok()) {
        expectReadable(notice.error().message);
        return 0;
    }
    expect(!check(notice.value()).ok(), "a stranger's notification is not genuine");
    checkReading(notice.value());
    checkSigned(notice.value(), size);
    return 0;
}
