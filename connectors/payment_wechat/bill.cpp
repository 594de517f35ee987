#include "bill.hpp"

#include "rfc3339.hpp"

#include <hub/money.hpp>

#include <algorithm>
#include <charconv>
#include <optional>

#include <nlohmann/json.hpp>

namespace wechat {

namespace {

using Json = nlohmann::json;
using hub::Error;
using hub::Result;

constexpr std::string_view kBom = "\xEF\xBB\xBF";

Error broken(std::size_t line, const std::string& what)
{
    return Error{HUB_BAD_REQUEST, "the bill's line " + std::to_string(line) + " " + what};
}

std::vector<std::string> cut(std::string_view line, std::string_view separator)
{
    std::vector<std::string> cells;
    while (true) {
        const auto end = line.find(separator);
        cells.emplace_back(line.substr(0, end));
        if (end == std::string_view::npos) {
            return cells;
        }
        line.remove_prefix(end + separator.size());
    }
}

/// A comma within a cell is part of it: only a comma with a backtick begins the next one.
std::vector<std::string> cellsOf(std::string_view line)
{
    return cut(line.substr(1), ",`");
}

std::string_view takeLine(std::string_view& text)
{
    const auto end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    while (line.ends_with('\r') || line.ends_with(' ')) {
        line.remove_suffix(1);
    }
    return line;
}

/// Reads the cells of one row by their titles, and keeps the first complaint.
class Row {
public:
    Row(const BillTable& table, std::size_t index)
        : table_(table)
        , cells_(table.rows[index])
        , line_(index + 2)
    {}

    const std::string& cell(std::string_view title)
    {
        static const std::string kNone;
        const auto found = std::find(table_.titles.begin(), table_.titles.end(), title);
        if (found == table_.titles.end()) {
            complain("is under no title " + std::string{title});
            return kNone;
        }
        return cells_[static_cast<std::size_t>(found - table_.titles.begin())];
    }

    /// A number of the provider's or ours; what is none there is written as 0 or not at all.
    std::string identifier(std::string_view title)
    {
        const std::string& text = cell(title);
        if (!std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7F; })) {
            complain("has a " + std::string{title} + " that is none");
            return {}; // it may be no text at all
        }
        return text == "0" ? std::string{} : text;
    }

    std::int64_t fen(std::string_view title)
    {
        const auto amount = fenOfYuan(cell(title));
        if (!amount.ok()) {
            complain("has a " + std::string{title} + " that is no amount");
        }
        return amount.ok() ? amount.value() : 0;
    }

    std::int64_t time(std::string_view title)
    {
        const auto time = parseBillTime(cell(title));
        if (!time.ok()) {
            complain("has a " + std::string{title} + " that is no time");
        }
        return time.ok() ? time.value() : 0;
    }

    void complain(const std::string& what)
    {
        if (!error_) {
            error_ = broken(line_, what);
        }
    }

    const std::optional<Error>& error() const noexcept { return error_; }

private:
    const BillTable& table_;
    const std::vector<std::string>& cells_;
    std::size_t line_;
    std::optional<Error> error_;
};

/// "45.0" is 45.
std::optional<std::size_t> statedCount(const BillTable& table, std::string_view title)
{
    for (const auto& [name, value] : table.sums) {
        if (name != title) {
            continue;
        }
        std::size_t count = 0;
        const char* end = value.data() + value.size();
        const auto [stop, error] = std::from_chars(value.data(), end, count);
        const std::string_view rest{stop, static_cast<std::size_t>(end - stop)};
        const bool is_whole =
            rest.empty() || (rest.starts_with('.') && rest.size() > 1 &&
                             rest.find_first_not_of('0', 1) == std::string_view::npos);
        return error == std::errc{} && is_whole ? std::optional{count} : std::nullopt;
    }
    return std::nullopt;
}

std::optional<Error> findMissingRows(const BillTable& table, std::string_view title)
{
    const auto stated = statedCount(table, title);
    if (!stated) {
        return Error{HUB_BAD_REQUEST, "the bill does not state how many rows it has; is it cut?"};
    }
    if (*stated != table.rows.size()) {
        return Error{HUB_BAD_REQUEST,
                     "the bill states " + std::to_string(*stated) + " rows and has " +
                         std::to_string(table.rows.size())};
    }
    return std::nullopt;
}

/// Empty for a row that moved nothing.
std::string tradeLine(Row& row)
{
    const std::string& state = row.cell("交易状态");
    const bool is_refund = state == "REFUND";
    if (!is_refund && state != "SUCCESS") {
        row.complain("is neither a payment nor a refund: REVOKED orders are not of this connector");
    }
    Json line{{"type", is_refund ? "refund" : "payment"},
              {"number", row.identifier("商户订单号")},
              {"provider_number", row.identifier("微信订单号")},
              {"amount_minor", row.fen(is_refund ? "申请退款金额" : "订单金额")},
              {"received_minor", row.fen(is_refund ? "退款金额" : "应结订单金额")},
              {"currency", row.identifier("货币种类")},
              {"finished_at_ms", row.time("交易时间")}};
    // Fees below one fen exist in percentages, not in books.
    if (const auto fee = fenOfYuan(row.cell("手续费")); fee.ok()) {
        line["fee_minor"] = fee.value();
    }
    if (!is_refund) {
        return line.dump() + "\n";
    }
    const std::string& refund_state = row.cell("退款状态");
    if (refund_state == "FAIL") {
        return {};
    }
    if (refund_state != "SUCCESS" && refund_state != "PROCESSING") {
        row.complain("has a 退款状态 that is not documented");
    }
    line["state"] = refund_state == "SUCCESS" ? "succeeded" : "processing";
    line["refund_number"] = row.identifier("商户退款单号");
    line["provider_refund_number"] = row.identifier("微信退款单号");
    return line.dump() + "\n";
}

std::string fundLine(Row& row)
{
    const std::string& direction = row.cell("收支类型");
    if (direction != "收入" && direction != "支出") {
        row.complain("has a 收支类型 that is neither 收入 nor 支出");
    }
    const Json line{{"type", direction == "收入" ? "income" : "expense"},
                    {"flow_number", row.identifier("资金流水单号")},
                    {"provider_number", row.identifier("微信支付业务单号")},
                    {"voucher_number", row.identifier("业务凭证号")},
                    {"business", row.cell("业务名称")},
                    {"amount_minor", row.fen("收支金额(元)")},
                    {"balance_minor", row.fen("账户结余(元)")},
                    {"currency", "CNY"},
                    {"booked_at_ms", row.time("记账时间")}};
    return line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<std::string>
toLines(const BillTable& table, std::string_view count_title, std::string (*toLine)(Row&))
{
    if (auto error = findMissingRows(table, count_title)) {
        return *error;
    }
    std::string lines;
    for (std::size_t i = 0; i < table.rows.size(); ++i) {
        Row row(table, i);
        lines += toLine(row);
        if (row.error()) {
            return *row.error();
        }
    }
    return lines;
}

} // namespace

Result<BillTable> parseBill(std::string_view text)
{
    if (text.starts_with(kBom)) {
        text.remove_prefix(kBom.size());
    }
    BillTable table;
    std::vector<std::string> sum_titles;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const std::string_view line = takeLine(text);
        if (line.empty()) {
            continue;
        }
        if (!table.sums.empty()) {
            return broken(number, "stands behind the sums");
        }
        if (!line.starts_with('`')) {
            (table.titles.empty() ? table.titles : sum_titles) = cut(line, ",");
            continue;
        }
        std::vector<std::string> cells = cellsOf(line);
        const auto& titles = sum_titles.empty() ? table.titles : sum_titles;
        if (cells.size() != titles.size()) {
            return broken(number,
                          "has " + std::to_string(cells.size()) + " cells under " +
                              std::to_string(titles.size()) + " titles");
        }
        if (sum_titles.empty()) {
            table.rows.push_back(std::move(cells));
            continue;
        }
        for (std::size_t i = 0; i < cells.size(); ++i) {
            table.sums.emplace_back(sum_titles[i], std::move(cells[i]));
        }
    }
    if (table.titles.empty() || table.sums.empty()) {
        return Error{HUB_BAD_REQUEST, "the bill has no titles or no sums; is it cut?"};
    }
    return table;
}

Result<std::string> toTradeLines(const BillTable& table)
{
    return toLines(table, "总交易单数", &tradeLine);
}

Result<std::string> toFundLines(const BillTable& table)
{
    return toLines(table, "资金流水总笔数", &fundLine);
}

Result<std::int64_t> fenOfYuan(std::string_view text)
{
    constexpr std::size_t kDecimals = 2;
    const bool is_negative = text.starts_with('-');
    text.remove_prefix(is_negative ? 1 : 0);
    const auto point = text.find('.');
    while (point != std::string_view::npos && text.size() - point - 1 > kDecimals &&
           text.ends_with('0')) {
        text.remove_suffix(1);
    }
    const auto amount = hub::parseDecimal(text);
    if (!amount.ok()) {
        return amount.error();
    }
    return is_negative ? -amount.value().amountMinor() : amount.value().amountMinor();
}

} // namespace wechat
