// What the payer's browser asks WeChat: who it is (OAuth), the H5 page, and JSAPI's invocation.
#pragma once

#include "core/provider.hpp"
#include "wechat/settings.hpp"

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

namespace hub::simulator::wechat {

/// Thread-safe.
class Payers {
public:
    Payers(const Settings& settings, const Surroundings& surroundings)
        : settings_(settings)
        , with_(surroundings)
    {}

    /// A redirection back with a code; the answer's `bytes` are where to.
    Answer authorize(const Call& call);
    /// The openid for a code, once. Refusals come with 200, as OAuth's side does it.
    Answer accessToken(const Call& call);
    /// To the page to pay on, when the H5 address is known.
    Answer h5Page(const Call& call) const;
    /// The same for JSAPI, when the merchant signed the invocation.
    Answer bridge(const Call& call) const;

private:
    Answer toPage(const std::string& prepay_id) const;

    struct Grant {
        std::string appid;
        std::int64_t until_ms = 0;
    };
    const Settings& settings_;
    const Surroundings& with_;
    std::mutex guard_;
    std::map<std::string, Grant> grants_;
};

} // namespace hub::simulator::wechat
