// Input: the form of a notice. What is accepted has one reading: its signed text can be cut into
// parameters in one way only, and the reading says nothing that the account or the contract
// forbids.

#include "base/encoding.hpp"
#include "expect.hpp"
#include "payment_alipay/envelope.hpp"
#include "payment_alipay/notice.hpp"

#include <set>

namespace {

using namespace hub::fuzz;
using alipay::SignType;
using Json = nlohmann::json;

alipay::Account account()
{
    alipay::Account account;
    account.app_id = "2021000000000001";
    account.seller_id = "2088000000000001";
    return account;
}

void checkCodings(std::string_view text)
{
    const std::string base64 = alipay::toBase64(text);
    const auto bytes = alipay::fromBase64(base64);
    expect(bytes.ok() && bytes.value() == text, "base64 gives back what it was made from", base64);
    if (const auto decoded = alipay::fromBase64(text); decoded.ok()) {
        expect(alipay::toBase64(decoded.value()) == text, "base64 has one form", text);
    }
    expect(alipay::isUtf8(text) == hub::base::isUtf8(text), "there is one UTF-8", text);
}

void checkForm(const alipay::Notice& notice)
{
    const std::string form = alipay::toForm(notice.parameters);
    const auto again = alipay::fromForm(form);
    // An empty name with an empty value is the one field that a form can't tell from none.
    expect(again.ok() && again.value() == notice.parameters, "a form survives its coding", form);
    expect(!notice.signature.empty(), "a notice has a signature", form);
    std::set<std::string_view> names;
    for (const auto& [name, value] : notice.parameters) {
        expect(names.insert(name).second, "no parameter is there twice", name);
        expect(alipay::isUtf8(name) && alipay::isUtf8(value), "a parameter is UTF-8", name);
    }
}

/// How often a parameter begins in the signed text, for a reader who cuts at "&name=".
std::size_t countCuts(std::string_view text)
{
    constexpr std::string_view kName =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
    std::size_t cuts = text.empty() ? 0 : 1;
    for (auto at = text.find('&'); at != std::string_view::npos; at = text.find('&', at + 1)) {
        const auto end = text.find_first_not_of(kName, at + 1);
        if (end != std::string_view::npos && end > at + 1 && text[end] == '=') {
            ++cuts;
        }
    }
    return cuts;
}

void checkReading(const alipay::Notice& notice, const Json& reading)
{
    std::size_t signed_parameters = 0;
    for (const auto& [name, value] : notice.parameters) {
        if (name != "sign" && name != "sign_type" && !value.empty()) {
            ++signed_parameters;
        }
    }
    const std::string text = alipay::noticeSignText(notice.parameters, SignType::Dropped);
    expect(countCuts(text) == signed_parameters, "an accepted notice has one reading", text);

    const std::string shown = reading.dump();
    expect(Json::parse(shown) == reading, "a reading survives its coding", shown);
    expect(reading.at("merchant") == account().seller_id, "a reading is the account's", shown);
    expect(!reading.at("number").get<std::string>().empty(), "a reading has a number", shown);
    static const std::set<std::string> kStates{"waiting", "paid", "refunded", "closed"};
    expect(kStates.count(reading.at("state")) == 1, "a state is the contract's", shown);
    expect(reading.at("state") != "paid" || reading.contains("amount_minor"),
           "what is paid has an amount",
           shown);
    for (const char* member : {"amount_minor", "refunded_minor"}) {
        expect(reading.value(member, std::int64_t{0}) >= 0, "no amount is negative", shown);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text = textOf(data, size);
    checkCodings(text);
    const auto notice = alipay::parseNotice(text);
    if (!notice.ok()) {
        expect(notice.error().code == HUB_BAD_REQUEST, "no form is a bad request");
        expectReadable(notice.error().message);
        return 0;
    }
    checkForm(notice.value());
    const auto reading = alipay::readNotice(account(), notice.value());
    if (reading.ok()) {
        checkReading(notice.value(), reading.value());
    } else {
        expect(reading.error().code == HUB_REJECTED, "a foreign notice is rejected");
        expectReadable(reading.error().message);
    }
    return 0;
}
