#include "aliyun/messages.hpp"

#include "aliyun/codes.hpp"
#include "aliyun/rules.hpp"
#include "core/crypto.hpp"

#include <algorithm>
#include <charconv>

namespace hub::simulator::aliyun {

namespace {

constexpr std::string_view kName = "aliyun";
constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::int64_t kHourMs = 60 * kMinuteMs;
constexpr std::int64_t kDayMs = 24 * kHourMs;
constexpr std::int64_t kDaysKept = 30;
constexpr int kPageMax = 50;
constexpr std::size_t kNoticeIdSize = 32;

std::string get(const Call& call, const char* name, std::string usual = {})
{
    const auto found = call.parameters.find(name);
    return found == call.parameters.end() ? std::move(usual) : found->second;
}

/// A whole number from 1 on; 0 for anything else.
int countOf(const std::string& text)
{
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() ? std::max(value, 0) : 0;
}

/// When the Beijing day "20261121" begins.
std::optional<std::int64_t> parseDay(const std::string& text)
{
    return text.size() == 8 ? parseBeijingText(text.substr(0, 4) + "-" + text.substr(4, 2) + "-" +
                                               text.substr(6) + " 00:00:00")
                            : std::nullopt;
}

std::string codeOf(const ShortMessage& message)
{
    return message.failure.empty() ? "DELIVERED" : message.failure;
}

/// In real time: messages carry it, whatever the test clock shows.
std::int64_t endedMs(const ShortMessage& message)
{
    return std::min(realNowMs(), message.created_ms + (message.ends_ms - message.due_ms));
}

Json detailOf(const ShortMessage& message, std::int64_t now_ms)
{
    const MessageState state = message.stateAt(now_ms);
    Json detail{{"PhoneNum", message.phone},
                {"SendStatus",
                 state == MessageState::Waiting  ? 1
                 : state == MessageState::Failed ? 2
                                                 : 3},
                {"TemplateCode", message.form},
                {"Content", "【" + message.signature + "】" + message.text},
                {"SendDate", toBeijingText(message.created_ms)},
                {"OutId", message.number}};
    if (state != MessageState::Waiting) {
        detail["ErrCode"] = codeOf(message);
        detail["ReceiveDate"] = toBeijingText(endedMs(message));
    }
    return detail;
}

} // namespace

/// A draft under its account and time.
struct Messages::Order {
    const Account& account;
    Draft draft;
    std::int64_t now_ms; // test clock
};

std::optional<Answer>
Messages::judgeLimits(Book& book, const Order& order, const std::string& phone) const
{
    const Draft& draft = order.draft;
    const auto reached =
        [&](const MessageFilter& filter, std::int64_t window_ms, std::int64_t max) {
            return max > 0 && book.messages().count(filter, order.now_ms - window_ms + 1) >= max;
        };
    const MessageFilter codes{
        .provider = kName, .phone = phone, .signature = draft.sign, .kind = "code"};
    const MessageFilter notices{
        .provider = kName, .phone = phone, .form = draft.form->code, .kind = "notice"};
    const Limits& limits = settings_.limits;
    const bool is_code = draft.form->kind == "code";
    const bool is_limited = (is_code && (reached(codes, kMinuteMs, limits.code_minute) ||
                                         reached(codes, kHourMs, limits.code_hour) ||
                                         reached(codes, kDayMs, limits.code_day))) ||
                            (!is_code && reached(notices, kDayMs, limits.notice_day)) ||
                            reached({.provider = kName, .phone = phone}, kDayMs, limits.day);
    if (is_limited) {
        return refusal("isv.BUSINESS_LIMIT_CONTROL");
    }
    return reached({.provider = kName, .sender = order.account.access_key_id},
                   kDayMs,
                   order.account.day_max)
               ? std::optional(refusal("isv.DAY_LIMIT_CONTROL"))
               : std::nullopt;
}

Answer Messages::send(const Call& call)
{
    const Account& account = *settings_.findAccount(call.app);
    Drafted drafted = draftOf(settings_, account, call);
    if (drafted.refusal) {
        return *drafted.refusal;
    }
    const Order order{account, std::move(drafted.draft), with_.clock.nowMs()};
    const Draft& draft = order.draft;
    const std::string biz_id = randomDigits(18) + "^0";
    return with_.books.transact([&](Book& book) {
        for (const std::string& phone : draft.phones) {
            const auto& blocked = settings_.blocked_phones;
            if (std::find(blocked.begin(), blocked.end(), phone) != blocked.end()) {
                return refusal("isv.BLACK_KEY_CONTROL_LIMIT");
            }
            if (auto objection = judgeLimits(book, order, phone)) {
                return *objection;
            }
        }
        const auto units = draft.units * static_cast<std::int64_t>(draft.phones.size());
        if (account.messages + book.balance(kName, call.app) < units) {
            return refusal("isv.AMOUNT_NOT_ENOUGH");
        }
        book.changeBalance(kName, call.app, -units);
        for (const std::string& phone : draft.phones) {
            ShortMessage message{.provider = std::string(kName),
                                 .sender = call.app,
                                 .number = draft.number,
                                 .provider_number = biz_id,
                                 .phone = phone,
                                 .signature = draft.sign,
                                 .form = draft.form->code,
                                 .kind = draft.form->kind,
                                 .text = draft.text,
                                 .units = draft.units,
                                 .failure = fateOf(phone),
                                 .created_ms = realNowMs(),
                                 .due_ms = order.now_ms,
                                 .ends_ms = order.now_ms + settings_.delivery_takes_ms};
            book.messages().insert(message);
            owe(book, message, message.ends_ms + settings_.report_after_ms);
        }
        return success({{"BizId", biz_id}});
    });
}

/// The report is in the same commit as the message: it may come late or twice, never be forgotten.
void Messages::owe(Book& book, const ShortMessage& message, std::int64_t due_ms) const
{
    const std::string url = reportUrlOf(message.sender);
    if (url.empty()) {
        return;
    }
    const Json report{
        {"phone_number", message.phone},
        {"send_time", toBeijingText(message.created_ms)},
        {"report_time", toBeijingText(message.created_ms + settings_.delivery_takes_ms)},
        {"success", message.failure.empty()},
        {"err_code", codeOf(message)},
        {"err_msg", message.failure.empty() ? "用户接收成功" : "用户接收失败"},
        {"sms_size", std::to_string(message.units)},
        {"biz_id", message.provider_number},
        {"out_id", message.number}};
    book.insert(Notification{.id = "RP-" + randomToken(kNoticeIdSize),
                             .provider = std::string(kName),
                             .app = message.sender,
                             .number = message.number,
                             .event = codeOf(message),
                             .url = url,
                             .fields = report.dump(),
                             .state = "queued",
                             .due_ms = due_ms});
}

Answer Messages::query(const Call& call) const
{
    const std::string phone = get(call, "PhoneNumber");
    const std::string biz_id = get(call, "BizId");
    const auto day_ms = parseDay(get(call, "SendDate"));
    const int size = countOf(get(call, "PageSize"));
    const int page = countOf(get(call, "CurrentPage"));
    if (!isMobile(phone)) {
        return refusal("isv.MOBILE_NUMBER_ILLEGAL");
    }
    if (!day_ms || *day_ms + kDaysKept * kDayMs < realNowMs() || size < 1 || size > kPageMax ||
        page < 1) {
        return refusal("isv.INVALID_PARAMETERS");
    }
    auto all = with_.books.transact([&](Book& book) {
        return book.messages().between(
            {.provider = kName, .sender = call.app, .phone = phone}, *day_ms, *day_ms + kDayMs);
    });
    std::erase_if(all, [&](const ShortMessage& one) {
        return !biz_id.empty() && one.provider_number != biz_id;
    });
    Json details = Json::array();
    const std::int64_t now_ms = with_.clock.nowMs();
    const auto first = static_cast<std::size_t>(page - 1) * static_cast<std::size_t>(size);
    for (std::size_t i = first; i < std::min(all.size(), first + static_cast<std::size_t>(size));
         ++i) {
        details.push_back(detailOf(all[i], now_ms));
    }
    return success({{"TotalCount", all.size()},
                    {"SmsSendDetailDTOs", {{"SmsSendDetailDTO", std::move(details)}}}});
}

std::string Messages::fateOf(const std::string& phone) const
{
    const std::lock_guard lock(guard_);
    const auto found = fates_.find(phone);
    return found == fates_.end() ? std::string{} : found->second;
}

std::string Messages::reportUrlOf(const std::string& access_key_id) const
{
    const std::lock_guard lock(guard_);
    const auto found = report_urls_.find(access_key_id);
    return found == report_urls_.end() ? std::string{} : found->second;
}

void Messages::setFate(const std::string& phone, const std::string& failure)
{
    const std::lock_guard lock(guard_);
    fates_[phone] = failure;
}

bool Messages::setReportUrl(const std::string& access_key_id, const std::string& url)
{
    const std::lock_guard lock(guard_);
    const auto found = report_urls_.find(access_key_id);
    if (found == report_urls_.end()) {
        return false;
    }
    found->second = url;
    return true;
}

bool Messages::reportAgain(const std::string& number)
{
    return with_.books.transact([&](Book& book) {
        const auto message = book.messages().findByNumber(kName, number);
        if (!message || reportUrlOf(message->sender).empty()) {
            return false;
        }
        owe(book, *message, with_.clock.nowMs());
        return true;
    });
}

} // namespace hub::simulator::aliyun
