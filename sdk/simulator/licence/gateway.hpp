// The gate: who asks, whether the request is genuine and of its time, and whether it is one at all.
#pragma once

#include "core/provider.hpp"
#include "licence/settings.hpp"

#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace hub::simulator::licence {

// Names of what stands in Call::parameters.
inline constexpr const char* kNonce = "nonce";
inline constexpr const char* kKind = "kind";
inline constexpr const char* kPicture = "picture";

/// True for every path of this interface.
bool isOurs(const HttpMessage& message);

/// Thread-safe.
class Gateway {
public:
    explicit Gateway(const Settings& settings)
        : settings_(settings)
    {}

    /// `app` is the key's id, `number` the picture's SHA-256. `refusal` is set when the gate does
    /// not let it through.
    Call read(const HttpMessage& message) const;

private:
    std::optional<Answer> judge(const HttpMessage& message, Call& call) const;
    std::optional<Answer> judgeTime(const std::string& timestamp) const;
    std::optional<Answer> judgeNonce(const Call& call) const;
    std::optional<Answer> judgePicture(const HttpMessage& message, Call& call) const;

    const Settings& settings_;
    mutable std::mutex guard_;
    /// Those of genuine requests, with the real time after which no repetition passes anyway.
    mutable std::map<std::string, std::int64_t> nonces_;
};

} // namespace hub::simulator::licence
