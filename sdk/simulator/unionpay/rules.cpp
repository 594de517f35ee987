#include "unionpay/rules.hpp"

#include <Poco/Exception.h>
#include <Poco/URI.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace hub::simulator::unionpay {

namespace {

constexpr std::string_view kFront = "frontTransReq.do";
constexpr std::string_view kBack = "backTransReq.do";
constexpr std::string_view kAsking = "queryTrans.do";
constexpr std::size_t kNameMax = 40;
constexpr std::size_t kUrlMax = 256;
constexpr std::size_t kReservedMax = 1024;
constexpr std::size_t kAmountMax = 12;
constexpr std::size_t kQueryIdSize = 21;
constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kLettersAndDigits =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

// The channels of a payment are those of its product; a refund may come from either.
constexpr std::array<Transaction, 11> kTransactions{{
    {Kind::Qr, kBack, "01", "07", "000000", "08"},
    {Kind::Gateway, kFront, "01", "01", "000201", "07 08"},
    {Kind::Gateway, kFront, "01", "01", "000202", "07"},
    {Kind::App, "appTransReq.do", "01", "01", "000201", "08"},
    {Kind::Query, kAsking, "00", "00", "000000", ""},
    {Kind::Query, kAsking, "00", "02", "000000", ""},
    {Kind::Refund, kBack, "04", "00", "000000 000201 000202", "07 08"},
    {Kind::Undo, kBack, "31", "00", "000000 000201 000202", ""},
    {Kind::File, "", "76", "01", "000000", ""},
    {Kind::Closed, kBack, "01", "06", "000000", ""},
    {Kind::Closed, kBack, "95", "00", "000000", ""},
}};

using Test = bool (*)(const std::string&);

bool consistsOf(const std::string& text,
                std::string_view letters,
                std::size_t low,
                std::size_t high)
{
    return text.size() >= low && text.size() <= high &&
           text.find_first_not_of(letters) == std::string::npos;
}

template <std::size_t Low, std::size_t High = Low>
bool isDigits(const std::string& text)
{
    return consistsOf(text, kDigits, Low, High);
}

bool isOrderId(const std::string& text)
{
    return consistsOf(text, kLettersAndDigits, 8, 40);
}

bool isTime(const std::string& text)
{
    return parseCompactTime(text).has_value();
}

bool isAmount(const std::string& text)
{
    return parseFen(text).has_value();
}

bool isMonthAndDay(const std::string& text)
{
    // A leap year has all days.
    return text.size() == 4 && parseCompactTime("2000" + text + "000000").has_value();
}

bool isAddress(const std::string& text)
{
    const bool is_shaped = text.size() <= kUrlMax &&
                           (text.starts_with("http://") || text.starts_with("https://")) &&
                           text.find_first_of(" \t\r\n") == std::string::npos;
    try {
        return is_shaped && !Poco::URI(text).getHost().empty();
    } catch (const Poco::SyntaxException&) {
        return false;
    }
}

/// What comes back unchanged in a raw "k=v&k=v" may not look like one; base64's padding may stay.
bool isReserved(const std::string& text)
{
    const std::size_t end = text.find_last_not_of('=') + 1;
    return text.size() <= kReservedMax && text.size() - end <= 2 &&
           text.substr(0, end).find_first_of("&={}[]\"'\r\n") == std::string::npos;
}

bool isGroup(const std::string& text)
{
    return text.size() >= 2 && text.front() == '{' && text.back() == '}';
}

template <char... Letters>
bool isText(const std::string& text)
{
    constexpr std::array<char, sizeof...(Letters)> kWanted{Letters...};
    return text == std::string_view(kWanted.data(), kWanted.size());
}

bool isUtf8Name(const std::string& text)
{
    return text == "UTF-8" || text == "utf-8";
}

struct Shape {
    const char* name;
    Test test;
};
constexpr std::array<Shape, 28> kShapes{{
    {"version", isText<'5', '.', '1', '.', '0'>},
    {"encoding", isUtf8Name},
    {"signMethod", isText<'0', '1'>},
    {"certId", isDigits<1, 64>},
    {"txnType", isDigits<2>},
    {"txnSubType", isDigits<2>},
    {"bizType", isDigits<6>},
    {"channelType", isDigits<2>},
    {"accessType", isDigits<1>},
    {"merId", isDigits<15>},
    {"orderId", isOrderId},
    {"txnTime", isTime},
    {"txnAmt", isAmount},
    {"currencyCode", isText<'1', '5', '6'>},
    {"backUrl", isAddress},
    {"frontUrl", isAddress},
    {"payTimeout", isTime},
    {"reqReserved", isReserved},
    {"riskRateInfo", isGroup},
    {"queryId", isDigits<kQueryIdSize>},
    {"origQryId", isDigits<kQueryIdSize>},
    {"origOrderId", isOrderId},
    {"origTxnTime", isTime},
    {"settleDate", isMonthAndDay},
    {"fileType", isText<'0', '0'>},
    {"termId", isDigits<8>},
    {"qrNo", isDigits<19, 20>},
    {"encryptCertId", isDigits<1, 64>},
}};

template <typename Names>
std::string firstAbsent(const Fields& fields, const Names& names)
{
    for (const char* name : names) {
        if (!fields.contains(name)) {
            return name;
        }
    }
    return {};
}

} // namespace

bool isOneOf(std::string_view text, std::string_view list)
{
    while (!list.empty()) {
        const std::string_view one = list.substr(0, list.find(' '));
        list.remove_prefix(std::min(list.size(), one.size() + 1));
        if (one == text) {
            return true;
        }
    }
    return false;
}

const Transaction* findTransaction(std::string_view address, const Fields& fields)
{
    const auto* found =
        std::find_if(kTransactions.begin(), kTransactions.end(), [&](const Transaction& one) {
            return one.address == address && one.type == get(fields, "txnType") &&
                   one.sub_type == get(fields, "txnSubType") &&
                   isOneOf(get(fields, "bizType"), one.biz_types);
        });
    return found == kTransactions.end() ? nullptr : found;
}

std::string missingCommonField(const Fields& fields)
{
    return firstAbsent(fields,
                       std::array{"version",
                                  "encoding",
                                  "signMethod",
                                  "certId",
                                  "signature",
                                  "txnType",
                                  "txnSubType",
                                  "bizType",
                                  "accessType",
                                  "merId"});
}

std::string missingField(const Transaction& transaction, const Fields& fields)
{
    switch (transaction.kind) {
    case Kind::Query:
        return transaction.sub_type == "02" ? firstAbsent(fields, std::array{"queryId"})
                                            : firstAbsent(fields, std::array{"orderId", "txnTime"});
    case Kind::File:
        return firstAbsent(fields, std::array{"txnTime", "settleDate", "fileType"});
    case Kind::Closed:
        return {};
    default:
        break;
    }
    const std::string missing =
        firstAbsent(fields, std::array{"orderId", "txnTime", "txnAmt", "backUrl"});
    if (!missing.empty()) {
        return missing;
    }
    if (!transaction.channels.empty() && !fields.contains("channelType")) {
        return "channelType";
    }
    if (transaction.kind == Kind::Undo) {
        return firstAbsent(fields, std::array{"origQryId"});
    }
    if (transaction.kind == Kind::Refund) {
        // Orders by code may also be named by the merchant's own key.
        const bool has_choice = get(fields, "bizType") == "000000";
        return fields.contains("origQryId") || !has_choice
                   ? firstAbsent(fields, std::array{"origQryId"})
                   : firstAbsent(fields, std::array{"origOrderId", "origTxnTime"});
    }
    if (transaction.kind == Kind::Gateway) {
        return firstAbsent(fields, std::array{"currencyCode", "frontUrl"});
    }
    return firstAbsent(fields, std::array{"currencyCode"});
}

std::string malformedField(const Fields& fields)
{
    for (const auto& [name, value] : fields) {
        const bool is_name = !name.empty() && name.size() <= kNameMax &&
                             name.find_first_not_of(kLettersAndDigits) == std::string::npos;
        // Nobody may send an empty value, nor one that isn't trimmed.
        if (!is_name || value.empty() || value.front() == ' ' || value.back() == ' ') {
            return is_name ? name : "?";
        }
    }
    for (const Shape& shape : kShapes) {
        const auto found = fields.find(shape.name);
        if (found != fields.end() && !shape.test(found->second)) {
            return shape.name;
        }
    }
    return {};
}

std::optional<std::int64_t> parseFen(const std::string& text)
{
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool is_number = consistsOf(text, kDigits, 1, kAmountMax) && text.front() != '0' &&
                           error == std::errc{} && end == text.data() + text.size();
    return is_number ? std::optional(value) : std::nullopt;
}

} // namespace hub::simulator::unionpay
