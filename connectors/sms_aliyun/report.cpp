#include "report.hpp"

#include "protocol.hpp"
#include "shanghai_time.hpp"

#include <optional>

namespace aliyun {

namespace {

using hub::Error;
using hub::Result;

constexpr std::size_t kProviderNumberBytesMax = 64;
constexpr std::size_t kNumberBytesMax = 255;

std::string textOf(const Json& object, const char* name)
{
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

/// Null for a report about a message that is not the hub's.
Result<Json> readReport(const Account& account, const Json& given)
{
    if (!given.is_object()) {
        return Error{HUB_BAD_REQUEST, "a report is no object"};
    }
    const std::string phone = toE164(textOf(given, "phone_number"));
    const auto success = given.find("success");
    if (phone.empty() || success == given.end() || !success->is_boolean()) {
        return Error{HUB_BAD_REQUEST, "a report has no phone_number or no success"};
    }
    const std::string number = textOf(given, "out_id");
    if (number.empty() || number.size() > kNumberBytesMax) {
        return Json{};
    }
    const bool is_delivered = success->get<bool>();
    Json report{
        {"number", number}, {"phone", phone}, {"state", is_delivered ? "delivered" : "failed"}};
    if (!is_delivered) {
        report["reason"] = deliveryReason(account, textOf(given, "err_code"));
    }
    const std::string provider_number = textOf(given, "biz_id");
    if (!provider_number.empty() && provider_number.size() <= kProviderNumberBytesMax) {
        report["provider_number"] = provider_number;
    }
    if (const auto at_ms = parseShanghaiTime(textOf(given, "report_time"))) {
        report["at_ms"] = *at_ms;
    }
    return report;
}

Json httpAnswer(int status, int code, const char* message)
{
    return {{"status", status},
            {"media_type", "application/json"},
            {"body", Json{{"code", code}, {"msg", message}}.dump()}};
}

} // namespace

Result<Json> readReports(const Account& account, std::string_view body)
{
    const Json given = Json::parse(body, nullptr, false);
    if (!given.is_array()) {
        return Error{HUB_BAD_REQUEST, "a push of reports is a JSON array"};
    }
    Json reports = Json::array();
    for (const Json& one : given) {
        auto report = readReport(account, one);
        if (!report.ok()) {
            return report;
        }
        if (!report.value().is_null()) {
            reports.push_back(std::move(report).value());
        }
    }
    return Json{{"proof", "address"}, {"reports", std::move(reports)}};
}

Json acceptance()
{
    return httpAnswer(200, 0, "接收成功");
}

Json refusal()
{
    return httpAnswer(400, 1, "not accepted");
}

} // namespace aliyun
