#include "wechat/wechat.hpp"

#include "core/downloads.hpp"
#include "wechat/bill.hpp"
#include "wechat/codes.hpp"
#include "wechat/content.hpp"
#include "wechat/gateway.hpp"
#include "wechat/keys.hpp"
#include "wechat/payer.hpp"
#include "wechat/settings.hpp"
#include "wechat/trade.hpp"
#include "wechat/words.hpp"

#include <map>
#include <mutex>
#include <utility>

namespace hub::simulator::wechat {

namespace {

constexpr std::size_t kNonceSize = 32;
constexpr std::size_t kSealNonceSize = 12;
constexpr std::int64_t kPatienceMs = 5000;
constexpr std::int64_t kBillsKeptMs = 92LL * 24 * 3600 * 1000;
constexpr std::string_view kDownloadPath = "/v3/billdownload/file?token=";
constexpr std::string_view kProbe = "WECHATPAY/SIGNTEST/";

std::string get(const Call& call, const char* name, std::string usual = {})
{
    const auto found = call.parameters.find(name);
    return found == call.parameters.end() ? std::move(usual) : found->second;
}

class WeChat final : public Provider {
public:
    WeChat(Settings settings, Surroundings surroundings)
        : settings_(std::move(settings))
        , with_(std::move(surroundings))
        , keys_(settings_.platform_folder)
        , trades_(settings_, with_, *this)
        , payers_(settings_, with_)
    {
        for (const Merchant& merchant : settings_.merchants) {
            modes_[merchant.mchid] = merchant.mode;
        }
    }

    std::string_view name() const override { return "wechat"; }
    bool serves(const HttpMessage& message) const override { return isOurs(message); }
    Call read(const HttpMessage& message) const override { return readCall(settings_, message); }
    Answer book(const Call& call) override;
    Answer refuse(const Call&, const ScriptedRefusal& scripted) const override
    {
        return refusal(scripted.code, scripted.sub_code, scripted.status);
    }
    Reply render(const Call& call, const Answer& answer, Distortion distortion) const override;

    Look look(const Trade& trade) const override
    {
        const Merchant* merchant = settings_.findMerchant(trade.seller);
        return {.app = "模拟微信支付",
                .app_english = "Simulated WeChat Pay",
                .color = "#07a050",
                .merchant = merchant == nullptr ? trade.seller : merchant->name};
    }
    std::string newProviderNumber() const override
    {
        return "42" + toBeijingDay(realNowMs()) + randomDigits(18);
    }
    void tell(Book& book, const Trade& trade, const Refund* refund) const override;
    std::int64_t refundWindowMs() const override { return settings_.refund_window_ms; }
    bool keepsUnopenedOrders() const override { return true; }
    OutMessage renderNotification(const Notification& notification,
                                  const Json& replaced,
                                  Distortion distortion) const override;
    bool isAcknowledgement(int http_status, std::string_view) const override
    {
        return http_status == 200 || http_status == 204;
    }
    const std::vector<std::int64_t>& notifyPausesMs() const override
    {
        return settings_.notify_pauses_ms;
    }
    std::int64_t notifyPatienceMs() const override { return kPatienceMs; }
    Result<Json> command(std::string_view word, const Json& body) override;

private:
    Headers sign(std::string_view mchid,
                 std::string_view wanted_serial,
                 std::string_view body,
                 Distortion distortion) const;
    Mode modeOf(std::string_view mchid) const;
    Answer certificates(const Call& call) const;
    Answer bill(const Call& call);
    Answer download(const Call& call) const;

    const Settings settings_;
    const Surroundings with_;
    PlatformKeys keys_;
    const Trades trades_;
    Payers payers_;
    Downloads downloads_;
    mutable std::mutex guard_;
    std::map<std::string, Mode, std::less<>> modes_;
};

Answer WeChat::book(const Call& call)
{
    if (call.method == kAuthorize) {
        return payers_.authorize(call);
    }
    if (call.method == kAccessToken) {
        return payers_.accessToken(call);
    }
    if (call.method == kH5Page) {
        return payers_.h5Page(call);
    }
    if (call.method == kBridge) {
        return payers_.bridge(call);
    }
    if (call.method == kCertificates) {
        return certificates(call);
    }
    if (call.method == kDownload) {
        return download(call);
    }
    return call.method == kTradeBill || call.method == kFundflowBill ? bill(call)
                                                                     : trades_.book(call);
}

Mode WeChat::modeOf(std::string_view mchid) const
{
    const std::lock_guard lock(guard_);
    const auto found = modes_.find(mchid);
    return found == modes_.end() ? Mode::Certificate : found->second;
}

/// Which of the keys signs, and what it is called. A merchant that is changing over is heard;
/// notifications, which nobody asks for, then come with the certificate.
Headers WeChat::sign(std::string_view mchid,
                     std::string_view wanted_serial,
                     std::string_view body,
                     Distortion distortion) const
{
    const Mode mode = modeOf(mchid);
    const bool by_public_key =
        mode == Mode::PublicKey || (mode == Mode::Both && wanted_serial.starts_with("PUB_KEY_ID_"));
    const PlatformKey platform = keys_.find(wanted_serial);
    const std::string timestamp = std::to_string(realNowMs() / 1000);
    const std::string nonce = randomToken(kNonceSize);
    std::string text = timestamp + "\n" + nonce + "\n" + std::string(body) + "\n";
    if (distortion == Distortion::BadSignature) {
        text += ' '; // a genuine signature of another text
    }
    std::string signature =
        signRsa2(by_public_key ? *settings_.public_key_private : *platform.private_key, text);
    if (distortion == Distortion::ProbeSignature) {
        signature = std::string(kProbe) + signature.substr(kProbe.size());
    }
    return {{"Wechatpay-Timestamp", timestamp},
            {"Wechatpay-Nonce", nonce},
            {"Wechatpay-Serial", by_public_key ? settings_.public_key_id : platform.serial},
            {"Wechatpay-Signature", signature},
            {"Wechatpay-Signature-Type", "WECHATPAY2-SHA256-RSA2048"}};
}

Reply WeChat::render(const Call& call, const Answer& answer, Distortion distortion) const
{
    if (answer.kind == "redirection") {
        return {.status = answer.status,
                .content_type = "text/plain",
                .body = "",
                .headers = {{"Location", answer.bytes}}};
    }
    if (answer.kind == "page") {
        return {.status = answer.status,
                .content_type = "text/plain; charset=utf-8",
                .body = answer.bytes};
    }
    if (answer.kind == "file") {
        return {.content_type = "application/octet-stream", .body = answer.bytes};
    }
    Json fields = answer.fields;
    const auto spelling = settings_.spellings.find(answer.code);
    if (fields.contains("code") && spelling != settings_.spellings.end()) {
        fields["code"] = spelling->second;
    }
    if (distortion == Distortion::WrongAmount) {
        raiseAmounts(fields);
    }
    Reply reply{.status = answer.status,
                .content_type = "application/json; charset=utf-8",
                .body = answer.status == 204 ? "" : fields.dump()};
    // Nobody can be addressed before it is known who asks.
    const bool is_signed_refusal = settings_.refusals_signed && fields.contains("code") &&
                                   settings_.findMerchant(call.app) != nullptr;
    if ((answer.is_signed || is_signed_refusal) && distortion != Distortion::Unsigned) {
        reply.headers = sign(call.app, get(call, "wechatpay-serial"), reply.body, distortion);
    }
    reply.headers.emplace_back("Request-Id", "SIM-" + randomToken(kNonceSize));
    return reply;
}

Answer WeChat::certificates(const Call& call) const
{
    if (modeOf(call.app) == Mode::PublicKey) {
        return refusal("RESOURCE_NOT_EXISTS", "平台证书不存在");
    }
    const Merchant& merchant = *settings_.findMerchant(call.app);
    Json list = Json::array();
    for (const PlatformKey& key : keys_.all()) {
        const std::string nonce = randomToken(kSealNonceSize);
        list.push_back({{"serial_no", key.serial},
                        {"effective_time", toRfc3339(key.from_ms)},
                        {"expire_time", toRfc3339(key.until_ms)},
                        {"encrypt_certificate",
                         {{"algorithm", "AEAD_AES_256_GCM"},
                          {"nonce", nonce},
                          {"associated_data", "certificate"},
                          {"ciphertext",
                           seal(merchant.apiv3_key, nonce, "certificate", key.certificate_pem)}}}});
    }
    return success({{"data", std::move(list)}});
}

Answer WeChat::bill(const Call& call)
{
    const bool is_trade = call.method == kTradeBill;
    const auto from_ms = parseBeijingText(get(call, "bill_date") + " 00:00:00");
    const std::string kind = get(call, "bill_type", "ALL");
    const std::string account = get(call, "account_type", "BASIC");
    const std::string packing = get(call, "tar_type");
    const std::int64_t now_ms = with_.clock.nowMs();
    if (!from_ms || (kind != "ALL" && kind != "SUCCESS" && kind != "REFUND") ||
        (account != "BASIC" && account != "OPERATION" && account != "FEES") ||
        (!packing.empty() && packing != "GZIP")) {
        return refusal("PARAM_ERROR", "bill_date, bill_type, account_type 或 tar_type");
    }
    if (endOfBeijingDay(*from_ms) + settings_.bill_ready_ms > now_ms) {
        return refusal("STATEMENT_CREATING");
    }
    if (*from_ms + kBillsKeptMs < now_ms) {
        return refusal("NO_STATEMENT_EXIST");
    }
    auto file = with_.books.transact([&](Book& book) -> std::optional<std::string> {
        if (!is_trade && account != "BASIC") {
            return std::nullopt;
        }
        return is_trade ? tradeBill(settings_, book, call.app, kind, *from_ms)
                        : fundflowBill(book, call.app, *from_ms);
    });
    if (!file) {
        return refusal("NO_STATEMENT_EXIST");
    }
    const std::string sum = sha1Of(*file);
    const std::string token =
        downloads_.offer(call.app + "\n" + (packing.empty() ? *file : gzip(*file)));
    return success({{"hash_type", "SHA1"},
                    {"hash_value", sum},
                    {"download_url", with_.public_url + std::string(kDownloadPath) + token}});
}

/// The file is only for the merchant that asked for it.
Answer WeChat::download(const Call& call) const
{
    const auto offered = downloads_.find(get(call, "token"));
    const std::string owner = call.app + "\n";
    if (!offered || !offered->starts_with(owner)) {
        return refusal("RESOURCE_NOT_EXISTS", "下载地址已失效");
    }
    Answer answer = success(Json::object());
    answer.kind = "file";
    answer.bytes = offered->substr(owner.size());
    return answer;
}

void WeChat::tell(Book& book, const Trade& trade, const Refund* refund) const
{
    std::string event;
    std::string url = trade.notify_url;
    Json fields;
    if (refund == nullptr && trade.state == TradeState::Paid) {
        event = "TRANSACTION.SUCCESS";
        fields = tradeFields(settings_, trade);
    } else if (refund != nullptr && refund->state != RefundState::Processing) {
        event = "REFUND." + std::string(refundStatus(*refund));
        url = refund->notify_url.empty() ? trade.notify_url : refund->notify_url;
        fields = refundNoticeFields(trade, *refund);
    } else {
        return;
    }
    book.insert(Notification{.id = "EV-" + randomToken(kNonceSize),
                             .trade = trade.id,
                             .provider = trade.provider,
                             .app = trade.app,
                             .number = trade.number,
                             .event = event,
                             .url = url,
                             .fields = Json{{"mchid", trade.seller},
                                            {"created_ms", realNowMs()},
                                            {"resource", std::move(fields)}}
                                           .dump(),
                             .state = "queued",
                             .due_ms = with_.clock.nowMs()});
}

OutMessage WeChat::renderNotification(const Notification& notification,
                                      const Json& replaced,
                                      Distortion distortion) const
{
    const Json stored = Json::parse(notification.fields);
    const auto mchid = stored.at("mchid").get<std::string>();
    Json resource = stored.at("resource");
    if (distortion == Distortion::WrongAmount) {
        raiseAmounts(resource);
    }
    resource.merge_patch(replaced);
    const bool is_refund = notification.event.starts_with("REFUND");
    const std::string kind = is_refund ? "refund" : "transaction";
    const std::string nonce = randomToken(kSealNonceSize);
    const Merchant* merchant = settings_.findMerchant(mchid);
    const std::string key = merchant == nullptr ? randomToken(kNonceSize) : merchant->apiv3_key;
    const Json body{{"id", notification.id},
                    {"create_time", toRfc3339(stored.at("created_ms").get<std::int64_t>())},
                    {"resource_type", "encrypt-resource"},
                    {"event_type", notification.event},
                    {"summary", is_refund ? "退款通知" : "支付成功"},
                    {"resource",
                     {{"original_type", kind},
                      {"algorithm", "AEAD_AES_256_GCM"},
                      {"ciphertext", seal(key, nonce, kind, resource.dump())},
                      {"associated_data", kind},
                      {"nonce", nonce}}}};
    OutMessage message{.content_type = "application/json", .body = body.dump()};
    if (distortion != Distortion::Unsigned) {
        message.headers = sign(mchid, "", message.body, distortion);
    }
    return message;
}

Result<Json> WeChat::command(std::string_view word, const Json& body)
{
    if (word == "rotate") {
        return Json{{"serial_no", keys_.rotate().serial}};
    }
    if (word != "mode") {
        return Provider::command(word, body);
    }
    const std::string mchid = textOf(body, "mchid");
    const std::string mode = textOf(body, "mode");
    if (settings_.findMerchant(mchid) == nullptr ||
        (mode != "certificate" && mode != "public_key" && mode != "both")) {
        return Error{HUB_BAD_REQUEST,
                     "\"mchid\" must be a known one, \"mode\" certificate, public_key or both"};
    }
    const std::lock_guard lock(guard_);
    modes_[mchid] = parseMode(mode);
    return Json{{"mchid", mchid}, {"mode", mode}};
}

} // namespace

std::unique_ptr<Provider>
makeProvider(const Json& section, const std::filesystem::path& folder, Surroundings surroundings)
{
    return std::make_unique<WeChat>(readSettings(section, folder), std::move(surroundings));
}

} // namespace hub::simulator::wechat
