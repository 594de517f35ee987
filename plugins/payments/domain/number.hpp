// Numbers that we give to providers: 28 digits, valid at every one of them, unique over sites,
// restores (the store epoch) and clock changes (the serial). And times as people read them.
#pragma once

#include <cstdint>
#include <string>

namespace payments {

/// `site` 5 digits + epoch 3 + yyyyMMddHHmmss in Asia/Shanghai 14 + serial 6. The serial wraps;
/// whoever calls this checks that the number is new.
std::string makeNumber(const std::string& site,
                       std::int64_t store_epoch,
                       std::int64_t now_ms,
                       std::int64_t serial);

/// "2026-11-05", the day in Shanghai, by which providers write their bills.
std::string dayInShanghai(std::int64_t unix_ms);
/// RFC 3339 in UTC with milliseconds; "" for 0.
std::string toRfc3339(std::int64_t unix_ms);

} // namespace payments
