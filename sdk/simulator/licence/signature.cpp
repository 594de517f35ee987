#include "licence/signature.hpp"

#include "core/crypto.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <stdexcept>

namespace hub::simulator::licence {

namespace {

std::string hexOf(const unsigned char* bytes, unsigned size)
{
    std::string hex;
    for (unsigned i = 0; i < size; ++i) {
        hex += fmt::format("{:02x}", bytes[i]);
    }
    return hex;
}

std::string hmacHex(std::string_view secret, std::string_view text)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned size = 0;
    if (HMAC(EVP_sha256(),
             secret.data(),
             static_cast<int>(secret.size()),
             reinterpret_cast<const unsigned char*>(text.data()),
             text.size(),
             bytes.data(),
             &size) == nullptr) {
        throw std::runtime_error(openSslFailure("HMAC"));
    }
    return hexOf(bytes.data(), size);
}

} // namespace

std::string sha256Hex(std::string_view bytes)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) {
        throw std::runtime_error(openSslFailure("SHA-256"));
    }
    return hexOf(digest.data(), size);
}

std::string requestSignature(const HttpMessage& message,
                             std::string_view timestamp,
                             std::string_view nonce,
                             std::string_view secret)
{
    return hmacHex(secret,
                   fmt::format("LICENCE1-REQUEST\n{}\n{}\n{}\n{}\n{}",
                               message.method,
                               message.target(),
                               timestamp,
                               nonce,
                               sha256Hex(message.body)));
}

std::string
answerSignature(int status, std::string_view nonce, std::string_view body, std::string_view secret)
{
    return hmacHex(secret,
                   fmt::format("LICENCE1-ANSWER\n{}\n{}\n{}", status, nonce, sha256Hex(body)));
}

bool isSameText(std::string_view a, std::string_view b)
{
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

} // namespace hub::simulator::licence
