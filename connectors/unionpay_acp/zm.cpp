#include "zm.hpp"

#include "text.hpp"

#include <algorithm>
#include <stdexcept>

namespace unionpay {

namespace {

using hub::Error;
using hub::Result;

constexpr std::size_t kDigitsMax = 15; // far below what 64 bits hold

constexpr ZmColumn kColumns[] = {
    {"tradeNo", 3},        {"acqInsCode", 11},
    {"sendInsCode", 11},   {"traceNo", 6},
    {"txnTime", 10},       {"payCardNo", 19},
    {"txnAmt", 12},        {"merCatCode", 4},
    {"termType", 2},       {"queryId", 21},
    {"oldPayType", 2},     {"orderId", 32},
    {"payCardType", 2},    {"origTradeSysTraceNo", 6},
    {"origTradeTime", 10}, {"merCharge", 13},
    {"settleAmt", 13},     {"payType", 4},
    {"groupMerCode", 15},  {"txnType", 2},
    {"txnSubType", 2},     {"bizType", 6},
    {"accType", 2},        {"billType", 4},
    {"billNo", 32},        {"interactMode", 1},
    {"origQryId", 21},     {"merId", 15},
    {"accountType", 1},    {"subMerId", 15},
    {"subMerAbbr", 32},    {"subMerAccountAmt", 13},
    {"settleNetAmt", 13},  {"termId", 8},
    {"merReserved", 32},   {"discountAmt", 13},
    {"invoiceAmt", 13},    {"insAdditionCharge", 12},
    {"installmentNum", 2}, {"tradeMedia", 1},
};

std::string_view withoutBlanks(std::string_view text) noexcept
{
    const auto first = text.find_first_not_of(' ');
    return first == std::string_view::npos
               ? std::string_view{}
               : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

} // namespace

std::span<const ZmColumn> zmColumns()
{
    return kColumns;
}

Result<std::vector<std::string>> cutLine(std::string_view gbk_line,
                                         std::span<const std::size_t> widths)
{
    std::vector<std::string> values;
    for (const std::size_t width : widths) {
        const std::string at = "field " + std::to_string(values.size() + 1);
        if (gbk_line.size() < width) {
            return Error{HUB_BAD_REQUEST, "the line ends within " + at};
        }
        auto value = fromGbk(withoutBlanks(gbk_line.substr(0, width)));
        if (!value.ok()) {
            return Error{value.error().code, at + ": " + value.error().message};
        }
        gbk_line.remove_prefix(width);
        // The last field may end the line.
        if (!gbk_line.empty() && gbk_line.front() != ' ') {
            return Error{HUB_BAD_REQUEST, "no separator stands behind " + at};
        }
        gbk_line.remove_prefix(gbk_line.empty() ? 0 : 1);
        values.push_back(std::move(value).value());
    }
    return values;
}

Result<ZmRow> ZmRow::parse(std::string_view gbk_line)
{
    std::vector<std::size_t> widths;
    for (const ZmColumn& column : kColumns) {
        widths.push_back(column.bytes);
    }
    auto values = cutLine(gbk_line, widths);
    if (!values.ok()) {
        return values.error();
    }
    ZmRow row;
    row.values_ = std::move(values).value();
    return row;
}

const std::string& ZmRow::operator[](std::string_view name) const
{
    const auto* found = std::find_if(std::begin(kColumns),
                                     std::end(kColumns),
                                     [name](const auto& column) { return column.name == name; });
    if (found == std::end(kColumns)) {
        throw std::logic_error("ZM has no column " + std::string{name});
    }
    return values_.at(static_cast<std::size_t>(found - std::begin(kColumns)));
}

Result<std::vector<ZmRow>> parseZm(std::string_view gbk_text)
{
    std::vector<ZmRow> rows;
    for (std::size_t number = 1; !gbk_text.empty(); ++number) {
        const auto end = gbk_text.find('\n');
        std::string_view line = gbk_text.substr(0, end);
        gbk_text.remove_prefix(end == std::string_view::npos ? gbk_text.size() : end + 1);
        if (line.ends_with('\r')) {
            line.remove_suffix(1);
        }
        if (line.empty()) {
            continue;
        }
        auto row = ZmRow::parse(line);
        if (!row.ok()) {
            return Error{row.error().code,
                         "line " + std::to_string(number) + ": " + row.error().message};
        }
        rows.push_back(std::move(row).value());
    }
    return rows;
}

Result<std::int64_t> parseZmAmount(std::string_view text)
{
    const bool is_negative = text.starts_with('D');
    if (is_negative || text.starts_with('C')) {
        text.remove_prefix(1);
    }
    if (text.empty() || text.size() > kDigitsMax ||
        text.find_first_not_of("0123456789") != std::string_view::npos) {
        return Error{HUB_BAD_REQUEST, "an amount of the bill is none"};
    }
    std::int64_t amount_minor = 0;
    for (const char c : text) {
        amount_minor = amount_minor * 10 + (c - '0');
    }
    return is_negative ? -amount_minor : amount_minor;
}

} // namespace unionpay
