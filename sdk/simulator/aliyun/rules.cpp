#include "aliyun/rules.hpp"

#include "aliyun/codes.hpp"

#include <algorithm>
#include <sstream>

namespace hub::simulator::aliyun {

namespace {

constexpr std::size_t kPhonesMax = 1000;
constexpr std::size_t kOutIdBytesMax = 255;
constexpr std::size_t kExtensionMax = 20;
constexpr std::int64_t kShortCharacters = 70;
constexpr std::int64_t kPartCharacters = 67;

using Objection = std::optional<Answer>;

std::string get(const Call& call, const char* name)
{
    const auto found = call.parameters.find(name);
    return found == call.parameters.end() ? std::string{} : found->second;
}

bool isDigits(std::string_view text)
{
    return text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::int64_t characters(std::string_view text)
{
    return std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    });
}

Objection judgeState(const Account& account)
{
    if (account.state == "abnormal") {
        return refusal("isv.ACCOUNT_ABNORMAL");
    }
    if (account.state == "out_of_service") {
        return refusal("isv.OUT_OF_SERVICE");
    }
    if (account.state == "unsubscribed") {
        return refusal("isv.PRODUCT_UN_SUBSCRIPT");
    }
    return account.state == "denied" ? Objection(refusal("isp.RAM_PERMISSION_DENY")) : std::nullopt;
}

Objection takePhones(const Call& call, Draft& draft)
{
    std::istringstream list(get(call, "PhoneNumbers"));
    for (std::string phone; std::getline(list, phone, ',');) {
        draft.phones.push_back(phone);
    }
    if (draft.phones.empty()) {
        return refusal("isv.INVALID_PARAMETERS");
    }
    if (draft.phones.size() > kPhonesMax) {
        return refusal("isv.MOBILE_COUNT_OVER_LIMIT");
    }
    for (const std::string& phone : draft.phones) {
        if (!isMobile(phone)) {
            const bool is_foreign = phone.starts_with("00") || phone.starts_with("+");
            return refusal(is_foreign ? "isv.DOMESTIC_NUMBER_NOT_SUPPORTED"
                                      : "isv.MOBILE_NUMBER_ILLEGAL");
        }
    }
    return std::nullopt;
}

Objection takeSign(const Account& account, const Call& call, Draft& draft)
{
    draft.sign = get(call, "SignName");
    const Sign* sign = account.findSign(draft.sign);
    if (draft.sign.empty()) {
        return refusal("isv.INVALID_PARAMETERS");
    }
    if (sign == nullptr) {
        return refusal("isv.SMS_SIGNATURE_ILLEGAL");
    }
    if (sign->state != "approved") {
        return refusal("isv.SIGN_STATE_ILLEGAL");
    }
    draft.form = account.findForm(get(call, "TemplateCode"));
    if (draft.form == nullptr || draft.form->state != "approved") {
        return refusal("isv.SMS_TEMPLATE_ILLEGAL");
    }
    return sign->is_codes && draft.form->kind != "code"
               ? Objection(refusal("isv.SMS_SIGNATURE_SCENE_ILLEGAL"))
               : std::nullopt;
}

bool holdsLink(const std::string& value)
{
    std::string lower = value;
    std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    });
    int dots = 0;
    for (const char c : lower) {
        dots = c == '.' ? dots + 1 : c >= '0' && c <= '9' ? dots : 0;
        if (dots == 3) {
            return true;
        }
    }
    return lower.find("http://") != std::string::npos ||
           lower.find("https://") != std::string::npos || lower.find("www.") != std::string::npos;
}

Objection judgeValue(const Settings& settings, const std::string& value)
{
    if (characters(value) > settings.variable_characters_max) {
        return refusal("isv.PARAM_LENGTH_LIMIT");
    }
    if (holdsLink(value)) {
        return refusal("isv.PARAM_NOT_SUPPORT_URL");
    }
    const bool is_banned =
        std::any_of(settings.banned_words.begin(),
                    settings.banned_words.end(),
                    [&](const std::string& word) { return value.find(word) != std::string::npos; });
    return is_banned ? Objection(refusal("isv.SMS_CONTENT_ILLEGAL")) : std::nullopt;
}

/// Puts the values where the template has ${names}.
Objection fill(const Settings& settings, const Json& values, Draft& draft)
{
    std::string_view rest = draft.form->text;
    for (auto at = rest.find("${"); at != std::string_view::npos; at = rest.find("${")) {
        const auto end = rest.find('}', at);
        const std::string name(rest.substr(at + 2, end - at - 2));
        const auto value = values.find(name);
        if (value == values.end()) {
            return refusal("isv.TEMPLATE_MISSING_PARAMETERS");
        }
        if (!value->is_string() && !value->is_number_integer()) {
            return refusal("isv.INVALID_JSON_PARAM");
        }
        const std::string text = value->is_string() ? value->get<std::string>() : value->dump();
        if (auto objection = judgeValue(settings, text)) {
            return objection;
        }
        draft.text += std::string(rest.substr(0, at)) + text;
        rest.remove_prefix(end + 1);
    }
    draft.text += rest;
    return std::nullopt;
}

Objection takeText(const Settings& settings, const Call& call, Draft& draft)
{
    const std::string given = get(call, "TemplateParam");
    const Json values = given.empty() ? Json::object() : Json::parse(given, nullptr, false);
    if (!values.is_object()) {
        return refusal("isv.INVALID_JSON_PARAM");
    }
    if (auto objection = fill(settings, values, draft)) {
        return objection;
    }
    const std::int64_t length = characters("【" + draft.sign + "】" + draft.text);
    draft.units = length <= kShortCharacters ? 1 : (length + kPartCharacters - 1) / kPartCharacters;
    return std::nullopt;
}

Objection takeRest(const Call& call, Draft& draft)
{
    draft.number = get(call, "OutId");
    const std::string extension = get(call, "SmsUpExtendCode");
    if (draft.number.size() > kOutIdBytesMax) {
        return refusal("isv.INVALID_PARAMETERS");
    }
    return !isDigits(extension) || extension.size() > kExtensionMax
               ? Objection(refusal("isv.EXTEND_CODE_ERROR", "扩展码使用错误"))
               : std::nullopt;
}

} // namespace

bool isMobile(std::string_view phone)
{
    return phone.size() == 11 && isDigits(phone) && phone[0] == '1' && phone[1] >= '3';
}

Drafted draftOf(const Settings& settings, const Account& account, const Call& call)
{
    Drafted drafted;
    drafted.refusal = judgeState(account);
    const auto then = [&](auto&& step) {
        if (!drafted.refusal) {
            drafted.refusal = step();
        }
    };
    then([&] { return takePhones(call, drafted.draft); });
    then([&] { return takeSign(account, call, drafted.draft); });
    then([&] { return takeText(settings, call, drafted.draft); });
    then([&] { return takeRest(call, drafted.draft); });
    return drafted;
}

} // namespace hub::simulator::aliyun
