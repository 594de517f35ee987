#include "aliyun/signature.hpp"

#include "core/crypto.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <stdexcept>

namespace hub::simulator::aliyun {

namespace {

std::string hexOf(std::string_view bytes)
{
    std::string hex;
    for (const char c : bytes) {
        hex += fmt::format("{:02x}", static_cast<unsigned char>(c));
    }
    return hex;
}

std::string hmac(const EVP_MD* kind, std::string_view secret, std::string_view text)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned size = 0;
    if (HMAC(kind,
             secret.data(),
             static_cast<int>(secret.size()),
             reinterpret_cast<const unsigned char*>(text.data()),
             text.size(),
             bytes.data(),
             &size) == nullptr) {
        throw std::runtime_error(openSslFailure("HMAC"));
    }
    return {reinterpret_cast<const char*>(bytes.data()), size};
}

std::string trim(const std::string& text)
{
    const auto first = text.find_first_not_of(" \t");
    return first == std::string::npos
               ? ""
               : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

} // namespace

std::string percentEncode(std::string_view text)
{
    constexpr std::string_view kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                        "0123456789-_.~";
    std::string encoded;
    for (const char c : text) {
        encoded += kPlain.find(c) != std::string_view::npos
                       ? std::string(1, c)
                       : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return encoded;
}

std::string canonicalQuery(const Texts& query)
{
    std::string text;
    for (const auto& [name, value] : query) {
        text += (text.empty() ? "" : "&") + percentEncode(name) + "=" + percentEncode(value);
    }
    return text;
}

std::string sha256Hex(std::string_view bytes)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) {
        throw std::runtime_error(openSslFailure("SHA-256"));
    }
    return hexOf({reinterpret_cast<const char*>(digest.data()), size});
}

std::string acs3Signature(const HttpMessage& message,
                          const Texts& query,
                          const std::vector<std::string>& signed_headers,
                          std::string_view secret)
{
    std::string headers;
    std::string names;
    for (const std::string& name : signed_headers) {
        headers += name + ":" + trim(headerOf(message.headers, name)) + "\n";
        names += (names.empty() ? "" : ";") + name;
    }
    const std::string canonical = fmt::format("{}\n{}\n{}\n{}\n{}\n{}",
                                              message.method,
                                              message.path,
                                              canonicalQuery(query),
                                              headers,
                                              names,
                                              sha256Hex(message.body));
    return hexOf(hmac(EVP_sha256(), secret, "ACS3-HMAC-SHA256\n" + sha256Hex(canonical)));
}

std::string rpcSignature(std::string_view method, const Texts& parameters, std::string_view secret)
{
    Texts signed_ones = parameters;
    signed_ones.erase("Signature");
    const std::string text = std::string(method) + "&" + percentEncode("/") + "&" +
                             percentEncode(canonicalQuery(signed_ones));
    return toBase64(hmac(EVP_sha1(), std::string(secret) + "&", text));
}

bool isSameText(std::string_view a, std::string_view b)
{
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

} // namespace hub::simulator::aliyun
