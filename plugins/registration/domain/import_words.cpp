#include "domain/import_words.hpp"

#include <algorithm>
#include <array>

namespace registration {

namespace {

std::string lowered(std::string_view text)
{
    std::string lower{text};
    std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return lower;
}

} // namespace

std::optional<std::string> findChoice(const requests::Json& choices, std::string_view text)
{
    const std::string wanted = lowered(text);
    for (const requests::Json& one : choices) {
        const std::string value = requests::textOf(one, "value");
        const requests::Json& title = one.at("title");
        if (wanted == lowered(value) || wanted == lowered(requests::textOf(title, "en")) ||
            wanted == requests::textOf(title, "zh")) {
            return value;
        }
    }
    return std::nullopt;
}

std::optional<bool> readYes(std::string_view text)
{
    constexpr std::array<std::string_view, 5> kYes = {"是", "yes", "y", "true", "1"};
    constexpr std::array<std::string_view, 6> kNo = {"", "否", "no", "n", "false", "0"};
    const std::string word = lowered(text);
    if (std::find(kYes.begin(), kYes.end(), word) != kYes.end()) {
        return true;
    }
    return std::find(kNo.begin(), kNo.end(), word) != kNo.end() ? std::optional(false)
                                                                : std::nullopt;
}

const Delegation*
findGroup(const std::vector<Delegation>& groups, std::string_view parent_id, std::string_view text)
{
    const auto found = std::find_if(groups.begin(), groups.end(), [&](const Delegation& one) {
        return one.parent_id == parent_id &&
               (one.delegation_id == text || one.name.zh == text || one.name.en == text);
    });
    return found == groups.end() ? nullptr : &*found;
}

bool isGroupId(std::string_view text) noexcept
{
    constexpr std::size_t kSizeMax = 64;
    const auto isLetterOrDigit = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    };
    return !text.empty() && text.size() <= kSizeMax && isLetterOrDigit(text.front()) &&
           std::all_of(text.begin(), text.end(), [&](char c) {
               return isLetterOrDigit(c) || c == '-' || c == '_';
           });
}

bool require(const uploads::Row& row, std::string_view field, ImportReport& report)
{
    if (!row[field].text.empty()) {
        return true;
    }
    refuse(row,
           field,
           std::string{field} + "_missing",
           {"This cell is empty; fill it in.", "该单元格为空，请填写。"},
           report);
    return false;
}

void refuse(const uploads::Row& row,
            std::string_view field,
            std::string code,
            requests::Words reason,
            ImportReport& report)
{
    report.add(errorAt(row.address(field), std::move(code), std::move(reason)));
}

} // namespace registration
