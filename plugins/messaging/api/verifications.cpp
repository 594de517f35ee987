#include "api/verifications.hpp"

#include "api/answers.hpp"
#include "api/phone_field.hpp"
#include "domain/ids.hpp"
#include "flow/codes.hpp"
#include "flow/sending.hpp"

#include <hub/person.hpp>

#include <algorithm>
#include <variant>

#include <identifiers/text.hpp>

namespace messaging {

namespace {

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kProofLifeMs = 15 * 60'000;
constexpr std::size_t kCodeDigits = 6;

/// What somebody asks for, checked.
struct Wish {
    std::string phone;
    std::string purpose;
    std::string language;
    std::string recipient_index;
    std::string client_index;
};

/// About one member of the body.
Refusal badField(const char* code, const char* pointer, const Words& words)
{
    return {422, code, words, {{pointer, words}}};
}

Refusal noMail()
{
    return badField("channel_not_offered",
                    "/channel",
                    {"Codes by e-mail are not offered yet. Use channel sms.",
                     "暂不支持邮箱验证码，请使用手机短信（sms）。"});
}

Refusal noPurpose()
{
    return badField("purpose_not_known",
                    "/purpose",
                    {"The purpose must be one of: " + purposes() + ".",
                     "用途必须是以下之一：" + purposes() + "。"});
}

Refusal notByPhone()
{
    return badField(
        "phone_not_served",
        "/recipient",
        {"No short messages are sent to this country or region. Give a number of mainland China.",
         "暂不向该国家或地区发送短信，请填写中国内地手机号码。"});
}

Refusal noChannel()
{
    return {503,
            "no_channel",
            {"No account can send short messages now. Try again later.",
             "短信通道暂不可用，请稍后再试。"}};
}

Refusal tooOften(std::int64_t wait_ms)
{
    // Rounded up: who comes a moment too early is refused again.
    const std::int64_t wait_s = (wait_ms + 999) / 1000;
    const std::string seconds = std::to_string(wait_s);
    Refusal refusal{429,
                    "verification_limit",
                    {"Too many codes were asked for. Try again in " + seconds + " seconds.",
                     "验证码请求过于频繁，请在" + seconds + "秒后重试。"}};
    refusal.retry_after_s = wait_s;
    return refusal;
}

std::variant<Wish, Refusal> readWish(const Work& work, const Request& request)
{
    if (textOf(request.body, "channel") != kSms) {
        return noMail();
    }
    Wish wish;
    wish.purpose = textOf(request.body, "purpose");
    wish.language = textOf(request.body, "language");
    if (!isPurpose(wish.purpose)) {
        return noPurpose();
    }
    auto phone = readPhone(textOf(request.body, "recipient"), "/recipient");
    if (auto* refusal = std::get_if<Refusal>(&phone)) {
        return std::move(*refusal);
    }
    wish.phone = std::get<std::string>(phone);
    const Json accounts = work.accounts();
    if (!accounts.empty() && !isServed(accounts, wish.phone)) {
        return notByPhone();
    }
    wish.recipient_index = hub::person::blindIndex(work.unit(), kRecipientColumn, wish.phone);
    wish.client_index = hub::person::blindIndex(work.unit(), "client", request.client_ip);
    return wish;
}

std::int64_t waitFor(const Work& work, const Wish& wish)
{
    const std::int64_t since_ms = work.nowMs() - kDayMs;
    const VerificationRows& rows = work.verifications();
    return std::max(waitMs(rows.timesOfRecipient(wish.recipient_index, since_ms),
                           work.settings().number_limits,
                           work.nowMs()),
                    waitMs(rows.timesOfClient(wish.client_index, since_ms),
                           work.settings().client_limits,
                           work.nowMs()));
}

Message draft(const Work& work, const Wish& wish, const Template& form)
{
    Message message;
    message.message_id = work.drawId();
    message.edition = work.event().edition();
    message.kind = kCodeKind;
    message.template_name = form.name;
    message.template_version = form.version;
    message.language = form.language;
    message.cause_type = kVerificationCause;
    message.created_ms = work.nowMs();
    // Nobody knows yet whose number this is: one key for all that is sealed for it.
    message.person = "number:" + toHex(wish.recipient_index);
    return message;
}

Verification open(const Work& work, const Wish& wish, Message& message)
{
    for (Verification& former : work.verifications().open(wish.recipient_index, wish.purpose)) {
        work.advance(former, VerificationCause::NewerCode);
    }
    Verification verification;
    verification.verification_id = work.drawId();
    verification.message_id = message.message_id;
    verification.channel = kSms;
    verification.purpose = wish.purpose;
    verification.language = wish.language;
    verification.recipient_index = wish.recipient_index;
    verification.client_index = wish.client_index;
    verification.created_ms = work.nowMs();
    verification.expires_ms = work.nowMs() + work.settings().code_life_ms;
    message.cause_id = verification.verification_id;
    work.address(message, wish.phone);
    work.verifications().insert(verification);
    work.messages().insert(message);
    work.scheduleRetention();
    return verification;
}

Refusal notKnown(const std::string& verification_id)
{
    return {404,
            "not_found",
            {"There is no verification \"" + verification_id + "\". Ask for a new code.",
             "验证请求不存在，请重新获取验证码。"}};
}

/// Why a code can't be confirmed any more, whatever it is; nothing while it can.
std::optional<Refusal> endOf(const Verification& verification, std::int64_t now_ms)
{
    switch (verification.state) {
    case VerificationState::Confirmed:
        return Refusal{409,
                       "verification_confirmed",
                       {"This code was used. Ask for a new one.", "验证码已使用，请重新获取。"}};
    case VerificationState::Replaced:
        return Refusal{409,
                       "verification_replaced",
                       {"A newer code was sent to the same number. Use that one.",
                        "已发送新的验证码，请使用最新的验证码。"}};
    case VerificationState::Exhausted:
        return Refusal{409,
                       "verification_exhausted",
                       {"Too many wrong codes were given. Ask for a new one.",
                        "验证码错误次数过多，请重新获取。"}};
    default:
        break;
    }
    if (verification.expires_ms <= now_ms) {
        return Refusal{409,
                       "verification_expired",
                       {"This code has expired. Ask for a new one.", "验证码已过期，请重新获取。"}};
    }
    return std::nullopt;
}

Refusal noCode()
{
    return badField("code_form", "/code", {"A code has six digits.", "验证码应为6位数字。"});
}

hub::Answer countWrong(const Work& work, Verification& verification)
{
    verification.tries += 1;
    const std::int64_t left =
        std::max<std::int64_t>(0, work.settings().code_tries_max - verification.tries);
    work.verifications().save(verification);
    if (left == 0) {
        work.advance(verification, VerificationCause::TriesUsed);
    }
    const std::string count = std::to_string(left);
    Refusal refusal =
        badField("code_wrong",
                 "/code",
                 left == 0 ? Words{"The code is wrong, and no try is left. Ask for a new one.",
                                   "验证码错误，且次数已用完，请重新获取。"}
                           : Words{"The code is wrong; tries left: " + count + ".",
                                   "验证码错误，还可尝试" + count + "次。"});
    refusal.parameters["tries_left"] = left;
    return refuseAndKeep(refusal);
}

hub::Answer invalid()
{
    return said({{"valid", false}});
}

} // namespace

hub::Answer createVerification(const Work& work, const hub::Event& event)
{
    const Request request = readRequest(event.payload());
    const auto read = readWish(work, request);
    if (const auto* refusal = std::get_if<Refusal>(&read)) {
        return refuse(*refusal);
    }
    const Wish& wish = std::get<Wish>(read);
    if (const std::int64_t wait = waitFor(work, wish); wait > 0) {
        return refuse(tooOften(wait));
    }
    const auto form = work.templates().usable(std::string{kCodeTemplate}, wish.language);
    if (!form) {
        return refuse(noChannel());
    }
    Message message = draft(work, wish, *form);
    const Verification verification = open(work, wish, message);
    sendOn(work, message);
    if (message.state == MessageState::Failed) {
        return refuse(noChannel());
    }
    return answered(201,
                    {{"verification_id", verification.verification_id},
                     {"expires_at", toRfc3339(verification.expires_ms)},
                     {"again_after", toRfc3339(work.nowMs() + work.settings().number_pause_ms)}});
}

hub::Answer confirmVerification(const Work& work, const hub::Event& event)
{
    const Request request = readRequest(event.payload());
    const std::string verification_id = textOf(request.path, "verification_id");
    auto verification = work.verifications().find(verification_id);
    if (!verification) {
        return refuse(notKnown(verification_id));
    }
    if (const auto end = endOf(*verification, work.nowMs())) {
        return refuse(*end);
    }
    const std::string code = identifiers::normalizeCode(textOf(request.body, "code")).value;
    if (code.size() != kCodeDigits ||
        !std::all_of(code.begin(), code.end(), identifiers::isDigit)) {
        return refuse(noCode());
    }
    if (!isCodeOf(work.unit(), *verification, code)) {
        return countWrong(work, *verification);
    }
    const std::string proof = drawProof(work.unit(), *verification);
    verification->confirmed_ms = work.nowMs();
    work.advance(*verification, VerificationCause::CodeRight);
    return answered(200,
                    {{"proof", proof}, {"expires_at", toRfc3339(work.nowMs() + kProofLifeMs)}});
}

hub::Answer
askProof(const hub::Snapshot& snapshot, const hub::Event& event, const Settings& /*settings*/)
{
    const Json question = Json::parse(event.payload(), nullptr, false);
    if (!question.is_object()) {
        return {HUB_BAD_REQUEST, "the question is no JSON object", "", 0};
    }
    const auto verification = VerificationRows{snapshot}.find(textOf(question, "verification_id"));
    if (!verification || verification->state != VerificationState::Confirmed ||
        verification->purpose != textOf(question, "purpose") ||
        verification->confirmed_ms + kProofLifeMs <= snapshot.nowMs() ||
        !isProofOf(snapshot, *verification, textOf(question, "proof"))) {
        return invalid();
    }
    const auto message = MessageRows{snapshot}.find(verification->message_id);
    const auto phone =
        message && !message->recipient.empty()
            ? hub::person::open(snapshot, message->person, kRecipientColumn, message->recipient)
            : std::nullopt;
    if (!phone) {
        return invalid(); // it was erased since
    }
    return said({{"valid", true},
                 {"channel", verification->channel},
                 {"recipient", *phone},
                 {"expires_at_ms", verification->confirmed_ms + kProofLifeMs}});
}

} // namespace messaging
