// Input: the event's type on the first line, then the opened content of a notice; and, all of it,
// the envelope of a notice, its headers, and the list of certificates. What is read says nothing
// that the account or the contract forbids.

#include "expect.hpp"
#include "payment_wechat/encoding.hpp"
#include "payment_wechat/notice.hpp"
#include "payment_wechat/rfc3339.hpp"
#include "payment_wechat/trust.hpp"

#include <set>

namespace {

using namespace hub::fuzz;
using Json = nlohmann::json;

constexpr std::int64_t kNowMs = 1795228800000;
constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kTagBytes = 16;

wechat::Account account()
{
    wechat::Account account;
    account.mchid = "1900000001";
    account.appid = "wx0000000000000001";
    account.public_key_id = "PUB_KEY_ID_0100000000002026112100000000000001";
    return account;
}

void checkSealed(const wechat::Sealed& sealed)
{
    expect(sealed.nonce.size() == kNonceBytes, "a nonce has twelve bytes");
    expect(sealed.bytes.size() >= kTagBytes, "what is sealed has a tag");
    expect(sealed.associated_data.size() <= 16, "associated data is short");
}

void checkEnvelope(std::string_view text)
{
    const auto notice = wechat::parseNotice(text);
    if (notice.ok()) {
        checkSealed(notice.value().resource);
        expect(!notice.value().id.empty() && !notice.value().event_type.empty(),
               "a notice has an id and an event");
    } else {
        expect(notice.error().code == HUB_BAD_REQUEST, "no envelope is a bad request");
        expectReadable(notice.error().message);
    }
    const auto list = wechat::parseCertificates(text);
    if (!list.ok()) {
        expectReadable(list.error().message);
        return;
    }
    expect(!list.value().empty(), "a list of certificates holds some");
    for (const auto& listed : list.value()) {
        checkSealed(listed.sealed);
    }
}

void checkHeaders(std::string_view text)
{
    const Json headers = Json::parse(text, nullptr, false);
    const wechat::Proof proof = wechat::proofOf(headers);
    (void)wechat::isKnownScheme(headers);
    const auto fresh = wechat::checkFresh(proof, kNowMs);
    if (!fresh.ok()) {
        expectReadable(fresh.error().message);
        return;
    }
    const std::int64_t at_ms = std::stoll(proof.timestamp) * 1000;
    expect(at_ms - kNowMs < wechat::kWindowMs && kNowMs - at_ms < wechat::kWindowMs,
           "what is fresh lies in the window",
           proof.timestamp);
    const auto key =
        wechat::findKey(wechat::platformKeys(account(), {}).value(), proof.serial, kNowMs);
    expect(key.ok() == (proof.serial == account().public_key_id), "one key is believed");
}

void checkReading(const std::string& event_type, const Json& reading)
{
    const std::string shown = reading.dump();
    expect(Json::parse(shown) == reading, "a reading survives its coding", shown);
    expect(reading.at("merchant") == account().mchid, "a reading is the account's", shown);
    expect(!reading.at("number").get<std::string>().empty(), "a reading has a number", shown);
    const bool is_refund = reading.at("subject") == "refund";
    expect(
        reading.value("currency", is_refund ? "CNY" : "") == "CNY", "a reading is in CNY", shown);
    expect(reading.at("amount_minor").get<std::int64_t>() > 0, "an amount is positive", shown);
    expect(is_refund == event_type.starts_with("REFUND."), "the event names the subject", shown);
    expect(is_refund == reading.contains("refund_number"), "a refund has its number", shown);
    static const std::set<std::string> kStates{"succeeded", "failed", "waiting"};
    expect(is_refund ? kStates.count(reading.at("state")) == 1 : reading.at("state") == "paid",
           "a state is the contract's",
           shown);
}

void checkContent(std::string_view text)
{
    const std::string event_type{takeLine(text)};
    const auto reading = wechat::readNotice(account(), {"n1", event_type, {}}, text);
    if (reading.ok()) {
        checkReading(event_type, reading.value());
        return;
    }
    expect(reading.error().code == HUB_REJECTED, "a foreign notice is rejected");
    expectReadable(reading.error().message);
}

void checkCodings(std::string_view text)
{
    if (const auto decoded = wechat::fromBase64(text); decoded.ok()) {
        expect(wechat::toBase64(decoded.value()) == text, "base64 has one form", text);
    }
    if (const auto time = wechat::parseRfc3339(text); time.ok()) {
        const auto written = wechat::toRfc3339(time.value());
        expect(!written.ok() ||
                   wechat::parseRfc3339(written.value()).value() / 1000 == time.value() / 1000,
               "a time survives its coding",
               text);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text = textOf(data, size);
    checkEnvelope(text);
    checkHeaders(text);
    checkContent(text);
    checkCodings(text);
    return 0;
}
