// Texts as Chinese spreadsheet and archive programs write them: UTF-8 with or without a mark, or
// GBK. Everything leaves here as UTF-8.
#pragma once

#include "uploads/byte_source.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace uploads {

/// True for well-formed UTF-8 without overlong forms and surrogates.
bool isUtf8(std::string_view text) noexcept;

/// A short text, a name: UTF-8 when it is that, else from GBK. TextCoding when it is neither.
Judged<std::string> toUtf8(std::string_view bytes);

enum class TextCoding { Utf8, Utf8Marked, Gbk };

/// Reads the whole file, because the first character beyond ASCII may be its last. TextCoding also
/// for UTF-16 and for control bytes other than tabs and line ends: that is no text.
Judged<TextCoding> detectTextCoding(const ByteSource& source);

/// Decodes a file piece by piece; characters may be cut between pieces.
class TextDecoder {
public:
    explicit TextDecoder(TextCoding coding);
    TextDecoder(TextDecoder&&) noexcept;
    TextDecoder& operator=(TextDecoder&&) noexcept;
    ~TextDecoder();

    /// Appends what is whole to `out`. False when the bytes are none of the coding.
    bool decode(std::string_view bytes, std::string& out);
    /// False when the last character is cut.
    bool finish() const noexcept { return rest_.empty(); }

private:
    struct Converter;

    bool decodeUtf8(std::string& out);
    bool decodeGbk(std::string& out);

    bool is_gbk_;
    std::string rest_; // a character's begin
    std::unique_ptr<Converter> converter_;
};

} // namespace uploads
