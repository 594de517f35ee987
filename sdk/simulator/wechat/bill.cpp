#include "wechat/bill.hpp"

#include "wechat/content.hpp"
#include "wechat/words.hpp"

#include <hub/money.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace hub::simulator::wechat {

namespace {

constexpr std::int64_t kDayMs = 24LL * 3600 * 1000;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::string yuan(std::int64_t minor)
{
    return minor < 0 ? "-" + toDecimal(Money{-minor, "CNY"}) : toDecimal(Money{minor, "CNY"});
}

/// A payment, or a refund when `refund` is set.
struct Movement {
    Trade trade;
    std::optional<Refund> refund;
    std::int64_t at_ms = 0;
};

/// In the order of time.
std::vector<Movement> movementsOf(Book& book, std::string_view mchid, std::int64_t from_ms)
{
    std::vector<Movement> movements;
    const auto add = [&](const Trade& trade, std::optional<Refund> refund, std::int64_t at_ms) {
        if (at_ms >= from_ms && at_ms < from_ms + kDayMs) {
            movements.push_back({trade, std::move(refund), at_ms});
        }
    };
    const Json trades = book.toJson("")["trades"];
    for (const Json& row : trades) {
        if (row["provider"] != "wechat" || row["seller_id"] != mchid) {
            continue;
        }
        const auto trade =
            book.findByNumber("wechat", mchid, row["out_trade_no"].get<std::string>());
        add(*trade, std::nullopt, trade->paid_ms);
        for (const Refund& refund : book.refundsOf(trade->id)) {
            add(*trade, refund, refund.booked_ms);
        }
    }
    std::stable_sort(movements.begin(), movements.end(), [](const Movement& a, const Movement& b) {
        return a.at_ms < b.at_ms;
    });
    return movements;
}

/// Every cell begins with a backtick; separators inside of a text become spaces.
std::string line(std::vector<std::string> cells)
{
    std::string text;
    for (std::string& cell : cells) {
        std::replace_if(
            cell.begin(),
            cell.end(),
            [](char c) { return c == ',' || c == '\n' || c == '\r' || c == '`'; },
            ' ');
        text += (text.empty() ? "`" : ",`") + cell;
    }
    return text + "\r\n";
}

std::string billStatus(const Refund& refund)
{
    return refund.state == RefundState::Done         ? "SUCCESS"
           : refund.state == RefundState::Processing ? "PROCESSING"
                                                     : "FAIL";
}

std::string tradeLine(const Settings& settings, const Movement& one)
{
    const Trade& trade = one.trade;
    const auto& refund = one.refund;
    const std::string paid = yuan(refund ? 0 : trade.amount_minor);
    const std::string back = yuan(refund ? refund->amount_minor : 0);
    return line({toBeijingText(one.at_ms),
                 trade.app,
                 trade.seller,
                 "0",
                 "",
                 trade.provider_number,
                 trade.number,
                 settings.openid,
                 tradeType(trade),
                 refund ? "REFUND" : "SUCCESS",
                 "OTHERS",
                 "CNY",
                 paid,
                 "0.00",
                 refund ? refund->provider_number : "0",
                 refund ? refund->request_number : "0",
                 back,
                 "0.00",
                 refund ? "ORIGINAL" : "",
                 refund ? billStatus(*refund) : "",
                 trade.subject,
                 textOf(Json::parse(trade.content), "attach"),
                 "0.00000",
                 "0.00%",
                 paid,
                 back,
                 ""});
}

} // namespace

std::optional<std::string> tradeBill(const Settings& settings,
                                     Book& book,
                                     std::string_view mchid,
                                     std::string_view kind,
                                     std::int64_t from_ms)
{
    std::string rows;
    std::int64_t count = 0;
    std::int64_t paid_minor = 0;
    std::int64_t back_minor = 0;
    for (const Movement& one : movementsOf(book, mchid, from_ms)) {
        if (kind != "ALL" && (kind == "REFUND") != one.refund.has_value()) {
            continue;
        }
        rows += tradeLine(settings, one);
        ++count;
        (one.refund ? back_minor : paid_minor) +=
            one.refund ? one.refund->amount_minor : one.trade.amount_minor;
    }
    if (count == 0) {
        return std::nullopt;
    }
    const std::string paid = yuan(paid_minor);
    const std::string back = yuan(back_minor);
    return std::string(kByteOrderMark) +
           "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,"
           "交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,"
           "充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,"
           "费率备注\r\n" +
           rows +
           "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,"
           "申请退款总金额\r\n" +
           line({std::to_string(count), paid, back, "0.00", "0.00000", paid, back});
}

std::optional<std::string> fundflowBill(Book& book, std::string_view mchid, std::int64_t from_ms)
{
    const auto movements = movementsOf(book, mchid, from_ms);
    if (movements.empty()) {
        return std::nullopt;
    }
    std::string rows;
    std::int64_t counts[2] = {0, 0};
    std::int64_t sums_minor[2] = {0, 0};
    // The ledger goes back from what the account holds now.
    std::int64_t balance_minor = book.balance("wechat", mchid);
    for (const Movement& one : movements) {
        balance_minor -= one.refund ? -one.refund->amount_minor : one.trade.amount_minor;
    }
    for (const Movement& one : movements) {
        const bool is_out = one.refund.has_value();
        const std::int64_t minor = is_out ? one.refund->amount_minor : one.trade.amount_minor;
        balance_minor += is_out ? -minor : minor;
        ++counts[is_out ? 1 : 0];
        sums_minor[is_out ? 1 : 0] += minor;
        rows += line({toBeijingText(one.at_ms),
                      is_out ? one.refund->provider_number : one.trade.provider_number,
                      is_out ? one.refund->provider_number : one.trade.provider_number,
                      is_out ? "退款" : "交易",
                      is_out ? "退款" : "交易",
                      is_out ? "支出" : "收入",
                      yuan(minor),
                      yuan(balance_minor),
                      is_out ? one.trade.seller : "system",
                      is_out ? one.refund->reason : one.trade.subject,
                      is_out ? one.refund->request_number : one.trade.number});
    }
    return std::string(kByteOrderMark) +
           "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),"
           "账户结余(元),资金变更提交申请人,备注,业务凭证号\r\n" +
           rows + "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额\r\n" +
           line({std::to_string(counts[0] + counts[1]),
                 std::to_string(counts[0]),
                 yuan(sums_minor[0]),
                 std::to_string(counts[1]),
                 yuan(sums_minor[1])});
}

} // namespace hub::simulator::wechat
