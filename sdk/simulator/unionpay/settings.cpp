#include "unionpay/settings.hpp"

#include "core/section.hpp"
#include "unionpay/certificates.hpp"
#include "unionpay/keys.hpp"

#include <algorithm>
#include <array>

namespace hub::simulator::unionpay {

namespace {

namespace fs = std::filesystem;

constexpr SectionReader kSection("unionpay");
constexpr std::int64_t kDayS = 24LL * 3600;
constexpr std::array<std::string_view, 19> kMembers{"authority_folder",
                                                    "signing_folder",
                                                    "certificate_name",
                                                    "time_tolerance_s",
                                                    "order_life_s",
                                                    "refund_window_s",
                                                    "qr_refund_window_s",
                                                    "refund_takes_s",
                                                    "bill_ready_s",
                                                    "notify_schedule_s",
                                                    "codes",
                                                    "trade_codes",
                                                    "credit_mark",
                                                    "debit_mark",
                                                    "b2b_refund_biz_types",
                                                    "front_repeats",
                                                    "code_address",
                                                    "account",
                                                    "merchants"};
constexpr std::array<std::string_view, 6> kMerchantMembers{
    "mer_id", "name", "certificates", "limit_minor", "blocked", "denied"};
constexpr std::array<std::string_view, 2> kCertificateMembers{"private_key", "certificate"};
constexpr std::array<std::string_view, 8> kReasons{"merchant_unknown",
                                                   "merchant_blocked",
                                                   "certificate_unknown",
                                                   "time",
                                                   "refund_amount",
                                                   "refund_late",
                                                   "undo_late",
                                                   "no_money"};

Merchant readMerchant(const Json& text, const fs::path& folder)
{
    kSection.refuseUnknown(text, kMerchantMembers);
    Merchant merchant{.mer_id = kSection.get<std::string>(text, "mer_id"),
                      .name = kSection.get<std::string>(text, "name"),
                      .keys = {},
                      .limit_minor = kSection.get<std::int64_t>(text, "limit_minor"),
                      .blocked = kSection.get<bool>(text, "blocked"),
                      .denied = kSection.get<std::vector<std::string>>(text, "denied")};
    const Json certificates = kSection.get<Json>(text, "certificates");
    for (const Json& one : certificates) {
        kSection.refuseUnknown(one, kCertificateMembers);
        const Identity identity =
            readIdentity(folder / kSection.get<std::string>(one, "certificate"));
        merchant.keys[identity.number] = identity.public_key;
    }
    return merchant;
}

void completeMerchant(Json& merchant, const std::string& stem)
{
    setDefault(merchant, "mer_id", "100000000000001");
    setDefault(merchant, "name", "模拟商户 Sample Merchant");
    setDefault(merchant, "certificates", Json::array({Json::object()}));
    int count = 0;
    for (Json& one : merchant["certificates"]) {
        ++count;
        const std::string file = stem + (count == 1 ? "" : "_" + std::to_string(count));
        setDefault(one, "private_key", file + "_key.pem");
        setDefault(one, "certificate", file + "_certificate.pem");
    }
    setDefault(merchant, "limit_minor", 10'000'000'000);
    setDefault(merchant, "blocked", false);
    setDefault(merchant, "denied", Json::array());
}

void completeCodes(Json& section)
{
    setDefault(section, "codes", Json::object());
    Json& codes = section["codes"];
    setDefault(codes, "merchant_unknown", "31");
    setDefault(codes, "merchant_blocked", "31");
    setDefault(codes, "certificate_unknown", "11");
    setDefault(codes, "time", "39");
    setDefault(codes, "refund_amount", "36");
    setDefault(codes, "refund_late", "35");
    setDefault(codes, "undo_late", "35");
    setDefault(codes, "no_money", "64");
}

void completeHabits(Json& section)
{
    setDefault(section, "authority_folder", "unionpay/authority");
    setDefault(section, "signing_folder", "unionpay/signing");
    setDefault(section, "certificate_name", "041@SIMULATED@中国银联股份有限公司@00000001");
    setDefault(section, "time_tolerance_s", 900);
    setDefault(section, "order_life_s", 2 * 3600);
    setDefault(section, "refund_window_s", 330 * kDayS);
    setDefault(section, "qr_refund_window_s", 30 * kDayS);
    setDefault(section, "refund_takes_s", 5);
    setDefault(section, "bill_ready_s", 10 * 3600);
    setDefault(section, "notify_schedule_s", {0, 60, 120, 240});
    completeCodes(section);
    setDefault(section, "trade_codes", {{"01", "S22"}, {"04", "S30"}, {"31", "S31"}});
    setDefault(section, "credit_mark", "C");
    setDefault(section, "debit_mark", "D");
    setDefault(section, "b2b_refund_biz_types", {"000202", "000201"});
    setDefault(section, "front_repeats", false);
    setDefault(section, "code_address", "web");
    setDefault(section, "account", "6200********0000");
    setDefault(section, "merchants", Json::array({Json::object()}));
}

} // namespace

const Merchant* Settings::findMerchant(std::string_view mer_id) const
{
    const auto found = std::find_if(merchants.begin(), merchants.end(), [&](const Merchant& one) {
        return one.mer_id == mer_id;
    });
    return found == merchants.end() ? nullptr : &*found;
}

Settings readSettings(const Json& section, const fs::path& folder)
{
    kSection.refuseUnknown(section, kMembers);
    kSection.refuseUnknown(kSection.get<Json>(section, "codes"), kReasons);
    Settings settings;
    const Json merchants = kSection.get<Json>(section, "merchants");
    for (const Json& merchant : merchants) {
        settings.merchants.push_back(readMerchant(merchant, folder));
    }
    settings.authority_folder = folder / kSection.get<std::string>(section, "authority_folder");
    settings.signing_folder = folder / kSection.get<std::string>(section, "signing_folder");
    settings.certificate_name = kSection.get<std::string>(section, "certificate_name");
    settings.time_tolerance_ms = kSection.milliseconds(section, "time_tolerance_s");
    settings.order_life_ms = kSection.milliseconds(section, "order_life_s");
    settings.refund_window_ms = kSection.milliseconds(section, "refund_window_s");
    settings.qr_refund_window_ms = kSection.milliseconds(section, "qr_refund_window_s");
    settings.refund_takes_ms = kSection.milliseconds(section, "refund_takes_s");
    settings.bill_ready_ms = kSection.milliseconds(section, "bill_ready_s");
    settings.notify_pauses_ms = kSection.millisecondsOfAll(section, "notify_schedule_s");
    settings.codes = kSection.get<std::map<std::string, std::string>>(section, "codes");
    settings.trade_codes = kSection.get<std::map<std::string, std::string>>(section, "trade_codes");
    settings.credit_mark = kSection.get<std::string>(section, "credit_mark");
    settings.debit_mark = kSection.get<std::string>(section, "debit_mark");
    settings.b2b_refund_biz_types =
        kSection.get<std::vector<std::string>>(section, "b2b_refund_biz_types");
    settings.front_repeats = kSection.get<bool>(section, "front_repeats");
    settings.code_is_web = kSection.get<std::string>(section, "code_address") == "web";
    settings.account = kSection.get<std::string>(section, "account");
    return settings;
}

void prepare(Json& section, const fs::path& folder)
{
    completeHabits(section);
    const fs::path authority = folder / kSection.get<std::string>(section, "authority_folder");
    ensureAuthority(authority);
    SigningKeys::ensure(folder / kSection.get<std::string>(section, "signing_folder"),
                        authority,
                        kSection.get<std::string>(section, "certificate_name"));
    int count = 0;
    for (Json& merchant : section["merchants"]) {
        ++count;
        completeMerchant(merchant, "unionpay/merchant" + (count == 1 ? "" : std::to_string(count)));
        for (const Json& one : merchant["certificates"]) {
            ensureIssued(authority,
                         folder / kSection.get<std::string>(one, "private_key"),
                         folder / kSection.get<std::string>(one, "certificate"),
                         "041@" + kSection.get<std::string>(merchant, "mer_id") +
                             "@SIMULATED@00000001");
        }
    }
}

} // namespace hub::simulator::unionpay
