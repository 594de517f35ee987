#include "core/crypto.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>

#include <array>
#include <cstdio>
#include <optional>
#include <stdexcept>

namespace hub::simulator {

namespace {

struct FileCloser {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};
struct DigestDeleter {
    void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};
using Digest = std::unique_ptr<EVP_MD_CTX, DigestDeleter>;

using PemReader = EVP_PKEY* (*)(std::FILE*, EVP_PKEY**, pem_password_cb*, void*);

Key readKey(const std::filesystem::path& path, PemReader read, const char* kind)
{
    const std::unique_ptr<std::FILE, FileCloser> file(std::fopen(path.c_str(), "rb"));
    Key key(file ? read(file.get(), nullptr, nullptr, nullptr) : nullptr);
    if (!key) {
        throw std::runtime_error(fmt::format("{}: no {} key in PEM form can be read; run "
                                             "\"expohub-simulator prepare\" on its folder",
                                             path.string(),
                                             kind));
    }
    return key;
}

const unsigned char* bytesOf(std::string_view text)
{
    return reinterpret_cast<const unsigned char*>(text.data());
}

/// Empty unless `text` is padded base64 of the standard alphabet without white space.
std::optional<std::string> fromBase64(std::string_view text)
{
    constexpr std::string_view kAlphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const std::size_t end = text.find_last_not_of('=') + 1;
    if (text.empty() || text.size() % 4 != 0 || text.size() - end > 2 ||
        text.substr(0, end).find_first_not_of(kAlphabet) != std::string_view::npos) {
        return std::nullopt;
    }
    std::string bytes(text.size() / 4 * 3, '\0');
    const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                     bytesOf(text),
                                     static_cast<int>(text.size()));
    if (size < 0) {
        return std::nullopt;
    }
    bytes.resize(static_cast<std::size_t>(size) - (text.size() - end));
    return bytes;
}

/// Each random byte picks one of `letters`; the alphabets used here are short enough that the
/// small unevenness does not matter for names.
std::string randomText(std::size_t size, std::string_view letters)
{
    std::string text = randomBytes(size);
    for (char& c : text) {
        c = letters[static_cast<unsigned char>(c) % letters.size()];
    }
    return text;
}

} // namespace

std::string openSslFailure(std::string_view what)
{
    std::array<char, 256> text{};
    ERR_error_string_n(ERR_get_error(), text.data(), text.size());
    return fmt::format("{}: {}", what, text.data());
}

Key readPrivateKey(const std::filesystem::path& pem_file)
{
    return readKey(pem_file, &PEM_read_PrivateKey, "private");
}

Key readPublicKey(const std::filesystem::path& pem_file)
{
    return readKey(pem_file, &PEM_read_PUBKEY, "public");
}

std::string signRsa2(EVP_PKEY& private_key, std::string_view text)
{
    const Digest digest(EVP_MD_CTX_new());
    std::size_t size = 0;
    if (!digest ||
        EVP_DigestSignInit(digest.get(), nullptr, EVP_sha256(), nullptr, &private_key) != 1 ||
        EVP_DigestSign(digest.get(), nullptr, &size, bytesOf(text), text.size()) != 1) {
        throw std::runtime_error(openSslFailure("signing failed"));
    }
    std::string signature(size, '\0');
    if (EVP_DigestSign(digest.get(),
                       reinterpret_cast<unsigned char*>(signature.data()),
                       &size,
                       bytesOf(text),
                       text.size()) != 1) {
        throw std::runtime_error(openSslFailure("signing failed"));
    }
    signature.resize(size);
    return toBase64(signature);
}

bool verifyRsa2(EVP_PKEY& public_key, std::string_view text, std::string_view signature_base64)
{
    const auto signature = fromBase64(signature_base64);
    const Digest digest(EVP_MD_CTX_new());
    const bool genuine =
        signature && digest &&
        EVP_DigestVerifyInit(digest.get(), nullptr, EVP_sha256(), nullptr, &public_key) == 1 &&
        EVP_DigestVerify(
            digest.get(), bytesOf(*signature), signature->size(), bytesOf(text), text.size()) == 1;
    ERR_clear_error();
    return genuine;
}

std::string toBase64(std::string_view bytes)
{
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
    const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                     bytesOf(bytes),
                                     static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(size));
    return text;
}

std::string randomBytes(std::size_t size)
{
    std::string bytes(size, '\0');
    if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(size)) != 1) {
        throw std::runtime_error(openSslFailure("the system gave no random bytes"));
    }
    return bytes;
}

std::string randomDigits(std::size_t size)
{
    return randomText(size, "0123456789");
}

std::string randomToken(std::size_t size)
{
    return randomText(size, "abcdefghijklmnopqrstuvwxyz0123456789");
}

} // namespace hub::simulator
