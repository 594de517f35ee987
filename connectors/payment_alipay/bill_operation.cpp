#include "bill_operation.hpp"

#include "beijing_time.hpp"

namespace alipay {

namespace {

using Json = nlohmann::json;
using hub::Answer;
using hub::Error;
using hub::Result;

constexpr std::int64_t kHourMs = 3600 * 1000;
constexpr std::int64_t kDayMs = 24 * kHourMs;

/// The first millisecond after the day.
Result<std::int64_t> endOfDay(const Json& request)
{
    const auto start = parseBeijingTime(request.value("date", "") + " 00:00:00");
    return start.ok() ? Result<std::int64_t>{start.value() + kDayMs} : start;
}

} // namespace

Result<Json> makeBillContent(const Account&, const Json& request)
{
    if (request.value("kind", "") != "trades") {
        return Error{HUB_UNSUPPORTED, "this connector fetches bills of \"trades\" only"};
    }
    if (!endOfDay(request).ok()) {
        return Error{HUB_BAD_REQUEST, "\"date\" must be a day like 2026-11-21"};
    }
    return Json{{"bill_type", "trade"}, {"bill_date", request.value("date", "")}};
}

Answer readBillAddress(const Account&, const Json&, const Json& node)
{
    const auto text = [&node](const char* name) {
        const auto found = node.find(name);
        return found != node.end() && found->is_string() ? found->get<std::string>()
                                                         : std::string{};
    };
    if (text("bill_file_code") == "EMPTY_DATA_WITH_BILL_FILE") {
        return {HUB_OK, {}, R"({"state":"empty"})", 0};
    }
    std::string address = text("bill_download_url");
    // The provider may write http; this hub speaks TLS or not at all.
    if (address.starts_with("http://")) {
        address.replace(0, 7, "https://");
    }
    if (!address.starts_with("https://") ||
        address.find_first_of(" \t\r\n#") != std::string::npos) {
        return {HUB_OUTCOME_UNKNOWN, "the answer's bill_download_url is no address", {}, 0};
    }
    return {HUB_OK, {}, Json{{"state", "ready"}, {"address", address}}.dump(), 0};
}

bool isBillDayOpen(const Json& request, std::int64_t now_ms)
{
    const auto end = endOfDay(request);
    return end.ok() && now_ms < end.value();
}

bool mayBillStillCome(const Account& account, const Json& request, std::int64_t now_ms)
{
    const auto end = endOfDay(request);
    return end.ok() && now_ms < end.value() + account.bill_ready_hour * kHourMs;
}

} // namespace alipay
