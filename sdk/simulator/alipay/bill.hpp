// The daily bill: a day's payments and refunds of one seller as the table that Alipay writes, in
// GBK, in a ZIP archive beside its summary; and the addresses under which bills may be downloaded
// for a short while.
#pragma once

#include "core/json.hpp"

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace hub::simulator::alipay {

/// True for a "yyyy-MM-dd" that is a day.
bool isDay(const std::string& day);

/// The archive, or nothing when nothing was paid or refunded on that Beijing day. `books` is what
/// Book::toJson("") says.
std::optional<std::string>
makeBill(const Json& books, std::string_view seller, const std::string& day);

/// Thread-safe. Kept in memory: an address lives half a minute.
class Downloads {
public:
    /// A token for the archive.
    std::string offer(std::string archive);
    /// Nothing for an unknown token or one whose time is over.
    std::optional<std::string> find(const std::string& token) const;

private:
    struct Offer {
        std::string archive;
        std::int64_t until_ms = 0;
    };
    mutable std::mutex guard_;
    std::map<std::string, Offer> offers_;
};

} // namespace hub::simulator::alipay
