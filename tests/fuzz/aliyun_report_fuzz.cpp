// Input: the body of a push of reports. Whatever it says, it is refused in words or read into
// reports of the contract's form, and read the same way twice.

#include "expect.hpp"
#include "sms_aliyun/protocol.hpp"
#include "sms_aliyun/report.hpp"

namespace {

using namespace hub::fuzz;
using aliyun::Json;

aliyun::Account account()
{
    aliyun::Account account;
    account.delivery_reasons = {{"MOBILE_IN_BLACK", "phone_blocked"}};
    return account;
}

void checkReport(const Json& report)
{
    const std::string phone = report.at("phone");
    const std::string state = report.at("state");
    expect(!report.at("number").get<std::string>().empty(), "a report has a number");
    expect(aliyun::toE164(phone) == phone, "a phone is in E.164 form", phone);
    expect(state == "delivered" || state == "failed", "a report is of an end", state);
    expect((state == "failed") == report.contains("reason"), "a failure has a reason", state);
    expect(!report.contains("at_ms") || report["at_ms"].get<std::int64_t>() > -1,
           "a time is one",
           report.dump());
    expect(report.value("provider_number", "").size() <= 64, "a provider's number fits");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view body = textOf(data, size);
    const auto reading = aliyun::readReports(account(), body);
    if (!reading.ok()) {
        expect(reading.error().code == HUB_BAD_REQUEST, "a refusal is one of the form");
        expectReadable(reading.error().message);
        return 0;
    }
    for (const Json& report : reading.value().at("reports")) {
        checkReport(report);
    }
    expect(aliyun::readReports(account(), body).value() == reading.value(),
           "the same push is read the same again",
           body);
    return 0;
}
