#include "domain/search_terms.hpp"

#include <algorithm>
#include <set>

#include <identifiers/phone.hpp>
#include <identifiers/text.hpp>

namespace registration {

namespace {

constexpr std::size_t kTail = 4;
// Longer parts of a name find no fewer persons, and each term is one more look-up.
constexpr std::size_t kWantedMax = 8;

// Between the parts of a transcribed name; people type any of them, or none.
bool isMiddleDot(char32_t c)
{
    return c == 0xB7 || c == 0x2022 || c == 0x2027 || c == 0x30FB || c == 0xFF65;
}

/// Pairs of neighboring characters.
std::vector<std::string> pairsOf(std::string_view name)
{
    const auto plain =
        identifiers::normalize(name, identifiers::Separators::Remove, identifiers::Letters::Upper);
    std::vector<identifiers::Character> characters =
        identifiers::charactersOf(plain.value).value_or(std::vector<identifiers::Character>{});
    std::erase_if(characters,
                  [](const identifiers::Character& one) { return isMiddleDot(one.code_point); });
    std::vector<std::string> pairs;
    for (std::size_t i = 1; i < characters.size(); ++i) {
        pairs.push_back("name:" + characters[i - 1].bytes + characters[i].bytes);
    }
    return pairs;
}

std::string wholeOf(std::string_view number)
{
    return "number:" + std::string(number);
}

std::string tailOf(std::string_view number)
{
    return "tail:" + std::string(number.substr(number.size() - kTail));
}

/// In E.164 when it is a phone number; else nothing.
std::string phoneOf(std::string_view text)
{
    const auto phone = identifiers::checkPhone(text, identifiers::PhoneRegion::Mainland);
    return phone.checked.isAcceptable() ? phone.checked.value : "";
}

void addNumber(std::set<std::string>& terms, std::string_view number)
{
    if (!number.empty()) {
        terms.insert(wholeOf(number));
    }
    if (number.size() >= kTail) {
        terms.insert(tailOf(number));
    }
}

} // namespace

std::vector<std::string>
searchTermsOf(std::string_view name, std::string_view document_number, std::string_view phone)
{
    std::set<std::string> terms;
    for (std::string& pair : pairsOf(name)) {
        terms.insert(std::move(pair));
    }
    addNumber(terms, identifiers::normalizeCode(document_number).value);
    addNumber(terms, phoneOf(phone));
    return {terms.begin(), terms.end()};
}

std::vector<std::string> wantedTerms(std::string_view typed)
{
    const std::string number = identifiers::normalizeCode(typed).value;
    if (std::none_of(number.begin(), number.end(), identifiers::isDigit)) {
        return wantedName(typed);
    }
    if (number.size() < kTail) {
        return {};
    }
    if (number.size() == kTail) {
        return {tailOf(number)};
    }
    const std::string phone = phoneOf(typed);
    return {wholeOf(phone.empty() ? number : phone)};
}

std::vector<std::string> wantedName(std::string_view typed)
{
    std::vector<std::string> pairs = pairsOf(typed);
    std::sort(pairs.begin(), pairs.end());
    pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
    pairs.resize(std::min(pairs.size(), kWantedMax));
    return pairs;
}

} // namespace registration
