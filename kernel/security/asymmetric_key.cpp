#include "security/asymmetric_key.hpp"

#include "base/encoding.hpp"
#include "base/exception.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace hub::security {

namespace {

struct Signature {
    std::string_view name;
    const char* key_type;
    const EVP_MD* (*digest)();
};

const std::array<Signature, 3> kSignatures{{
    {"rsa_sha256", "RSA", EVP_sha256},
    {"rsa_sha1", "RSA", EVP_sha1},
    {"sm2_sm3", "SM2", EVP_sm3},
}};

// GM/T 0009: the identity that signer and verifier use when they agreed on none.
constexpr std::string_view kSm2Identity = "1234567812345678";

const Signature* findSignature(std::string_view name) noexcept
{
    const auto* found = std::find_if(kSignatures.begin(),
                                     kSignatures.end(),
                                     [&](const Signature& known) { return known.name == name; });
    return found == kSignatures.end() ? nullptr : found;
}

Error unreadable(std::string_view what)
{
    return {HUB_BAD_REQUEST,
            fmt::format("{}; a key is PEM or one line of base64 of PKCS#1, PKCS#8, SPKI or X.509, "
                        "without a password",
                        what)};
}

/// Calls a d2i function; NULL unless it takes the whole of `der`.
template <typename Decode>
auto decodeWhole(std::string_view der, Decode decode)
{
    const unsigned char* position = bytesOf(der);
    auto object = decode(&position, static_cast<long>(der.size()));
    if (object && position != bytesOf(der) + der.size()) {
        object.reset();
    }
    return object;
}

PkeyPtr privateFromDer(std::string_view der)
{
    return decodeWhole(der, [](const unsigned char** position, long size) {
        return PkeyPtr(d2i_AutoPrivateKey(nullptr, position, size));
    });
}

PkeyPtr publicFromDer(std::string_view der)
{
    PkeyPtr key = decodeWhole(der, [](const unsigned char** position, long size) {
        return PkeyPtr(d2i_PUBKEY(nullptr, position, size));
    });
    return key ? std::move(key) : decodeWhole(der, [](const unsigned char** position, long size) {
        return PkeyPtr(d2i_PublicKey(EVP_PKEY_RSA, nullptr, position, size));
    });
}

X509Ptr certificateFromDer(std::string_view der)
{
    return decodeWhole(der, [](const unsigned char** position, long size) {
        return X509Ptr(d2i_X509(nullptr, position, size));
    });
}

DigestContextPtr beginDigest(const Signature& kind, EVP_PKEY* key, bool sign)
{
    DigestContextPtr context(EVP_MD_CTX_new());
    EVP_PKEY_CTX* key_context = nullptr;
    const auto begin = sign ? EVP_DigestSignInit : EVP_DigestVerifyInit;
    if (!context || begin(context.get(), &key_context, kind.digest(), nullptr, key) != 1) {
        throw base::Failure(HUB_INTERNAL, "the cryptographic library refuses {}", kind.name);
    }
    if (kind.name == "sm2_sm3" &&
        EVP_PKEY_CTX_set1_id(key_context, kSm2Identity.data(), kSm2Identity.size()) != 1) {
        throw base::Failure(HUB_INTERNAL, "the cryptographic library refuses the identity of SM2");
    }
    return context;
}

PkeyContextPtr beginOaep(EVP_PKEY* key, int (*begin)(EVP_PKEY_CTX*))
{
    PkeyContextPtr context(EVP_PKEY_CTX_new(key, nullptr));
    if (!context || begin(context.get()) != 1 ||
        EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_OAEP_PADDING) != 1 ||
        EVP_PKEY_CTX_set_rsa_oaep_md(context.get(), EVP_sha1()) != 1 ||
        EVP_PKEY_CTX_set_rsa_mgf1_md(context.get(), EVP_sha1()) != 1) {
        throw base::Failure(HUB_INTERNAL, "the cryptographic library refuses RSA-OAEP");
    }
    return context;
}

} // namespace

Result<void> AsymmetricKey::take(std::string_view label, std::string_view der)
{
    const bool any = label.empty();
    if (any || label.ends_with("PRIVATE KEY")) {
        if (PkeyPtr key = label.starts_with("ENCRYPTED") ? nullptr : privateFromDer(der)) {
            key_ = std::move(key);
            private_ = true;
            return {};
        }
    }
    if (any || label.ends_with("PUBLIC KEY")) {
        if (PkeyPtr key = publicFromDer(der)) {
            key_ = private_ ? std::move(key_) : std::move(key);
            return {};
        }
    }
    if (any || label == "CERTIFICATE") {
        if (X509Ptr certificate = certificateFromDer(der)) {
            // Of a chain the first one is the holder's own.
            certificate_ = certificate_ ? std::move(certificate_) : std::move(certificate);
            return {};
        }
    }
    // SEC 1 keys come with a block that only repeats the name of the curve.
    return label == "EC PARAMETERS" || label == "SM2 PARAMETERS"
               ? Result<void>()
               : Result<void>(unreadable("the text holds no key that can be read"));
}

Result<AsymmetricKey> AsymmetricKey::parse(std::string_view text)
{
    const ErrorQueueGuard guard;
    AsymmetricKey parsed;
    if (text.find("-----BEGIN ") != std::string_view::npos) {
        const BioPtr source(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
        char* label = nullptr;
        char* header = nullptr;
        unsigned char* der = nullptr;
        long size = 0;
        while (PEM_read_bio(source.get(), &label, &header, &der, &size) == 1) {
            const auto taken =
                *header != '\0'
                    ? Result<void>(unreadable("the key is encrypted"))
                    : parsed.take(label,
                                  {reinterpret_cast<char*>(der), static_cast<std::size_t>(size)});
            OPENSSL_free(label);
            OPENSSL_free(header);
            OPENSSL_clear_free(der, static_cast<std::size_t>(size));
            if (!taken) {
                return taken.error();
            }
        }
    } else {
        std::string line(text);
        std::erase_if(line, [](unsigned char c) { return std::isspace(c) != 0; });
        Result<std::string> der = base::fromBase64(line);
        OPENSSL_cleanse(line.data(), line.size());
        if (!der) {
            return unreadable("the text is neither PEM nor base64");
        }
        const auto taken = parsed.take("", der.value());
        OPENSSL_cleanse(der.value().data(), der.value().size());
        if (!taken) {
            return taken.error();
        }
    }
    if (parsed.certificate_ && !parsed.private_) {
        parsed.key_.reset(X509_get_pubkey(parsed.certificate_.get()));
    }
    if (!parsed.key_) {
        return unreadable("the text holds no key");
    }
    if (parsed.certificate_ && parsed.private_ &&
        X509_check_private_key(parsed.certificate_.get(), parsed.key_.get()) != 1) {
        return unreadable("the certificate is not that of the private key beside it");
    }
    return parsed;
}

bool AsymmetricKey::isSignature(std::string_view algorithm) noexcept
{
    return findSignature(algorithm) != nullptr;
}

Result<void> AsymmetricKey::checkKind(std::string_view algorithm) const
{
    const Signature* kind = findSignature(algorithm);
    if (kind == nullptr) {
        return Error{HUB_UNSUPPORTED,
                     fmt::format("signature \"{}\" is none of this hub's", algorithm)};
    }
    if (EVP_PKEY_is_a(key_.get(), kind->key_type) != 1) {
        return Error{HUB_BAD_REQUEST,
                     fmt::format("the key is of type {}, {} needs {}",
                                 EVP_PKEY_get0_type_name(key_.get()),
                                 algorithm,
                                 kind->key_type)};
    }
    return {};
}

Result<std::string> AsymmetricKey::sign(std::string_view algorithm, std::string_view data) const
{
    const ErrorQueueGuard guard;
    if (auto checked = checkKind(algorithm); !checked) {
        return checked.error();
    }
    if (!private_) {
        return Error{HUB_BAD_REQUEST, "the key is a public one; signing needs the private one"};
    }
    const DigestContextPtr context = beginDigest(*findSignature(algorithm), key_.get(), true);
    std::size_t size = 0;
    if (EVP_DigestSign(context.get(), nullptr, &size, bytesOf(data), data.size()) != 1) {
        throw base::Failure(HUB_INTERNAL, "{}: signing failed", algorithm);
    }
    std::string signature(size, '\0');
    if (EVP_DigestSign(context.get(), bytesOf(signature), &size, bytesOf(data), data.size()) != 1) {
        return Error{HUB_BAD_REQUEST,
                     fmt::format("{}: the key can't sign; is it too short?", algorithm)};
    }
    signature.resize(size);
    return signature;
}

Result<void> AsymmetricKey::verify(std::string_view algorithm,
                                   std::string_view data,
                                   std::string_view signature) const
{
    const ErrorQueueGuard guard;
    if (auto checked = checkKind(algorithm); !checked) {
        return checked.error();
    }
    const DigestContextPtr context = beginDigest(*findSignature(algorithm), key_.get(), false);
    if (EVP_DigestVerify(
            context.get(), bytesOf(signature), signature.size(), bytesOf(data), data.size()) != 1) {
        return Error{HUB_REJECTED, "the signature is not genuine"};
    }
    return {};
}

Result<std::string> AsymmetricKey::encrypt(std::string_view plain) const
{
    const ErrorQueueGuard guard;
    if (EVP_PKEY_is_a(key_.get(), "RSA") != 1) {
        return Error{HUB_BAD_REQUEST, "rsa_oaep_sha1 needs an RSA key"};
    }
    const PkeyContextPtr context = beginOaep(key_.get(), EVP_PKEY_encrypt_init);
    std::string bytes(static_cast<std::size_t>(EVP_PKEY_get_size(key_.get())), '\0');
    std::size_t size = bytes.size();
    if (EVP_PKEY_encrypt(context.get(), bytesOf(bytes), &size, bytesOf(plain), plain.size()) != 1) {
        return Error{
            HUB_BAD_REQUEST,
            fmt::format("{} bytes are too long for one block of rsa_oaep_sha1 under a key of "
                        "{} bits",
                        plain.size(),
                        EVP_PKEY_get_bits(key_.get()))};
    }
    bytes.resize(size);
    return bytes;
}

Result<std::string> AsymmetricKey::decrypt(std::string_view bytes) const
{
    const ErrorQueueGuard guard;
    if (EVP_PKEY_is_a(key_.get(), "RSA") != 1 || !private_) {
        return Error{HUB_BAD_REQUEST, "rsa_oaep_sha1 decrypts with a private RSA key only"};
    }
    const PkeyContextPtr context = beginOaep(key_.get(), EVP_PKEY_decrypt_init);
    std::string plain(static_cast<std::size_t>(EVP_PKEY_get_size(key_.get())), '\0');
    std::size_t size = plain.size();
    if (EVP_PKEY_decrypt(context.get(), bytesOf(plain), &size, bytesOf(bytes), bytes.size()) != 1) {
        return Error{HUB_REJECTED, "the bytes were not encrypted for this key"};
    }
    plain.resize(size);
    return plain;
}

bool AsymmetricKey::hasSamePublicKey(const AsymmetricKey& other) const noexcept
{
    return EVP_PKEY_eq(key_.get(), other.key_.get()) == 1;
}

std::string AsymmetricKey::publicPart() const
{
    const BioPtr sink(BIO_new(BIO_s_mem()));
    const int written = certificate_ ? PEM_write_bio_X509(sink.get(), certificate_.get())
                                     : PEM_write_bio_PUBKEY(sink.get(), key_.get());
    char* text = nullptr;
    const long size = BIO_get_mem_data(sink.get(), &text);
    if (written != 1 || size <= 0) {
        throw base::Failure(HUB_INTERNAL, "the public part of a key can't be written");
    }
    return {text, static_cast<std::size_t>(size)};
}

} // namespace hub::security
