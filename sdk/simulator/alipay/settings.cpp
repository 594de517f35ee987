#include "alipay/settings.hpp"

#include "alipay/certificates.hpp"
#include "core/pki.hpp"
#include "core/section.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace hub::simulator::alipay {

namespace {

namespace fs = std::filesystem;

constexpr SectionReader kSection("alipay");
constexpr std::array<std::string_view, 13> kMembers{"provider_private_key",
                                                    "provider_certificate",
                                                    "root_certificates",
                                                    "root_private_key",
                                                    "provider_public_key",
                                                    "timestamp_tolerance_s",
                                                    "refund_window_s",
                                                    "cancel_window_s",
                                                    "notify_schedule_s",
                                                    "notify_also",
                                                    "forbidden_words",
                                                    "buyer",
                                                    "apps"};
constexpr std::array<std::string_view, 12> kAppMembers{"app_id",
                                                       "app_certificate",
                                                       "mode",
                                                       "seller_id",
                                                       "seller_email",
                                                       "account_name",
                                                       "app_private_key",
                                                       "app_public_key",
                                                       "limit_minor",
                                                       "blocked",
                                                       "methods_denied",
                                                       "store_ids"};

std::shared_ptr<EVP_PKEY> share(Key key)
{
    return {std::move(key)};
}

bool needsCertificates(const Json& text)
{
    const auto mode = kSection.get<std::string>(text, "mode");
    if (mode != "any" && mode != "certificate") {
        throw std::runtime_error("simulator.json: alipay's \"mode\" is \"" + mode +
                                 "\", must be any or certificate");
    }
    return mode == "certificate";
}

App readApp(const Json& text, const fs::path& folder)
{
    kSection.refuseUnknown(text, kAppMembers);
    return {.app_id = kSection.get<std::string>(text, "app_id"),
            .seller_id = kSection.get<std::string>(text, "seller_id"),
            .seller_email = kSection.get<std::string>(text, "seller_email"),
            .account_name = kSection.get<std::string>(text, "account_name"),
            .public_key =
                share(readPublicKey(folder / kSection.get<std::string>(text, "app_public_key"))),
            .certificate_number =
                certificateNumber(folder / kSection.get<std::string>(text, "app_certificate")),
            .needs_certificates = needsCertificates(text),
            .limit_minor = kSection.get<std::int64_t>(text, "limit_minor"),
            .blocked = kSection.get<bool>(text, "blocked"),
            .methods_denied = kSection.get<std::vector<std::string>>(text, "methods_denied"),
            .store_ids = kSection.get<std::vector<std::string>>(text, "store_ids")};
}

void completeApp(Json& app)
{
    setDefault(app, "app_id", "9021000000000001");
    setDefault(app, "seller_id", "2088000000000001");
    setDefault(app, "seller_email", "merchant@example.com");
    setDefault(app, "account_name", "模拟商户 Sample Merchant");
    setDefault(app, "app_private_key", "alipay/app_private_key.pem");
    setDefault(app, "app_public_key", "alipay/app_public_key.pem");
    // "…_public_key.pem" -> "…_certificate.pem", so that every application gets its own.
    std::string certificate = kSection.get<std::string>(app, "app_public_key");
    if (const auto at = certificate.rfind("public_key"); at != std::string::npos) {
        certificate.replace(at, 10, "certificate");
    } else {
        certificate += ".certificate.pem";
    }
    setDefault(app, "app_certificate", certificate);
    setDefault(app, "mode", "any");
    setDefault(app, "limit_minor", 10'000'000'000);
    setDefault(app, "blocked", false);
    setDefault(app, "methods_denied", Json::array());
    setDefault(app, "store_ids", Json::array());
}

} // namespace

const App* Settings::findApp(std::string_view app_id) const
{
    const auto found = std::find_if(
        apps.begin(), apps.end(), [&](const App& app) { return app.app_id == app_id; });
    return found == apps.end() ? nullptr : &*found;
}

Settings readSettings(const Json& section, const fs::path& folder)
{
    kSection.refuseUnknown(section, kMembers);
    Settings settings;
    for (const Json& app : kSection.get<Json>(section, "apps")) {
        settings.apps.push_back(readApp(app, folder));
    }
    settings.provider_key =
        share(readPrivateKey(folder / kSection.get<std::string>(section, "provider_private_key")));
    settings.provider_number =
        certificateNumber(folder / kSection.get<std::string>(section, "provider_certificate"));
    settings.root_number =
        rootNumber(folder / kSection.get<std::string>(section, "root_certificates"));
    settings.timestamp_tolerance_ms = kSection.milliseconds(section, "timestamp_tolerance_s");
    settings.refund_window_ms = kSection.milliseconds(section, "refund_window_s");
    settings.cancel_window_ms = kSection.milliseconds(section, "cancel_window_s");
    settings.notify_pauses_ms = kSection.millisecondsOfAll(section, "notify_schedule_s");
    settings.notify_also = kSection.get<std::vector<std::string>>(section, "notify_also");
    settings.forbidden_words = kSection.get<std::vector<std::string>>(section, "forbidden_words");
    const Json buyer = kSection.get<Json>(section, "buyer");
    settings.buyer_id = kSection.get<std::string>(buyer, "user_id");
    settings.buyer_logon_id = kSection.get<std::string>(buyer, "logon_id");
    return settings;
}

void prepare(Json& section, const fs::path& folder)
{
    setDefault(section, "provider_private_key", "alipay/provider_private_key.pem");
    setDefault(section, "provider_public_key", "alipay/provider_public_key.pem");
    setDefault(section, "provider_certificate", "alipay/provider_certificate.pem");
    setDefault(section, "root_certificates", "alipay/root_certificates.pem");
    setDefault(section, "root_private_key", "alipay/root_private_key.pem");
    setDefault(section, "timestamp_tolerance_s", 900);
    setDefault(section, "refund_window_s", 90 * 24 * 3600);
    setDefault(section, "cancel_window_s", 24 * 3600);
    setDefault(section, "notify_schedule_s", {240, 600, 600, 3600, 7200, 21600, 54000});
    setDefault(section, "notify_also", Json::array());
    setDefault(section, "forbidden_words", {"违禁词示例"});
    setDefault(
        section, "buyer", {{"user_id", "2088000000009999"}, {"logon_id", "vis***@example.com"}});
    setDefault(section, "apps", {Json::object()});
    for (Json& app : section["apps"]) {
        completeApp(app);
    }

    const auto ensure = [&](const Json& owner, const char* private_name, const char* public_name) {
        const fs::path private_file = folder / kSection.get<std::string>(owner, private_name);
        const fs::path public_file = folder / kSection.get<std::string>(owner, public_name);
        fs::create_directories(private_file.parent_path());
        fs::create_directories(public_file.parent_path());
        ensureKeyPair(private_file, public_file);
    };
    const fs::path roots = folder / kSection.get<std::string>(section, "root_certificates");
    const fs::path roots_key = folder / kSection.get<std::string>(section, "root_private_key");
    ensureRoots(roots, roots_key);
    const auto certify =
        [&](const Json& owner, const char* file, const char* key, std::string name) {
            ensureCertificate(folder / kSection.get<std::string>(owner, file),
                              folder / kSection.get<std::string>(owner, key),
                              roots,
                              roots_key,
                              name);
        };
    ensure(section, "provider_private_key", "provider_public_key");
    certify(section, "provider_certificate", "provider_private_key", "Simulated Alipay");
    for (const Json& app : section["apps"]) {
        ensure(app, "app_private_key", "app_public_key");
        certify(
            app, "app_certificate", "app_private_key", kSection.get<std::string>(app, "app_id"));
    }
}

} // namespace hub::simulator::alipay
