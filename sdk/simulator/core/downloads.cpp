#include "core/downloads.hpp"

#include "core/clock.hpp"
#include "core/crypto.hpp"

#include <utility>

namespace hub::simulator {

namespace {

constexpr std::int64_t kOfferMs = 30'000;
constexpr std::size_t kTokenSize = 32;

} // namespace

std::string Downloads::offer(std::string file)
{
    const std::int64_t now_ms = realNowMs();
    std::string token = randomToken(kTokenSize);
    const std::lock_guard lock(guard_);
    std::erase_if(offers_, [&](const auto& one) { return one.second.until_ms <= now_ms; });
    offers_[token] = {std::move(file), now_ms + kOfferMs};
    return token;
}

std::optional<std::string> Downloads::find(const std::string& token) const
{
    const std::lock_guard lock(guard_);
    const auto found = offers_.find(token);
    const bool is_there = found != offers_.end() && found->second.until_ms > realNowMs();
    return is_there ? std::optional(found->second.file) : std::nullopt;
}

} // namespace hub::simulator
