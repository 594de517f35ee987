// The gate: which requests are for this provider, who asks, and whether the request is genuine, by
// either of the two signatures.
#pragma once

#include "aliyun/settings.hpp"
#include "core/provider.hpp"

#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace hub::simulator::aliyun {

// Names of requests, which faults match by.
inline constexpr std::string_view kSend = "SendSms";
inline constexpr std::string_view kQuery = "QuerySendDetails";

/// True for what comes to the root and looks like a request of this interface.
bool isOurs(const HttpMessage& message);

/// Thread-safe.
class Gateway {
public:
    explicit Gateway(const Settings& settings)
        : settings_(settings)
    {}

    /// The request with its parameters; `app` is the access key, `number` the merchant's OutId.
    /// `refusal` is set when the gate does not let it through.
    Call read(const HttpMessage& message) const;

private:
    std::optional<Answer> judge(const HttpMessage& message, Call& call) const;
    std::optional<Answer> judgeAcs3(const HttpMessage& message, Call& call) const;
    std::optional<Answer> judgeRpc(const HttpMessage& message, Call& call) const;
    std::optional<Answer> judgeTime(const std::string& text) const;
    std::optional<Answer> judgeNonce(const std::string& access_key_id,
                                     const std::string& nonce) const;

    const Settings& settings_;
    mutable std::mutex guard_;
    /// Those of genuine requests, with the real time after which no repetition passes anyway.
    mutable std::map<std::string, std::int64_t> nonces_;
};

} // namespace hub::simulator::aliyun
