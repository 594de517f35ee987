// The shipped library at the desk with one account, and pictures of the hub.
#pragma once

#include "licence_reader_demo/encoding.hpp"
#include "unit/connectors/support/desk.hpp"
#include "unit/connectors/support/files.hpp"

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace licence_test {

using connector_test::Desk;
using connector_test::folder;
using Json = nlohmann::json;

inline constexpr std::string_view kAccount = "licence-test";
inline constexpr const char* kSecret = "SampleSecretOfNobody000000001";
inline constexpr const char* kKeyId = "LICENCESIMULATED00000001";
inline constexpr const char* kName = "上海示例贸易有限公司";
inline constexpr const char* kCode = "91310000MAXHUB014C";

inline std::string headerOf(const hub::HttpRequest& request, std::string_view name)
{
    for (const auto& [key, value] : request.headers) {
        if (key == name) {
            return value;
        }
    }
    return {};
}

inline std::string hmacHex(const std::string& text)
{
    return licence_reader::toHex(hub::security::hmacBytes("hmac_sha256", kSecret, text).value());
}

/// What the provider says of a licence that it could read.
inline Json readAnswer(const Json& patch = Json::object())
{
    Json answer{{"code", "OK"},
                {"request_id", "r1"},
                {"state", "read"},
                {"fields", {{"name", kName}, {"social_credit_code", kCode}}},
                {"confidence", {{"name", 98}, {"social_credit_code", 98}}},
                {"register", {{"state", "found"}, {"name", kName}}}};
    answer.merge_patch(patch);
    return answer;
}

class Bench : public Desk {
public:
    enum class Proof { Genuine, None, OfAnotherNonce, OfAnotherStatus, OfAnotherBody };

    explicit Bench(const Json& patch = Json::object())
    {
        contract = "licence";
        Json config{{"key_id", kKeyId}};
        config.merge_patch(patch);
        addSecret("licence_secret", kSecret);
        start((folder("HUB_BUILD_DIR") / "lib/licence_reader_demo/liblicence_reader_demo.so")
                  .string(),
              Json{{"config", Json::object()},
                   {"accounts", {{std::string{kAccount}, {{"config", config}}}}}}
                  .dump());
        exchange = [this](const hub::HttpRequest& request) -> hub::Result<hub::HttpResponse> {
            if (failure != HUB_OK) {
                return hub::Error{failure, "scripted"};
            }
            hub::HttpResponse response{status, {}, body};
            if (proof != Proof::None) {
                response.headers.emplace_back("x-licence-signature", signatureFor(request));
            }
            return response;
        };
    }

    // What the provider does next.
    std::uint32_t status = 200;
    std::string body = readAnswer().dump();
    Proof proof = Proof::Genuine;
    hub_status failure = HUB_OK;

    /// A request about a picture that the hub holds.
    Json request(const std::string& picture)
    {
        const std::string name = licence_reader::sha256(picture);
        kept[name] = picture;
        return {
            {"document", {{"blob", name}, {"media_type", "image/png"}, {"bytes", picture.size()}}},
            {"kind", "business_licence"}};
    }

    hub::Answer ask(const Json& request) { return call(kAccount, "read", request.dump()); }
    hub::Answer ask() { return ask(request("picture")); }

private:
    std::string signatureFor(const hub::HttpRequest& request) const
    {
        const std::string nonce = headerOf(request, "X-Licence-Nonce");
        return hmacHex("LICENCE1-ANSWER\n" +
                       std::to_string(proof == Proof::OfAnotherStatus ? status + 1 : status) +
                       "\n" + (proof == Proof::OfAnotherNonce ? std::string(32, '0') : nonce) +
                       "\n" +
                       licence_reader::sha256(proof == Proof::OfAnotherBody ? body + " " : body));
    }
};

} // namespace licence_test
