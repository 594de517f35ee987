#include "trust.hpp"

#include "encoding.hpp"

#include <algorithm>

namespace wechat {

namespace {

using hub::Error;
using hub::Result;

} // namespace

Result<std::vector<PlatformKey>> platformKeys(const Account& account,
                                              const std::vector<std::string>& certificates)
{
    std::vector<PlatformKey> keys;
    if (account.platform_mode != PlatformMode::Certificates) {
        keys.push_back({account.public_key_id, kPublicKeyRole, 0, 0, {}});
        if (!account.previous_public_key_id.empty()) {
            keys.push_back({account.previous_public_key_id, kPublicKeyRole, 0, 0, {}});
        }
    }
    if (account.platform_mode == PlatformMode::PublicKey) {
        return keys;
    }
    for (const std::string& pem : certificates) {
        const auto certificate = readCertificate(pem);
        if (!certificate.ok()) {
            return Error{HUB_INTERNAL,
                         "platform_certificate: " + certificate.error().message +
                             "; put the provider's certificate, or set platform_keys"};
        }
        const Certificate& read = certificate.value();
        keys.push_back({read.serial, kCertificateRole, read.valid_from_ms, read.valid_to_ms, pem});
    }
    return keys;
}

Result<PlatformKey>
findKey(const std::vector<PlatformKey>& keys, std::string_view serial, std::int64_t now_ms)
{
    const auto found = std::find_if(
        keys.begin(), keys.end(), [serial](const PlatformKey& key) { return key.id == serial; });
    if (found == keys.end()) {
        return Error{HUB_REJECTED,
                     "its Wechatpay-Serial names a key that this account does not believe"};
    }
    const bool is_over =
        found->valid_to_ms != 0 && (now_ms < found->valid_from_ms || now_ms > found->valid_to_ms);
    if (is_over) {
        return Error{HUB_REJECTED,
                     "it is signed with platform certificate " + found->id +
                         ", which is not valid now"};
    }
    return *found;
}

Result<std::string_view>
roleOf(const std::vector<PlatformKey>& keys, std::string_view serial, std::int64_t now_ms)
{
    const auto key = findKey(keys, serial, now_ms);
    return key.ok() ? Result<std::string_view>{key.value().role} : key.error();
}

std::string preferredSerial(const Account& account, const std::vector<PlatformKey>& keys)
{
    if (account.platform_mode != PlatformMode::Certificates) {
        return account.public_key_id;
    }
    const auto longest =
        std::max_element(keys.begin(), keys.end(), [](const auto& left, const auto& right) {
            return left.valid_to_ms < right.valid_to_ms;
        });
    return longest == keys.end() ? std::string{} : longest->id;
}

Result<Request> makeCertificates(const Account&, const nlohmann::json&)
{
    return Request{"GET", "/v3/certificates", {}};
}

Result<std::vector<SealedCertificate>> parseCertificates(std::string_view body)
{
    const Json parsed = Json::parse(body, nullptr, false);
    const Json data = parsed.is_object() ? parsed.value("data", Json{}) : Json{};
    if (!data.is_array() || data.empty()) {
        return Error{HUB_BAD_REQUEST, "the answer holds no list of certificates"};
    }
    std::vector<SealedCertificate> list;
    for (const Json& entry : data) {
        const bool is_named = entry.is_object() && entry.contains("serial_no") &&
                              entry["serial_no"].is_string() &&
                              entry.contains("encrypt_certificate");
        auto sealed = is_named ? parseSealed(entry["encrypt_certificate"])
                               : Result<Sealed>{Error{HUB_BAD_REQUEST, "an entry is not whole"}};
        if (!sealed.ok()) {
            return sealed.error();
        }
        list.push_back({entry["serial_no"].get<std::string>(), std::move(sealed).value()});
    }
    return list;
}

Result<Certificate>
checkCertificate(const SealedCertificate& listed, std::string_view pem, std::int64_t now_ms)
{
    auto certificate = readCertificate(pem);
    if (!certificate.ok()) {
        return Error{HUB_REJECTED,
                     "certificate " + listed.serial + ": " + certificate.error().message};
    }
    if (certificate.value().serial != listed.serial) {
        return Error{HUB_REJECTED,
                     "certificate " + listed.serial + " bears the number " +
                         certificate.value().serial};
    }
    if (now_ms > certificate.value().valid_to_ms) {
        return Error{HUB_REJECTED, "certificate " + listed.serial + " is over"};
    }
    return certificate;
}

} // namespace wechat
