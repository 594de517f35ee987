#include "unionpay/unionpay.hpp"

#include "core/cashier_page.hpp"
#include "unionpay/bill.hpp"
#include "unionpay/codes.hpp"
#include "unionpay/gateway.hpp"
#include "unionpay/keys.hpp"
#include "unionpay/settings.hpp"
#include "unionpay/trade.hpp"
#include "unionpay/words.hpp"

#include <utility>

namespace hub::simulator::unionpay {

namespace {

constexpr std::size_t kNotificationIdSize = 32;
constexpr std::size_t kEchoMax = 64;
constexpr std::string_view kFrontAddress = "frontTransReq.do ";
constexpr const char* kColor = "#d7262e";
constexpr std::string_view kEchoed =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.-";

/// Fields of the request that every answer repeats. One with strange letters is left out, as it
/// would come back uncoded.
Fields echoOf(const Call& call)
{
    Fields echo;
    for (const char* name : {"accessType",
                             "bizType",
                             "encoding",
                             "fileType",
                             "merId",
                             "orderId",
                             "settleDate",
                             "txnSubType",
                             "txnTime",
                             "txnType"}) {
        const std::string value = get(call.parameters, name);
        if (!value.empty() && value.size() <= kEchoMax &&
            value.find_first_not_of(kEchoed) == std::string::npos) {
            echo[name] = value;
        }
    }
    echo.try_emplace("encoding", "UTF-8");
    echo["version"] = "5.1.0";
    echo["signMethod"] = "01";
    return echo;
}

/// What the payer sees instead of the gateway's page.
Reply refusedPage(const Answer& answer)
{
    Page page;
    page.mark = Page::Mark::Stopped;
    page.app = "模拟银联在线支付";
    page.app_english = "Simulated UnionPay gateway";
    page.color = kColor;
    page.title = answer.fields.at("respMsg").get<std::string>();
    page.subtitle = "The order was not taken: respCode " + answer.code;
    return {.content_type = "text/html; charset=utf-8", .body = toHtml(page)};
}

class UnionPay final : public Provider {
public:
    UnionPay(Settings settings, Surroundings surroundings)
        : settings_(std::move(settings))
        , with_(std::move(surroundings))
        , keys_(settings_.signing_folder, settings_.authority_folder, settings_.certificate_name)
        , trades_(settings_, with_, *this)
    {}

    std::string_view name() const override { return "unionpay"; }
    bool serves(const HttpMessage& message) const override { return isOurs(message); }
    Call read(const HttpMessage& message) const override { return readCall(settings_, message); }
    Answer book(const Call& call) override
    {
        return call.method == kFile ? file(call) : trades_.book(call);
    }
    Answer refuse(const Call& call, const ScriptedRefusal& scripted) const override;
    Reply render(const Call& call, const Answer& answer, Distortion distortion) const override;

    Look look(const Trade& trade) const override;
    std::optional<WayBack> wayBack(const Trade& trade) const override;
    std::string newProviderNumber() const override { return newQueryId(); }
    void tell(Book& book, const Trade& trade, const Refund* refund) const override;
    std::int64_t refundWindowMs() const override { return settings_.refund_window_ms; }
    bool keepsUnopenedOrders() const override { return true; }
    OutMessage renderNotification(const Notification& notification,
                                  const Json& replaced,
                                  Distortion distortion) const override;
    bool isAcknowledgement(int http_status, std::string_view) const override
    {
        return http_status == 200;
    }
    const std::vector<std::int64_t>& notifyPausesMs() const override
    {
        return settings_.notify_pauses_ms;
    }
    Result<Json> command(std::string_view word, const Json& body) override;

private:
    void sign(Fields& fields, Distortion distortion) const;
    Answer file(const Call& call) const;

    const Settings settings_;
    const Surroundings with_;
    SigningKeys keys_;
    const Trades trades_;
};

/// A bad signature is a genuine one of another text; a probe is what a forger would send, whose
/// certificate has the right name and no authority above it.
void UnionPay::sign(Fields& fields, Distortion distortion) const
{
    if (distortion == Distortion::WrongAmount) {
        raiseAmounts(fields);
    }
    if (distortion == Distortion::Unsigned) {
        return;
    }
    const SigningKey key =
        distortion == Distortion::ProbeSignature ? keys_.stranger() : keys_.current();
    fields["signPubKeyCert"] = key.pem;
    std::string text = signedText(fields);
    if (distortion == Distortion::BadSignature) {
        text += ' ';
    }
    fields["signature"] = signFields(*key.private_key, text);
}

/// With code 00 and a second one, the query's own answer is true but for the order's state.
Answer UnionPay::refuse(const Call& call, const ScriptedRefusal& scripted) const
{
    if (scripted.code != "00" || scripted.sub_code.empty() || call.refusal ||
        call.method != kQuery) {
        return refusal(scripted.code);
    }
    Answer answer = trades_.book(call);
    answer.sub_code = scripted.sub_code;
    answer.fields["origRespCode"] = scripted.sub_code;
    answer.fields["origRespMsg"] = respMsg(scripted.sub_code);
    return answer;
}

Reply UnionPay::render(const Call& call, const Answer& answer, Distortion distortion) const
{
    if (answer.kind == "redirection") {
        return {.status = answer.status,
                .content_type = "text/plain",
                .body = "",
                .headers = {{"Location", answer.bytes}}};
    }
    if (call.method.starts_with(kFrontAddress)) {
        return refusedPage(answer);
    }
    Fields fields = echoOf(call);
    for (const auto& [name, value] : answer.fields.items()) {
        fields[name] = value.get<std::string>();
    }
    sign(fields, distortion);
    return {
        .status = answer.status, .content_type = "text/html;charset=UTF-8", .body = toRaw(fields)};
}

Look UnionPay::look(const Trade& trade) const
{
    const Merchant* merchant = settings_.findMerchant(trade.seller);
    const Fields request = requestOf(trade);
    Look look{.app = "模拟云闪付",
              .app_english = "Simulated UnionPay app",
              .color = kColor,
              .merchant = merchant == nullptr ? trade.seller : merchant->name};
    const std::string biz_type = get(request, "bizType");
    if (biz_type == "000202") {
        look.app = "模拟企业网银";
        look.app_english = "Simulated corporate bank";
    } else if (biz_type == "000201" && request.contains("frontUrl")) {
        look.app = "模拟银联在线支付";
        look.app_english = "Simulated UnionPay gateway";
    }
    return look;
}

/// After a payment the browser carries the same message as the notification; without one there is
/// nothing to say.
std::optional<WayBack> UnionPay::wayBack(const Trade& trade) const
{
    const std::string address = get(requestOf(trade), "frontUrl");
    if (address.empty()) {
        return std::nullopt;
    }
    if (trade.paid_ms == 0) {
        return WayBack{address};
    }
    Fields fields = paymentNotice(settings_, trade);
    sign(fields, Distortion::None);
    return WayBack{address, true, std::move(fields)};
}

void UnionPay::tell(Book& book, const Trade& trade, const Refund* refund) const
{
    Fields fields;
    std::string url = trade.notify_url;
    if (refund == nullptr && trade.state == TradeState::Paid) {
        fields = paymentNotice(settings_, trade);
    } else if (refund != nullptr &&
               (refund->state == RefundState::Done || refund->state == RefundState::Dropped)) {
        fields = returnNotice(trade, *refund, stateCode(*refund));
        url = refund->notify_url;
    } else {
        // Payments that fail are not told, nor what hangs between both sides.
        return;
    }
    book.insert(Notification{.id = randomToken(kNotificationIdSize),
                             .trade = trade.id,
                             .provider = trade.provider,
                             .app = trade.app,
                             .number = trade.number,
                             .event = fields.at("txnType") + " " + fields.at("respCode"),
                             .url = url,
                             .fields = Json(fields).dump(),
                             .state = "queued",
                             .due_ms = with_.clock.nowMs()});
}

OutMessage UnionPay::renderNotification(const Notification& notification,
                                        const Json& replaced,
                                        Distortion distortion) const
{
    Json stored = Json::parse(notification.fields);
    stored.update(replaced);
    Fields fields;
    for (const auto& [name, value] : stored.items()) {
        fields[name] = value.is_string() ? value.get<std::string>() : value.dump();
    }
    sign(fields, distortion);
    return {.content_type = "application/x-www-form-urlencoded;charset=UTF-8",
            .body = toForm(fields)};
}

/// The latest settlement day of that month and day; the year is not asked for.
Answer UnionPay::file(const Call& call) const
{
    constexpr std::int64_t kDayMs = 24LL * 3600 * 1000;
    const std::int64_t now_ms = with_.clock.nowMs();
    const std::string today = settlementDay(now_ms);
    const std::string& month_and_day = call.parameters.at("settleDate");
    int year = std::stoi(today.substr(0, 4));
    year -= month_and_day > today.substr(4) ? 1 : 0;
    const std::string day = std::to_string(year) + month_and_day;
    const auto from_ms = startOfSettlementDay(day);
    if (!from_ms || *from_ms + kDayMs + settings_.bill_ready_ms > now_ms) {
        return refusal("98");
    }
    const auto archive =
        with_.books.transact([&](Book& book) { return makeBill(settings_, book, call.app, day); });
    return archive ? success({{"fileName", call.app + "_" + day + ".zip"},
                              {"fileContent", packContent(*archive)}})
                   : refusal("98");
}

Result<Json> UnionPay::command(std::string_view word, const Json& body)
{
    if (word == "rotate") {
        return Json{{"cert_id", keys_.rotate().number}};
    }
    return Provider::command(word, body);
}

} // namespace

std::unique_ptr<Provider>
makeProvider(const Json& section, const std::filesystem::path& folder, Surroundings surroundings)
{
    return std::make_unique<UnionPay>(readSettings(section, folder), std::move(surroundings));
}

} // namespace hub::simulator::unionpay
