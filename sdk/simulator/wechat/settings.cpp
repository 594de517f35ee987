#include "wechat/settings.hpp"

#include "core/pki.hpp"
#include "core/section.hpp"
#include "wechat/keys.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace hub::simulator::wechat {

namespace {

namespace fs = std::filesystem;

constexpr SectionReader kSection("wechat");
constexpr std::size_t kApiKeySize = 32;
constexpr std::array<std::string_view, 19> kMembers{"platform_folder",
                                                    "public_key_id",
                                                    "public_key_private",
                                                    "public_key",
                                                    "timestamp_tolerance_s",
                                                    "code_life_s",
                                                    "h5_life_s",
                                                    "order_life_s",
                                                    "refund_window_s",
                                                    "refund_takes_s",
                                                    "refund_pause_s",
                                                    "bill_ready_s",
                                                    "notify_schedule_s",
                                                    "required_headers",
                                                    "spellings",
                                                    "code_address",
                                                    "refusals_signed",
                                                    "openid",
                                                    "merchants"};
constexpr std::array<std::string_view, 11> kMerchantMembers{"mchid",
                                                            "name",
                                                            "appids",
                                                            "app_secret",
                                                            "apiv3_key",
                                                            "private_key",
                                                            "certificate",
                                                            "mode",
                                                            "limit_minor",
                                                            "blocked",
                                                            "denied"};

Merchant readMerchant(const Json& text, const fs::path& folder)
{
    kSection.refuseUnknown(text, kMerchantMembers);
    const fs::path certificate = folder / kSection.get<std::string>(text, "certificate");
    Merchant merchant{.mchid = kSection.get<std::string>(text, "mchid"),
                      .name = kSection.get<std::string>(text, "name"),
                      .appids = kSection.get<std::vector<std::string>>(text, "appids"),
                      .app_secret = kSection.get<std::string>(text, "app_secret"),
                      .apiv3_key = kSection.get<std::string>(text, "apiv3_key"),
                      .serial = readCertificate(certificate).serial,
                      .public_key = readCertificate(certificate).public_key,
                      .mode = parseMode(kSection.get<std::string>(text, "mode")),
                      .limit_minor = kSection.get<std::int64_t>(text, "limit_minor"),
                      .blocked = kSection.get<bool>(text, "blocked"),
                      .denied = kSection.get<std::vector<std::string>>(text, "denied")};
    if (merchant.apiv3_key.size() != kApiKeySize) {
        throw std::runtime_error("simulator.json: wechat's \"apiv3_key\" must be 32 bytes");
    }
    return merchant;
}

void completeMerchant(Json& merchant, const std::string& stem)
{
    setDefault(merchant, "mchid", "1900000001");
    setDefault(merchant, "name", "模拟商户 Sample Merchant");
    setDefault(merchant, "appids", {"wx0000000000000001"});
    setDefault(merchant, "app_secret", randomToken(kApiKeySize));
    setDefault(merchant, "apiv3_key", randomToken(kApiKeySize));
    setDefault(merchant, "private_key", stem + "_key.pem");
    setDefault(merchant, "certificate", stem + "_cert.pem");
    setDefault(merchant, "mode", "both");
    setDefault(merchant, "limit_minor", 10'000'000'000);
    setDefault(merchant, "blocked", false);
    setDefault(merchant, "denied", Json::array());
}

void completeHabits(Json& section)
{
    setDefault(section, "platform_folder", "wechat/platform");
    setDefault(section, "public_key_id", "PUB_KEY_ID_" + randomDigits(28));
    setDefault(section, "public_key_private", "wechat/pub_private_key.pem");
    setDefault(section, "public_key", "wechat/pub_key.pem");
    setDefault(section, "timestamp_tolerance_s", 300);
    setDefault(section, "code_life_s", 2 * 3600);
    setDefault(section, "h5_life_s", 300);
    setDefault(section, "order_life_s", 7 * 24 * 3600);
    setDefault(section, "refund_window_s", 365 * 24 * 3600);
    setDefault(section, "refund_takes_s", 5);
    setDefault(section, "refund_pause_s", 60);
    setDefault(section, "bill_ready_s", 10 * 3600);
    setDefault(
        section,
        "notify_schedule_s",
        {15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10800, 10800, 10800, 21600, 21600});
    setDefault(section, "required_headers", {"Accept"});
    setDefault(section, "spellings", Json::object());
    setDefault(section, "code_address", "weixin");
    setDefault(section, "refusals_signed", true);
    setDefault(section, "openid", "oSIMULATED-payer-0000000001");
    setDefault(section, "merchants", {Json::object()});
}

} // namespace

const Merchant* Settings::findMerchant(std::string_view mchid) const
{
    const auto found = std::find_if(merchants.begin(), merchants.end(), [&](const Merchant& one) {
        return one.mchid == mchid;
    });
    return found == merchants.end() ? nullptr : &*found;
}

const Merchant* Settings::findByAppid(std::string_view appid) const
{
    const auto found = std::find_if(merchants.begin(), merchants.end(), [&](const Merchant& one) {
        return std::find(one.appids.begin(), one.appids.end(), appid) != one.appids.end();
    });
    return found == merchants.end() ? nullptr : &*found;
}

Mode parseMode(std::string_view text)
{
    if (text == "certificate") {
        return Mode::Certificate;
    }
    if (text == "public_key") {
        return Mode::PublicKey;
    }
    if (text != "both") {
        throw std::runtime_error("wechat's \"mode\" is \"" + std::string(text) +
                                 "\", must be certificate, public_key or both");
    }
    return Mode::Both;
}

Settings readSettings(const Json& section, const fs::path& folder)
{
    kSection.refuseUnknown(section, kMembers);
    Settings settings;
    for (const Json& merchant : kSection.get<Json>(section, "merchants")) {
        settings.merchants.push_back(readMerchant(merchant, folder));
    }
    settings.platform_folder = folder / kSection.get<std::string>(section, "platform_folder");
    settings.public_key_id = kSection.get<std::string>(section, "public_key_id");
    settings.public_key_private =
        readPrivateKey(folder / kSection.get<std::string>(section, "public_key_private"));
    settings.timestamp_tolerance_ms = kSection.milliseconds(section, "timestamp_tolerance_s");
    settings.code_life_ms = kSection.milliseconds(section, "code_life_s");
    settings.h5_life_ms = kSection.milliseconds(section, "h5_life_s");
    settings.order_life_ms = kSection.milliseconds(section, "order_life_s");
    settings.refund_window_ms = kSection.milliseconds(section, "refund_window_s");
    settings.refund_takes_ms = kSection.milliseconds(section, "refund_takes_s");
    settings.refund_pause_ms = kSection.milliseconds(section, "refund_pause_s");
    settings.bill_ready_ms = kSection.milliseconds(section, "bill_ready_s");
    settings.notify_pauses_ms = kSection.millisecondsOfAll(section, "notify_schedule_s");
    settings.required_headers = kSection.get<std::vector<std::string>>(section, "required_headers");
    settings.spellings = kSection.get<std::map<std::string, std::string>>(section, "spellings");
    settings.code_is_web = kSection.get<std::string>(section, "code_address") == "web";
    settings.refusals_signed = kSection.get<bool>(section, "refusals_signed");
    settings.openid = kSection.get<std::string>(section, "openid");
    return settings;
}

void prepare(Json& section, const fs::path& folder)
{
    completeHabits(section);
    int count = 0;
    for (Json& merchant : section["merchants"]) {
        ++count;
        completeMerchant(merchant, "wechat/apiclient" + (count == 1 ? "" : std::to_string(count)));
    }
    const auto path = [&](const Json& owner, const char* name) {
        fs::path file = folder / kSection.get<std::string>(owner, name);
        fs::create_directories(file.parent_path());
        return file;
    };
    ensureKeyPair(path(section, "public_key_private"), path(section, "public_key"));
    for (const Json& merchant : section["merchants"]) {
        ensureSelfSigned(path(merchant, "private_key"),
                         path(merchant, "certificate"),
                         kSection.get<std::string>(merchant, "mchid"));
    }
    PlatformKeys::ensure(folder / kSection.get<std::string>(section, "platform_folder"));
}

} // namespace hub::simulator::wechat
