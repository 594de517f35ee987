#include "alipay/alipay.hpp"

#include "alipay/bill.hpp"
#include "alipay/codes.hpp"
#include "alipay/content.hpp"
#include "alipay/gateway.hpp"
#include "alipay/settings.hpp"
#include "alipay/trade.hpp"
#include "alipay/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace hub::simulator::alipay {

namespace {

constexpr std::string_view kBillMethod = "alipay.data.dataservice.bill.downloadurl.query";
/// Alipay serves bills from another host; here they share the path, told apart by the query.
constexpr std::string_view kDownload = "bill=";
constexpr std::string_view kWithCertificate = "+certificate";

class Alipay final : public Provider {
public:
    Alipay(Settings settings, Surroundings surroundings)
        : settings_(std::move(settings))
        , with_(std::move(surroundings))
        , trades_(settings_, with_, *this)
    {}

    std::string_view name() const override { return "alipay"; }
    std::string_view path() const override { return "/gateway.do"; }

    Call read(const HttpMessage& message) const override
    {
        if (message.method == "GET" && message.query.starts_with(kDownload)) {
            Call download;
            download.method = kDownload;
            download.number = message.query.substr(kDownload.size());
            return download;
        }
        Call call = readCall(settings_, message);
        if (call.refusal) {
            call.refusal = inItsMode(call, std::move(*call.refusal));
        }
        return call;
    }
    Answer book(const Call& call) override
    {
        if (call.method == kDownload) {
            return download(call.number);
        }
        return inItsMode(call, call.method == kBillMethod ? bill(call) : trades_.book(call));
    }
    Answer refuse(const Call& call, std::string_view code, std::string_view sub_code) const override
    {
        return inItsMode(call, refusal(call.method, sub_code, {}, code));
    }
    Reply render(const Answer& answer, Distortion distortion) const override;

    std::string merchantName(const Trade& trade) const override
    {
        const App* app = settings_.findApp(trade.app);
        return app == nullptr ? trade.seller : app->account_name;
    }
    std::string newProviderNumber() const override
    {
        return toBeijingDay(realNowMs()) + "22001" + randomDigits(15);
    }
    void tell(Book& book, const Trade& trade, const Refund* refund) const override;
    std::int64_t refundWindowMs() const override { return settings_.refund_window_ms; }

    std::string renderNotification(const Notification& notification,
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
    /// Who asks with certificates is answered with the number of ours. The mark travels behind the
    /// node's name, because an answer knows nothing else of its request.
    static Answer inItsMode(const Call& call, Answer answer)
    {
        const auto number = call.parameters.find("app_cert_sn");
        if (answer.is_signed && number != call.parameters.end() && !number->second.empty()) {
            answer.node += kWithCertificate;
        }
        return answer;
    }
    /// A signature of ours; a bad one is a genuine signature of another text.
    std::string sign(std::string text, Distortion distortion) const
    {
        if (distortion == Distortion::BadSignature) {
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
        "{}{}?{}{}", with_.public_url, path(), kDownload, downloads_.offer(std::move(*archive)));
    return answer;
}

Answer Alipay::download(const std::string& token) const
{
    Answer answer;
    answer.node = kDownload;
    if (auto archive = downloads_.find(token)) {
        answer.fields["archive"] = std::move(*archive);
    }
    return answer;
}

Reply Alipay::render(const Answer& answer, Distortion distortion) const
{
    if (answer.node == kDownload) {
        const bool is_there = answer.fields.contains("archive");
        return {.status = is_there ? 200 : 404,
                .content_type = is_there ? "application/zip" : "text/plain",
                .body = answer.fields.value("archive", "")};
    }
    Json fields = answer.fields;
    if (distortion == Distortion::WrongAmount) {
        raiseAmounts(fields);
    }
    const std::string node = toAnswerText(fields);
    const bool with_certificate = answer.node.ends_with(kWithCertificate);
    const std::string name = answer.node.substr(
        0, answer.node.size() - (with_certificate ? kWithCertificate.size() : 0));
    std::string body = "{\"" + name + "\":" + node;
    if (with_certificate) {
        body += ",\"alipay_cert_sn\":\"" + settings_.provider_number + "\"";
    }
    if (answer.is_signed && distortion != Distortion::Unsigned) {
        body += ",\"sign\":\"" + sign(node, distortion) + "\"";
    }
    return {.content_type = "text/html;charset=utf-8", .body = body + "}"};
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

std::string Alipay::renderNotification(const Notification& notification,
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
    return toForm(parameters);
}

} // namespace

std::unique_ptr<Provider>
makeProvider(const Json& section, const std::filesystem::path& folder, Surroundings surroundings)
{
    return std::make_unique<Alipay>(readSettings(section, folder), std::move(surroundings));
}

} // namespace hub::simulator::alipay
