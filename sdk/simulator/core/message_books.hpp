// The part of the books that keeps short messages: what a provider accepted for whom, and what
// becomes of it. It stands beside the trades, with a table of its own.
#pragma once

#include "core/json.hpp"
#include "core/sqlite.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hub::simulator {

enum class MessageState { Waiting, Failed, Delivered };
std::string_view toText(MessageState state);

/// One message to one phone. Providers recognize no repetition: a merchant's number may stand here
/// any number of times.
struct ShortMessage {
    std::int64_t id = 0;
    std::string provider;
    std::string sender; ///< the account that sent it, in the provider's word
    std::string number; ///< the merchant's; empty when it gave none
    std::string provider_number;
    std::string phone; ///< as the provider writes it
    std::string signature;
    std::string form; ///< the provider's template
    std::string kind; ///< code or notice
    std::string text; ///< as the phone shows it, without the signature
    std::int64_t units = 1;
    std::string failure;         ///< the operator's code; empty for one that arrives
    std::int64_t created_ms = 0; ///< real time
    std::int64_t due_ms = 0;     ///< test clock: when it was accepted; limits count from here
    std::int64_t ends_ms = 0;    ///< test clock: when it arrives or fails

    MessageState stateAt(std::int64_t now_ms) const noexcept;
};

/// Which messages are meant; an empty text, but for the provider's, is every one.
struct MessageFilter {
    std::string_view provider;
    std::string_view sender = {};
    std::string_view phone = {};
    std::string_view signature = {};
    std::string_view form = {};
    std::string_view kind = {};
};

/// The table inside one transaction; obtained from Book::messages() only.
class MessageBook {
public:
    explicit MessageBook(Database& database)
        : database_(database)
    {}

    /// For books that lack it.
    static void createTable(Database& database);

    void insert(ShortMessage& message);
    /// How many were accepted at `since_ms` of the test clock or later.
    std::int64_t count(const MessageFilter& filter, std::int64_t since_ms);
    /// Those that were accepted within [from_ms, until_ms) of real time, newest first.
    std::vector<ShortMessage>
    between(const MessageFilter& filter, std::int64_t from_ms, std::int64_t until_ms);
    std::optional<ShortMessage> findByNumber(std::string_view provider, std::string_view number);
    /// Newest first, of all providers; an empty phone or number is every one. A phone may be given
    /// with or without what stands before its last eleven digits.
    std::vector<ShortMessage>
    latest(std::string_view phone, std::string_view number, std::int64_t limit);

private:
    Database& database_;
};

Json toJson(const ShortMessage& message, std::int64_t now_ms);

} // namespace hub::simulator
