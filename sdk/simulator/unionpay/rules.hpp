// The rules of requests: which transactions there are, what each needs, and how a field must look.
#pragma once

#include "unionpay/fields.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hub::simulator::unionpay {

enum class Kind {
    Qr,      ///< a code that the payer scans
    Gateway, ///< the payer's browser brings the order
    App,     ///< a number that an app hands to UnionPay's
    Query,
    Refund,
    Undo, ///< of a payment, on its settlement day
    File,
    Closed, ///< a transaction of the protocol that no merchant here was granted
};

/// What a transaction is recognized by, and what may stand beside.
struct Transaction {
    Kind kind;
    std::string_view address; ///< the last part of the path
    std::string_view type;
    std::string_view sub_type;
    std::string_view biz_types; ///< separated by spaces
    std::string_view channels;  ///< separated by spaces; empty: the field isn't needed
};

/// The transaction that these fields ask for at that address; null when there is none.
const Transaction* findTransaction(std::string_view address, const Fields& fields);

/// The first field that every message must have and this one lacks; empty when it has all.
std::string missingCommonField(const Fields& fields);
/// The same for the transaction's own.
std::string missingField(const Transaction& transaction, const Fields& fields);
/// The first field that looks wrong, whatever the transaction; empty when none does.
std::string malformedField(const Fields& fields);

/// True when the text is one of those that are separated by spaces.
bool isOneOf(std::string_view text, std::string_view list);

/// Fen; nothing but digits that don't begin with 0.
std::optional<std::int64_t> parseFen(const std::string& text);

} // namespace hub::simulator::unionpay
