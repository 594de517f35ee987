#include "unionpay/fields.hpp"

#include "core/clock.hpp"

#include <Poco/Exception.h>
#include <Poco/URI.h>
#include <Poco/UTF8Encoding.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace hub::simulator::unionpay {

namespace {

constexpr std::size_t kCompactSize = 14;

/// Throws Poco::SyntaxException when the coding is broken.
std::string decode(std::string_view text)
{
    // Poco takes a plus for a space only after a question mark.
    std::string spaced(text);
    std::replace(spaced.begin(), spaced.end(), '+', ' ');
    std::string decoded;
    Poco::URI::decode(spaced, decoded);
    return decoded;
}

std::string encode(const std::string& text)
{
    std::string encoded;
    // Everything but letters, digits and "-_.~"; Poco leaves these reserved ones alone.
    Poco::URI::encode(text, "!#$&'()*+,/:;=?@[]", encoded);
    return encoded;
}

bool hasBadUtf8(const std::string& text)
{
    const Poco::UTF8Encoding encoding;
    const auto* at = reinterpret_cast<const unsigned char*>(text.data());
    const auto* end = at + text.size();
    while (at < end) {
        const int size = encoding.sequenceLength(at, static_cast<int>(end - at));
        if (size < 1 || size > end - at || encoding.queryConvert(at, size) < 0 ||
            !Poco::UTF8Encoding::isLegal(at, size)) {
            return true;
        }
        at += size;
    }
    return false;
}

/// Lower-case hex.
std::string sha256Of(std::string_view text)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) {
        throw std::runtime_error(openSslFailure("SHA-256 failed"));
    }
    std::string hex;
    for (unsigned int i = 0; i < size; ++i) {
        hex += fmt::format("{:02x}", digest[i]);
    }
    return hex;
}

void append(std::string& text, const std::string& name, const std::string& value)
{
    text += (text.empty() ? "" : "&") + name + "=" + value;
}

} // namespace

std::string get(const Fields& fields, const std::string& name)
{
    const auto found = fields.find(name);
    return found == fields.end() ? std::string{} : found->second;
}

bool readForm(std::string_view form, Fields& into)
{
    while (!form.empty()) {
        const std::string_view pair = form.substr(0, form.find('&'));
        form.remove_prefix(std::min(form.size(), pair.size() + 1));
        const std::size_t equals = pair.find('=');
        if (equals == std::string_view::npos) {
            return false;
        }
        try {
            const std::string name = decode(pair.substr(0, equals));
            const std::string value = decode(pair.substr(equals + 1));
            if (hasBadUtf8(name) || hasBadUtf8(value) || !into.emplace(name, value).second) {
                return false;
            }
        } catch (const Poco::SyntaxException&) {
            return false;
        }
    }
    return true;
}

std::string toForm(const Fields& fields)
{
    std::string form;
    for (const auto& [name, value] : fields) {
        append(form, name, encode(value));
    }
    return form;
}

std::string toRaw(const Fields& fields)
{
    std::string raw;
    for (const auto& [name, value] : fields) {
        if (name != "signPubKeyCert" && name != "signature") {
            append(raw, name, value);
        }
    }
    for (const char* last : {"signPubKeyCert", "signature"}) {
        if (fields.contains(last)) {
            append(raw, last, fields.at(last));
        }
    }
    return raw;
}

std::string signedText(const Fields& fields)
{
    std::string text;
    for (const auto& [name, value] : fields) {
        if (name != "signature") {
            append(text, name, value);
        }
    }
    return text;
}

std::string signFields(EVP_PKEY& private_key, std::string_view text)
{
    return signRsa2(private_key, sha256Of(text));
}

bool verifyFields(EVP_PKEY& public_key, std::string_view text, std::string_view signature_base64)
{
    return verifyRsa2(public_key, sha256Of(text), signature_base64);
}

std::string toCompactTime(std::int64_t unix_ms)
{
    std::string text = toBeijingText(unix_ms);
    std::erase_if(text, [](char c) { return c < '0' || c > '9'; });
    return text;
}

std::optional<std::int64_t> parseCompactTime(std::string_view text)
{
    if (text.size() != kCompactSize) {
        return std::nullopt;
    }
    return parseBeijingText(fmt::format("{}-{}-{} {}:{}:{}",
                                        text.substr(0, 4),
                                        text.substr(4, 2),
                                        text.substr(6, 2),
                                        text.substr(8, 2),
                                        text.substr(10, 2),
                                        text.substr(12, 2)));
}

} // namespace hub::simulator::unionpay
