// The provider's daily bill of trades: an archive with tables in GBK becomes rows, and rows become
// lines that name no provider. Pure.
#pragma once

#include <hub/result.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace alipay {

struct BillRow {
    std::string trade_no;
    std::string out_trade_no;
    std::string biz_type; // "交易", "退款"
    std::string refund_request_no;
    std::int64_t order_minor = 0;   // negative in a refund
    std::int64_t receipt_minor = 0; // what the merchant gets of it; negative in a refund
    std::int64_t fee_minor = 0;     // as the table has it, with its sign
    std::int64_t finished_ms = 0;   // 0: the table names no time
};

struct Bill {
    std::size_t columns = 0;
    std::vector<BillRow> rows;
    // As the lines after the table state them.
    std::optional<std::size_t> trades_stated;
    std::optional<std::size_t> refunds_stated;
};

/// HUB_BAD_REQUEST for bytes that are no GBK; HUB_UNAVAILABLE when this system has no table of it.
hub::Result<std::string> fromGbk(std::string_view bytes);

/// The table in UTF-8. Columns are found by their titles. HUB_BAD_REQUEST names the line that does
/// not fit; nothing is guessed.
hub::Result<Bill> parseBill(std::string_view table);

/// The table of trades in the archive, as UTF-8. HUB_BAD_REQUEST when there is none or are several.
hub::Result<std::string> findBillTable(std::string_view archive);

/// HUB_BAD_REQUEST when the bill holds another number of rows than it states: it is not whole.
hub::Result<void> checkStatedCounts(const Bill& bill);

/// One JSON object per line: {"type": "payment"|"refund", "number", "refund_number"?,
/// "provider_number", "amount_minor", "received_minor", "fee_minor", "currency",
/// "finished_at_ms"?}. Amounts are positive; the type says the direction. HUB_BAD_REQUEST for a row
/// of another type.
hub::Result<std::string> toBillLines(const Bill& bill);

} // namespace alipay
