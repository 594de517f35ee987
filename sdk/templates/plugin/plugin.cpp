// A complete plugin to copy: it adds up what was paid, by day, in a table of its own. Each event
// takes effect exactly once, because the hub moves the plugin's cursor in the same commit; so
// nothing here has to remember which events were seen.

#include <hub/plugin.hpp>

#include <chrono>
#include <cstdio>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace example_tally {
namespace {

using Json = nlohmann::json;

/// The day in China, which has had no daylight saving time since 1991.
std::string dayOf(std::int64_t unix_ms)
{
    constexpr std::int64_t kOffsetMs = std::int64_t{8} * 3600 * 1000;
    constexpr std::int64_t kDayMs = std::int64_t{24} * 3600 * 1000;
    const std::chrono::year_month_day date{
        std::chrono::sys_days{std::chrono::days{(unix_ms + kOffsetMs) / kDayMs}}};
    char text[16];
    std::snprintf(text,
                  sizeof text,
                  "%04d-%02u-%02u",
                  static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()),
                  static_cast<unsigned>(date.day()));
    return text;
}

class TallyPlugin : public hub::Plugin {
public:
    TallyPlugin(hub::Host host, std::string_view)
        : hub::Plugin(host)
    {}

    hub::Answer unit(hub::Unit& unit, const hub::Event& event) override
    {
        if (event.type() != "payment.paid") {
            return {HUB_UNSUPPORTED, "only payment.paid is expected", {}, 0};
        }
        const Json paid = Json::parse(event.payload());
        unit.execute("INSERT INTO plugin_example_day (day, payments, amount_minor) "
                     "VALUES (?, 1, ?) ON CONFLICT (day) DO UPDATE SET "
                     "payments = plugin_example_day.payments + 1, "
                     "amount_minor = plugin_example_day.amount_minor + excluded.amount_minor",
                     {dayOf(event.timeMs()), paid.at("amount_minor").get<std::int64_t>()});
        return {};
    }

    hub::Answer read(const hub::Snapshot& snapshot, const hub::Event& event) override
    {
        Json days = Json::array();
        Json rows = Json::array();
        snapshot.query("SELECT day, payments, amount_minor FROM plugin_example_day ORDER BY day",
                       {},
                       [&](const hub::Row& row) {
                           days.push_back({{"day", row.text(0)},
                                           {"payments", row.integer(1)},
                                           {"amount_minor", row.integer(2)}});
                           rows.push_back({row.text(0),
                                           std::to_string(row.integer(1)),
                                           std::to_string(row.integer(2))});
                       });
        Json answer = {{"status", 200}, {"body", {{"days", days}}}};
        if (event.source() == HUB_SOURCE_COMMAND) {
            answer = {{"data", {{"days", days}}},
                      {"sections",
                       {{{"title", "Paid by day"},
                         {"columns", {"day", "payments", "amount (fen)"}},
                         {"rows", rows}}}},
                      {"exit", 0}};
        }
        return {HUB_OK, {}, answer.dump(), 0};
    }
};

} // namespace
} // namespace example_tally

HUB_PLUGIN(example_tally::TallyPlugin, "plugin_example", "1.0.0")
