#include "aliyun/settings.hpp"

#include "core/crypto.hpp"
#include "core/section.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace hub::simulator::aliyun {

namespace {

constexpr SectionReader kSection("aliyun");
constexpr std::size_t kSecretSize = 30;
constexpr std::array<std::string_view, 11> kMembers{"timestamp_tolerance_s",
                                                    "delivery_takes_s",
                                                    "report_after_s",
                                                    "report_schedule_s",
                                                    "variable_characters_max",
                                                    "limits",
                                                    "blocked_phones",
                                                    "banned_words",
                                                    "fates",
                                                    "spellings",
                                                    "accounts"};
constexpr std::array<std::string_view, 9> kAccountMembers{"access_key_id",
                                                          "access_key_secret",
                                                          "name",
                                                          "state",
                                                          "messages",
                                                          "day_max",
                                                          "report_url",
                                                          "signs",
                                                          "templates"};
constexpr std::array<std::string_view, 3> kSignMembers{"name", "state", "codes_only"};
constexpr std::array<std::string_view, 4> kFormMembers{"code", "kind", "state", "text"};
constexpr std::array<std::string_view, 5> kLimitMembers{
    "code_minute", "code_hour", "code_day", "notice_day", "day"};

std::string oneOf(const Json& object, const char* name, std::span<const std::string_view> words)
{
    auto word = kSection.get<std::string>(object, name);
    if (std::find(words.begin(), words.end(), word) == words.end()) {
        std::string known;
        for (const std::string_view one : words) {
            known += (known.empty() ? "" : ", ") + std::string(one);
        }
        throw std::runtime_error("simulator.json: aliyun's \"" + std::string(name) + "\" is \"" +
                                 word + "\", must be one of " + known);
    }
    return word;
}

std::string stateOf(const Json& object)
{
    constexpr std::array<std::string_view, 3> kStates{"approved", "waiting", "refused"};
    return oneOf(object, "state", kStates);
}

Sign readSign(const Json& text)
{
    kSection.refuseUnknown(text, kSignMembers);
    return {.name = kSection.get<std::string>(text, "name"),
            .state = stateOf(text),
            .is_codes = kSection.get<bool>(text, "codes_only")};
}

Form readForm(const Json& text)
{
    constexpr std::array<std::string_view, 2> kKinds{"code", "notice"};
    kSection.refuseUnknown(text, kFormMembers);
    return {.code = kSection.get<std::string>(text, "code"),
            .kind = oneOf(text, "kind", kKinds),
            .state = stateOf(text),
            .text = kSection.get<std::string>(text, "text")};
}

Account readAccount(const Json& text)
{
    constexpr std::array<std::string_view, 5> kStates{
        "normal", "abnormal", "out_of_service", "unsubscribed", "denied"};
    kSection.refuseUnknown(text, kAccountMembers);
    Account account{.access_key_id = kSection.get<std::string>(text, "access_key_id"),
                    .access_key_secret = kSection.get<std::string>(text, "access_key_secret"),
                    .name = kSection.get<std::string>(text, "name"),
                    .state = oneOf(text, "state", kStates),
                    .messages = kSection.get<std::int64_t>(text, "messages"),
                    .day_max = kSection.get<std::int64_t>(text, "day_max"),
                    .report_url = kSection.get<std::string>(text, "report_url"),
                    .signs = {},
                    .forms = {}};
    for (const Json& sign : kSection.get<Json>(text, "signs")) {
        account.signs.push_back(readSign(sign));
    }
    for (const Json& form : kSection.get<Json>(text, "templates")) {
        account.forms.push_back(readForm(form));
    }
    return account;
}

Limits readLimits(const Json& text)
{
    kSection.refuseUnknown(text, kLimitMembers);
    return {.code_minute = kSection.get<std::int64_t>(text, "code_minute"),
            .code_hour = kSection.get<std::int64_t>(text, "code_hour"),
            .code_day = kSection.get<std::int64_t>(text, "code_day"),
            .notice_day = kSection.get<std::int64_t>(text, "notice_day"),
            .day = kSection.get<std::int64_t>(text, "day")};
}

Json form(const char* code, const char* kind, const char* text)
{
    return {{"code", code}, {"kind", kind}, {"state", "approved"}, {"text", text}};
}

Json usualForms()
{
    return Json::array(
        {form("SMS_100000001", "code", "您的验证码是${code}，5分钟内有效，请勿告诉他人。"),
         form("SMS_100000002",
              "code",
              "Your verification code is ${code}. It is valid for 5 minutes."),
         form("SMS_100000003", "notice", "${name}，您预约的${event}将于${time}开始。"),
         form("SMS_100000004", "notice", "${name}, ${event} begins at ${time}."),
         form("SMS_100000021", "notice", "贵单位的注册已审核通过，请登录系统继续办理。"),
         form("SMS_100000022", "notice", "贵单位的注册资料需要修改，请登录系统查看原因。"),
         form("SMS_100000023", "notice", "贵单位的注册未通过审核，请登录系统查看原因。"),
         form("SMS_100000024", "notice", "贵单位有人员待支付证件费，请登录系统办理付款。"),
         form(
             "SMS_100000025", "notice", "贵单位有人员标签升级，须更新证件，审核通过后将重新制发。"),
         form("SMS_100000026", "notice", "订单${order_ref}待支付，请登录系统办理付款。"),
         form("SMS_100000027", "notice", "订单${order_ref}已支付成功。"),
         form("SMS_100000028",
              "notice",
              "您受邀成为展会工作人员，请使用邀请人发给您的链接设置密码。"),
         form("SMS_100000029",
              "notice",
              "有人凭营业执照申请认领贵单位的统一社会信用代码，如有异议请尽快联系所属交易团。"),
         form("SMS_100000030", "notice", "您认领的统一社会信用代码已释放，请使用该代码注册。"),
         form("SMS_100000031",
              "notice",
              "您认领的单位账户已移交给您，请使用统一社会信用代码和手机验证码登录。"),
         form("SMS_100000032",
              "notice",
              "您的统一社会信用代码认领申请未通过，请联系所选交易团了解原因。")});
}

void completeAccount(Json& account)
{
    setDefault(account, "access_key_id", "LTAISIMULATED0000000001");
    setDefault(account, "access_key_secret", randomToken(kSecretSize));
    setDefault(account, "name", "模拟账号 Sample account");
    setDefault(account, "state", "normal");
    setDefault(account, "messages", 100'000);
    setDefault(account, "day_max", 0);
    setDefault(account, "report_url", "");
    setDefault(
        account,
        "signs",
        Json::array({{{"name", "模拟展会"}, {"state", "approved"}, {"codes_only", false}},
                     {{"name", "模拟验证码"}, {"state", "approved"}, {"codes_only", true}}}));
    setDefault(account, "templates", usualForms());
}

} // namespace

const Sign* Account::findSign(std::string_view sign) const
{
    const auto found =
        std::find_if(signs.begin(), signs.end(), [&](const Sign& one) { return one.name == sign; });
    return found == signs.end() ? nullptr : &*found;
}

const Form* Account::findForm(std::string_view code) const
{
    const auto found =
        std::find_if(forms.begin(), forms.end(), [&](const Form& one) { return one.code == code; });
    return found == forms.end() ? nullptr : &*found;
}

const Account* Settings::findAccount(std::string_view access_key_id) const
{
    const auto found = std::find_if(accounts.begin(), accounts.end(), [&](const Account& one) {
        return one.access_key_id == access_key_id;
    });
    return found == accounts.end() ? nullptr : &*found;
}

Settings readSettings(const Json& section)
{
    kSection.refuseUnknown(section, kMembers);
    Settings settings;
    for (const Json& account : kSection.get<Json>(section, "accounts")) {
        settings.accounts.push_back(readAccount(account));
    }
    settings.limits = readLimits(kSection.get<Json>(section, "limits"));
    settings.timestamp_tolerance_ms = kSection.milliseconds(section, "timestamp_tolerance_s");
    settings.delivery_takes_ms = kSection.milliseconds(section, "delivery_takes_s");
    settings.report_after_ms = kSection.milliseconds(section, "report_after_s");
    settings.report_pauses_ms = kSection.millisecondsOfAll(section, "report_schedule_s");
    settings.variable_characters_max =
        kSection.get<std::int64_t>(section, "variable_characters_max");
    settings.blocked_phones = kSection.get<std::vector<std::string>>(section, "blocked_phones");
    settings.banned_words = kSection.get<std::vector<std::string>>(section, "banned_words");
    settings.fates = kSection.get<std::map<std::string, std::string>>(section, "fates");
    settings.spellings = kSection.get<std::map<std::string, std::string>>(section, "spellings");
    return settings;
}

void prepare(Json& section, const std::filesystem::path&)
{
    setDefault(section, "timestamp_tolerance_s", 15 * 60);
    setDefault(section, "delivery_takes_s", 3);
    setDefault(section, "report_after_s", 1);
    setDefault(section, "report_schedule_s", {60, 300, 600, 1800, 3600});
    setDefault(section, "variable_characters_max", 35);
    setDefault(
        section,
        "limits",
        {{"code_minute", 1}, {"code_hour", 5}, {"code_day", 10}, {"notice_day", 50}, {"day", 40}});
    setDefault(section, "blocked_phones", {"19900000403"});
    setDefault(section, "banned_words", Json::array({"模拟违禁词"}));
    setDefault(section, "fates", {{"19900000404", "MOBILE_NOT_ON_SERVICE"}});
    setDefault(section, "spellings", Json::object());
    setDefault(section, "accounts", Json::array({Json::object()}));
    for (Json& account : section["accounts"]) {
        completeAccount(account);
    }
}

} // namespace hub::simulator::aliyun
