// The rules of biz_content: which member of which method must look how.
#pragma once

#include "core/json.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hub::simulator::alipay {

bool isKnownMethod(std::string_view method);

/// Why the content can't be taken.
struct Objection {
    std::string sub_code;
    std::string member;
};

/// The first rule of the method that the content breaks.
std::optional<Objection> judgeContent(std::string_view method, const Json& content);

/// "15m" in milliseconds from `from_ms` on ("1c" ends with the Beijing day); empty unless it is
/// 1m to 15d in whole m, h or d.
std::optional<std::int64_t> parseTimeout(std::string_view text, std::int64_t from_ms);

/// Yuan with at most two decimals, in fen; empty for anything else.
std::optional<std::int64_t> parseAmount(const Json& value);

/// The member's text; empty when it is absent.
std::string textOf(const Json& content, const char* member);

/// The content in a form in which two orders are the same exactly when their texts are.
std::string normalForm(const Json& content);

/// True when query_options names `option`.
bool asksFor(const Json& content, std::string_view option);

} // namespace hub::simulator::alipay
