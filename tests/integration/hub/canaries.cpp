#include "canaries.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <stdexcept>

#include <iconv.h>

namespace hub::test {

namespace {

constexpr std::size_t kStartBytes = 4;
constexpr std::size_t kShortest = 6; // of a form that stands in for a canary
constexpr std::size_t kPieceBytes = 24;

std::string toHex(std::string_view bytes, const char* digits)
{
    std::string hex;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        hex += digits[byte >> 4U];
        hex += digits[byte & 0xFU];
    }
    return hex;
}

constexpr const char* kLower = "0123456789abcdef";
constexpr const char* kUpper = "0123456789ABCDEF";

/// Nothing when the text has characters that the coding lacks.
std::string converted(const std::string& text, const char* coding)
{
    const iconv_t converter = iconv_open(coding, "UTF-8");
    if (converter == reinterpret_cast<iconv_t>(-1)) { // NOLINT: iconv's own convention
        throw std::runtime_error(std::string("iconv has no ") + coding);
    }
    std::string in = text;
    std::string out(text.size() * 4, '\0');
    char* from = in.data();
    char* to = out.data();
    std::size_t left = in.size();
    std::size_t room = out.size();
    const bool is_done = iconv(converter, &from, &left, &to, &room) != static_cast<std::size_t>(-1);
    iconv_close(converter);
    out.resize(is_done ? out.size() - room : 0);
    return out;
}

/// Each byte as it stands in a URL; letters and digits stay.
std::string urlEscaped(const std::string& text)
{
    std::string escaped;
    for (const char c : text) {
        escaped += std::isalnum(static_cast<unsigned char>(c)) != 0
                       ? std::string(1, c)
                       : "%" + toHex(std::string_view(&c, 1), kUpper);
    }
    return escaped;
}

/// With each character beyond ASCII as \uXXXX.
std::string jsonEscaped(const std::string& text, const char* digits)
{
    const std::string wide = converted(text, "UTF-16BE");
    std::string escaped;
    for (std::size_t i = 0; i + 1 < wide.size(); i += 2) {
        const bool is_ascii = wide[i] == '\0' && static_cast<unsigned char>(wide[i + 1]) < 0x80;
        escaped += is_ascii ? std::string(1, wide[i + 1])
                            : "\\u" + toHex(std::string_view(wide).substr(i, 2), digits);
    }
    return escaped;
}

/// What Base64 of any text that holds it after `before` bytes (modulo 3) has in common.
std::string base64Within(const std::string& bytes, std::size_t before)
{
    const std::string shifted = std::string(before, '\0') + bytes;
    std::string text((shifted.size() + 2) / 3 * 4 + 1, '\0');
    EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                    reinterpret_cast<const unsigned char*>(shifted.data()),
                    static_cast<int>(shifted.size()));
    constexpr std::array<std::size_t, 3> kTouched = {0, 2, 3};
    const std::size_t whole = shifted.size() * 8 / 6;
    return text.substr(kTouched.at(before), whole - kTouched.at(before));
}

std::string forUrls(std::string base64)
{
    std::replace(base64.begin(), base64.end(), '+', '-');
    std::replace(base64.begin(), base64.end(), '/', '_');
    return base64;
}

std::string cased(std::string text, int (*to)(int))
{
    for (char& c : text) {
        if (static_cast<unsigned char>(c) < 0x80) {
            c = static_cast<char>(to(static_cast<unsigned char>(c)));
        }
    }
    return text;
}

std::uint32_t startOf(std::string_view bytes)
{
    std::uint32_t start = 0;
    for (std::size_t i = 0; i < kStartBytes; ++i) {
        start = start << 8U | static_cast<unsigned char>(bytes[i]);
    }
    return start;
}

bool isLetterOrDigit(char c)
{
    return std::isalnum(static_cast<unsigned char>(c)) != 0;
}

} // namespace

void Canaries::add(CanaryForm form)
{
    if (form.bytes.size() < kShortest) {
        return;
    }
    const bool is_known = std::any_of(forms_.begin(), forms_.end(), [&](const CanaryForm& one) {
        return one.bytes == form.bytes;
    });
    if (!is_known) {
        beginnings_.set(startOf(form.bytes) >> 16U);
        starts_[startOf(form.bytes)].push_back(forms_.size());
        forms_.push_back(std::move(form));
    }
}

void Canaries::addText(const std::string& canary, const std::string& text)
{
    if (text.size() < kShortest) {
        throw std::logic_error("\"" + text + "\" is too short to be a canary");
    }
    add({canary, "UTF-8", text});
    add({canary, "UTF-8 in small letters", cased(text, &std::tolower)});
    add({canary, "UTF-8 in capitals", cased(text, &std::toupper)});
    add({canary, "GBK", converted(text, "GBK")});
    add({canary, "hex", toHex(text, kLower)});
    add({canary, "hex in capitals", toHex(text, kUpper)});
    add({canary, "JSON's escapes", jsonEscaped(text, kLower)});
    add({canary, "JSON's escapes in capitals", jsonEscaped(text, kUpper)});
    add({canary, "a URL's escapes", urlEscaped(text)});
    for (const std::size_t before : {0U, 1U, 2U}) {
        add({canary, "Base64", base64Within(text, before)});
        add({canary, "Base64 for URLs", forUrls(base64Within(text, before))});
    }
}

void Canaries::addNumber(const std::string& canary,
                         const std::string& digits,
                         const std::vector<std::size_t>& groups)
{
    addText(canary, digits);
    for (const char separator : {' ', '-', '.'}) {
        std::string separated;
        std::size_t at = 0;
        for (const std::size_t size : groups) {
            separated +=
                (separated.empty() ? "" : std::string(1, separator)) + digits.substr(at, size);
            at += size;
        }
        add({canary, "digits with separators", separated + digits.substr(at)});
    }
}

void Canaries::addCode(const std::string& canary, const std::string& digits)
{
    add({canary, "UTF-8", digits, true});
    add({canary, "hex", toHex(digits, kLower)});
    add({canary, "Base64", base64Within(digits, 0)});
}

void Canaries::addBytes(const std::string& canary, const std::string& bytes)
{
    add({canary, "bytes", bytes});
    add({canary, "hex", toHex(bytes, kLower)});
    add({canary, "hex in capitals", toHex(bytes, kUpper)});
    for (const std::size_t before : {0U, 1U, 2U}) {
        add({canary, "Base64", base64Within(bytes, before)});
        add({canary, "Base64 for URLs", forUrls(base64Within(bytes, before))});
    }
}

void Canaries::addFile(const std::string& canary, std::string_view file)
{
    if (file.size() < 2 * kPieceBytes) {
        throw std::logic_error(canary + ": the file is too short to be a canary");
    }
    addBytes(canary, std::string(file.substr(file.size() / 2, kPieceBytes)));
}

bool Canaries::isAt(const CanaryForm& form, std::string_view bytes, std::size_t at) const
{
    if (bytes.compare(at, form.bytes.size(), form.bytes) != 0) {
        return false;
    }
    const std::size_t end = at + form.bytes.size();
    const bool is_alone = (at == 0 || !isLetterOrDigit(bytes[at - 1])) &&
                          (end == bytes.size() || !isLetterOrDigit(bytes[end]));
    return !form.is_word || is_alone;
}

std::vector<std::string> Canaries::findIn(std::string_view bytes) const
{
    std::set<std::string> found;
    for (std::size_t at = 0; at + kStartBytes <= bytes.size(); ++at) {
        const auto two = static_cast<unsigned>(static_cast<unsigned char>(bytes[at])) << 8U |
                         static_cast<unsigned char>(bytes[at + 1]);
        if (!beginnings_.test(two)) {
            continue;
        }
        const auto start = starts_.find(startOf(bytes.substr(at, kStartBytes)));
        if (start == starts_.end()) {
            continue;
        }
        for (const std::size_t number : start->second) {
            const CanaryForm& form = forms_[number];
            if (isAt(form, bytes, at)) {
                found.insert(form.canary + " as " + form.coding);
            }
        }
    }
    return {found.begin(), found.end()};
}

std::string shownCanaries(const std::vector<std::string>& found)
{
    std::string shown;
    for (const std::string& one : found) {
        shown += "\n  " + one;
    }
    return shown;
}

} // namespace hub::test
