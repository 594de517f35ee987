#include "uploads/text_coding.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>

#include <iconv.h>

namespace uploads {

namespace {

constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";

/// The length of the sequence that `lead` begins, 0 when none can begin with it.
std::size_t sequenceLength(unsigned char lead) noexcept
{
    if (lead < 0x80) {
        return 1;
    }
    if (lead < 0xC2 || lead > 0xF4) {
        return 0;
    }
    return lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

/// The second byte carries the limits against overlong forms, surrogates and U+10FFFF.
bool isSecondByte(unsigned char lead, unsigned char second) noexcept
{
    const unsigned char low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    const unsigned char high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    return second >= low && second <= high;
}

/// How many bytes of a character stand at the front of `text`; 0 when that is none.
std::size_t validLength(std::string_view text) noexcept
{
    const auto byteAt = [text](std::size_t i) {
        return static_cast<unsigned char>(text[i]);
    };
    const std::size_t length = std::min(sequenceLength(byteAt(0)), text.size());
    if (length > 1 && !isSecondByte(byteAt(0), byteAt(1))) {
        return 0;
    }
    for (std::size_t i = 2; i < length; ++i) {
        if ((byteAt(i) & 0xC0U) != 0x80U) {
            return 0;
        }
    }
    return length;
}

/// The bytes of whole characters in front; npos when there is something else than UTF-8.
std::size_t wholeLength(std::string_view text) noexcept
{
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t length = validLength(text.substr(at));
        if (length == 0) {
            return std::string_view::npos;
        }
        if (length < sequenceLength(static_cast<unsigned char>(text[at]))) {
            return at;
        }
        at += length;
    }
    return at;
}

bool isTextByte(char c) noexcept
{
    return static_cast<unsigned char>(c) >= 0x20 ? c != 0x7F : c == '\t' || c == '\r' || c == '\n';
}

/// Unreadable ends the look; false: the file is no text of this coding.
Judged<bool> isOfCoding(const ByteSource& source, TextCoding coding)
{
    TextDecoder decoder(coding);
    std::string text;
    for (std::uint64_t at = 0; at < source.size(); at += kPieceBytes) {
        const auto piece = readRange(source, at, std::min(kPieceBytes, source.size() - at));
        if (!piece.ok()) {
            return piece.finding();
        }
        text.clear();
        if (!std::all_of(piece.value().begin(), piece.value().end(), isTextByte) ||
            !decoder.decode(piece.value(), text)) {
            return false;
        }
    }
    return decoder.finish();
}

} // namespace

struct TextDecoder::Converter {
    // GB 18030 holds GBK.
    iconv_t handle = iconv_open("UTF-8", "GB18030");

    Converter()
    {
        if (handle == reinterpret_cast<iconv_t>(-1)) { // NOLINT(performance-no-int-to-ptr)
            throw std::runtime_error("this system can't convert GB18030; install libc's gconv");
        }
    }
    Converter(const Converter&) = delete;
    Converter& operator=(const Converter&) = delete;
    ~Converter() { iconv_close(handle); }
};

TextDecoder::TextDecoder(TextCoding coding)
    : is_gbk_(coding == TextCoding::Gbk)
    , converter_(is_gbk_ ? std::make_unique<Converter>() : nullptr)
{}

TextDecoder::TextDecoder(TextDecoder&&) noexcept = default;
TextDecoder& TextDecoder::operator=(TextDecoder&&) noexcept = default;
TextDecoder::~TextDecoder() = default;

bool TextDecoder::decode(std::string_view bytes, std::string& out)
{
    rest_ += bytes;
    return is_gbk_ ? decodeGbk(out) : decodeUtf8(out);
}

bool TextDecoder::decodeUtf8(std::string& out)
{
    const std::size_t whole = wholeLength(rest_);
    if (whole == std::string_view::npos) {
        return false;
    }
    out.append(rest_, 0, whole);
    rest_.erase(0, whole);
    return true;
}

bool TextDecoder::decodeGbk(std::string& out)
{
    char* from = rest_.data();
    std::size_t left = rest_.size();
    while (left > 0) {
        std::array<char, 4096> piece{};
        char* to = piece.data();
        std::size_t room = piece.size();
        const std::size_t converted = iconv(converter_->handle, &from, &left, &to, &room);
        const int problem = converted == static_cast<std::size_t>(-1) ? errno : 0;
        out.append(piece.data(), piece.size() - room);
        if (problem == EINVAL) { // a character is cut
            break;
        }
        if (problem != 0 && problem != E2BIG) {
            return false;
        }
    }
    rest_.erase(0, rest_.size() - left);
    return true;
}

bool isUtf8(std::string_view text) noexcept
{
    return wholeLength(text) == text.size();
}

Judged<std::string> toUtf8(std::string_view bytes)
{
    if (isUtf8(bytes)) {
        return std::string{bytes};
    }
    TextDecoder decoder(TextCoding::Gbk);
    std::string text;
    if (!decoder.decode(bytes, text) || !decoder.finish()) {
        return Finding{Code::TextCoding, {}, {}};
    }
    return text;
}

Judged<TextCoding> detectTextCoding(const ByteSource& source)
{
    const auto head =
        readRange(source, 0, std::min<std::uint64_t>(kUtf8Mark.size(), source.size()));
    if (!head.ok()) {
        return head.finding();
    }
    const bool is_marked = head.value() == kUtf8Mark;
    for (const TextCoding coding :
         {is_marked ? TextCoding::Utf8Marked : TextCoding::Utf8, TextCoding::Gbk}) {
        if (is_marked && coding == TextCoding::Gbk) { // the mark's bytes are also good GBK
            break;
        }
        const auto is_of_coding = isOfCoding(source, coding);
        if (!is_of_coding.ok()) {
            return is_of_coding.finding();
        }
        if (is_of_coding.value()) {
            return coding;
        }
    }
    return Finding{Code::TextCoding, {}, {}};
}

} // namespace uploads
