// The section "aliyun" of simulator.json: the provider's habits and its accounts.
#pragma once

#include "core/json.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace hub::simulator::aliyun {

/// A signature, which stands before every text.
struct Sign {
    std::string name;
    std::string state;     ///< approved, waiting or refused
    bool is_codes = false; ///< for codes only
};

struct Form {
    std::string code;
    std::string kind;  ///< code or notice
    std::string state; ///< approved, waiting or refused
    std::string text;  ///< with ${variables}
};

struct Account {
    std::string access_key_id;
    std::string access_key_secret;
    std::string name;
    std::string state;         ///< normal, abnormal, out_of_service, unsubscribed or denied
    std::int64_t messages = 0; ///< paid for at the beginning; the books keep what changed
    std::int64_t day_max = 0;  ///< what the account lets itself send a day; 0: no limit
    std::string report_url;    ///< empty: reports are kept to be asked for
    std::vector<Sign> signs;
    std::vector<Form> forms;

    const Sign* findSign(std::string_view sign) const;
    const Form* findForm(std::string_view code) const;
};

/// How often one number gets messages.
struct Limits {
    std::int64_t code_minute = 0; ///< codes of one signature
    std::int64_t code_hour = 0;
    std::int64_t code_day = 0;
    std::int64_t notice_day = 0; ///< notices of one template
    std::int64_t day = 0;        ///< all together
};

struct Settings {
    std::vector<Account> accounts;
    Limits limits;
    std::int64_t timestamp_tolerance_ms = 0;
    std::int64_t delivery_takes_ms = 0; ///< test clock
    std::int64_t report_after_ms = 0;   ///< test clock, after the message's end
    std::vector<std::int64_t> report_pauses_ms;
    std::int64_t variable_characters_max = 0;
    std::vector<std::string> blocked_phones;
    std::vector<std::string> banned_words;
    std::map<std::string, std::string> fates;     ///< operators' codes by phone
    std::map<std::string, std::string> spellings; ///< of codes, where they are seen otherwise

    const Account* findAccount(std::string_view access_key_id) const;
};

/// Throws std::runtime_error naming the member. An unknown member is refused.
Settings readSettings(const Json& section);

/// Completes the section with what is missing: one account with a visibly synthetic number, two
/// signatures and templates in both languages.
void prepare(Json& section, const std::filesystem::path& folder);

} // namespace hub::simulator::aliyun
