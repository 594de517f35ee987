#include "certificate.hpp"

#include "der.hpp"
#include "encoding.hpp"

#include <array>
#include <cstdint>
#include <utility>

namespace alipay {

namespace {

using hub::Error;
using hub::Result;

constexpr unsigned char kInteger = 0x02;
constexpr unsigned char kObjectIdentifier = 0x06;
constexpr unsigned char kUtf8 = 0x0C;
constexpr unsigned char kPrintable = 0x13;
constexpr unsigned char kTeletex = 0x14;
constexpr unsigned char kIa5 = 0x16;
constexpr unsigned char kBmp = 0x1E;
constexpr unsigned char kSequence = 0x30;
constexpr unsigned char kSet = 0x31;
constexpr unsigned char kVersion = 0xA0;

constexpr std::size_t kSerialBytesMax = 64;
constexpr std::string_view kRsaFamily = "1.2.840.113549.1.1.";
constexpr std::string_view kHex = "0123456789ABCDEF";

// The short names of RFC 2253 and those that OpenSSL adds; any other type is written as its number.
constexpr std::array<std::pair<std::string_view, std::string_view>, 12> kTypes{{
    {"2.5.4.3", "CN"},
    {"2.5.4.5", "serialNumber"},
    {"2.5.4.6", "C"},
    {"2.5.4.7", "L"},
    {"2.5.4.8", "ST"},
    {"2.5.4.9", "street"},
    {"2.5.4.10", "O"},
    {"2.5.4.11", "OU"},
    {"2.5.4.15", "businessCategory"},
    {"0.9.2342.19200300.100.1.1", "UID"},
    {"0.9.2342.19200300.100.1.25", "DC"},
    {"1.2.840.113549.1.9.1", "emailAddress"},
}};

Error malformed(std::string_view what)
{
    return Error{HUB_BAD_REQUEST, "the certificate's " + std::string{what} + " can't be read"};
}

std::string toHex(std::string_view bytes, bool is_upper)
{
    std::string text;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        for (const char digit : {kHex[byte >> 4U], kHex[byte & 15U]}) {
            text += is_upper || digit < 'A' ? digit : static_cast<char>(digit - 'A' + 'a');
        }
    }
    return text;
}

void appendUtf8(std::string& out, std::uint32_t code)
{
    if (code < 0x80) {
        out += static_cast<char>(code);
    } else if (code < 0x800) {
        out += static_cast<char>(0xC0U | code >> 6U);
        out += static_cast<char>(0x80U | (code & 0x3FU));
    } else {
        out += static_cast<char>(0xE0U | code >> 12U);
        out += static_cast<char>(0x80U | (code >> 6U & 0x3FU));
        out += static_cast<char>(0x80U | (code & 0x3FU));
    }
}

/// The text of a name's value as UTF-8; false for a type or bytes that are no text.
bool decodeText(const DerElement& value, std::string& out)
{
    const std::string_view bytes = value.content;
    if (value.tag == kUtf8 || value.tag == kPrintable || value.tag == kIa5) {
        out = bytes;
        return isUtf8(bytes);
    }
    if (value.tag == kTeletex) {
        for (const char c : bytes) {
            appendUtf8(out, static_cast<unsigned char>(c));
        }
        return true;
    }
    if (value.tag != kBmp || bytes.size() % 2 != 0) {
        return false;
    }
    for (std::size_t i = 0; i < bytes.size(); i += 2) {
        appendUtf8(out,
                   static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])) << 8U |
                       static_cast<unsigned char>(bytes[i + 1]));
    }
    return isUtf8(out);
}

/// RFC 2253, 2.4, and control characters as "\0A".
std::string escaped(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const auto byte = static_cast<unsigned char>(c);
        const bool is_edge =
            (i == 0 && (c == ' ' || c == '#')) || (i + 1 == text.size() && c == ' ');
        if (byte < 0x20 || byte == 0x7F) {
            out += '\\' + toHex(text.substr(i, 1), true);
        } else {
            if (is_edge || std::string_view{",+\"\\<>;"}.find(c) != std::string_view::npos) {
                out += '\\';
            }
            out += c;
        }
    }
    return out;
}

/// "CN=…" of one SEQUENCE { type, value }; empty when malformed.
std::string attributeText(std::string_view content)
{
    DerReader reader(content);
    const auto type = reader.next(kObjectIdentifier);
    const auto value = reader.next();
    const std::string dotted = type ? toDottedText(type->content) : std::string{};
    if (dotted.empty() || !value || !reader.atEnd()) {
        return {};
    }
    std::string text;
    for (const auto& [number, name] : kTypes) {
        if (number == dotted && decodeText(*value, text)) {
            return std::string{name} + '=' + escaped(text);
        }
    }
    return dotted + "=#" + toHex(value->whole, true);
}

/// The name from its last part to its first, as RFC 2253 has it; empty when malformed.
std::string nameText(std::string_view content)
{
    std::string name;
    DerReader parts(content);
    while (!parts.atEnd()) {
        const auto part = parts.next(kSet);
        DerReader attributes(part ? part->content : std::string_view{});
        std::string text;
        do {
            const auto attribute = attributes.next(kSequence);
            const std::string one = attribute ? attributeText(attribute->content) : std::string{};
            if (one.empty()) {
                return {};
            }
            text = text.empty() ? one : one + '+' + text;
        } while (!attributes.atEnd());
        name = name.empty() ? text : text + ',' + name;
    }
    return name;
}

Result<Certificate> parseFields(DerReader fields)
{
    Certificate certificate;
    fields.next(kVersion);
    const auto serial = fields.next(kInteger);
    if (!serial || serial->content.empty() || serial->content.size() > kSerialBytesMax) {
        return malformed("serial number");
    }
    certificate.serial = toDecimalText(serial->content);
    const auto inner_algorithm = fields.next(kSequence);
    const auto issuer = fields.next(kSequence);
    certificate.issuer = issuer ? nameText(issuer->content) : std::string{};
    if (!inner_algorithm || certificate.issuer.empty()) {
        return malformed("issuer");
    }
    const auto validity = fields.next(kSequence);
    const auto subject = fields.next(kSequence);
    const auto key = fields.next(kSequence);
    if (!validity || !subject || !key) {
        return malformed("public key");
    }
    certificate.public_key = key->whole;
    return certificate;
}

Result<Certificate> parseCertificate(std::string_view der)
{
    DerReader file(der);
    const auto outer = file.next(kSequence);
    DerReader parts(outer ? outer->content : std::string_view{});
    const auto fields = parts.next(kSequence);
    const auto algorithm = parts.next(kSequence);
    if (!file.atEnd() || !fields || !algorithm) {
        return malformed("structure");
    }
    auto certificate = parseFields(DerReader(fields->content));
    const auto identifier = DerReader(algorithm->content).next(kObjectIdentifier);
    if (certificate.ok()) {
        certificate.value().signature_algorithm =
            identifier ? toDottedText(identifier->content) : std::string{};
        if (certificate.value().signature_algorithm.empty()) {
            return malformed("signature algorithm");
        }
    }
    return certificate;
}

std::string withoutBlanks(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        if (c != '\r' && c != '\n' && c != ' ' && c != '\t') {
            out += c;
        }
    }
    return out;
}

} // namespace

Result<std::vector<Certificate>> parseCertificates(std::string_view pem)
{
    constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----";
    constexpr std::string_view kEnd = "-----END CERTIFICATE-----";
    std::vector<Certificate> certificates;
    for (auto at = pem.find(kBegin); at != std::string_view::npos; at = pem.find(kBegin, at)) {
        at += kBegin.size();
        const auto end = pem.find(kEnd, at);
        if (end == std::string_view::npos) {
            return malformed("PEM block");
        }
        const auto der = fromBase64(withoutBlanks(pem.substr(at, end - at)));
        if (!der.ok()) {
            return malformed("base64");
        }
        auto certificate = parseCertificate(der.value());
        if (!certificate.ok()) {
            return certificate.error();
        }
        certificates.push_back(std::move(certificate).value());
        at = end;
    }
    if (certificates.empty()) {
        return Error{HUB_BAD_REQUEST, "the text holds no certificate in PEM form"};
    }
    return certificates;
}

Result<std::string> certificateNumber(const Certificate& certificate, const Md5& md5)
{
    const auto digest = md5(certificate.issuer + certificate.serial);
    return digest.ok() ? Result<std::string>{toHex(digest.value(), false)} : digest;
}

Result<std::string> rootNumber(const std::vector<Certificate>& bundle, const Md5& md5)
{
    std::string number;
    for (const Certificate& certificate : bundle) {
        if (!certificate.signature_algorithm.starts_with(kRsaFamily)) {
            continue;
        }
        const auto one = certificateNumber(certificate, md5);
        if (!one.ok()) {
            return one;
        }
        number += (number.empty() ? "" : "_") + one.value();
    }
    if (number.empty()) {
        return Error{HUB_BAD_REQUEST, "none of the root certificates is signed with RSA"};
    }
    return number;
}

} // namespace alipay
