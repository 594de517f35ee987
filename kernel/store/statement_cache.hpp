// StatementCache: the prepared statements of one connection and one role, by their text. Bounded:
// a library that builds its texts anew each time loses the oldest ones, not the hub's memory.
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace hub::store {

template <typename Prepared>
class StatementCache {
public:
    /// Null when the text was not prepared yet.
    Prepared* find(std::string_view sql)
    {
        const auto found = by_text_.find(sql);
        if (found == by_text_.end()) {
            return nullptr;
        }
        entries_.splice(entries_.begin(), entries_, found->second);
        return found->second->statement.get();
    }

    Prepared& add(std::string_view sql, std::unique_ptr<Prepared> statement)
    {
        if (entries_.size() >= kStatementsMax) {
            by_text_.erase(entries_.back().sql);
            entries_.pop_back();
        }
        entries_.push_front({std::string{sql}, std::move(statement)});
        by_text_.emplace(entries_.front().sql, entries_.begin());
        return *entries_.front().statement;
    }

private:
    static constexpr std::size_t kStatementsMax = 256;

    struct Entry {
        std::string sql;
        std::unique_ptr<Prepared> statement;
    };

    std::list<Entry> entries_; // most recently used first
    std::unordered_map<std::string_view, typename std::list<Entry>::iterator> by_text_;
};

} // namespace hub::store
