#include "alipay/bill.hpp"

#include "alipay/words.hpp"
#include "core/clock.hpp"
#include "core/crypto.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <stdexcept>
#include <utility>
#include <vector>

#include <iconv.h>

namespace hub::simulator::alipay {

namespace {

constexpr std::int64_t kDayMs = 24LL * 3600 * 1000;

std::string toGbk(std::string text)
{
    iconv_t converter = iconv_open("GBK//TRANSLIT", "UTF-8");
    if (converter == reinterpret_cast<iconv_t>(-1)) { // NOLINT(performance-no-int-to-ptr)
        throw std::runtime_error("this system can't convert to GBK; are the C library's gconv "
                                 "modules installed?");
    }
    std::string out(text.size() * 2 + 8, '\0');
    char* from = text.data();
    char* to = out.data();
    std::size_t left = text.size();
    std::size_t room = out.size();
    const std::size_t converted = iconv(converter, &from, &left, &to, &room);
    iconv_close(converter);
    if (converted == static_cast<std::size_t>(-1)) {
        throw std::runtime_error("a bill can't be written as GBK");
    }
    out.resize(out.size() - room);
    return out;
}

std::uint32_t checksumOf(std::string_view bytes)
{
    std::uint32_t sum = 0xFFFFFFFF;
    for (const char c : bytes) {
        sum ^= static_cast<unsigned char>(c);
        for (int bit = 0; bit < 8; ++bit) {
            sum = sum >> 1U ^ ((sum & 1U) != 0 ? 0xEDB88320U : 0U);
        }
    }
    return ~sum;
}

void append(std::string& out, std::size_t number, std::size_t size)
{
    for (std::size_t i = 0; i < size; ++i) {
        out += static_cast<char>(number >> 8U * i & 0xFFU);
    }
}

/// APPNOTE.TXT 4.3, members stored as they are, names in GBK without the flag for UTF-8.
std::string toZip(const std::vector<std::pair<std::string, std::string>>& members)
{
    std::string archive;
    std::string directory;
    for (const auto& [name, content] : members) {
        const std::size_t offset = archive.size();
        std::string common; // version, flags, method, time, date, checksum, sizes, name's length
        for (const std::size_t number : {20U, 0U, 0U, 0U, 0x21U}) {
            append(common, number, 2);
        }
        append(common, checksumOf(content), 4);
        append(common, content.size(), 4);
        append(common, content.size(), 4);
        append(common, name.size(), 2);
        append(common, 0, 2); // no extra field
        archive += std::string("PK\x03\x04", 4) + common + name + content;
        directory += std::string("PK\x01\x02", 4);
        append(directory, 20, 2);
        directory += common;
        directory.append(10, '\0'); // no comment, first disk, no attributes
        append(directory, offset, 4);
        directory += name;
    }
    const std::size_t start = archive.size();
    archive += directory + std::string("PK\x05\x06", 4);
    append(archive, 0, 4);
    append(archive, members.size(), 2);
    append(archive, members.size(), 2);
    append(archive, directory.size(), 4);
    append(archive, start, 4);
    append(archive, 0, 2);
    return archive;
}

struct Sums {
    std::size_t count = 0;
    std::int64_t minor = 0;
};

std::string signedYuan(std::int64_t minor)
{
    return minor < 0 ? "-" + toYuan(-minor) : toYuan(minor);
}

/// A cell may hold neither the separator nor the end of a line.
std::string cell(std::string text)
{
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c == ',' || c == '\n' || c == '\r'; }, ' ');
    return text;
}

std::string row(const Json& trade,
                std::string_view kind,
                std::int64_t minor,
                std::int64_t at_ms,
                const std::string& request)
{
    const std::string amount = signedYuan(minor);
    return fmt::format("{}\t,{}\t,{}\t,{},{},{},\t,\t,\t,\t,vis***@example.com\t,{},{},0.00,0.00,"
                       "0.00,0.00,0.00,,0.00\t,0.00,{}\t,0.00,0.00,\n",
                       trade["trade_no"].get<std::string>(),
                       trade["out_trade_no"].get<std::string>(),
                       kind,
                       cell(trade["subject"].get<std::string>()),
                       toBeijingText(trade["opened_ms"].get<std::int64_t>()),
                       toBeijingText(at_ms),
                       amount,
                       amount,
                       request);
}

/// The rows of the day; what they sum up to goes into `trades` and `refunds`.
std::string rowsOf(
    const Json& books, std::string_view seller, std::int64_t from_ms, Sums& trades, Sums& refunds)
{
    const auto isOfDay = [from_ms](std::int64_t at_ms) {
        return at_ms >= from_ms && at_ms < from_ms + kDayMs;
    };
    std::string rows;
    for (const Json& trade : books["trades"]) {
        if (trade["provider"] != "alipay" || trade["seller_id"] != seller) {
            continue;
        }
        const auto paid_ms = trade["paid_ms"].get<std::int64_t>();
        const auto minor = trade["amount_minor"].get<std::int64_t>();
        if (isOfDay(paid_ms)) {
            rows += row(trade, "交易", minor, paid_ms, {});
            ++trades.count;
            trades.minor += minor;
        }
        for (const Json& refund : books["refunds"]) {
            const auto booked_ms = refund["booked_ms"].get<std::int64_t>();
            if (refund["seller_id"] == seller && refund["trade_no"] == trade["trade_no"] &&
                isOfDay(booked_ms)) {
                const auto back_minor = refund["amount_minor"].get<std::int64_t>();
                rows += row(trade,
                            "退款",
                            -back_minor,
                            booked_ms,
                            cell(refund["out_request_no"].get<std::string>()));
                ++refunds.count;
                refunds.minor += back_minor;
            }
        }
    }
    return rows;
}

} // namespace

bool isDay(const std::string& day)
{
    return parseBeijingText(day + " 00:00:00").has_value();
}

std::optional<std::string>
makeBill(const Json& books, std::string_view seller, const std::string& day)
{
    const std::int64_t from_ms = parseBeijingText(day + " 00:00:00").value();
    Sums trades;
    Sums refunds;
    const std::string rows = rowsOf(books, seller, from_ms, trades, refunds);
    if (rows.empty()) {
        return std::nullopt;
    }
    const std::string head = fmt::format("#账号：[{}0156]\n#起始日期：[{}]   终止日期：[{}]\n",
                                         seller,
                                         toBeijingText(from_ms),
                                         toBeijingText(from_ms + kDayMs));
    const std::string sums =
        fmt::format("#交易合计：{}笔，商家实收共{}元，商家优惠共0.00元\n"
                    "#退款合计：{}笔，商家实收退款共{}元，商家优惠退款共0.00元\n"
                    "#导出时间：[{}]\n",
                    trades.count,
                    toYuan(trades.minor),
                    refunds.count,
                    signedYuan(-refunds.minor),
                    toBeijingText(realNowMs()));
    const std::string table =
        "#支付宝业务明细查询\n" + head + "#-----业务明细列表-----\n" +
        "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,"
        "终端号,对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,"
        "支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,"
        "卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注\n" +
        rows + "#-----业务明细列表结束-----\n" + sums;
    std::string compact = day;
    std::erase(compact, '-');
    const std::string name = fmt::format("{}0156_{}_业务明细", seller, compact);
    return toZip({{toGbk(name + ".csv"), toGbk(table)},
                  {toGbk(name + "(汇总).csv"), toGbk("#支付宝业务汇总查询\n" + head + sums)}});
}

} // namespace hub::simulator::alipay
