// The shipped library at the desk, one account configured, with keys and certificates that openssl
// makes at run time; and the provider's side: what it signs and seals.
#pragma once

#include "payment_wechat/certificate.hpp"
#include "payment_wechat/encoding.hpp"
#include "payment_wechat/envelope.hpp"
#include "unit/connectors/support/desk.hpp"
#include "unit/connectors/support/files.hpp"

#include <cstdlib>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>
#include <stdlib.h>

namespace wechat_test {

using connector_test::Desk;
using connector_test::folder;
using connector_test::readFile;
using Json = nlohmann::json;

inline constexpr std::string_view kAccount = "wechat-test";
inline constexpr std::string_view kNumber = "1400000120261121104000000001";
inline constexpr std::string_view kRefundNumber = "1400000120261121120000000001";
inline constexpr const char* kPublicKeyId = "PUB_KEY_ID_0100000000002026112100000000000001";
inline constexpr const char* kApiKeyBytes = "0123456789abcdefghijklmnopqrstuv";
inline constexpr const char* kOrigin = "https://api.mch.weixin.qq.com";

/// Keys and certificates of both sides, made once: "merchant", "platform", "other", and "brief",
/// which is good for a day.
class Pki {
public:
    static const Pki& get()
    {
        static const Pki kPki;
        return kPki;
    }

    const std::string& key(const std::string& name) const { return keys_.at(name); }
    const std::string& certificate(const std::string& name) const { return certificates_.at(name); }
    std::string serial(const std::string& name) const
    {
        return wechat::readCertificate(certificate(name)).value().serial;
    }
    std::string publicKey(const std::string& name) const { return public_keys_.at(name); }

    std::string sign(const std::string& name, std::string_view text) const
    {
        const auto parsed = hub::security::AsymmetricKey::parse(key(name));
        return wechat::toBase64(parsed.value().sign("rsa_sha256", text).value());
    }
    bool isSignature(const std::string& name, std::string_view text, std::string_view base64) const
    {
        return wechat::verifyByPem(certificate(name), text, wechat::fromBase64(base64).value()) ==
               HUB_OK;
    }

private:
    Pki()
    {
        std::string pattern = (std::filesystem::temp_directory_path() / "wechat_XXXXXX").string();
        if (mkdtemp(pattern.data()) == nullptr) {
            throw std::runtime_error("no temporary folder");
        }
        for (const std::string name : {"merchant", "platform", "other", "brief"}) {
            run("cd " + pattern + " && openssl req -x509 -nodes -newkey rsa:2048 -sha256 " +
                "-days " + (name == "brief" ? "1" : "3650") +
                " -keyout key -out cert -subj '/C=CN/O=Sample/CN=" + name +
                "' 2>/dev/null && openssl x509 -in cert -noout -pubkey >pub");
            keys_[name] = readFile(pattern + "/key");
            certificates_[name] = readFile(pattern + "/cert");
            public_keys_[name] = readFile(pattern + "/pub");
        }
        std::filesystem::remove_all(pattern);
    }

    static void run(const std::string& command)
    {
        // NOLINTNEXTLINE(concurrency-mt-unsafe,cert-env33-c): a test of one thread, its own words.
        if (std::system(command.c_str()) != 0) {
            throw std::runtime_error(command + " failed");
        }
    }

    std::map<std::string, std::string> keys_;
    std::map<std::string, std::string> certificates_;
    std::map<std::string, std::string> public_keys_;
};

/// `changes` are members of the account's configuration; null removes one.
inline std::string createJson(const Json& changes = Json::object())
{
    Json config{{"mchid", "1900000001"}, {"appid", "wx0000000000000001"}};
    config["public_key_id"] = kPublicKeyId;
    config.merge_patch(changes);
    const Json account{
        {"config", config},
        {"callback_url", "https://hub.example.com/callback/payment_wechat/wechat-test/token"}};
    return Json{{"config", Json::object()}, {"accounts", {{std::string{kAccount}, account}}}}
        .dump();
}

/// How the provider signs what it says.
struct Signer {
    std::string key = "platform";
    std::string serial = kPublicKeyId;
    std::int64_t skew_s = 0;
    std::string prefix; // before the signature
};

inline std::vector<std::pair<std::string, std::string>>
proofHeaders(const Signer& signer, std::int64_t now_ms, const std::string& body)
{
    const std::string timestamp = std::to_string(now_ms / 1000 + signer.skew_s);
    const std::string nonce = "c5ac7061fccab6bf3e254dcf98995b8c";
    const std::string text = wechat::messageText(timestamp, nonce, body);
    return {{"wechatpay-timestamp", timestamp},
            {"wechatpay-nonce", nonce},
            {"wechatpay-serial", signer.serial},
            {"wechatpay-signature", signer.prefix + Pki::get().sign(signer.key, text)}};
}

/// What the APIv3 key opens, as it stands in notices and lists.
inline Json sealed(const std::string& content, const std::string& associated_data)
{
    const std::string nonce = "fdasfvqwre12";
    const auto bytes = hub::security::encryptSymmetric(
        {"aes_256_gcm", kApiKeyBytes, nonce, associated_data}, content);
    return {{"algorithm", "AEAD_AES_256_GCM"},
            {"nonce", nonce},
            {"associated_data", associated_data},
            {"ciphertext", wechat::toBase64(bytes.value())}};
}

class Bench : public Desk {
public:
    explicit Bench(const Json& changes = Json::object())
    {
        const Pki& pki = Pki::get();
        addKey("merchant_key", pki.key("merchant") + pki.certificate("merchant"));
        addKey("platform_key", pki.publicKey("platform"));
        addKey("platform_certificate", pki.certificate("platform"));
        addSecret("api_v3_key", kApiKeyBytes);
        // The certificates were made a moment ago: the hub's clock is that of this machine.
        now_ms = wechat::readCertificate(pki.certificate("other")).value().valid_from_ms + 60000;
        start(folder("HUB_BUILD_DIR") / "lib/payment_wechat/libpayment_wechat.so",
              createJson(changes));
    }

    /// The provider answers every exchange like this.
    void answer(std::uint32_t status, const std::string& body, const Signer& signer = {})
    {
        exchange = [this, status, body, signer](const hub::HttpRequest&) {
            return hub::Result<hub::HttpResponse>{
                hub::HttpResponse{status, proofHeaders(signer, now_ms, body), body}};
        };
    }
    void answerUnsigned(std::uint32_t status, const std::string& body)
    {
        exchange = [status, body](const hub::HttpRequest&) {
            return hub::Result<hub::HttpResponse>{hub::HttpResponse{status, {}, body}};
        };
    }
    void fail(hub_status code)
    {
        exchange = [code](const hub::HttpRequest&) {
            return hub::Result<hub::HttpResponse>{hub::Error{code, "scripted"}};
        };
    }

    hub::Answer ask(std::string_view operation, const Json& request)
    {
        return call(kAccount, operation, request.dump());
    }

    hub::Answer notify(const std::string& body, const Signer& signer = {})
    {
        Json headers = Json::object();
        for (const auto& [name, value] : proofHeaders(signer, now_ms, body)) {
            headers[name] = value;
        }
        return notifyWith(body, headers);
    }
    hub::Answer notifyWith(const std::string& body, const Json& headers)
    {
        return ask("callback",
                   {{"method", "POST"},
                    {"path", "/callback/payment_wechat/wechat-test/token"},
                    {"query", ""},
                    {"headers", headers},
                    {"body_base64", wechat::toBase64(body)}});
    }
};

/// One correct request of the contract per operation that makes one exchange.
inline const std::map<std::string, Json>& requests()
{
    static const Json kCommon{
        {"number", kNumber}, {"created_at_ms", 1795228800000}, {"currency", "CNY"}};
    static const auto kWith = [](Json more) {
        more.update(kCommon);
        return more;
    };
    static const std::map<std::string, Json> kRequests{
        {"create",
         kWith({{"product", "qr"},
                {"amount_minor", 20000},
                {"subject", "Badge fee 2026"},
                {"expires_at_ms", 1795229400000}})},
        {"query", kWith({{"amount_minor", 20000}})},
        {"close", kWith(Json::object())},
        {"refund",
         kWith({{"refund_number", kRefundNumber},
                {"refund_created_at_ms", 1795233600000},
                {"amount_minor", 5000},
                {"total_minor", 20000}})},
        {"refund_query", kWith({{"refund_number", kRefundNumber}, {"amount_minor", 5000}})}};
    return kRequests;
}

} // namespace wechat_test
