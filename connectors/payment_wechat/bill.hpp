// The provider's daily bills of trades and of funds: a table becomes rows, and rows become lines
// that name no provider. Pure.
#pragma once

#include <hub/result.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wechat {

/// As it stands in the file: UTF-8, every cell of a row with a backtick before it, and at the end
/// a row of sums with titles of its own.
struct BillTable {
    std::vector<std::string> titles;
    std::vector<std::vector<std::string>> rows;
    std::vector<std::pair<std::string, std::string>> sums; // title, value
};

/// HUB_BAD_REQUEST names the line that does not fit; nothing is guessed.
hub::Result<BillTable> parseBill(std::string_view text);

/// One JSON object per line: {"type": "payment"|"refund", "number", "refund_number"?, "state"?,
/// "provider_number", "provider_refund_number"?, "amount_minor", "received_minor", "fee_minor"?,
/// "currency", "finished_at_ms"}. Amounts are positive; the type says the direction. Refunds that
/// failed moved nothing and are left out. HUB_BAD_REQUEST for a table that is not whole, a row of
/// another kind, an amount that is none.
hub::Result<std::string> toTradeLines(const BillTable& table);

/// {"type": "income"|"expense", "flow_number", "provider_number", "business", "amount_minor",
/// "balance_minor", "voucher_number", "currency", "booked_at_ms"}.
hub::Result<std::string> toFundLines(const BillTable& table);

/// "0.17" and "39.00" are yuan; up to three more digits only when they are zeros.
hub::Result<std::int64_t> fenOfYuan(std::string_view text);

} // namespace wechat
