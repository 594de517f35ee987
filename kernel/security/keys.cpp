#include "security/keys.hpp"

#include "security/asymmetric_key.hpp"
#include "security/symmetric.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <map>
#include <mutex>
#include <utility>

namespace hub::security {

namespace {

constexpr std::string_view kOaep = "rsa_oaep_sha1";
/// A provider rotates a few keys at a time; more are a library that runs wild.
constexpr std::size_t kPublicVersionsMax = 16;

/// Names the secret in an error that knows only about bytes.
Error about(std::string_view secret, const Error& error)
{
    return {error.code, fmt::format("key \"{}\": {}", secret, error.message)};
}

template <typename T>
Result<T> named(std::string_view secret, Result<T> result)
{
    return result.ok() ? std::move(result) : Result<T>(about(secret, result.error()));
}

Error unsupported(std::string_view kind, std::string_view algorithm)
{
    return {HUB_UNSUPPORTED, fmt::format("{} \"{}\" is none of this hub's", kind, algorithm)};
}

} // namespace

class Keys::Impl {
public:
    using KeyPtr = std::shared_ptr<const AsymmetricKey>;

    explicit Impl(Secrets& store)
        : secrets(store)
    {}

    /// The parsed keys that are not retired, newest first.
    Result<std::vector<KeyPtr>> usable(std::string_view name)
    {
        std::vector<KeyPtr> found;
        const auto versions = secrets.versions(name);
        for (auto version = versions.rbegin(); version != versions.rend(); ++version) {
            if (version->retired) {
                continue;
            }
            auto key = parsed(name, version->version);
            if (!key) {
                return key.error();
            }
            found.push_back(std::move(key).value());
        }
        if (found.empty()) {
            return Error{HUB_NOT_FOUND,
                         fmt::format("key \"{}\" has no version that is in use; put one", name)};
        }
        return found;
    }

    Result<KeyPtr> newest(std::string_view name)
    {
        const auto versions = secrets.versions(name);
        for (auto version = versions.rbegin(); version != versions.rend(); ++version) {
            if (!version->retired) {
                return parsed(name, version->version);
            }
        }
        return Error{HUB_NOT_FOUND,
                     fmt::format("key \"{}\" has no version that is in use; put one", name)};
    }

    Secrets& secrets;
    std::mutex adding; // who adds looks first whether it is there

private:
    Result<KeyPtr> parsed(std::string_view name, std::uint32_t version)
    {
        std::pair<std::string, std::uint32_t> index(name, version);
        {
            const std::lock_guard lock(mutex_);
            if (const auto found = cache_.find(index); found != cache_.end()) {
                return found->second;
            }
        }
        // Parsed without the lock: two threads may do it twice, none waits for the other.
        const auto bytes = secrets.read(name, version);
        if (!bytes) {
            return bytes.error();
        }
        auto key = AsymmetricKey::parse(bytes.value().view());
        if (!key) {
            return about(fmt::format("{} version {}", name, version), key.error());
        }
        auto shared = std::make_shared<const AsymmetricKey>(std::move(key).value());
        const std::lock_guard lock(mutex_);
        return cache_.emplace(std::move(index), std::move(shared)).first->second;
    }

    std::mutex mutex_;
    std::map<std::pair<std::string, std::uint32_t>, KeyPtr> cache_;
};

Keys::Keys(Secrets& secrets)
    : impl_(std::make_unique<Impl>(secrets))
{}

Keys::~Keys() = default;

Result<std::string>
Keys::sign(std::string_view secret, std::string_view algorithm, std::string_view data)
{
    if (!AsymmetricKey::isSignature(algorithm)) {
        return unsupported("signature", algorithm);
    }
    const auto key = impl_->newest(secret);
    return key ? named(secret, key.value()->sign(algorithm, data)) : key.error();
}

Result<void> Keys::verify(std::string_view secret,
                          std::string_view algorithm,
                          std::string_view data,
                          std::string_view signature)
{
    if (!AsymmetricKey::isSignature(algorithm)) {
        return unsupported("signature", algorithm);
    }
    const auto keys = impl_->usable(secret);
    if (!keys) {
        return keys.error();
    }
    Result<void> verdict;
    for (const auto& key : keys.value()) {
        verdict = key->verify(algorithm, data, signature);
        if (verdict) {
            return verdict;
        }
    }
    return about(secret, verdict.error());
}

Result<std::string>
Keys::hmac(std::string_view secret, std::string_view algorithm, std::string_view data)
{
    const auto key = impl_->secrets.newest(secret);
    return key ? named(secret, hmacBytes(algorithm, key.value().view(), data)) : key.error();
}

Result<std::string> Keys::digest(std::string_view algorithm, const std::vector<DigestInput>& parts)
{
    std::vector<SecretBytes> secrets;
    secrets.reserve(parts.size()); // the views below point into it
    std::vector<std::string_view> bytes;
    for (const DigestInput& part : parts) {
        if (part.secret.empty()) {
            bytes.push_back(part.bytes);
            continue;
        }
        auto secret = impl_->secrets.newest(part.secret);
        if (!secret) {
            return secret.error();
        }
        bytes.push_back(secrets.emplace_back(std::move(secret).value()).view());
    }
    return digestBytes(algorithm, bytes);
}

Result<std::string>
Keys::encrypt(std::string_view secret, const CipherInput& cipher, std::string_view plain)
{
    if (cipher.algorithm == kOaep) {
        const auto key = impl_->newest(secret);
        return key ? named(secret, key.value()->encrypt(plain)) : key.error();
    }
    if (!isSymmetricCipher(cipher.algorithm)) {
        return unsupported("cipher", cipher.algorithm);
    }
    const auto key = impl_->secrets.newest(secret);
    return key ? named(secret,
                       encryptSymmetric({cipher.algorithm,
                                         key.value().view(),
                                         cipher.nonce,
                                         cipher.associated_data},
                                        plain))
               : key.error();
}

Result<std::string>
Keys::decrypt(std::string_view secret, const CipherInput& cipher, std::string_view bytes)
{
    Result<std::string> plain = unsupported("cipher", cipher.algorithm);
    if (cipher.algorithm == kOaep) {
        const auto keys = impl_->usable(secret);
        if (!keys) {
            return keys.error();
        }
        for (auto key = keys.value().begin(); key != keys.value().end() && !plain; ++key) {
            plain = (*key)->decrypt(bytes);
        }
    } else if (isSymmetricCipher(cipher.algorithm)) {
        const auto keys = impl_->secrets.usable(secret);
        if (!keys) {
            return keys.error();
        }
        for (auto key = keys.value().begin(); key != keys.value().end() && !plain; ++key) {
            plain = decryptSymmetric(
                {cipher.algorithm, key->view(), cipher.nonce, cipher.associated_data}, bytes);
        }
    }
    return named(secret, std::move(plain));
}

Result<std::string> Keys::publicPart(std::string_view secret)
{
    const auto key = impl_->newest(secret);
    return key ? Result<std::string>(key.value()->publicPart()) : key.error();
}

Result<std::string> Keys::publicParts(std::string_view secret)
{
    const auto keys = impl_->usable(secret);
    if (!keys) {
        return keys.error();
    }
    std::string pems;
    for (const auto& key : keys.value()) {
        pems += key->publicPart();
    }
    return pems;
}

Result<std::uint32_t> Keys::addPublic(std::string_view secret, std::string_view pem)
{
    const auto added = AsymmetricKey::parse(pem);
    if (!added) {
        return about(secret, added.error());
    }
    if (added.value().isPrivate()) {
        return Error{HUB_BAD_REQUEST,
                     fmt::format("key \"{}\": a private key is put by an operator only", secret)};
    }
    const std::lock_guard lock(impl_->adding);
    const auto present = impl_->usable(secret);
    if (!present && present.error().code != HUB_NOT_FOUND) {
        return present.error();
    }
    if (present) {
        for (const auto& key : present.value()) {
            if (key->hasSamePublicKey(added.value())) {
                return 0U;
            }
        }
        if (present.value().size() >= kPublicVersionsMax) {
            return Error{HUB_THROTTLED,
                         fmt::format("key \"{}\" has {} versions in use; retire old ones with "
                                     "`expohub secret retire`",
                                     secret,
                                     present.value().size())};
        }
    }
    return impl_->secrets.put(secret, pem);
}

} // namespace hub::security
