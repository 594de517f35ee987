#include "licence/settings.hpp"

#include "core/crypto.hpp"
#include "core/section.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace hub::simulator::licence {

namespace {

constexpr SectionReader kSection("licence");
constexpr std::size_t kSecretSize = 40;
constexpr std::array<std::string_view, 6> kMembers{"timestamp_tolerance_s",
                                                   "picture_bytes_max",
                                                   "picture_pixels_max",
                                                   "register_available",
                                                   "register",
                                                   "accounts"};
constexpr std::array<std::string_view, 3> kAccountMembers{"key_id", "secret", "state"};
constexpr std::array<std::string_view, 3> kEntryMembers{"code", "name", "state"};
constexpr std::array<std::string_view, 3> kAccountStates{"normal", "suspended", "empty"};

[[noreturn]] void refuseState(const std::string& state, const char* rule)
{
    throw std::runtime_error("simulator.json: licence's \"state\" is \"" + state + "\", must be " +
                             rule);
}

Account readAccount(const Json& text)
{
    kSection.refuseUnknown(text, kAccountMembers);
    Account account{kSection.get<std::string>(text, "key_id"),
                    kSection.get<std::string>(text, "secret"),
                    kSection.get<std::string>(text, "state")};
    if (std::find(kAccountStates.begin(), kAccountStates.end(), account.state) ==
        kAccountStates.end()) {
        refuseState(account.state, "normal, suspended or empty");
    }
    return account;
}

Entry readEntry(const Json& text)
{
    kSection.refuseUnknown(text, kEntryMembers);
    Entry entry{
        kSection.get<std::string>(text, "code"), kSection.get<std::string>(text, "name"), false};
    const auto state = kSection.get<std::string>(text, "state");
    if (!readState(state, entry)) {
        refuseState(state, "registered or revoked");
    }
    return entry;
}

Json entry(const char* code, const char* name, const char* state = "registered")
{
    return {{"code", code}, {"name", name}, {"state", state}};
}

Json usualRegister()
{
    return Json::array({entry("91310000MAXHUB014C", "上海示例贸易有限公司"),
                        entry("91110000MAXHUB022R", "北京样本科技有限公司"),
                        entry("12330000MAXHUB030F", "浙江示例博物馆"),
                        entry("51440000MAXHUB0496", "广东样本行业协会"),
                        entry("11320000MAXHUB0576", "江苏示例局"),
                        entry("91500000MAXHUB065X", "重庆已吊销样本有限公司", "revoked")});
}

} // namespace

const Account* Settings::findAccount(std::string_view key_id) const
{
    const auto found = std::find_if(
        accounts.begin(), accounts.end(), [&](const Account& one) { return one.key_id == key_id; });
    return found == accounts.end() ? nullptr : &*found;
}

Settings readSettings(const Json& section)
{
    kSection.refuseUnknown(section, kMembers);
    Settings settings;
    for (const Json& account : kSection.get<Json>(section, "accounts")) {
        settings.accounts.push_back(readAccount(account));
    }
    settings.timestamp_tolerance_ms = kSection.milliseconds(section, "timestamp_tolerance_s");
    settings.picture_bytes_max = kSection.get<std::size_t>(section, "picture_bytes_max");
    settings.picture_pixels_max = kSection.get<std::uint64_t>(section, "picture_pixels_max");
    settings.is_register_available = kSection.get<bool>(section, "register_available");
    for (const Json& entry : kSection.get<Json>(section, "register")) {
        settings.entries.push_back(readEntry(entry));
    }
    return settings;
}

void prepare(Json& section, const std::filesystem::path&)
{
    setDefault(section, "timestamp_tolerance_s", 5 * 60);
    setDefault(section, "picture_bytes_max", 1024 * 1024);
    setDefault(section, "picture_pixels_max", 40'000'000);
    setDefault(section, "register_available", true);
    setDefault(section, "register", usualRegister());
    setDefault(section, "accounts", Json::array({Json::object()}));
    for (Json& account : section["accounts"]) {
        setDefault(account, "key_id", "LICENCESIMULATED00000001");
        setDefault(account, "secret", randomToken(kSecretSize));
        setDefault(account, "state", "normal");
    }
}

} // namespace hub::simulator::licence
