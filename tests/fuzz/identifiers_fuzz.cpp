// Input: any bytes, taken as every kind of number. What is taken stays the same when it is read
// again, a key is that of the normalized number, findings point into the text, sentences can be
// shown, and neither they nor masks hold a number.

#include "expect.hpp"
#include "identifiers/bank.hpp"
#include "identifiers/document.hpp"
#include "identifiers/email.hpp"
#include "identifiers/mask.hpp"
#include "identifiers/message.hpp"
#include "identifiers/mrz.hpp"
#include "identifiers/password.hpp"
#include "identifiers/phone.hpp"
#include "identifiers/referral_code.hpp"
#include "identifiers/social_credit_code.hpp"
#include "identifiers/text.hpp"

#include <algorithm>
#include <functional>

namespace {

using namespace hub::fuzz;
using namespace identifiers;

constexpr Day kToday{std::chrono::year{2026}, std::chrono::November, std::chrono::day{23}};
constexpr Day kFairLastDay{std::chrono::year{2027}, std::chrono::November, std::chrono::day{10}};
constexpr std::size_t kDoubtsMax = 4;
constexpr std::size_t kSentenceBytesMax = 400;

bool isNumeric(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), isDigit);
}

void expectSentence(const std::string& sentence, std::string_view number)
{
    // No more digits in a row than a position or a length has.
    constexpr std::size_t kLongNumber = 4;
    expectReadable(sentence);
    expect(charactersOf(sentence).has_value(), "a sentence is UTF-8", number);
    expect(sentence.size() <= kSentenceBytesMax, "a sentence is short", sentence);
    expect(number.size() < kLongNumber || !isNumeric(number) ||
               sentence.find(number) == std::string::npos,
           "a sentence does not hold the number",
           sentence);
}

/// `number` is the text that the findings are about.
void checkFindings(const Findings& findings, std::string_view number)
{
    for (const Finding& finding : findings) {
        // One behind the end is where something is missing; a text that is not kept has no end.
        const bool is_kept = !number.empty();
        expect(
            !is_kept || finding.position <= number.size() + 1, "a position is in the text", number);
        expect(finding.doubts.size() <= kDoubtsMax, "doubts are few", number);
        for (const Doubt& doubt : finding.doubts) {
            expect(doubt.position > 0 && (!is_kept || doubt.position <= number.size()),
                   "a doubt has a place",
                   number);
        }
        expectSentence(messageOf(finding, Language::Chinese), number);
        expectSentence(messageOf(finding, Language::English), number);
    }
}

using Check = std::function<Checked(std::string_view)>;

void checkKind(std::string_view text, const Check& check)
{
    const Checked checked = check(text);
    checkFindings(checked.findings, checked.value);
    expect(charactersOf(checked.value).has_value(), "a value is UTF-8", text);
    if (checked.isAcceptable()) {
        const Checked again = check(checked.value);
        expect(again.isAcceptable(), "what was taken is taken again", checked.value);
        expect(again.value == checked.value, "what is normalized stays so", checked.value);
    }
}

void checkDocuments(std::string_view text)
{
    const DocumentFacts facts{.person = {kToday}, .fair_last_day = kFairLastDay};
    for (const PersonKind person : {PersonKind::Mainland,
                                    PersonKind::HongKongMacaoTaiwan,
                                    PersonKind::OtherCountry,
                                    PersonKind::ChinaOverseas}) {
        for (const DocumentKind kind : documentsOf(person)) {
            const auto check = [person, kind, &facts](std::string_view number) {
                return checkDocument(person, kind, number, facts);
            };
            checkKind(text, check);
            const Checked checked = check(text);
            const std::string key = documentKey(kind, text, "UTO");
            expect(!checked.isAcceptable() || !key.empty(), "a document has a key", text);
            expect(key == documentKey(kind, checked.value, "UTO"), "a key is the number's", text);
        }
    }
}

void checkPhones(std::string_view text)
{
    for (const PhoneRegion home : {PhoneRegion::Mainland,
                                   PhoneRegion::HongKong,
                                   PhoneRegion::Macao,
                                   PhoneRegion::Taiwan,
                                   PhoneRegion::Other}) {
        checkKind(text,
                  [home](std::string_view number) { return checkPhone(number, home).checked; });
        const Phone phone = checkPhone(text, home);
        if (phone.checked.isAcceptable()) {
            const std::string& value = phone.checked.value;
            expect(value.front() == '+' && value.size() <= 16 && isNumeric(value.substr(1)),
                   "a phone is E.164",
                   value);
        }
    }
}

void checkCodes(std::string_view text)
{
    checkKind(text, [](std::string_view code) {
        return checkSocialCreditCode(code, OrganizationClass::Enterprise);
    });
    const Checked code = checkSocialCreditCode(text);
    expect(socialCreditKey(text) == (code.isAcceptable() ? code.value : ""),
           "a key is the code",
           text);
    expect(provinceOf(text).size() <= 2, "a province has two digits", text);
    expect(birthOf(text).has_value() <= sexOf(text).has_value(), "a number has both or none", text);
    checkKind(text, checkBankCode);
    checkKind(text,
              [](std::string_view number) { return checkAccount(number, PayeeKind::Person); });
    checkKind(text, [](std::string_view number) {
        return checkAccount(number, PayeeKind::Organization);
    });
    checkKind(text, checkReferralCode);
    checkKind(text, checkEmail);
    expect(
        checkEmail(text).isAcceptable() == !emailKey(text).empty(), "an address has a key", text);
}

void checkZone(std::string_view text)
{
    constexpr std::size_t kBothLines = 88;
    const Mrz mrz = readMrz(text, kToday, kFairLastDay);
    checkFindings(mrz.findings, "");
    for (const Finding& finding : mrz.findings) {
        expect(finding.position <= (finding.line > 0 ? kBothLines / 2 : kTextBytesMax),
               "a position is in its line",
               text);
    }
    if (mrz.isAcceptable()) {
        expect(mrz.expires && *mrz.expires > kFairLastDay, "a document outlives the fair", text);
        expect(mrz.number.size() <= 9 && mrz.issuer.size() <= 3, "fields have their widths", text);
    }
}

void checkSecrets(std::string_view text)
{
    for (const Finding& finding : checkPassword(text)) {
        const bool is_length = finding.code == Code::Length;
        expect(is_length || (finding.actual.empty() && finding.expected.empty()),
               "a finding holds nothing of a password",
               text);
        expectReadable(messageOf(finding, Language::English));
    }
    constexpr std::size_t kShownMax = 10;
    const auto characters = charactersOf(text);
    const std::string mask = maskNumber(text);
    const auto shown = charactersOf(mask);
    expect(shown && shown->size() <= kShownMax + 4, "a mask is short", mask);
    expect(!characters || shown->size() <= characters->size() + 4, "a mask adds nothing", mask);
    expect(charactersOf(maskPhone(text)).has_value(), "a mask is UTF-8", text);
    expect(charactersOf(maskName(text)).has_value(), "a mask is UTF-8", text);
    expect(charactersOf(maskEmail(text)).has_value(), "a mask is UTF-8", text);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text = textOf(data, size);
    checkCodes(text);
    checkDocuments(text);
    checkPhones(text);
    checkZone(text);
    checkSecrets(text);
    return 0;
}
