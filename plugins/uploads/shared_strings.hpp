// The texts of a workbook that cells name by number.
#pragma once

#include "uploads/xml_stream.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace uploads {

/// "_x000D_" in a text stands for the character that XML can't hold. ECMA-376 part 1, 22.9.2.19.
std::string unescaped(std::string_view text);

/// Kept one behind the other: a vector of strings would take several times as much.
class SharedStrings final : public XmlHandler {
public:
    explicit SharedStrings(std::size_t bytes_max)
        : bytes_max_(bytes_max)
    {}

    /// Nothing when there is no such text. Valid as long as this is.
    std::optional<std::string_view> find(std::size_t index) const noexcept;
    /// More texts came than may be kept; those were dropped.
    bool isFull() const noexcept { return is_full_; }

    // The part sharedStrings.xml.
    void open(std::string_view local_name, const XmlAttributes& attributes) override;
    void close(std::string_view local_name) override;
    void text(std::string_view characters) override;

private:
    std::size_t bytes_max_;
    std::string all_;
    std::vector<std::size_t> ends_;
    bool is_text_ = false;
    bool is_phonetic_ = false; // how the text is pronounced is no part of it
    bool is_full_ = false;
};

} // namespace uploads
