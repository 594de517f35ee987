// What a check has to say about a number: which rule, how grave, and which character is doubtful.
// Findings carry no text for people (message.hpp has that) and never the number itself.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace identifiers {

/// An error keeps the number from being used; a warning asks people to look again.
enum class Severity { Error, Warning };

/// Each has a stable name for the API (toText) and a text in both languages (message.hpp).
enum class Code {
    Missing,
    NotUtf8,
    Length,
    Character,
    CheckCharacter,
    OrganizationCheck,
    OrganizationClass,
    RegistrationAuthority,
    Area,
    BirthDate,
    BirthInFuture,
    Sex,
    OldForm,
    ExpiryDate,
    ExpiresTooEarly,
    MrzNumberCheck,
    MrzBirthCheck,
    MrzExpiryCheck,
    MrzPersonalCheck,
    MrzCompositeCheck,
    CountryCode,
    BankCodeCheck,
    CardCheck,
    ReferralForm,
    PasswordLetter,
    PasswordDigit,
    PasswordSpecial,
    EmailForm,
    DocumentKind
};

inline constexpr Code kLastCode = Code::DocumentKind;

/// A mistake of typing that would explain a wrong check character.
struct Doubt {
    enum class Mistake { Swapped, Misread };

    std::size_t position = 0; // with Swapped: the first of the two
    Mistake mistake = Mistake::Misread;

    bool operator==(const Doubt&) const = default;
};

struct Finding {
    Code code = Code::Missing;
    Severity severity = Severity::Error;
    /// Of the first doubtful character, counted from 1 in characters of the normalized text; 0: the
    /// text as a whole.
    std::size_t position = 0;
    std::size_t line = 0;      // from 1, where a number has several lines
    std::string expected = {}; // a character, a length, a kind: never more than a few characters
    std::string actual = {};
    std::vector<Doubt> doubts = {}; // the likely ones first

    bool operator==(const Finding&) const = default;
};

using Findings = std::vector<Finding>;

/// What became of a text that somebody typed.
struct Checked {
    /// Normalized; kept also when there are errors, so that it can be shown again. Empty when the
    /// text was too long to be read or no UTF-8.
    std::string value;
    Findings findings; // in the order of the text

    /// Warnings do not count.
    bool isAcceptable() const noexcept;
};

bool hasErrors(const Findings& findings) noexcept;
bool hasCode(const Findings& findings, Code code) noexcept;

/// "check_character": the API's word.
std::string_view toText(Code code) noexcept;
std::string_view toText(Severity severity) noexcept;

} // namespace identifiers
