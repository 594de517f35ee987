#include "bill.hpp"

#include "beijing_time.hpp"
#include "zip.hpp"

#include <hub/money.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <utility>

#include <iconv.h>
#include <nlohmann/json.hpp>

namespace alipay {

namespace {

using hub::Error;
using hub::Result;

constexpr std::size_t kTableBytesMax = 64UL * 1024 * 1024;
constexpr std::string_view kTrade = "交易";
constexpr std::string_view kRefund = "退款";

Error broken(std::size_t line, const std::string& what)
{
    return Error{HUB_BAD_REQUEST, "the bill's line " + std::to_string(line) + " " + what};
}

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view kBlank = " \t\r";
    const auto first = text.find_first_not_of(kBlank);
    return first == std::string_view::npos
               ? std::string_view{}
               : text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

/// Cells are never quoted in this table. Cut at every comma, without the tabs that many end with.
std::vector<std::string_view> cellsOf(std::string_view line)
{
    std::vector<std::string_view> cells;
    while (true) {
        const auto comma = line.find(',');
        cells.push_back(trimmed(line.substr(0, comma)));
        if (comma == std::string_view::npos) {
            return cells;
        }
        line.remove_prefix(comma + 1);
    }
}

/// Where the columns stand that are read; npos for an absent one.
struct Columns {
    std::size_t trade_no = std::string_view::npos;
    std::size_t out_trade_no = std::string_view::npos;
    std::size_t biz_type = std::string_view::npos;
    std::size_t finished = std::string_view::npos;
    std::size_t order = std::string_view::npos;
    std::size_t receipt = std::string_view::npos;
    std::size_t refund_request_no = std::string_view::npos;
    std::size_t fee = std::string_view::npos;
    std::size_t count = 0;
};

bool findColumns(const std::vector<std::string_view>& titles, Columns& columns)
{
    const std::array<std::pair<std::string_view, std::size_t*>, 8> wanted{{
        {"支付宝交易号", &columns.trade_no},
        {"商户订单号", &columns.out_trade_no},
        {"业务类型", &columns.biz_type},
        {"完成时间", &columns.finished},
        {"订单金额", &columns.order},
        {"商家实收", &columns.receipt},
        {"退款批次号/请求号", &columns.refund_request_no},
        {"服务费", &columns.fee},
    }};
    columns.count = titles.size();
    return std::all_of(wanted.begin(), wanted.end(), [&](const auto& column) {
        // The unit follows some titles: 订单金额（元）.
        const auto found = std::find_if(titles.begin(), titles.end(), [&](std::string_view title) {
            return title.substr(0, title.find("（")) == column.first;
        });
        *column.second = static_cast<std::size_t>(found - titles.begin());
        return found != titles.end();
    });
}

bool readAmount(std::string_view text, std::int64_t& minor)
{
    const bool is_negative = text.starts_with('-');
    const auto amount = hub::parseDecimal(is_negative ? text.substr(1) : text);
    if (amount.ok()) {
        minor = is_negative ? -amount.value().amountMinor() : amount.value().amountMinor();
    }
    return amount.ok();
}

Result<BillRow>
readRow(const std::vector<std::string_view>& cells, const Columns& columns, std::size_t line)
{
    if (cells.size() != columns.count) {
        return broken(line,
                      "has " + std::to_string(cells.size()) + " cells, its table has " +
                          std::to_string(columns.count));
    }
    BillRow row;
    row.trade_no = cells[columns.trade_no];
    row.out_trade_no = cells[columns.out_trade_no];
    row.biz_type = cells[columns.biz_type];
    row.refund_request_no = cells[columns.refund_request_no];
    if (!readAmount(cells[columns.order], row.order_minor) ||
        !readAmount(cells[columns.receipt], row.receipt_minor) ||
        !readAmount(cells[columns.fee], row.fee_minor)) {
        return broken(line, "has an amount that is none");
    }
    if (const std::string_view text = cells[columns.finished]; !text.empty()) {
        const auto time = parseBeijingTime(text);
        if (!time.ok()) {
            return broken(line, "has a time that is none");
        }
        row.finished_ms = time.value();
    }
    return row;
}

/// "6" of "#交易合计：6笔，…".
std::optional<std::size_t> statedCount(std::string_view line, std::string_view title)
{
    if (!line.starts_with(title)) {
        return std::nullopt;
    }
    line.remove_prefix(title.size());
    std::size_t count = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), count);
    const std::string_view rest = line.substr(static_cast<std::size_t>(end - line.data()));
    return error == std::errc{} && rest.starts_with("笔") ? std::optional{count} : std::nullopt;
}

bool contains(std::string_view text, std::string_view part)
{
    return text.find(part) != std::string_view::npos;
}

std::size_t countOf(const Bill& bill, std::string_view biz_type)
{
    return static_cast<std::size_t>(
        std::count_if(bill.rows.begin(), bill.rows.end(), [biz_type](const BillRow& row) {
            return row.biz_type == biz_type;
        }));
}

} // namespace

Result<std::string> fromGbk(std::string_view bytes)
{
    // GB 18030 holds GBK and what later writers put beside it.
    iconv_t converter = iconv_open("UTF-8", "GB18030");
    if (converter == reinterpret_cast<iconv_t>(-1)) { // NOLINT(performance-no-int-to-ptr)
        return Error{HUB_UNAVAILABLE, "this system can't convert GB18030"};
    }
    std::string input(bytes);
    std::string out(bytes.size() * 3 + 4, '\0'); // two bytes become three at most
    char* from = input.data();
    char* to = out.data();
    std::size_t left = input.size();
    std::size_t room = out.size();
    const std::size_t converted = iconv(converter, &from, &left, &to, &room);
    iconv_close(converter);
    if (converted == static_cast<std::size_t>(-1) || left != 0) {
        return Error{HUB_BAD_REQUEST, "the bytes are no GBK"};
    }
    out.resize(out.size() - room);
    return out;
}

Result<Bill> parseBill(std::string_view table)
{
    Bill bill;
    std::optional<Columns> columns;
    for (std::size_t number = 1; !table.empty(); ++number) {
        const auto end = table.find('\n');
        const std::string_view line = trimmed(table.substr(0, end));
        table.remove_prefix(end == std::string_view::npos ? table.size() : end + 1);
        if (line.starts_with('#')) {
            const auto trades = statedCount(line, "#交易合计：");
            const auto refunds = statedCount(line, "#退款合计：");
            bill.trades_stated = trades ? trades : bill.trades_stated;
            bill.refunds_stated = refunds ? refunds : bill.refunds_stated;
        } else if (!line.empty() && !columns) {
            if (Columns found; findColumns(cellsOf(line), found)) {
                columns = found;
            } else {
                return broken(number, "is no list of the documented titles");
            }
        } else if (!line.empty()) {
            auto row = readRow(cellsOf(line), *columns, number);
            if (!row.ok()) {
                return row.error();
            }
            bill.rows.push_back(std::move(row).value());
        }
    }
    if (!columns) {
        return Error{HUB_BAD_REQUEST, "the bill holds no table"};
    }
    bill.columns = columns->count;
    return bill;
}

Result<std::string> findBillTable(std::string_view archive)
{
    const auto members = readZip(archive, kTableBytesMax);
    if (!members.ok()) {
        return members.error();
    }
    const ZipMember* table = nullptr;
    for (const ZipMember& member : members.value()) {
        const auto name = fromGbk(member.name);
        if (!name.ok()) {
            return name.error();
        }
        // "…_业务明细.csv" beside "…_业务明细(汇总).csv", which holds sums only.
        if (contains(name.value(), "业务明细") && !contains(name.value(), "汇总")) {
            if (table != nullptr) {
                return Error{HUB_BAD_REQUEST, "the archive holds two tables of trades"};
            }
            table = &member;
        }
    }
    return table == nullptr
               ? Result<std::string>{Error{HUB_BAD_REQUEST, "the archive holds no table of trades"}}
               : fromGbk(table->content);
}

Result<void> checkStatedCounts(const Bill& bill)
{
    if (!bill.trades_stated || !bill.refunds_stated) {
        return Error{HUB_BAD_REQUEST, "the bill does not state how many rows it has; is it cut?"};
    }
    if (*bill.trades_stated != countOf(bill, kTrade) ||
        *bill.refunds_stated != countOf(bill, kRefund)) {
        return Error{HUB_BAD_REQUEST, "the bill has other numbers of rows than it states"};
    }
    return {};
}

Result<std::string> toBillLines(const Bill& bill)
{
    std::string lines;
    for (const BillRow& row : bill.rows) {
        const bool is_refund = row.biz_type == kRefund;
        if (!is_refund && row.biz_type != kTrade) {
            return Error{HUB_BAD_REQUEST, "the bill has a row that is neither 交易 nor 退款"};
        }
        const std::int64_t sign = is_refund ? -1 : 1;
        nlohmann::json line{{"type", is_refund ? "refund" : "payment"},
                            {"number", row.out_trade_no},
                            {"provider_number", row.trade_no},
                            {"amount_minor", sign * row.order_minor},
                            {"received_minor", sign * row.receipt_minor},
                            {"fee_minor", row.fee_minor},
                            {"currency", "CNY"}};
        if (is_refund) {
            line["refund_number"] = row.refund_request_no;
        }
        if (row.finished_ms != 0) {
            line["finished_at_ms"] = row.finished_ms;
        }
        lines += line.dump() + "\n";
    }
    return lines;
}

} // namespace alipay
