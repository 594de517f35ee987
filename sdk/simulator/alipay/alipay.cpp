#include "alipay/alipay.hpp"

#include "alipay/bill.hpp"
#include "alipay/codes.hpp"
#include "alipay/content.hpp"
#include "alipay/gateway.hpp"
#include "alipay/page.hpp"
#include "alipay/settings.hpp"
#include "alipay/trade.hpp"
#include "alipay/words.hpp"
#include "core/downloads.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace hub::simulator::alipay {

namespace {

constexpr std::string_view kBillMethod = "alipay.data.dataservice.bill.downloadurl.query";
/// Alipay serves bills from another host; here they share the path, told apart by the query.
constexpr std::string_view kDownload = "bill=";
constexpr const char* kPath = "/gateway.do";
/// How long the page stays after a payment before it leads back.
constexpr int kReturnAfterS = 3;

/// Who asks with certificates is answered with the number of ours.
bool asksWithCertificate(const Call& call)
{
    const auto number = call.parameters.find("app_cert_sn");
    return number != call.parameters.end() && !number->second.empty();
}

class Alipay final : public Provider {
public:
    Alipay(Settings settings, Surroundings surroundings)
        : settings_(std::move(settings))
        , with_(std::move(surroundings))
        , trades_(settings_, with_, *this)
    {}

    std::string_view name() const override { return "alipay"; }
    bool serves(const HttpMessage& message) const override { return message.path == kPath; }

    Call read(const HttpMessage& message) const override
    {
        if (message.method == "GET" && message.query.starts_with(kDownload)) {
            Call download;
            download.method = kDownload;
            download.number = message.query.substr(kDownload.size());
            return download;
        }
        return readCall(settings_, message);
    }
    Answer book(const Call& call) override
    {
        if (call.method == kDownload) {
            return download(call.number);
        }
        return call.method == kBillMethod ? bill(call) : trades_.book(call);
    }
    Answer refuse(const Call& call, const ScriptedRefusal& scripted) const override
    {
        Answer answer = refusal(call.method, scripted.sub_code, {}, scripted.code);
        answer.status = scripted.status == 0 ? answer.status : scripted.status;
        return answer;
    }
    Reply render(const Call& call, const Answer& answer, Distortion distortion) const override;

    Look look(const Trade& trade) const override;
    std::optional<WayBack> wayBack(const Trade& trade) const override;
    std::string newProviderNumber() const override
    {
        return toBeijingDay(realNowMs()) + "22001" + randomDigits(15);
    }
    void tell(Book& book, const Trade& trade, const Refund* refund) const override;
    std::int64_t refundWindowMs() const override { return settings_.refund_window_ms; }

    OutMessage renderNotification(const Notification& notification,
                                  const Json& replaced,
                                  Distortion distortion) const override;
    bool isAcknowledgement(int http_status, std::string_view body) const override
    {
        return http_status == 200 && body == "success";
    }
    const std::vector<std::int64_t>& notifyPausesMs() const override
    {
        return settings_.notify_pauses_ms;
    }

private:
    /// A signature of ours; a bad one is a genuine signature of another text.
    std::string sign(std::string text, Distortion distortion) const
    {
        if (distortion == Distortion::BadSignature || distortion == Distortion::ProbeSignature) {
            text += ' ';
        }
        return signRsa2(*settings_.provider_key, text);
    }
    bool isTold(const Trade& trade, const Refund* refund) const;
    Answer bill(const Call& call);
    Answer download(const std::string& token) const;

    const Settings settings_;
    const Surroundings with_;
    const Trades trades_;
    Downloads downloads_;
};

Answer Alipay::bill(const Call& call)
{
    if (const auto objection = judgeContent(call.method, call.content)) {
        return refusal(call.method, objection->sub_code, objection->member);
    }
    const std::string day = textOf(call.content, "bill_date");
    // A bill closes with its day, and days pass by the test clock.
    if (endOfBeijingDay(*parseBeijingText(day + " 00:00:00")) > with_.clock.nowMs()) {
        return refusal(call.method, "BILL_NOT_EXIST");
    }
    const Json books = with_.books.transact([](Book& book) { return book.toJson(""); });
    auto archive = makeBill(books, settings_.findApp(call.app)->seller_id, day);
    if (!archive) {
        return refusal(call.method, "BILL_NOT_EXIST");
    }
    Answer answer = success(call.method);
    answer.fields["bill_download_url"] = fmt::format(
        "{}{}?{}{}", with_.public_url, kPath, kDownload, downloads_.offer(std::move(*archive)));
    return answer;
}

Answer Alipay::download(const std::string& token) const
{
    Answer answer;
    answer.kind = kDownload;
    auto archive = downloads_.find(token);
    answer.status = archive ? 200 : 404;
    answer.bytes = std::move(archive).value_or("");
    return answer;
}

Reply Alipay::render(const Call& call, const Answer& answer, Distortion distortion) const
{
    if (answer.kind == kDownload) {
        return {.status = answer.status,
                .content_type = answer.status == 200 ? "application/zip" : "text/plain",
                .body = answer.bytes};
    }
    if (answer.kind == kRedirection) {
        return {.status = answer.status,
                .content_type = "text/plain",
                .body = "",
                .headers = {{"Location", answer.bytes}}};
    }
    if (isPageMethod(call.method)) {
        return refusedPage(answer);
    }
    Json fields = answer.fields;
    if (distortion == Distortion::WrongAmount) {
        raiseAmounts(fields);
    }
    const std::string node = toAnswerText(fields);
    std::string body = "{\"" + answer.kind + "\":" + node;
    if (answer.is_signed && asksWithCertificate(call)) {
        body += ",\"alipay_cert_sn\":\"" + settings_.provider_number + "\"";
    }
    if (answer.is_signed && distortion != Distortion::Unsigned) {
        body += ",\"sign\":\"" + sign(node, distortion) + "\"";
    }
    return {.status = answer.status, .content_type = "text/html;charset=utf-8", .body = body + "}"};
}

Look Alipay::look(const Trade& trade) const
{
    const App* app = settings_.findApp(trade.app);
    Look look{.app = "模拟钱包",
              .app_english = "Simulated wallet",
              .merchant = app == nullptr ? trade.seller : app->account_name};
    if (visitOf(trade)) {
        look.greeting = "登录后付款";
        look.greeting_english = "Log in to pay";
    }
    return look;
}

/// Proves nothing to the merchant, though it is signed: who pays sees it and can keep it back.
std::optional<WayBack> Alipay::wayBack(const Trade& trade) const
{
    const auto visit = visitOf(trade);
    const App* app = settings_.findApp(trade.app);
    if (!visit || app == nullptr) {
        return std::nullopt;
    }
    const bool is_paid = trade.paid_ms != 0;
    const std::string& address = is_paid ? visit->return_url : visit->quit_url;
    if (address.empty()) {
        return std::nullopt;
    }
    if (!is_paid) {
        return wayTo(address, {});
    }
    Parameters parameters = returnParameters(*app, trade, *visit);
    const std::string signature = sign(signedText(parameters, {}), Distortion::None);
    parameters["sign_type"] = "RSA2";
    parameters["sign"] = signature;
    WayBack way_back = wayTo(address, std::move(parameters));
    way_back.after_s = kReturnAfterS;
    return way_back;
}

/// Money that moved is always told; other changes only when the settings name the state.
bool Alipay::isTold(const Trade& trade, const Refund* refund) const
{
    const auto& told = settings_.notify_also;
    return refund != nullptr || trade.state == TradeState::Paid ||
           std::find(told.begin(), told.end(), tradeStatus(trade)) != told.end();
}

void Alipay::tell(Book& book, const Trade& trade, const Refund* refund) const
{
    const App* app = settings_.findApp(trade.app);
    if (trade.notify_url.empty() || app == nullptr || !isTold(trade, refund)) {
        return;
    }
    book.insert(Notification{.id = toBeijingDay(realNowMs()) + randomDigits(26),
                             .trade = trade.id,
                             .provider = trade.provider,
                             .app = trade.app,
                             .number = trade.number,
                             .event = std::string(tradeStatus(trade)),
                             .url = trade.notify_url,
                             .fields = notificationFields(settings_, *app, trade, refund).dump(),
                             .state = "queued",
                             .due_ms = with_.clock.nowMs()});
}

OutMessage Alipay::renderNotification(const Notification& notification,
                                      const Json& replaced,
                                      Distortion distortion) const
{
    Json fields = Json::parse(notification.fields);
    if (distortion == Distortion::WrongAmount) {
        raiseAmounts(fields);
    }
    fields.update(replaced);
    Parameters parameters;
    for (const auto& [name, value] : fields.items()) {
        parameters[name] = value.is_string() ? value.get<std::string>() : value.dump();
    }
    parameters["notify_id"] = notification.id;
    parameters["notify_time"] = toBeijingText(realNowMs());
    const std::string signature = sign(signedText(parameters, {}), distortion);
    parameters["sign_type"] = "RSA2";
    parameters["sign"] = signature;
    return {.content_type = "application/x-www-form-urlencoded; charset=utf-8",
            .body = toForm(parameters)};
}

} // namespace

std::unique_ptr<Provider>
makeProvider(const Json& section, const std::filesystem::path& folder, Surroundings surroundings)
{
    return std::make_unique<Alipay>(readSettings(section, folder), std::move(surroundings));
}

} // namespace hub::simulator::alipay
