// What the provider wants of a message, before anything is counted or booked. Pure.
#pragma once

#include "aliyun/settings.hpp"
#include "core/provider.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hub::simulator::aliyun {

/// A message that is in order.
struct Draft {
    std::vector<std::string> phones;
    std::string sign;
    const Form* form = nullptr;
    std::string text; ///< filled
    std::string number;
    std::int64_t units = 1; ///< of each phone
};

/// A draft, or the refusal that the request gets.
struct Drafted {
    Draft draft;
    std::optional<Answer> refusal;
};

Drafted draftOf(const Settings& settings, const Account& account, const Call& call);

/// "13800000000": a number of the mainland.
bool isMobile(std::string_view phone);

} // namespace hub::simulator::aliyun
