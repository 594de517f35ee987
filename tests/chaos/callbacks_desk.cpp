#include "callbacks_desk.hpp"

#include <Poco/Exception.h>

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace chaos {

namespace {

constexpr Milliseconds kAnswerLimit{10'000};
constexpr const char* kSecondApp = "9021000000000002";
constexpr const char* kSecondSeller = "2088000000000002";
constexpr const char* kSisterApp = "9021000000000003";

std::filesystem::path accountsFile(const std::filesystem::path& folder)
{
    return folder / "hub/plugins.d/payment_alipay.json";
}

Json readAccounts(const std::filesystem::path& folder)
{
    std::ifstream file(accountsFile(folder));
    const Json content = Json::parse(file, nullptr, false);
    if (!content.is_object()) {
        throw std::runtime_error(accountsFile(folder).string() + " is no JSON object");
    }
    return content;
}

Fields notice(const Merchant& merchant, const Order& order, const std::string& status)
{
    return {{"notify_time", "2026-11-05 10:00:01"},
            {"notify_type", "trade_status_sync"},
            {"notify_id", "2026110500222100001" + order.number.substr(order.number.size() / 2)},
            {"charset", "utf-8"},
            {"version", "1.0"},
            {"app_id", merchant.app_id},
            {"auth_app_id", merchant.app_id},
            {"seller_id", merchant.seller_id},
            {"trade_no", "20261105" + order.number.substr(order.number.size() - 14)},
            {"out_trade_no", order.number},
            {"subject", order.key},
            {"trade_status", status},
            {"total_amount", toYuan(order.amount_minor)},
            {"gmt_create", "2026-11-05 09:59:00"}};
}

} // namespace

void addOtherAccounts(const std::filesystem::path& folder)
{
    Json content = readAccounts(folder);
    Json second = content.at("accounts").at(kAccount);
    const std::string token = second.at("callback_token").get<std::string>();
    Json sister = second;
    sister["config"]["app_id"] = kSisterApp;
    sister["callback_token"] = token.substr(token.size() / 2) + token.substr(0, token.size() / 2);
    content["accounts"][kSisterAccount] = sister;
    second["config"]["app_id"] = kSecondApp;
    second["config"]["seller_id"] = kSecondSeller;
    second["callback_token"] = std::string(token.rbegin(), token.rend());
    content["accounts"][kSecondAccount] = second;
    std::ofstream(accountsFile(folder)) << content.dump(2);
}

Merchant readMerchant(const std::filesystem::path& folder, const std::string& account)
{
    const Json found = readAccounts(folder).at("accounts").at(account);
    return {textOf(found.at("config"), "app_id"),
            textOf(found.at("config"), "seller_id"),
            "/callback/payment_alipay/" + account + "/" + textOf(found, "callback_token")};
}

Fields paidNotice(const Merchant& merchant, const Order& order)
{
    Fields fields = notice(merchant, order, "TRADE_SUCCESS");
    fields["receipt_amount"] = toYuan(order.amount_minor);
    fields["buyer_pay_amount"] = toYuan(order.amount_minor);
    fields["gmt_payment"] = "2026-11-05 10:00:00";
    fields["fund_bill_list"] =
        "[{\"amount\":\"" + toYuan(order.amount_minor) + "\",\"fundChannel\":\"PCREDIT\"}]";
    return fields;
}

Fields refundedNotice(const Merchant& merchant, const Order& order)
{
    Fields fields = paidNotice(merchant, order);
    fields["trade_status"] = "TRADE_CLOSED";
    fields["refund_fee"] = toYuan(order.amount_minor);
    fields["gmt_refund"] = "2026-11-05 10:05:00.123";
    fields["out_biz_no"] = order.number + "-1";
    return fields;
}

Fields closedNotice(const Merchant& merchant, const Order& order)
{
    Fields fields = notice(merchant, order, "TRADE_CLOSED");
    fields["gmt_close"] = "2026-11-05 10:09:00";
    return fields;
}

Fields waitingNotice(const Merchant& merchant, const Order& order)
{
    return notice(merchant, order, "WAIT_BUYER_PAY");
}

std::vector<FormLie> liesAbout(const Order& order, const Order& other, const Merchants& merchants)
{
    const std::string amount = toYuan(order.amount_minor);
    const Merchant& own = merchants.own;
    const Merchant& second = merchants.second;
    const Merchant& sister = merchants.sister;
    return {
        {"one cent less", {{"total_amount", toYuan(order.amount_minor - 1)}}, own.path},
        {"one cent more", {{"total_amount", toYuan(order.amount_minor + 1)}}, own.path},
        {"a hundredth", {{"total_amount", "0.01"}}, own.path},
        {"no amount", {{"total_amount", ""}}, own.path},
        {"three decimals", {{"total_amount", amount + "0"}}, own.path},
        {"other seller", {{"seller_id", second.seller_id}}, own.path},
        {"other app", {{"app_id", second.app_id}}, own.path},
        {"other app of the same merchant", {{"app_id", sister.app_id}}, own.path},
        {"number of nobody", {{"out_trade_no", "14000001" + std::string(20, '9')}}, own.path},
        {"number and a blank", {{"out_trade_no", order.number + " "}}, own.path},
        {"unknown status", {{"trade_status", "TRADE_MAYBE"}}, own.path},
        {"another account's address", {}, second.path},
        {"the same merchant's other address", {}, sister.path},
        {"another account's app and address",
         {{"app_id", second.app_id}, {"seller_id", second.seller_id}},
         second.path},
        {"the same merchant's other app and address", {{"app_id", sister.app_id}}, sister.path},
        {"another account's app, our seller", {{"app_id", second.app_id}}, second.path},
        {"another payment's amount",
         {{"out_trade_no", order.number}, {"total_amount", toYuan(other.amount_minor + 7)}},
         own.path},
    };
}

std::string toYuan(std::int64_t amount_minor)
{
    const std::string cents = std::to_string(amount_minor % 100);
    return std::to_string(amount_minor / 100) + (cents.size() == 1 ? ".0" : ".") + cents;
}

bool isSuccess(const RawAnswer& answer)
{
    return answer.status == 200 && answer.body == "success";
}

bool isRefusal(const RawAnswer& answer)
{
    return answer.status >= 400 && answer.status < 500 && answer.body != "success";
}

RawAnswer Deliverer::deliver(const std::string& path, const Notice& notice)
{
    // A kept connection may have ended meanwhile: once more over a new one.
    for (int attempt = 0; attempt < 2; ++attempt) {
        const bool is_new = connection_ == nullptr;
        try {
            if (is_new) {
                connection_ = std::make_unique<RawConnection>(port_);
            }
        } catch (const Poco::Exception&) {
            return {};
        }
        RawAnswer answer;
        if (connection_->send(postRequest(path, notice))) {
            answer = connection_->receive(kAnswerLimit);
        }
        if (answer.status == 0 || answer.head.find("Connection: close") != std::string::npos ||
            answer.head.find("Connection: Close") != std::string::npos) {
            connection_.reset();
        }
        if (answer.status != 0 || is_new) {
            return answer;
        }
    }
    return {};
}

} // namespace chaos
