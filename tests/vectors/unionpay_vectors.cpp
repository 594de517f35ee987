#include "unionpay_vectors.hpp"

#include "security/asymmetric_key.hpp"
#include "unionpay_acp/bill_file.hpp"
#include "unionpay_acp/certificate.hpp"
#include "unionpay_acp/fields.hpp"
#include "unionpay_acp/message.hpp"
#include "unionpay_acp/sensitive.hpp"
#include "unionpay_acp/signing.hpp"
#include "unionpay_acp/text.hpp"
#include "unionpay_acp/zm.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>

#include <iconv.h>

namespace vectors::unionpay_acp {

namespace {

using hub::security::AsymmetricKey;
using unionpay::Certificate;
using unionpay::Fields;

void expectEqual(const std::string& what, const std::string& expected, const std::string& actual)
{
    if (expected != actual) {
        throw Mismatch(what + " differs: expected " + expected + " but got " + actual);
    }
}

std::string textOf(const Json& object, const char* name)
{
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

/// The value of a result, or its error as a Mismatch.
template <typename T>
T take(hub::Result<T> result)
{
    if (!result.ok()) {
        throw Mismatch(result.error().message);
    }
    return std::move(result).value();
}

const Vector& findVector(const VectorSet& set, const std::string& name)
{
    const auto& all = set.all();
    const auto found = std::find_if(
        all.begin(), all.end(), [&name](const Vector& vector) { return vector.name == name; });
    if (found == all.end()) {
        throw Mismatch("there is no vector " + name);
    }
    return *found;
}

Fields toFields(const Json& params)
{
    Fields fields;
    for (const auto& [name, value] : params.items()) {
        fields.emplace_back(name, value.is_string() ? value.get<std::string>() : value.dump());
    }
    return fields;
}

Fields sorted(Fields fields)
{
    std::sort(fields.begin(), fields.end());
    return fields;
}

/// Every form in which the vector gives its message; they must all hold.
std::vector<Fields> messageForms(const Json& inputs)
{
    std::vector<Fields> forms;
    for (const char* name : {"params", "params_without_signature"}) {
        if (inputs.contains(name)) {
            forms.push_back(toFields(inputs[name]));
        }
    }
    if (const std::string form = textOf(inputs, "form_body"); !form.empty()) {
        forms.push_back(take(unionpay::fromForm(form)));
    }
    for (const char* name : {"raw", "raw_body", "raw_sync_body"}) {
        if (const std::string raw = textOf(inputs, name); !raw.empty()) {
            forms.push_back(take(unionpay::fromRaw(raw)));
        }
    }
    if (forms.empty()) {
        throw Mismatch("the vector gives no message");
    }
    return forms;
}

/// PEM, given by the vector or by the one that it refers to.
std::string privateKey(const VectorSet& set, const Vector& vector)
{
    const std::string holder = textOf(vector.inputs, "private_key_ref");
    const Json& inputs = holder.empty() ? vector.inputs : findVector(set, holder).inputs;
    for (const auto& [name, value] : inputs.items()) {
        if (name.starts_with("private_key_pem") && value.is_string()) {
            return value.get<std::string>();
        }
    }
    throw Mismatch("the vector gives no private key");
}

void expectStated(const Vector& vector, const char* name, const std::string& actual)
{
    for (const Json* members : {&vector.inputs, &vector.expected}) {
        if (const std::string stated = textOf(*members, name); !stated.empty()) {
            expectEqual(name, stated, actual);
        }
    }
}

void checkRsaSign(const VectorSet& set,
                  const Vector& vector,
                  unionpay::Version version,
                  std::string_view algorithm)
{
    const auto key = take(AsymmetricKey::parse(privateKey(set, vector)));
    for (const Fields& message : messageForms(vector.inputs)) {
        Fields fields = unionpay::trimmed(message);
        const std::string digest = unionpay::rsaSignText(fields, version);
        expectStated(vector, "string_to_sign", unionpay::signText(fields));
        expectStated(vector,
                     version == unionpay::Version::V5_1_0 ? "sha256_hex_lower" : "sha1_hex_lower",
                     digest);
        const std::string signature = unionpay::toBase64(take(key.sign(algorithm, digest)));
        expectEqual("the signature", textOf(vector.expected, "signature_base64"), signature);
        if (const std::string form = textOf(vector.expected, "form_body"); !form.empty()) {
            fields.emplace_back(unionpay::kSignature, signature);
            const auto coded = take(unionpay::fromForm(unionpay::toForm(fields)));
            if (sorted(coded) != sorted(take(unionpay::fromForm(form)))) {
                throw Mismatch("the form says something else");
            }
        }
    }
}

void checkKeyedSign(const Vector& vector, unionpay::KeyedMethod method)
{
    for (const Fields& fields : messageForms(vector.inputs)) {
        expectStated(vector, "string_to_sign", unionpay::signText(fields));
        expectEqual("the signature",
                    textOf(vector.expected, "signature_hex"),
                    unionpay::keyedSignature(fields, method, textOf(vector.inputs, "secure_key")));
    }
}

/// The inputs, or those of the vector that this one changes: "txnAmt=1360".
Json verifyInputs(const VectorSet& set, const Vector& vector)
{
    const std::string base = textOf(vector.inputs, "base");
    if (base.empty()) {
        return vector.inputs;
    }
    Json params = findVector(set, base).inputs.at("params");
    const std::string change = textOf(vector.inputs, "change");
    const auto equals = change.find('=');
    if (equals == std::string::npos) {
        throw Mismatch("the vector's change is none");
    }
    params[change.substr(0, equals)] = change.substr(equals + 1);
    return Json{{"params", params}};
}

unionpay::TrustAnchors anchorsOf(const VectorSet& set, const std::string& name)
{
    const Json& inputs = findVector(set, name).inputs;
    return take(
        unionpay::TrustAnchors::parse(textOf(inputs, "middle_pem"), textOf(inputs, "root_pem")));
}

std::string dateText(std::int64_t seconds)
{
    using namespace std::chrono;
    const sys_seconds time{std::chrono::seconds{seconds}};
    const auto day = floor<days>(time);
    const year_month_day date{day};
    const hh_mm_ss clock{time - day};
    char text[40];
    std::snprintf(text,
                  sizeof text,
                  "%04d-%02u-%02u %02d:%02d:%02d+00:00",
                  static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()),
                  static_cast<unsigned>(date.day()),
                  static_cast<int>(clock.hours().count()),
                  static_cast<int>(clock.minutes().count()),
                  static_cast<int>(clock.seconds().count()));
    return text;
}

void expectCertificate(const Vector& vector, const Certificate& certificate)
{
    expectStated(vector, "cert_cn", certificate.commonName());
    expectStated(vector, "cn_part3", unionpay::ownerOf(certificate.commonName()));
    expectStated(vector, "cert_serial_decimal", certificate.serial());
    expectStated(vector, "cert_valid_from", dateText(certificate.notBefore()));
    expectStated(vector, "cert_valid_to", dateText(certificate.notAfter()));
}

/// With the anchors and at the time that the vector names, else now and then are all the same.
bool isGenuine(const VectorSet& set, const Vector& vector, const Fields& fields)
{
    constexpr std::string_view kChain = "chain_valid_with_";
    unionpay::TrustRules rules = unionpay::TrustRules::sandbox();
    std::string anchors = "unionpay.chain.certs";
    std::int64_t now_s = 0;
    for (const auto& [name, value] : vector.expected.items()) {
        if (name.starts_with(kChain) && name.ends_with("_at") && value.is_number_integer()) {
            anchors = name.substr(kChain.size(), name.size() - kChain.size() - 3);
            now_s = value.get<std::int64_t>();
            rules.accepts_expired = false;
        }
    }
    return unionpay::checkMessage(fields, anchorsOf(set, anchors), rules, now_s).ok();
}

std::string toGbk(std::string text)
{
    iconv_t converter = iconv_open("GB18030", "UTF-8");
    std::string out(text.size() * 2 + 4, '\0');
    char* from = text.data();
    char* to = out.data();
    std::size_t left = text.size();
    std::size_t room = out.size();
    const std::size_t converted = iconv(converter, &from, &left, &to, &room);
    iconv_close(converter);
    if (converted == static_cast<std::size_t>(-1)) {
        throw Mismatch("the line can't be written in GBK");
    }
    out.resize(out.size() - room);
    return out;
}

} // namespace

void checkSign(const VectorSet& set, const Vector& vector)
{
    checkRsaSign(set, vector, unionpay::Version::V5_1_0, "rsa_sha256");
}

void checkSign500(const VectorSet& set, const Vector& vector)
{
    checkRsaSign(set, vector, unionpay::Version::V5_0_0, "rsa_sha1");
}

void checkSha256KeySign(const VectorSet&, const Vector& vector)
{
    checkKeyedSign(vector, unionpay::KeyedMethod::Sha256);
}

void checkSm3KeySign(const VectorSet&, const Vector& vector)
{
    checkKeyedSign(vector, unionpay::KeyedMethod::Sm3);
}

void checkSignText(const VectorSet&, const Vector& vector)
{
    for (const Fields& fields : messageForms(vector.inputs)) {
        expectEqual("the text", textOf(vector.expected, "sorted_raw"), unionpay::signText(fields));
        if (const std::string form = textOf(vector.expected, "sorted_urlencoded"); !form.empty()) {
            expectEqual("the form", form, unionpay::toForm(sorted(fields)));
        }
    }
}

void checkVerify(const VectorSet& set, const Vector& vector)
{
    const auto valid = vector.expected.find("signature_valid");
    if (valid == vector.expected.end() || !valid->is_boolean()) {
        throw Mismatch("the vector does not say whether it is valid");
    }
    for (const Fields& fields : messageForms(verifyInputs(set, vector))) {
        if (valid->get<bool>()) {
            const std::string text = unionpay::signText(fields);
            expectStated(vector, "string_to_sign", text);
            expectStated(vector, "sha256_hex_lower", unionpay::rsaSignText(fields));
            expectCertificate(
                vector, take(Certificate::parse(unionpay::valueOf(fields, "signPubKeyCert"))));
        }
        expectEqual("validity",
                    valid->get<bool>() ? "valid" : "invalid",
                    isGenuine(set, vector, fields) ? "valid" : "invalid");
    }
}

void checkCertId(const VectorSet&, const Vector& vector)
{
    const std::string serial = take(Certificate::parse(textOf(vector.inputs, "cert_pem"))).serial();
    for (const auto& [name, value] : vector.expected.items()) {
        expectEqual(name, value.get<std::string>(), serial);
    }
}

void checkTrustAnchor(const VectorSet& set, const Vector& vector)
{
    for (const std::string which : {"middle", "root"}) {
        const auto certificate =
            take(Certificate::parse(textOf(vector.inputs, (which + "_pem").c_str())));
        expectStated(vector, (which + "_subject").c_str(), certificate.subject());
        expectStated(vector, (which + "_not_after").c_str(), dateText(certificate.notAfter()));
    }
    // The middle one as the end of a chain: vouched for, but nobody that may sign messages.
    const auto middle = take(Certificate::parse(textOf(vector.inputs, "middle_pem")));
    const auto checked =
        anchorsOf(set, vector.name).check(middle, unionpay::TrustRules::sandbox(), 0);
    if (checked.ok() || checked.error().message.find("another owner") == std::string::npos) {
        throw Mismatch("the root does not vouch for the middle certificate: " +
                       (checked.ok() ? std::string{"believed"} : checked.error().message));
    }
}

void checkDecrypt(const VectorSet& set, const Vector& vector)
{
    const std::string plain = take(unionpay::decryptSensitive(
        privateKey(set, vector), textOf(vector.inputs, "ciphertext_base64")));
    expectEqual("the text", textOf(vector.expected, "plaintext"), plain);
}

void checkResponseParse(const VectorSet&, const Vector& vector)
{
    for (const Fields& fields : messageForms(vector.inputs)) {
        for (const auto& [name, value] : vector.expected.items()) {
            if (name == "field_count") {
                expectEqual(name, value.dump(), std::to_string(fields.size()));
            } else if (name.ends_with("_lines")) {
                const auto text = unionpay::valueOf(fields, name.substr(0, name.size() - 6));
                const auto ends = std::count(text.begin(), text.end(), '\n');
                const auto lines = ends + (text.ends_with('\n') || text.empty() ? 0 : 1);
                expectEqual(name, value.dump(), std::to_string(lines));
            } else {
                expectEqual(
                    name, value.get<std::string>(), std::string{unionpay::valueOf(fields, name)});
            }
        }
    }
}

void checkFileContent(const VectorSet&, const Vector& vector)
{
    expectEqual("the content",
                textOf(vector.expected, "decoded"),
                take(unionpay::decodeFileContent(textOf(vector.inputs, "fileContent_base64"))));
}

void checkBillLine(const VectorSet&, const Vector& vector)
{
    const auto row = take(unionpay::ZmRow::parse(toGbk(textOf(vector.inputs, "line_gbk_text"))));
    std::vector<std::size_t> widths;
    for (const auto& column : unionpay::zmColumns()) {
        widths.push_back(column.bytes);
    }
    if (vector.inputs.contains("widths") && vector.inputs["widths"] != Json(widths)) {
        throw Mismatch("the widths are others");
    }
    for (const auto& [name, value] : vector.expected.items()) {
        expectEqual(name, value.get<std::string>(), row[name]);
    }
}

} // namespace vectors::unionpay_acp
