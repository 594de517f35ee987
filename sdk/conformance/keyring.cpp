#include "keyring.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>

#include <array>
#include <stdexcept>

namespace hub::conformance {

namespace {

constexpr std::size_t kTagBytes = 16;
constexpr std::size_t kSecretBytes = 32;

struct FreeBio {
    void operator()(BIO* bio) const noexcept { BIO_free(bio); }
};
struct FreeMd {
    void operator()(EVP_MD_CTX* md) const noexcept { EVP_MD_CTX_free(md); }
};
struct FreeCipher {
    void operator()(EVP_CIPHER_CTX* cipher) const noexcept { EVP_CIPHER_CTX_free(cipher); }
};
struct FreeContext {
    void operator()(EVP_PKEY_CTX* context) const noexcept { EVP_PKEY_CTX_free(context); }
};
using BioPointer = std::unique_ptr<BIO, FreeBio>;
using MdPointer = std::unique_ptr<EVP_MD_CTX, FreeMd>;
using CipherPointer = std::unique_ptr<EVP_CIPHER_CTX, FreeCipher>;
using ContextPointer = std::unique_ptr<EVP_PKEY_CTX, FreeContext>;

const unsigned char* in(std::string_view text) noexcept
{
    return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* out(std::string& text) noexcept
{
    return reinterpret_cast<unsigned char*>(text.data());
}

std::string randomBytes(std::size_t size)
{
    std::string bytes(size, '\0');
    if (RAND_bytes(out(bytes), static_cast<int>(size)) != 1) {
        throw std::runtime_error("OpenSSL gives no random bytes");
    }
    return bytes;
}

const EVP_MD* signatureDigest(std::string_view algorithm)
{
    return algorithm == "rsa_sha256" ? EVP_sha256()
           : algorithm == "rsa_sha1" ? EVP_sha1()
           : algorithm == "sm2_sm3"  ? EVP_sm3()
                                     : nullptr;
}

const EVP_MD* plainDigest(std::string_view algorithm)
{
    return algorithm == "sha256" || algorithm == "hmac_sha256" ? EVP_sha256()
           : algorithm == "md5"                                ? EVP_md5()
           : algorithm == "sm3" || algorithm == "hmac_sm3"     ? EVP_sm3()
                                                               : nullptr;
}

const EVP_CIPHER* cipherOf(std::string_view algorithm)
{
    return algorithm == "aes_256_gcm"   ? EVP_aes_256_gcm()
           : algorithm == "aes_128_cbc" ? EVP_aes_128_cbc()
           : algorithm == "aes_256_cbc" ? EVP_aes_256_cbc()
           : algorithm == "sm4_cbc"     ? EVP_sm4_cbc()
                                        : nullptr;
}

std::string contentOf(BIO* bio)
{
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    return {data, static_cast<std::size_t>(size)};
}

std::string publicPem(EVP_PKEY* key)
{
    const BioPointer bio{BIO_new(BIO_s_mem())};
    PEM_write_bio_PUBKEY(bio.get(), key);
    return contentOf(bio.get());
}

Error noAlgorithm()
{
    return Error{HUB_UNSUPPORTED, "no such algorithm"};
}

Result<std::string> cryptOaep(EVP_PKEY* key, std::string_view data, bool encrypts)
{
    const ContextPointer context{EVP_PKEY_CTX_new(key, nullptr)};
    const auto begin = encrypts ? EVP_PKEY_encrypt_init : EVP_PKEY_decrypt_init;
    const auto run = encrypts ? EVP_PKEY_encrypt : EVP_PKEY_decrypt;
    std::size_t size = 0;
    if (begin(context.get()) != 1 ||
        EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_OAEP_PADDING) != 1 ||
        run(context.get(), nullptr, &size, in(data), data.size()) != 1) {
        ERR_clear_error();
        return Error{HUB_BAD_REQUEST, "the key can't do that"};
    }
    std::string result(size, '\0');
    if (run(context.get(), out(result), &size, in(data), data.size()) != 1) {
        ERR_clear_error();
        return Error{HUB_REJECTED, "the bytes don't fit the key"};
    }
    result.resize(size);
    return result;
}

} // namespace

std::string toHex(std::string_view bytes)
{
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    for (const char c : bytes) {
        text += kDigits[static_cast<unsigned char>(c) >> 4U];
        text += kDigits[static_cast<unsigned char>(c) & 15U];
    }
    return text;
}

std::string randomHex(std::size_t bytes)
{
    return toHex(randomBytes(bytes));
}

std::string keyKindFor(const Json& algorithms)
{
    const std::string first =
        algorithms.is_array() && !algorithms.empty() && algorithms[0].is_string()
            ? algorithms[0].get<std::string>()
            : std::string{};
    return first.starts_with("rsa_")      ? "rsa_2048"
           : first.starts_with("sm2")     ? "sm2"
           : first.starts_with("aes_128") ? "aes_128"
           : first.starts_with("aes_256") ? "aes_256"
           : first.starts_with("sm4")     ? "sm4"
                                          : "secret";
}

void Keyring::make(const std::string& role, const std::string& kind)
{
    if (kind == "rsa_2048" || kind == "sm2") {
        KeyPointer key{kind == "sm2" ? EVP_PKEY_Q_keygen(nullptr, nullptr, "SM2")
                                     : EVP_RSA_gen(2048)};
        if (key == nullptr) {
            throw std::runtime_error("key " + role + ": OpenSSL makes no " + kind);
        }
        pems_[role] = publicPem(key.get());
        keys_[role] = std::move(key);
    } else if (kind == "aes_128" || kind == "sm4") {
        secrets_[role] = randomBytes(16);
    } else if (kind == "aes_256") {
        secrets_[role] = randomBytes(32);
    } else if (kind == "secret") {
        secrets_[role] = randomHex(kSecretBytes);
    } else {
        throw std::runtime_error("conformance.json: key \"" + role + "\" is to be made as \"" +
                                 kind +
                                 "\", must be rsa_2048, sm2, aes_128, aes_256, sm4 or secret");
    }
}

void Keyring::load(const std::string& role, const std::string& pem)
{
    const auto open = [&pem] {
        return BioPointer{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
    };
    KeyPointer key{PEM_read_bio_PrivateKey(open().get(), nullptr, nullptr, nullptr)};
    if (key == nullptr) {
        key.reset(PEM_read_bio_PUBKEY(open().get(), nullptr, nullptr, nullptr));
    }
    X509* certificate = PEM_read_bio_X509(open().get(), nullptr, nullptr, nullptr);
    if (key == nullptr && certificate != nullptr) {
        key.reset(X509_get_pubkey(certificate));
    }
    ERR_clear_error();
    if (key == nullptr) {
        throw std::runtime_error("key " + role + ": the file holds no key in PEM");
    }
    pems_[role] = publicPem(key.get());
    if (certificate != nullptr) {
        const BioPointer text{BIO_new(BIO_s_mem())};
        PEM_write_bio_X509(text.get(), certificate);
        pems_[role] = contentOf(text.get());
        X509_free(certificate);
    }
    keys_[role] = std::move(key);
}

Result<EVP_PKEY*> Keyring::find(const std::string& role) const
{
    const auto key = keys_.find(role);
    if (key == keys_.end()) {
        return Error{HUB_NOT_FOUND, "no such key"};
    }
    return key->second.get();
}

Result<std::string>
Keyring::sign(const std::string& role, std::string_view algorithm, std::string_view data) const
{
    const auto key = find(role);
    const EVP_MD* kind = signatureDigest(algorithm);
    if (!key.ok() || kind == nullptr) {
        return key.ok() ? noAlgorithm() : key.error();
    }
    const MdPointer md{EVP_MD_CTX_new()};
    std::size_t size = 0;
    if (EVP_DigestSignInit(md.get(), nullptr, kind, nullptr, key.value()) != 1 ||
        EVP_DigestSign(md.get(), nullptr, &size, in(data), data.size()) != 1) {
        ERR_clear_error();
        return Error{HUB_BAD_REQUEST, "the key can't sign"};
    }
    std::string signature(size, '\0');
    if (EVP_DigestSign(md.get(), out(signature), &size, in(data), data.size()) != 1) {
        ERR_clear_error();
        return Error{HUB_BAD_REQUEST, "the key can't sign"};
    }
    signature.resize(size);
    return signature;
}

hub_status Keyring::verify(const std::string& role,
                           std::string_view algorithm,
                           std::string_view data,
                           std::string_view signature) const
{
    const auto key = find(role);
    const EVP_MD* kind = signatureDigest(algorithm);
    if (!key.ok() || kind == nullptr) {
        return key.ok() ? hub_status{HUB_UNSUPPORTED} : key.error().code;
    }
    std::vector<EVP_PKEY*> keys = {key.value()};
    if (const auto added = added_.find(role); added != added_.end()) {
        for (const Added& more : added->second) {
            keys.push_back(more.key.get());
        }
    }
    const bool is_genuine = std::any_of(keys.begin(), keys.end(), [&](EVP_PKEY* candidate) {
        const MdPointer md{EVP_MD_CTX_new()};
        return EVP_DigestVerifyInit(md.get(), nullptr, kind, nullptr, candidate) == 1 &&
               EVP_DigestVerify(md.get(), in(signature), signature.size(), in(data), data.size()) ==
                   1;
    });
    ERR_clear_error();
    return is_genuine ? HUB_OK : HUB_REJECTED;
}

Result<std::string>
Keyring::hmac(const std::string& role, std::string_view algorithm, std::string_view data) const
{
    const auto key = secret(role);
    const EVP_MD* kind = algorithm.starts_with("hmac_") ? plainDigest(algorithm) : nullptr;
    if (!key.ok() || kind == nullptr) {
        return key.ok() ? Result<std::string>{noAlgorithm()} : key;
    }
    std::string mac(EVP_MAX_MD_SIZE, '\0');
    unsigned int size = 0;
    HMAC(kind,
         key.value().data(),
         static_cast<int>(key.value().size()),
         in(data),
         data.size(),
         out(mac),
         &size);
    mac.resize(size);
    return mac;
}

Result<std::string> Keyring::secret(const std::string& role) const
{
    const auto found = secrets_.find(role);
    if (found == secrets_.end()) {
        return Error{HUB_NOT_FOUND, "no such secret"};
    }
    return found->second;
}

Result<std::string> Keyring::digest(std::string_view algorithm, std::string_view data)
{
    const EVP_MD* kind = algorithm.starts_with("hmac_") ? nullptr : plainDigest(algorithm);
    if (kind == nullptr) {
        return noAlgorithm();
    }
    std::string result(EVP_MAX_MD_SIZE, '\0');
    unsigned int size = 0;
    EVP_Digest(data.data(), data.size(), out(result), &size, kind, nullptr);
    result.resize(size);
    return result;
}

Result<std::string> Keyring::crypt(const std::string& role,
                                   const Cipher& cipher,
                                   std::string_view data,
                                   bool encrypts) const
{
    if (cipher.algorithm == "rsa_oaep_sha1") {
        const auto key = find(role);
        return key.ok() ? cryptOaep(key.value(), data, encrypts) : Result<std::string>{key.error()};
    }
    const auto key = secret(role);
    const EVP_CIPHER* kind = cipherOf(cipher.algorithm);
    if (!key.ok() || kind == nullptr) {
        return key.ok() ? Result<std::string>{noAlgorithm()} : key;
    }
    const bool is_gcm = cipher.algorithm == "aes_256_gcm";
    if (key.value().size() != static_cast<std::size_t>(EVP_CIPHER_get_key_length(kind)) ||
        cipher.nonce.size() != static_cast<std::size_t>(EVP_CIPHER_get_iv_length(kind)) ||
        (is_gcm && !encrypts && data.size() < kTagBytes)) {
        return Error{HUB_BAD_REQUEST, "key, nonce or data has the wrong length"};
    }
    std::string tag(kTagBytes, '\0');
    if (is_gcm && !encrypts) {
        tag = std::string{data.substr(data.size() - kTagBytes)};
        data.remove_suffix(kTagBytes);
    }
    const CipherPointer context{EVP_CIPHER_CTX_new()};
    const int direction = encrypts ? 1 : 0;
    EVP_CipherInit_ex(context.get(), kind, nullptr, in(key.value()), in(cipher.nonce), direction);
    int size = 0;
    if (is_gcm) {
        const std::string& beside = cipher.associated_data;
        EVP_CipherUpdate(
            context.get(), nullptr, &size, in(beside), static_cast<int>(beside.size()));
        if (!encrypts) {
            EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, tag.data());
        }
    }
    std::string result(data.size() + 32, '\0');
    EVP_CipherUpdate(context.get(), out(result), &size, in(data), static_cast<int>(data.size()));
    int last = 0;
    const int finished = EVP_CipherFinal_ex(context.get(), out(result) + size, &last);
    ERR_clear_error();
    if (finished != 1) {
        return Error{HUB_REJECTED, "tag or padding is wrong"};
    }
    result.resize(static_cast<std::size_t>(size + last));
    if (is_gcm && encrypts) {
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes, tag.data());
        result += tag;
    }
    return result;
}

Result<std::string> Keyring::publicPart(const std::string& role) const
{
    const auto pem = pems_.find(role);
    if (pem == pems_.end()) {
        return Error{HUB_NOT_FOUND, "no such key"};
    }
    return pem->second;
}

Result<std::string> Keyring::publicParts(const std::string& role) const
{
    auto own = publicPart(role);
    if (!own.ok()) {
        return own;
    }
    std::string pems;
    if (const auto added = added_.find(role); added != added_.end()) {
        for (auto more = added->second.rbegin(); more != added->second.rend(); ++more) {
            pems += more->pem;
        }
    }
    return pems + own.value();
}

hub_status Keyring::addPublic(const std::string& role, const std::string& pem)
{
    Keyring reader;
    try {
        reader.load(role, pem);
    } catch (const std::runtime_error&) {
        return HUB_BAD_REQUEST;
    }
    const auto present = publicParts(role);
    const std::string text = reader.pems_.at(role);
    if (present.ok() && present.value().find(text) != std::string::npos) {
        return HUB_ALREADY_DONE;
    }
    added_[role].push_back({std::move(reader.keys_.at(role)), text});
    return HUB_OK;
}

std::vector<std::string> Keyring::canaries() const
{
    std::vector<std::string> texts;
    for (const auto& [role, bytes] : secrets_) {
        texts.push_back(bytes);
        texts.push_back(toHex(bytes));
        texts.push_back(toBase64(bytes));
    }
    texts.emplace_back("PRIVATE KEY-----");
    return texts;
}

} // namespace hub::conformance
