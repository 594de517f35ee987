#include "alipay_vectors.hpp"

#include "payment_alipay/encoding.hpp"
#include "payment_alipay/envelope.hpp"
#include "payment_alipay/notice.hpp"
#include "security/asymmetric_key.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace vectors {

namespace {

using hub::security::AsymmetricKey;

constexpr std::string_view kAlgorithm = "rsa_sha256";

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

AsymmetricKey parseKey(const std::string& text)
{
    auto key = AsymmetricKey::parse(text);
    if (!key.ok()) {
        throw Mismatch("the key can't be used: " + key.error().message);
    }
    return std::move(key).value();
}

/// An object, or a list of [name, value].
alipay::Parameters toParameters(const Json& params)
{
    alipay::Parameters parameters;
    for (const auto& [name, value] : params.items()) {
        if (value.is_array() && value.size() == 2) {
            parameters.emplace_back(value[0].get<std::string>(), value[1].get<std::string>());
        } else {
            parameters.emplace_back(name,
                                    value.is_string() ? value.get<std::string>() : value.dump());
        }
    }
    return parameters;
}

alipay::Parameters decode(const std::string& form)
{
    auto parameters = alipay::fromForm(form);
    if (!parameters.ok()) {
        throw Mismatch(parameters.error().message);
    }
    return std::move(parameters).value();
}

alipay::Parameters sorted(alipay::Parameters parameters)
{
    std::sort(parameters.begin(), parameters.end());
    return parameters;
}

/// Every input form that the vector has; they must all hold.
std::vector<alipay::Parameters> parameterForms(const Vector& vector)
{
    std::vector<alipay::Parameters> forms;
    if (vector.inputs.contains("params")) {
        forms.push_back(toParameters(vector.inputs["params"]));
    }
    if (const std::string form = textOf(vector.inputs, "form_body"); !form.empty()) {
        forms.push_back(decode(form));
    }
    if (forms.empty()) {
        throw Mismatch("the vector gives neither params nor form_body");
    }
    return forms;
}

/// Where a vector states a text it may stand among the inputs or the expectations.
std::string statedText(const Vector& vector, const char* name)
{
    const std::string expected = textOf(vector.expected, name);
    return expected.empty() ? textOf(vector.inputs, name) : expected;
}

void checkRequestForm(const Vector& vector, const AsymmetricKey& key, alipay::Parameters parameters)
{
    const std::string text = alipay::requestSignText(parameters);
    if (const std::string stated = statedText(vector, "string_to_sign"); !stated.empty()) {
        expectEqual("the signed text", stated, text);
    }
    const auto signature = key.sign(kAlgorithm, text);
    if (!signature.ok()) {
        throw Mismatch("signing failed: " + signature.error().message);
    }
    const std::string sign = alipay::toBase64(signature.value());
    expectEqual("the signature", textOf(vector.expected, "sign"), sign);

    std::erase_if(parameters, [](const auto& parameter) { return parameter.first == "sign"; });
    parameters.emplace_back("sign", sign);
    const std::string form = textOf(vector.expected, "form_body");
    // Coders differ in which characters they escape; what a reader gets must not differ.
    if (!form.empty() && sorted(decode(alipay::toForm(parameters))) != sorted(decode(form))) {
        throw Mismatch("the form says something else");
    }
}

bool isGenuine(const AsymmetricKey& key, std::string_view text, std::string_view signature)
{
    return key.verify(kAlgorithm, text, signature).ok();
}

bool isGenuineNotice(const AsymmetricKey& key, const alipay::Parameters& parameters)
{
    const auto notice = alipay::parseNotice(alipay::toForm(parameters));
    if (!notice.ok()) {
        return false;
    }
    const auto covers = [&](alipay::SignType sign_type) {
        return isGenuine(key,
                         alipay::noticeSignText(notice.value().parameters, sign_type),
                         notice.value().signature);
    };
    return covers(alipay::SignType::Dropped) || covers(alipay::SignType::Kept);
}

bool expectedValidity(const Vector& vector)
{
    const auto found = vector.expected.find("valid");
    if (found == vector.expected.end() || !found->is_boolean()) {
        throw Mismatch("the vector does not say whether it is valid");
    }
    return found->get<bool>();
}

void expectValidity(const Vector& vector, bool is_valid)
{
    const bool expected = expectedValidity(vector);
    expectEqual("validity", expected ? "valid" : "invalid", is_valid ? "valid" : "invalid");
}

/// The node that a vector names, by its method, or the first of the body.
std::string nodeName(const Vector& vector, const std::string& body)
{
    if (std::string node = textOf(vector.inputs, "response_node"); !node.empty()) {
        return node;
    }
    if (const std::string method = textOf(vector.inputs, "method"); !method.empty()) {
        return alipay::responseNodeName(method);
    }
    constexpr std::string_view kEnd = "_response\"";
    const auto end = body.find(kEnd);
    const auto start = end == std::string::npos ? end : body.rfind('"', end);
    if (start == std::string::npos) {
        throw Mismatch("neither the vector nor its body names a node");
    }
    return body.substr(start + 1, end + kEnd.size() - start - 2);
}

} // namespace

void checkRequestSign(const VectorSet& set, const Vector& vector)
{
    const AsymmetricKey key = parseKey(set.key(vector, VectorSet::KeyKind::Private));
    for (const auto& parameters : parameterForms(vector)) {
        checkRequestForm(vector, key, parameters);
    }
}

void checkNotifyVerify(const VectorSet& set, const Vector& vector)
{
    const AsymmetricKey key = parseKey(set.key(vector, VectorSet::KeyKind::Public));
    for (const auto& parameters : parameterForms(vector)) {
        // Of a forged notice the vector may state the text that it was forged from.
        const std::string stated =
            expectedValidity(vector) ? statedText(vector, "string_to_verify") : std::string{};
        const std::string kept = alipay::noticeSignText(parameters, alipay::SignType::Kept);
        if (!stated.empty() && stated != kept) {
            expectEqual("the signed text",
                        stated,
                        alipay::noticeSignText(parameters, alipay::SignType::Dropped));
        }
        expectValidity(vector, isGenuineNotice(key, parameters));
    }
}

void checkNodeExtraction(const VectorSet&, const Vector& vector)
{
    const std::string body = textOf(vector.inputs, "raw_body");
    const auto node = alipay::findSignedNode(body, nodeName(vector, body));
    const std::string source = statedText(vector, "sign_source");
    const std::string stated =
        source.empty() ? statedText(vector, "extracted_sign_source") : source;
    if (!node.ok()) {
        expectEqual("the signed text", stated, "");
        return;
    }
    expectEqual("the signed text", stated, std::string{node.value().source});
    if (const std::string sign = textOf(vector.expected, "sign"); !sign.empty()) {
        expectEqual("the signature", sign, alipay::toBase64(node.value().signature));
    }
}

void checkResponseVerify(const VectorSet& set, const Vector& vector)
{
    const AsymmetricKey key = parseKey(set.key(vector, VectorSet::KeyKind::Public));
    const std::string body = textOf(vector.inputs, "raw_body");
    if (body.empty()) {
        const auto signature = alipay::fromBase64(textOf(vector.inputs, "sign"));
        expectValidity(
            vector,
            signature.ok() &&
                isGenuine(key, textOf(vector.inputs, "extracted_sign_source"), signature.value()));
        return;
    }
    const auto node = alipay::findSignedNode(body, nodeName(vector, body));
    if (!node.ok()) {
        expectValidity(vector, false);
        return;
    }
    const std::string stated = statedText(vector, "extracted_sign_source");
    if (expectedValidity(vector) && !stated.empty()) {
        expectEqual("the signed text", stated, std::string{node.value().source});
    }
    expectValidity(vector, isGenuine(key, node.value().source, node.value().signature));
}

} // namespace vectors
