#include "aliyun_vectors.hpp"

#include "aliyun/signature.hpp"
#include "security/symmetric.hpp"
#include "sms_aliyun/acs3.hpp"
#include "sms_aliyun/encoding.hpp"

#include <map>
#include <string>
#include <vector>

namespace vectors {

namespace {

namespace simulated = hub::simulator::aliyun;

void expectEqual(const std::string& what, const std::string& expected, const std::string& actual)
{
    if (expected != actual) {
        throw Mismatch(what + " differs: expected " + expected + " but got " + actual);
    }
}

std::string textOf(const Json& object, const char* name)
{
    const auto found = object.find(name);
    if (found == object.end() || !found->is_string()) {
        throw Mismatch(std::string("the vector has no ") + name);
    }
    return found->get<std::string>();
}

std::map<std::string, std::string> pairsOf(const Json& inputs, const char* name)
{
    std::map<std::string, std::string> pairs;
    const Json members = inputs.value(name, Json::object()); // items() only refers to it
    for (const auto& [key, value] : members.items()) {
        pairs.emplace(key, value.get<std::string>());
    }
    return pairs;
}

std::string expectedOf(const Vector& vector)
{
    if (!vector.expected.is_string()) {
        throw Mismatch("the vector expects no signature");
    }
    return vector.expected.get<std::string>();
}

void checkConnector(const Json& inputs, const std::string& expected)
{
    aliyun::Acs3Request request;
    request.method = textOf(inputs, "method");
    request.path = textOf(inputs, "path");
    request.query = pairsOf(inputs, "query");
    request.headers = pairsOf(inputs, "headers");
    request.body = inputs.value("body", "");
    const Json steps = inputs.value("intermediate", Json::object());
    if (steps.contains("canonical_request")) {
        expectEqual("the canonical request",
                    textOf(steps, "canonical_request"),
                    aliyun::canonicalRequest(request));
    }
    if (steps.contains("string_to_sign")) {
        expectEqual(
            "the text to sign", textOf(steps, "string_to_sign"), aliyun::textToSign(request));
    }
    const std::string secret = textOf(inputs, "access_key_secret");
    const auto mac = hub::security::hmacBytes("hmac_sha256", secret, aliyun::textToSign(request));
    if (!mac.ok()) {
        throw Mismatch(mac.error().message);
    }
    const std::string signature = aliyun::toHex(mac.value());
    expectEqual("the connector's signature", expected, signature);
    if (inputs.contains("authorization")) {
        expectEqual("the header",
                    textOf(inputs, "authorization"),
                    aliyun::authorization(request, textOf(inputs, "access_key_id"), signature));
    }
}

void checkSimulator(const Json& inputs, const std::string& expected)
{
    hub::simulator::HttpMessage message{.method = textOf(inputs, "method"),
                                        .path = textOf(inputs, "path"),
                                        .query = {},
                                        .content_type = {},
                                        .body = inputs.value("body", "")};
    std::vector<std::string> names;
    for (const auto& [name, value] : pairsOf(inputs, "headers")) {
        message.headers.emplace_back(name, value);
        names.push_back(name);
    }
    expectEqual("the simulator's signature",
                expected,
                simulated::acs3Signature(
                    message, pairsOf(inputs, "query"), names, textOf(inputs, "access_key_secret")));
}

} // namespace

void checkAliyunAcs3(const VectorSet&, const Vector& vector)
{
    checkConnector(vector.inputs, expectedOf(vector));
    checkSimulator(vector.inputs, expectedOf(vector));
}

void checkAliyunRpc(const VectorSet&, const Vector& vector)
{
    const Json& inputs = vector.inputs;
    expectEqual("the signature",
                expectedOf(vector),
                simulated::rpcSignature(textOf(inputs, "method"),
                                        pairsOf(inputs, "params"),
                                        textOf(inputs, "access_key_secret")));
}

} // namespace vectors
