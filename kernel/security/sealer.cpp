#include "security/sealer.hpp"

#include "base/exception.hpp"
#include "base/uuid.hpp"
#include "security/symmetric.hpp"

#include <utility>

namespace hub::security {

namespace {

// A sealed text: one byte for the form, the key's version in four (big-endian), nonce, cipher.
constexpr char kForm = 1;
constexpr std::size_t kVersionBytes = 4;
constexpr std::size_t kHeadBytes = 1 + kVersionBytes + kGcmNonceBytes;
constexpr std::size_t kKeyBytes = 32;
constexpr const char* kCipher = "aes_256_gcm";

std::string headOf(std::uint32_t version)
{
    std::string head(1, kForm);
    for (int shift = 24; shift >= 0; shift -= 8) {
        head.push_back(static_cast<char>((version >> static_cast<unsigned>(shift)) & 0xFFU));
    }
    return head;
}

std::uint32_t versionOf(std::string_view sealed)
{
    std::uint32_t version = 0;
    for (std::size_t i = 1; i <= kVersionBytes; ++i) {
        version = (version << 8U) | static_cast<unsigned char>(sealed[i]);
    }
    return version;
}

} // namespace

Sealer::Sealer(Secrets& secrets, std::string name)
    : secrets_(secrets)
    , name_(std::move(name))
{
    for (const SecretVersion& known : secrets_.versions(name_)) {
        newest_ = known.retired ? newest_ : known.version;
    }
    if (newest_ == 0) {
        const auto made = secrets_.put(name_, base::randomBytes(kKeyBytes));
        if (!made.ok()) {
            throw base::Failure(HUB_UNAVAILABLE, "{}", made.error().message);
        }
        newest_ = made.value();
    }
    if (const auto key = keyOf(newest_); !key.ok()) {
        throw base::Failure(key.error().code, "{}", key.error().message);
    }
}

Result<std::shared_ptr<const SecretBytes>> Sealer::keyOf(std::uint32_t version) const
{
    const std::lock_guard lock(mutex_);
    auto found = keys_.find(version);
    if (found == keys_.end()) {
        auto read = secrets_.read(name_, version);
        if (!read.ok()) {
            return read.error();
        }
        auto key = std::make_shared<const SecretBytes>(std::move(read).value());
        found = keys_.emplace(version, std::move(key)).first;
    }
    return found->second;
}

std::string Sealer::seal(std::string_view place, std::string_view plain) const
{
    const auto key = keyOf(newest_);
    if (!key.ok()) {
        throw base::Failure(key.error().code, "{}", key.error().message);
    }
    const std::string nonce = base::randomBytes(kGcmNonceBytes);
    const auto cipher = encryptSymmetric({kCipher, key.value()->view(), nonce, place}, plain);
    if (!cipher.ok()) {
        throw base::Failure(cipher.error().code, "{}", cipher.error().message);
    }
    return headOf(newest_) + nonce + cipher.value();
}

Result<std::string> Sealer::open(std::string_view place, std::string_view sealed) const
{
    if (sealed.size() < kHeadBytes + kGcmTagBytes || sealed.front() != kForm) {
        return Error{HUB_REJECTED, "the bytes were not sealed by this hub"};
    }
    const auto key = keyOf(versionOf(sealed));
    if (!key.ok()) {
        return key.error();
    }
    return decryptSymmetric(
        {kCipher, key.value()->view(), sealed.substr(1 + kVersionBytes, kGcmNonceBytes), place},
        sealed.substr(kHeadBytes));
}

} // namespace hub::security
