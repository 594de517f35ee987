#include "callbacks_notice.hpp"

#include <openssl/pem.h>
#include <openssl/x509.h>

#include <array>
#include <cctype>
#include <cstdio>
#include <stdexcept>

namespace chaos {

namespace {

using KeyReader = EVP_PKEY* (*)(FILE*, EVP_PKEY**, pem_password_cb*, void*);

EVP_PKEY* readKey(const std::filesystem::path& file, KeyReader reader)
{
    FILE* stream = std::fopen(file.c_str(), "rb");
    EVP_PKEY* key = stream == nullptr ? nullptr : reader(stream, nullptr, nullptr, nullptr);
    if (stream != nullptr) {
        std::fclose(stream);
    }
    if (key == nullptr) {
        throw std::runtime_error(file.string() + ": no key");
    }
    return key;
}

const unsigned char* bytesOf(const std::string& text)
{
    return reinterpret_cast<const unsigned char*>(text.data());
}

int hexValue(char c)
{
    const auto byte = static_cast<unsigned char>(c);
    if (std::isxdigit(byte) == 0) {
        return -1;
    }
    return std::isdigit(byte) != 0 ? c - '0' : std::tolower(byte) - 'a' + 10;
}

std::string unescape(const std::string& text)
{
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const int high = text[i] == '%' && i + 2 < text.size() ? hexValue(text[i + 1]) : -1;
        const int low = high < 0 ? -1 : hexValue(text[i + 2]);
        if (low >= 0) {
            plain += static_cast<char>(high * 16 + low);
            i += 2;
        } else {
            plain += text[i] == '+' ? ' ' : text[i];
        }
    }
    return plain;
}

} // namespace

std::string signedText(const Fields& fields)
{
    std::string text;
    for (const auto& [name, value] : fields) {
        if (name != "sign" && name != "sign_type" && !value.empty()) {
            text += (text.empty() ? "" : "&") + name + "=" + value;
        }
    }
    return text;
}

std::string escapeForm(const std::string& text)
{
    std::string escaped;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (std::isalnum(byte) != 0 || c == '.' || c == '-' || c == '_') {
            escaped += c;
        } else {
            std::array<char, 4> code{};
            std::snprintf(code.data(), code.size(), "%%%02X", byte);
            escaped += code.data();
        }
    }
    return escaped;
}

std::string toForm(const Fields& fields)
{
    std::string form;
    for (const auto& [name, value] : fields) {
        form += (form.empty() ? "" : "&") + escapeForm(name) + "=" + escapeForm(value);
    }
    return form;
}

std::vector<std::pair<std::string, std::string>> readForm(const std::string& form)
{
    std::vector<std::pair<std::string, std::string>> fields;
    for (std::size_t at = 0; at <= form.size();) {
        const std::size_t end = std::min(form.find('&', at), form.size());
        const std::string part = form.substr(at, end - at);
        const std::size_t equals = std::min(part.find('='), part.size());
        if (!part.empty()) {
            fields.emplace_back(
                unescape(part.substr(0, equals)),
                unescape(equals < part.size() ? part.substr(equals + 1) : std::string{}));
        }
        at = end + 1;
    }
    return fields;
}

std::string toBase64(const std::string& bytes)
{
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
    const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                     bytesOf(bytes),
                                     static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(size));
    return text;
}

std::string fromBase64(const std::string& text)
{
    static const std::string kLetters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string bytes;
    unsigned int held = 0;
    int bits = 0;
    for (char c : text) {
        c = c == '-' || c == ' ' ? '+' : c == '_' ? '/' : c;
        const std::size_t value = kLetters.find(c);
        if (value == std::string::npos) {
            continue; // padding, line ends, and what a lenient reader skips
        }
        held = (held << 6U | static_cast<unsigned int>(value)) & 0xffffU;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            bytes += static_cast<char>(held >> static_cast<unsigned int>(bits) & 0xffU);
        }
    }
    return bytes;
}

Key Key::readPrivate(const std::filesystem::path& file)
{
    return Key(readKey(file, PEM_read_PrivateKey));
}

Key Key::readPublic(const std::filesystem::path& file)
{
    return Key(readKey(file, PEM_read_PUBKEY));
}

Key Key::readCertificate(const std::filesystem::path& file)
{
    const auto read = [](FILE* stream, EVP_PKEY**, pem_password_cb*, void*) {
        X509* certificate = PEM_read_X509(stream, nullptr, nullptr, nullptr);
        EVP_PKEY* key = certificate == nullptr ? nullptr : X509_get_pubkey(certificate);
        X509_free(certificate);
        return key;
    };
    return Key(readKey(file, read));
}

std::string Key::sign(const std::string& text) const
{
    std::string raw(static_cast<std::size_t>(EVP_PKEY_get_size(key_.get())), '\0');
    std::size_t size = raw.size();
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    const bool done =
        EVP_DigestSignInit(context, nullptr, EVP_sha256(), nullptr, key_.get()) == 1 &&
        EVP_DigestSign(context,
                       reinterpret_cast<unsigned char*>(raw.data()),
                       &size,
                       bytesOf(text),
                       text.size()) == 1;
    EVP_MD_CTX_free(context);
    if (!done) {
        throw std::runtime_error("can't sign");
    }
    raw.resize(size);
    return toBase64(raw);
}

bool Key::verify(const std::string& text, const std::string& signature) const
{
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    const bool genuine =
        EVP_DigestVerifyInit(context, nullptr, EVP_sha256(), nullptr, key_.get()) == 1 &&
        EVP_DigestVerify(
            context, bytesOf(signature), signature.size(), bytesOf(text), text.size()) == 1;
    EVP_MD_CTX_free(context);
    return genuine;
}

std::string sha256Of(const std::string& text)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) {
        throw std::runtime_error("can't hash");
    }
    std::string hex;
    for (unsigned int i = 0; i < size; ++i) {
        std::array<char, 3> code{};
        std::snprintf(code.data(), code.size(), "%02x", digest.at(i));
        hex += code.data();
    }
    return hex;
}

std::string signedForm(Fields fields, const Key& key)
{
    fields["sign"] = key.sign(signedText(fields));
    fields["sign_type"] = "RSA2";
    return toForm(fields);
}

} // namespace chaos
