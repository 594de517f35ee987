#include "core/provider.hpp"

#include <algorithm>

namespace hub::simulator {

namespace {

constexpr std::int64_t kPatienceMs = 10'000;

bool isSameName(std::string_view a, std::string_view b)
{
    const auto lower = [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) {
        return lower(x) == lower(y);
    });
}

} // namespace

std::string headerOf(const Headers& headers, std::string_view name)
{
    const auto found = std::find_if(headers.begin(), headers.end(), [&](const auto& one) {
        return isSameName(one.first, name);
    });
    return found == headers.end() ? std::string{} : found->second;
}

std::optional<WayBack> Provider::wayBack(const Trade&) const
{
    return std::nullopt;
}

std::int64_t Provider::notifyPatienceMs() const
{
    return kPatienceMs;
}

Result<Json> Provider::command(std::string_view word, const Json&)
{
    return Error{HUB_NOT_FOUND,
                 "\"" + std::string(word) + "\" is nothing that " + std::string(name()) +
                     " can be told"};
}

} // namespace hub::simulator
