#include "seed_file.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string_view>

namespace hub::fuzz {

namespace {

constexpr std::string_view kBlank = " \t\r\n";
constexpr std::size_t kRepeatMax = 1 << 20;

[[noreturn]] void refuse(std::string_view token)
{
    throw std::runtime_error("\"" + std::string(token) +
                             "\" must be pairs of hexadecimal digits, HH*N, \"text\" or # comment");
}

char byteOf(std::string_view pair, std::string_view token)
{
    unsigned value = 0;
    const char* end = pair.data() + pair.size();
    const auto parsed = std::from_chars(pair.data(), end, value, 16);
    if (pair.size() != 2 || parsed.ec != std::errc{} || parsed.ptr != end) {
        refuse(token);
    }
    return static_cast<char>(value);
}

void appendToken(std::string& bytes, std::string_view token)
{
    const std::size_t star = token.find('*');
    if (star != std::string_view::npos) {
        std::size_t count = 0;
        const char* end = token.data() + token.size();
        const auto parsed = std::from_chars(token.data() + star + 1, end, count);
        if (parsed.ec != std::errc{} || parsed.ptr != end || count > kRepeatMax) {
            refuse(token);
        }
        bytes.append(count, byteOf(token.substr(0, star), token));
        return;
    }
    for (std::size_t i = 0; i < token.size(); i += 2) {
        bytes += byteOf(token.substr(i, 2), token);
    }
}

std::string fromHexText(std::string_view text)
{
    std::string bytes;
    for (;;) {
        text.remove_prefix(std::min(text.find_first_not_of(kBlank), text.size()));
        if (text.empty()) {
            return bytes;
        }
        if (text.front() == '#') {
            text.remove_prefix(std::min(text.find('\n'), text.size()));
        } else if (text.front() == '"') {
            const std::size_t close = text.find('"', 1);
            if (close == std::string_view::npos) {
                refuse(text);
            }
            bytes += text.substr(1, close - 1);
            text.remove_prefix(close + 1);
        } else {
            const std::string_view token = text.substr(0, text.find_first_of(kBlank));
            appendToken(bytes, token);
            text.remove_prefix(token.size());
        }
    }
}

Seed readSeed(const std::filesystem::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    if (!stream) {
        throw std::runtime_error(file.string() + " can't be read");
    }
    std::ostringstream text;
    text << stream.rdbuf();
    const std::string bytes = text.str();
    if (file.extension() != ".hex") {
        return {file, bytes};
    }
    try {
        return {file, fromHexText(bytes)};
    } catch (const std::runtime_error& problem) {
        throw std::runtime_error(file.string() + ": " + problem.what());
    }
}

} // namespace

std::vector<Seed> readSeeds(const std::filesystem::path& place)
{
    if (!std::filesystem::is_directory(place)) {
        return {readSeed(place)};
    }
    std::vector<Seed> seeds;
    for (const auto& entry : std::filesystem::directory_iterator(place)) {
        if (entry.is_regular_file()) {
            seeds.push_back(readSeed(entry.path()));
        }
    }
    std::sort(seeds.begin(), seeds.end(), [](const Seed& left, const Seed& right) {
        return left.file < right.file;
    });
    return seeds;
}

} // namespace hub::fuzz
