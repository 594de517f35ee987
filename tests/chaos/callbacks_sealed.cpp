#include "callbacks_sealed.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <ctime>
#include <memory>
#include <stdexcept>
#include <utility>

namespace chaos {

namespace {

using Json = nlohmann::json;

constexpr const char* kScheme = "WECHATPAY2-SHA256-RSA2048";
constexpr const char* kTimestamp = "Wechatpay-Timestamp";
constexpr const char* kNonce = "Wechatpay-Nonce";
constexpr const char* kSerial = "Wechatpay-Serial";
constexpr const char* kSignature = "Wechatpay-Signature";
constexpr const char* kSignatureType = "Wechatpay-Signature-Type";
constexpr int kTagSize = 16;

const unsigned char* bytesOf(const std::string& text)
{
    return reinterpret_cast<const unsigned char*>(text.data());
}

std::string lower(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) {
        return static_cast<char>(std::tolower(c));
    });
    return text;
}

std::string trimmed(const std::string& text)
{
    const auto first = text.find_first_not_of(" \t");
    return first == std::string::npos
               ? ""
               : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// The value of a header in one reading of several; nothing when it is not there.
std::string valueOf(const Notice& notice, const char* name, bool takes_last)
{
    std::string value;
    bool found = false;
    for (const auto& [given, text] : notice.headers) {
        if (lower(given) == lower(name) && (takes_last || !found)) {
            value = trimmed(text);
            found = true;
        }
    }
    return value;
}

} // namespace

std::string sealContent(const std::string& key,
                        const std::string& nonce,
                        const std::string& associated_data,
                        const std::string& content)
{
    const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> cipher(
        EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
    std::string sealed(content.size() + kTagSize, '\0');
    auto* out = reinterpret_cast<unsigned char*>(sealed.data());
    int size = 0;
    int rest = 0;
    const bool done =
        key.size() == 32 && nonce.size() == 12 &&
        EVP_EncryptInit_ex(
            cipher.get(), EVP_aes_256_gcm(), nullptr, bytesOf(key), bytesOf(nonce)) == 1 &&
        EVP_EncryptUpdate(cipher.get(),
                          nullptr,
                          &size,
                          bytesOf(associated_data),
                          static_cast<int>(associated_data.size())) == 1 &&
        EVP_EncryptUpdate(
            cipher.get(), out, &size, bytesOf(content), static_cast<int>(content.size())) == 1 &&
        EVP_EncryptFinal_ex(cipher.get(), out + size, &rest) == 1 &&
        EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kTagSize, out + size + rest) == 1;
    if (!done) {
        throw std::runtime_error("can't seal");
    }
    return toBase64(sealed);
}

Json sealedBody(const std::string& key,
                const std::string& event_type,
                const std::string& kind,
                const Json& content)
{
    const std::string nonce = sha256Of(content.dump()).substr(0, 12);
    return {{"id", "EV-" + sha256Of(event_type + content.dump()).substr(0, 32)},
            {"create_time", "2026-11-05T10:00:01+08:00"},
            {"resource_type", "encrypt-resource"},
            {"event_type", event_type},
            {"summary", "支付通知"},
            {"resource",
             {{"original_type", kind},
              {"algorithm", "AEAD_AES_256_GCM"},
              {"ciphertext", sealContent(key, nonce, kind, content.dump())},
              {"associated_data", kind},
              {"nonce", nonce}}}};
}

Notice signedNotice(const PlatformSigner& signer, const std::string& body, std::int64_t from_now_s)
{
    const std::string timestamp = std::to_string(std::time(nullptr) + from_now_s);
    const std::string nonce = sha256Of(timestamp + body).substr(0, 32);
    return {{{"Content-Type", "application/json"},
             {kTimestamp, timestamp},
             {kNonce, nonce},
             {kSerial, signer.serial},
             {kSignature, signer.key.sign(timestamp + "\n" + nonce + "\n" + body + "\n")},
             {kSignatureType, kScheme}},
            body};
}

SealedMutator::SealedMutator(PlatformSigner signer,
                             Key public_key,
                             Json body,
                             std::string other_signature,
                             std::uint64_t seed)
    : Mutator(seed)
    , signer_(std::move(signer))
    , public_key_(std::move(public_key))
    , body_(std::move(body))
    , genuine_(signedNotice(signer_, body_.dump()))
    , other_signature_(std::move(other_signature))
{}

const std::vector<SealedMutator::Kind>& SealedMutator::kinds()
{
    static const std::vector<Kind> kAll = {
        {"bit flipped", &SealedMutator::flip},
        {"byte replaced", &SealedMutator::replace},
        {"byte removed", &SealedMutator::remove},
        {"byte inserted", &SealedMutator::insert},
        {"truncated", &SealedMutator::cut},
        {"signature flipped", &SealedMutator::flipSignature},
        {"signature replaced", &SealedMutator::replaceSignature},
        {"serial changed", &SealedMutator::changeSerial},
        {"time changed", &SealedMutator::changeTime},
        {"nonce changed", &SealedMutator::changeNonce},
        {"scheme swapped", &SealedMutator::swapScheme},
        {"header dropped", &SealedMutator::dropHeader},
        {"header doubled", &SealedMutator::doubleHeader},
        {"header renamed", &SealedMutator::renameHeader},
        {"sealed bit flipped, signed", &SealedMutator::flipSealed},
        {"seal's nonce changed, signed", &SealedMutator::changeSealNonce},
        {"seal's data changed, signed", &SealedMutator::changeAssociatedData},
        {"sealed by another key, signed", &SealedMutator::sealByOther},
        {"seal's algorithm changed, signed", &SealedMutator::changeAlgorithm},
        {"event changed, signed", &SealedMutator::changeEvent},
        {"not sealed, signed", &SealedMutator::openContent},
    };
    return kAll;
}

Mutant SealedMutator::draw()
{
    for (;;) {
        const Kind& kind = kinds()[below(kinds().size())];
        Notice notice = (this->*kind.make)();
        if (notice.body != genuine_.body || notice.headers != genuine_.headers) {
            const bool harmless = saysTheSame(notice);
            return {kind.name, std::move(notice), harmless};
        }
    }
}

/// Some reading of the headers verifies these bytes, under the name of the key that does it.
bool SealedMutator::saysTheSame(const Notice& notice) const
{
    if (notice.body != genuine_.body) {
        return false;
    }
    for (const bool takes_last : {false, true}) {
        const auto value = [&](const char* name) {
            return valueOf(notice, name, takes_last);
        };
        const std::string scheme = value(kSignatureType);
        if (value(kSerial) == signer_.serial && (scheme.empty() || scheme == kScheme) &&
            public_key_.verify(value(kTimestamp) + "\n" + value(kNonce) + "\n" + notice.body + "\n",
                               fromBase64(value(kSignature)))) {
            return true;
        }
    }
    return false;
}

std::string& SealedMutator::header(Notice& notice, const char* name)
{
    return std::find_if(notice.headers.begin(),
                        notice.headers.end(),
                        [name](const auto& one) { return one.first == name; })
        ->second;
}

Notice SealedMutator::withBody(std::string (SealedMutator::*change)(const std::string&))
{
    Notice notice = genuine_;
    notice.body = (this->*change)(notice.body);
    return notice;
}

Notice SealedMutator::sealedAgain(const Json& body)
{
    return signedNotice(signer_, body.dump());
}

Notice SealedMutator::flipSignature()
{
    Notice notice = genuine_;
    std::string& signature = header(notice, kSignature);
    signature = toBase64(flipBit(fromBase64(signature)));
    return notice;
}

Notice SealedMutator::replaceSignature()
{
    const std::array<std::string, 6> others = {"",
                                               other_signature_,
                                               toBase64(std::string(256, '\0')),
                                               toBase64(std::string(256, '\xff')),
                                               "WECHATPAY/SIGNTEST/" + other_signature_.substr(19),
                                               "no base64 at all"};
    Notice notice = genuine_;
    header(notice, kSignature) = others.at(below(others.size()));
    return notice;
}

Notice SealedMutator::changeSerial()
{
    const std::array<std::string, 6> others = {"",
                                               std::string(40, 'A'),
                                               "PUB_KEY_ID_0000000000000000000000000000",
                                               lower(signer_.serial) + "0",
                                               "0" + signer_.serial,
                                               signer_.serial.substr(1)};
    Notice notice = genuine_;
    header(notice, kSerial) = others.at(below(others.size()));
    return notice;
}

Notice SealedMutator::changeTime()
{
    Notice notice = genuine_;
    std::string& time = header(notice, kTimestamp);
    const std::array<std::string, 7> others = {"",
                                               std::to_string(std::stoll(time) + 1),
                                               std::to_string(std::stoll(time) - 1),
                                               "0" + time,
                                               "+" + time,
                                               time + ".0",
                                               "-" + time};
    time = others.at(below(others.size()));
    return notice;
}

Notice SealedMutator::changeNonce()
{
    Notice notice = genuine_;
    std::string& nonce = header(notice, kNonce);
    const std::array<std::string, 4> others = {
        "", nonce + "0", nonce.substr(1), std::string(nonce.size(), 'f')};
    nonce = others.at(below(others.size()));
    return notice;
}

Notice SealedMutator::swapScheme()
{
    static const std::array<const char*, 6> kOthers = {"WECHATPAY2-SM2-WITH-SM3",
                                                       "WECHATPAY2-SHA1-RSA2048",
                                                       "none",
                                                       "HMAC-SHA256",
                                                       "wechatpay2-sha256-rsa2048",
                                                       ""};
    Notice notice = genuine_;
    header(notice, kSignatureType) = kOthers.at(below(kOthers.size()));
    return notice;
}

Notice SealedMutator::dropHeader()
{
    Notice notice = genuine_;
    notice.headers.erase(notice.headers.begin() + 1 +
                         static_cast<std::ptrdiff_t>(below(notice.headers.size() - 1)));
    return notice;
}

Notice SealedMutator::doubleHeader()
{
    Notice notice = genuine_;
    auto copy = notice.headers[1 + below(notice.headers.size() - 1)];
    if (below(3) != 0) {
        copy.second += "1";
    }
    const auto place = below(2) == 0 ? notice.headers.begin() : notice.headers.end();
    notice.headers.insert(place, std::move(copy));
    return notice;
}

Notice SealedMutator::renameHeader()
{
    Notice notice = genuine_;
    std::string& name = notice.headers[1 + below(notice.headers.size() - 1)].first;
    name = below(2) == 0 ? lower(name) : "X-" + name;
    return notice;
}

Notice SealedMutator::flipSealed()
{
    Json body = body_;
    std::string sealed = fromBase64(body["resource"]["ciphertext"].get<std::string>());
    if (below(2) == 0) {
        sealed = flipBit(sealed);
    } else { // within the tag
        char& byte = sealed[sealed.size() - 1 - below(kTagSize)];
        byte = static_cast<char>(static_cast<unsigned char>(byte) ^ (1U << below(8)));
    }
    body["resource"]["ciphertext"] = toBase64(sealed);
    return sealedAgain(body);
}

Notice SealedMutator::changeSealNonce()
{
    static const std::array<const char*, 3> kOthers = {"000000000000", "", "0000000000000000"};
    Json body = body_;
    body["resource"]["nonce"] = kOthers.at(below(kOthers.size()));
    return sealedAgain(body);
}

Notice SealedMutator::changeAssociatedData()
{
    static const std::array<const char*, 4> kOthers = {"refund", "", "certificate", "transaction "};
    Json body = body_;
    body["resource"]["associated_data"] = kOthers.at(below(kOthers.size()));
    return sealedAgain(body);
}

Notice SealedMutator::sealByOther()
{
    Json body = body_;
    Json& resource = body["resource"];
    resource["ciphertext"] = sealContent(std::string(32, 'k'),
                                         resource["nonce"].get<std::string>(),
                                         resource["associated_data"].get<std::string>(),
                                         R"({"trade_state":"SUCCESS"})");
    return sealedAgain(body);
}

Notice SealedMutator::changeAlgorithm()
{
    static const std::array<const char*, 4> kOthers = {
        "AEAD_AES_128_GCM", "AEAD_SM4_GCM", "none", ""};
    Json body = body_;
    body["resource"]["algorithm"] = kOthers.at(below(kOthers.size()));
    return sealedAgain(body);
}

Notice SealedMutator::changeEvent()
{
    static const std::array<const char*, 5> kOthers = {
        "REFUND.SUCCESS", "REFUND.CLOSED", "TRANSACTION.MAYBE", "", "PAYSCORE.USER_PAID"};
    Json body = body_;
    body["event_type"] = kOthers.at(below(kOthers.size()));
    return sealedAgain(body);
}

/// What it says lies open beside the seal, or in its place.
Notice SealedMutator::openContent()
{
    Json body = body_;
    const Json content = {{"trade_state", "SUCCESS"}, {"amount", {{"total", 1}}}};
    if (below(2) == 0) {
        body["resource"] = content;
    } else {
        body["resource"]["ciphertext"] = content.dump();
    }
    return sealedAgain(body);
}

} // namespace chaos
