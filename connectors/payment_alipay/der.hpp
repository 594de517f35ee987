// Reads DER, one element after the other. Views into the bytes that were given; no element reaches
// past its parent.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace alipay {

struct DerElement {
    unsigned char tag = 0;
    std::string_view content;
    std::string_view whole; // with tag and length
};

class DerReader {
public:
    explicit DerReader(std::string_view bytes) noexcept
        : rest_(bytes)
    {}

    bool atEnd() const noexcept { return rest_.empty(); }
    /// The next element; nothing at the end, for an indefinite length, a tag of several bytes or
    /// an element that is cut off.
    std::optional<DerElement> next() noexcept;
    /// The next element when it has this tag; otherwise nothing is taken.
    std::optional<DerElement> next(unsigned char tag) noexcept;

private:
    std::string_view rest_;
};

/// "1.2.840.113549.1.1.11" from the content of an OBJECT IDENTIFIER; empty when malformed.
std::string toDottedText(std::string_view content);
/// Unsigned decimal of a big-endian number.
std::string toDecimalText(std::string_view big_endian);

} // namespace alipay
