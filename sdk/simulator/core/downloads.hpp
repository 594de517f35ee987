// Files that may be fetched for a short while under an address that nobody guesses.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace hub::simulator {

/// Thread-safe. Kept in memory: an address lives half a minute of real time.
class Downloads {
public:
    /// A token for the file.
    std::string offer(std::string file);
    /// Nothing for an unknown token or one whose time is over.
    std::optional<std::string> find(const std::string& token) const;

private:
    struct Offer {
        std::string file;
        std::int64_t until_ms = 0;
    };
    mutable std::mutex guard_;
    std::map<std::string, Offer> offers_;
};

} // namespace hub::simulator
