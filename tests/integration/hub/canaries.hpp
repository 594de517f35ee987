// Canaries: values that a test enters, and what finds them again in bytes, however they are
// written: as UTF-8 or GBK, in Base64, hex, JSON's or a URL's escapes, digits with separators.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace hub::test {

/// One way of writing a canary.
struct CanaryForm {
    std::string canary; ///< what it is, "phone of a contact"
    std::string coding; ///< "UTF-8", "hex"
    std::string bytes;
    bool is_word = false; ///< too short to count within other letters and digits
};

class Canaries {
public:
    /// A name, a secret, an address: at least six bytes.
    void addText(const std::string& canary, const std::string& text);
    /// A number that people write in groups: "199 0000 0001" of {3, 4, 4}.
    void addNumber(const std::string& canary,
                   const std::string& digits,
                   const std::vector<std::size_t>& groups);
    /// A few digits, which are everywhere by chance: counts where it stands alone.
    void addCode(const std::string& canary, const std::string& digits);
    /// Not a text: a key, a digest.
    void addBytes(const std::string& canary, const std::string& bytes);
    /// Of a file: a piece from its middle, where no two files are alike.
    void addFile(const std::string& canary, std::string_view file);

    const std::vector<CanaryForm>& forms() const noexcept { return forms_; }

    /// "phone of a contact as hex", each once.
    std::vector<std::string> findIn(std::string_view bytes) const;

private:
    void add(CanaryForm form);
    bool isAt(const CanaryForm& form, std::string_view bytes, std::size_t at) const;

    std::vector<CanaryForm> forms_;
    std::bitset<65536> beginnings_;                                      // of two bytes
    std::unordered_map<std::uint32_t, std::vector<std::size_t>> starts_; // of four: forms
};

/// The same as a list that a failed assertion can show.
std::string shownCanaries(const std::vector<std::string>& found);

} // namespace hub::test
