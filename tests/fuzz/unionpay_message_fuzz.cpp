// Input: a message as a form and as a raw answer, a certificate, a time. The simulator reads the
// same forms with a reader of its own; what both take must be the same and be signed over the same
// text.

#include "expect.hpp"
#include "unionpay/fields.hpp"
#include "unionpay_acp/beijing_time.hpp"
#include "unionpay_acp/certificate.hpp"
#include "unionpay_acp/fields.hpp"
#include "unionpay_acp/text.hpp"

#include <set>

namespace {

using namespace hub::fuzz;
namespace simulated = hub::simulator::unionpay;
using unionpay::Fields;

void checkFields(const Fields& fields)
{
    std::set<std::string_view> names;
    for (const auto& [name, value] : fields) {
        expect(!name.empty() && names.insert(name).second, "a name is there once", name);
        expect(unionpay::isUtf8(name) && unionpay::isUtf8(value), "a field is UTF-8", name);
        expect(unionpay::valueOf(fields, name) == value, "a value is found by its name", name);
    }
    const std::string form = unionpay::toForm(fields);
    const auto again = unionpay::fromForm(form);
    expect(again.ok() && again.value() == fields, "fields survive a form", form);
    const Fields sent = unionpay::trimmed(fields);
    expect(unionpay::trimmed(sent) == sent, "trimming is done once", form);
    for (const auto& [name, value] : sent) {
        expect(!value.empty(), "no empty value is sent", name);
    }
}

/// What has no bracket can be judged by its ampersands alone.
void checkReadings(const Fields& fields)
{
    bool has_bracket = false;
    bool has_stray = false;
    for (const auto& [name, value] : fields) {
        if (name == unionpay::kSignature) {
            continue;
        }
        has_bracket = has_bracket || (name + value).find_first_of("{[") != std::string::npos;
        has_stray = has_stray || name.find_first_of("&=") != std::string::npos ||
                    value.find('&') != std::string::npos;
    }
    const std::string text = unionpay::signText(fields);
    expect(has_bracket || unionpay::hasOneReading(fields) == !has_stray,
           "without brackets an ampersand makes a second reading",
           text);
}

void checkForm(std::string_view text)
{
    simulated::Fields theirs;
    const bool is_theirs = simulated::readForm(text, theirs);
    const auto fields = unionpay::fromForm(text);
    if (!fields.ok()) {
        expect(fields.error().code == HUB_BAD_REQUEST, "no form is a bad request");
        expectReadable(fields.error().message);
        return;
    }
    checkFields(fields.value());
    const simulated::Fields ours(fields.value().begin(), fields.value().end());
    if (is_theirs) {
        expect(ours == theirs, "two readers read the same form", text);
        expect(unionpay::signText(fields.value()) == simulated::signedText(theirs),
               "two signers sign the same text",
               text);
    }
    checkReadings(fields.value());
}

void checkRaw(std::string_view text)
{
    const auto fields = unionpay::fromRaw(text);
    if (!fields.ok()) {
        expect(fields.error().code == HUB_BAD_REQUEST, "no answer is a bad request");
        expectReadable(fields.error().message);
        return;
    }
    checkFields(fields.value());
    std::string again;
    for (const auto& [name, value] : fields.value()) {
        again += (again.empty() ? "" : "&") + name + "=" + value;
    }
    const bool has_end = text.ends_with('&');
    expect(again == text.substr(0, text.size() - (has_end ? 1 : 0)),
           "a raw answer loses nothing",
           text);
}

void checkCertificates(std::string_view text)
{
    const auto all = unionpay::Certificate::parseAll(text);
    if (!all.ok()) {
        expectReadable(all.error().message);
        return;
    }
    for (const auto& certificate : all.value()) {
        const std::string serial = certificate.serial();
        const std::size_t first = serial.starts_with('-') ? 1 : 0;
        expect(serial.find_first_not_of("0123456789", first) == std::string::npos,
               "a serial number is one",
               serial);
        (void)unionpay::ownerOf(certificate.commonName());
        (void)certificate.subject();
        expect(!certificate.hasSigned(text, "no signature"), "no signature is none");
        (void)certificate.notBefore();
        (void)certificate.notAfter();
    }
}

void checkTime(std::string_view text)
{
    const auto time = unionpay::parseBeijingTime(text);
    const auto theirs = simulated::parseCompactTime(text);
    if (!time.ok()) {
        expectReadable(time.error().message);
        return;
    }
    expect(theirs && *theirs == time.value(), "two readers read one time", text);
    const auto written = unionpay::toBeijingTime(time.value());
    expect(written.ok() && written.value() == text, "a time survives its coding", text);
    const auto within = unionpay::parseBeijingTimeBefore(text.substr(4), time.value() + 1000);
    expect(within.ok() && within.value() == time.value(), "the year is found", text);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text = textOf(data, size);
    checkForm(text);
    checkRaw(text);
    checkCertificates(text);
    checkTime(text);
    if (const auto decoded = unionpay::fromBase64(text); decoded.ok()) {
        expect(unionpay::toBase64(decoded.value()) == text, "base64 has one form", text);
    }
    if (const auto converted = unionpay::fromGbk(text); converted.ok()) {
        expect(unionpay::isUtf8(converted.value()), "what GBK becomes is UTF-8", text);
    }
    return 0;
}
