#include "protocol.hpp"

#include "content.hpp"
#include "outcome_table.hpp"
#include "shanghai_time.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace aliyun {

namespace {

using hub::Answer;

constexpr std::uint32_t kOk = 200;
constexpr std::uint32_t kClientErrors = 400;
constexpr std::uint32_t kServerErrors = 500;
constexpr std::string_view kCountryCode = "+86";
constexpr std::size_t kPhoneDigits = 11;
constexpr std::size_t kNumberBytesMin = 16;
constexpr std::size_t kNumberBytesMax = 64; // of the contract; OutId takes 255
constexpr std::size_t kProviderNumberBytesMax = 64;
constexpr int kPageSize = 50;

std::string textOf(const Json& object, const char* name)
{
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

/// A whole number, which the provider writes as a number or as a text.
std::optional<int> integerOf(const Json& object, const char* name)
{
    const auto found = object.find(name);
    if (found == object.end() || (!found->is_number_integer() && !found->is_string())) {
        return std::nullopt;
    }
    const std::string text = found->is_string() ? found->get<std::string>() : found->dump();
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional{value}
                                                                    : std::nullopt;
}

bool isDigits(std::string_view text)
{
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

Answer badRequest(std::string message)
{
    return {HUB_BAD_REQUEST, std::move(message), {}, 0};
}

Answer succeeded(const Json& payload)
{
    return {HUB_OK, {}, payload.dump(), 0};
}

Answer unknown(std::string message)
{
    return {HUB_OUTCOME_UNKNOWN, std::move(message), {}, 0};
}

Answer refused(hub_status status, std::string message, std::string_view reason, bool is_retriable)
{
    return {status,
            std::move(message),
            Json{{"refusal", {{"reason", reason}, {"retriable", is_retriable}}}}.dump(),
            0};
}

// ---- What goes out

/// The eleven digits of a mainland number; empty for any other.
std::string mainlandPhone(std::string_view e164)
{
    if (!e164.starts_with(kCountryCode)) {
        return {};
    }
    const std::string_view digits = e164.substr(kCountryCode.size());
    return digits.size() == kPhoneDigits && isDigits(digits) && digits[0] == '1'
               ? std::string{digits}
               : std::string{};
}

bool isNumber(std::string_view number)
{
    return number.size() >= kNumberBytesMin && number.size() <= kNumberBytesMax &&
           std::all_of(number.begin(), number.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
           });
}

/// The template's parameters, filled by our variables: each of the one by one of the other.
std::variant<Json, Answer> fillTemplate(const Template& form, const Json& variables)
{
    Json filled = Json::object();
    for (const auto& [name, value] : variables.items()) {
        const auto theirs = form.variables.find(name);
        if (!value.is_string() || theirs == form.variables.end()) {
            return refused(HUB_REJECTED,
                           "a variable of the message is none of the account's template",
                           "configuration",
                           true);
        }
        if (holdsAddress(value.get_ref<const std::string&>())) {
            return refused(HUB_REJECTED,
                           "a variable holds an address of the web, which no text may",
                           "content",
                           false);
        }
        filled[theirs->second] = value;
    }
    if (filled.size() != form.variables.size()) {
        return refused(HUB_REJECTED,
                       "the account's template has a variable that the message does not fill",
                       "configuration",
                       true);
    }
    return filled;
}

// ---- What comes back

/// What may be shown of a code that is not known: a word, and nothing that could be a phone.
std::string shown(std::string_view code)
{
    constexpr std::size_t kShownMax = 64;
    const bool is_word =
        !code.empty() && code.size() <= kShownMax &&
        std::all_of(code.begin(), code.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.';
        });
    return is_word ? std::string{code} : "a code that is not known";
}

/// The body of an answer that says "OK"; otherwise what its failure means.
std::variant<Json, Answer> readBody(std::uint32_t http_status, std::string_view body)
{
    const std::string status = "HTTP status " + std::to_string(http_status);
    const bool is_readable =
        http_status == kOk || (http_status >= kClientErrors && http_status < kServerErrors);
    Json parsed = is_readable ? Json::parse(body, nullptr, false) : Json{};
    const std::string code = parsed.is_object() ? textOf(parsed, "Code") : std::string{};
    if (code.empty()) {
        return unknown(status + " without a readable code");
    }
    if (code == "OK") {
        return http_status == kOk ? std::variant<Json, Answer>{std::move(parsed)}
                                  : unknown(status + " with the code OK");
    }
    const OutcomeRule& rule = findOutcome(code);
    const std::string message = "the provider answered " + shown(code);
    if (rule.status == HUB_OUTCOME_UNKNOWN) {
        return unknown(message);
    }
    if (rule.status == HUB_THROTTLED) {
        return Answer{HUB_THROTTLED, message, {}, rule.retry_after_ms};
    }
    Json refusal{{"reason", rule.reason}, {"retriable", rule.is_retriable}};
    if (rule.retry_after_ms != 0) {
        refusal["retry_after_ms"] = rule.retry_after_ms;
    }
    return Answer{rule.status, message, Json{{"refusal", refusal}}.dump(), 0};
}

/// Null for a status that no document knows.
Json readRecord(const Account& account, const Json& record)
{
    constexpr int kWaiting = 1;
    constexpr int kFailed = 2;
    constexpr int kDelivered = 3;
    const auto status = integerOf(record, "SendStatus").value_or(0);
    if (status == kWaiting) {
        return {{"state", "accepted"}};
    }
    if (status != kFailed && status != kDelivered) {
        return nullptr;
    }
    Json result{{"state", status == kDelivered ? "delivered" : "failed"}};
    if (status == kFailed) {
        result["reason"] = deliveryReason(account, textOf(record, "ErrCode"));
    }
    if (const auto at_ms = parseShanghaiTime(textOf(record, "ReceiveDate"))) {
        result["at_ms"] = *at_ms;
    }
    return result;
}

/// By OutId; a list that was asked for by the provider's own number may leave it out.
bool isAbout(const Json& record, const Json& request)
{
    const std::string out_id = textOf(record, "OutId");
    const bool is_named = out_id.empty() ? !textOf(request, "provider_number").empty()
                                         : out_id == textOf(request, "number");
    return is_named && toE164(textOf(record, "PhoneNum")) == textOf(request, "phone");
}

int rank(const Json& result)
{
    if (result.is_null()) {
        return 0;
    }
    return result["state"] == "delivered" ? 3 : result["state"] == "accepted" ? 2 : 1;
}

} // namespace

Prepared makeSend(const Account& account, const Json& request)
{
    const std::string number = textOf(request, "number");
    if (!isNumber(number)) {
        return badRequest("\"number\" must be 16 to 64 letters and digits");
    }
    const std::string phone = mainlandPhone(textOf(request, "phone"));
    if (phone.empty()) {
        return refused(HUB_REJECTED,
                       "\"phone\" must be +86 and eleven digits: this account sends within "
                       "mainland China only",
                       "phone_invalid",
                       false);
    }
    const auto form =
        account.templates.find({textOf(request, "template"), textOf(request, "language")});
    if (form == account.templates.end()) {
        return refused(HUB_REJECTED,
                       "the account has no such template in this language; add it to \"templates\"",
                       "configuration",
                       true);
    }
    const auto variables = request.find("variables");
    if (variables == request.end() || !variables->is_object()) {
        return badRequest("\"variables\" must be an object");
    }
    const auto filled = fillTemplate(form->second, *variables);
    if (const auto* refusal = std::get_if<Answer>(&filled)) {
        return *refusal;
    }
    const Template& used = form->second;
    return Request{"SendSms",
                   {{"PhoneNumbers", phone},
                    {"SignName", used.sign_name.empty() ? account.sign_name : used.sign_name},
                    {"TemplateCode", used.code},
                    {"TemplateParam", std::get<Json>(filled).dump()},
                    {"OutId", number}}};
}

Prepared makeQuery(const Json& request, const std::string& day, int page)
{
    const std::string phone = mainlandPhone(textOf(request, "phone"));
    if (phone.empty() || textOf(request, "number").empty()) {
        return badRequest("\"number\" must be given, and \"phone\" be +86 and eleven digits");
    }
    Request query{"QuerySendDetails",
                  {{"PhoneNumber", phone},
                   {"SendDate", day},
                   {"PageSize", std::to_string(kPageSize)},
                   {"CurrentPage", std::to_string(page)}}};
    if (std::string provider_number = textOf(request, "provider_number");
        !provider_number.empty()) {
        query.parameters["BizId"] = std::move(provider_number);
    }
    return query;
}

Answer readSend(std::uint32_t http_status, std::string_view body)
{
    const auto read = readBody(http_status, body);
    if (const auto* failure = std::get_if<Answer>(&read)) {
        return *failure;
    }
    Json result{{"state", "accepted"}};
    const std::string provider_number = textOf(std::get<Json>(read), "BizId");
    if (!provider_number.empty() && provider_number.size() <= kProviderNumberBytesMax) {
        result["provider_number"] = provider_number;
    }
    return succeeded(result);
}

std::variant<Page, Answer> readPage(const Account& account,
                                    const Json& request,
                                    int page,
                                    std::uint32_t http_status,
                                    std::string_view body)
{
    const auto read = readBody(http_status, body);
    if (const auto* failure = std::get_if<Answer>(&read)) {
        return *failure;
    }
    const Json& node = std::get<Json>(read);
    const Json list = node.value("SmsSendDetailDTOs", Json{});
    const Json records =
        list.is_object() ? list.value("SmsSendDetailDTO", Json::array()) : Json::array();
    const auto total = integerOf(node, "TotalCount");
    if (!total || *total < 0 || !records.is_array()) {
        return unknown("the provider's list is not of its form");
    }
    Page result;
    for (const Json& record : records) {
        if (!record.is_object() || !isAbout(record, request)) {
            continue;
        }
        Json one = readRecord(account, record);
        if (one.is_null()) {
            return unknown("the provider's list has a status that is not known");
        }
        if (const std::string known = textOf(request, "provider_number"); !known.empty()) {
            one["provider_number"] = known;
        }
        // The number may stand there twice when an operator sent the message again by hand.
        if (rank(one) > rank(result.found)) {
            result.found = std::move(one);
        }
    }
    result.is_last = records.empty() || *total <= page * kPageSize;
    return result;
}

Answer notFound()
{
    return succeeded({{"state", "not_found"}});
}

std::string deliveryReason(const Account& account, std::string_view code)
{
    const auto found = account.delivery_reasons.find(code);
    return found == account.delivery_reasons.end() ? "operator" : found->second;
}

std::string toE164(std::string_view phone)
{
    if (phone.starts_with('+')) {
        phone.remove_prefix(1);
    }
    if (phone.size() == kPhoneDigits + 2 && phone.starts_with("86")) {
        phone.remove_prefix(2);
    }
    const bool is_mainland = phone.size() == kPhoneDigits && isDigits(phone) && phone[0] == '1';
    return is_mainland ? std::string{kCountryCode} + std::string{phone} : std::string{};
}

} // namespace aliyun
