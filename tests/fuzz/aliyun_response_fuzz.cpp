// Input: "send" or "query", the page and the HTTP status on the first line, then the body of an
// answer. Whatever it says, the answer is one of the money rule, and repeats nothing that it got.

#include "expect.hpp"
#include "sms_aliyun/protocol.hpp"

#include <charconv>
#include <set>

namespace {

using namespace hub::fuzz;
using aliyun::Json;

constexpr const char* kPhone = "+8619900000001";
constexpr const char* kNumber = "01980000000070008000000000000001";

aliyun::Account account()
{
    aliyun::Account account;
    account.delivery_reasons = {{"MOBILE_IN_BLACK", "phone_blocked"}};
    return account;
}

Json request()
{
    return {{"number", kNumber}, {"phone", kPhone}, {"created_at_ms", 1795228800000}};
}

/// The money rule: after a request has left, only these are answers.
bool isAnswer(hub_status status)
{
    return status == HUB_OK || status == HUB_REJECTED || status == HUB_OUTCOME_UNKNOWN ||
           status == HUB_THROTTLED || status == HUB_UNAUTHENTICATED;
}

void checkFailure(const hub::Answer& answer)
{
    expect(answer.status != HUB_OK, "a failure is no success");
    expectReadable(answer.message);
    expect(answer.message.size() <= 200, "a message is short", answer.message);
    expect(answer.message.find("1990000") == std::string::npos,
           "no message holds a phone",
           answer.message);
    if (answer.status != HUB_REJECTED && answer.status != HUB_UNAUTHENTICATED) {
        return;
    }
    const Json refusal = Json::parse(answer.payload, nullptr, false).value("refusal", Json{});
    expect(refusal.is_object() && refusal["reason"].is_string() &&
               refusal["retriable"].is_boolean(),
           "a refusal says why and for whom",
           answer.payload);
}

void checkResult(const Json& result)
{
    static const std::set<std::string> kStates{"accepted", "delivered", "failed", "not_found"};
    expect(result.is_object() && kStates.contains(result.value("state", "")),
           "a result has a state of the contract",
           result.dump());
    expect(result.value("provider_number", "").size() <= 64,
           "a provider's number fits the contract",
           result.dump());
}

std::uint32_t takeNumber(std::string_view& line)
{
    const std::size_t blank = std::min(line.find(' '), line.size());
    const std::string_view word = line.substr(0, blank);
    line.remove_prefix(std::min(blank + 1, line.size()));
    std::uint32_t value = 0;
    std::from_chars(word.data(), word.data() + word.size(), value);
    return value;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    std::string_view body = textOf(data, size);
    std::string_view first = takeLine(body);
    const bool is_send = first.starts_with("send ");
    first.remove_prefix(std::min(first.size(), first.find(' ') + 1));
    const int page = static_cast<int>(takeNumber(first) % 20) + 1;
    const std::uint32_t status = takeNumber(first) % 1000;
    if (is_send) {
        const hub::Answer answer = aliyun::readSend(status, body);
        expect(isAnswer(answer.status), "an answer has an outcome", body);
        if (answer.status == HUB_OK) {
            expect(status == 200, "only HTTP status 200 succeeds", body);
            checkResult(Json::parse(answer.payload));
        } else {
            checkFailure(answer);
        }
        return 0;
    }
    const auto read = aliyun::readPage(account(), request(), page, status, body);
    if (const auto* failure = std::get_if<hub::Answer>(&read)) {
        expect(isAnswer(failure->status), "an answer has an outcome", body);
        checkFailure(*failure);
        return 0;
    }
    const auto& found = std::get<aliyun::Page>(read);
    expect(status == 200, "only HTTP status 200 is a list", body);
    if (!found.found.is_null()) {
        checkResult(found.found);
        expect(body.find(kNumber) != std::string_view::npos ||
                   body.find('\\') != std::string_view::npos,
               "what is found is named",
               body);
    }
    return 0;
}
