#include "uploads/photo_index.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>

namespace uploads {

namespace {

bool isWordByte(char c) noexcept
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

char upper(char c) noexcept
{
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

std::vector<std::string> wordsOf(std::string_view text)
{
    std::vector<std::string> words;
    bool is_within = false;
    for (const char c : text) {
        if (isWordByte(c)) {
            if (!is_within) {
                words.emplace_back();
            }
            words.back() += upper(c);
        }
        is_within = isWordByte(c);
    }
    return words;
}

std::string joined(const std::vector<std::string>& words)
{
    std::string all;
    for (const std::string& word : words) {
        all += word;
    }
    return all;
}

std::string_view fileNameOf(std::string_view path)
{
    return path.substr(path.rfind('/') + 1); // npos + 1 is 0
}

bool isOfSystem(std::string_view path)
{
    return path.starts_with("__MACOSX/") || fileNameOf(path).starts_with('.') ||
           fileNameOf(path) == "Thumbs.db";
}

std::optional<std::uint32_t> rowOf(std::string_view word)
{
    std::uint32_t row = 0;
    const auto read = std::from_chars(word.data(), word.data() + word.size(), row);
    const bool is_row = read.ec == std::errc{} && read.ptr == word.data() + word.size();
    return is_row ? std::optional{row} : std::nullopt;
}

/// Words, and neighbors taken together: the brackets of A123456(7) part a number in two.
std::set<std::string> keysOf(const std::vector<std::string>& words)
{
    std::set<std::string> keys(words.begin(), words.end());
    for (std::size_t i = 1; i < words.size(); ++i) {
        keys.insert(words[i - 1] + words[i]);
    }
    keys.insert(joined(words));
    return keys;
}

} // namespace

PhotoIndex::PhotoIndex(const std::vector<ZipEntry>& entries)
{
    for (std::size_t i = 0; i < entries.size(); ++i) {
        names_.push_back(entries[i].name);
        if (isOfSystem(entries[i].name)) {
            continue;
        }
        const std::string_view name = fileNameOf(entries[i].name);
        const auto words = wordsOf(name.substr(0, name.rfind('.')));
        for (const std::string& key : keysOf(words)) {
            by_word_.emplace(key, i);
        }
        if (const auto row = words.empty() ? std::nullopt : rowOf(words.front())) {
            by_row_.emplace(*row, i);
        }
    }
}

Judged<std::size_t> PhotoIndex::find(std::string_view document_number, std::uint32_t row) const
{
    const std::string key = joined(wordsOf(document_number));
    std::vector<std::size_t> photos;
    if (!key.empty()) {
        const auto [begin, end] = by_word_.equal_range(key);
        std::for_each(begin, end, [&photos](const auto& word) { photos.push_back(word.second); });
    }
    if (photos.empty()) {
        const auto [begin, end] = by_row_.equal_range(row);
        std::for_each(begin, end, [&photos](const auto& word) { photos.push_back(word.second); });
    }
    if (photos.empty()) {
        return Finding{Code::PhotoMissing, std::to_string(row), {}};
    }
    if (photos.size() > 1) {
        return Finding{Code::PhotoAmbiguous,
                       std::to_string(row),
                       {shown(names_[photos[0]]), shown(names_[photos[1]])}};
    }
    return photos.front();
}

} // namespace uploads
