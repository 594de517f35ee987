// Reads what test_stock offers, by asking and by its view; and runs whatever SQL a test hands it,
// to show that it reaches nothing else.
#include <hub/person.hpp>
#include <hub/plugin.hpp>

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace {

using Json = nlohmann::json;

class Report final : public hub::Plugin {
public:
    Report(hub::Host host, std::string_view)
        : hub::Plugin(host)
    {}

    hub::Answer unit(hub::Unit& unit, const hub::Event& event) override
    {
        const Json payload = Json::parse(event.payload());
        if (event.operation() == "report.sql") {
            return run(unit, payload.at("body"));
        }
        // In the same unit: what the owner says while this one is being written.
        const std::string name = payload.at("path").at("name");
        const Json seen = look(unit, name);
        unit.execute("INSERT INTO test_report_line (name, pieces) VALUES (?, ?)",
                     {name, seen.at("asked").get<std::int64_t>()});
        return {HUB_OK, {}, Json{{"status", 200}, {"body", seen}}.dump(), 0};
    }

    hub::Answer read(const hub::Snapshot& snapshot, const hub::Event& event) override
    {
        if (event.source() == HUB_SOURCE_ASK) {
            return {HUB_OK, {}, look(snapshot, std::string{event.key()}).dump(), 0};
        }
        const Json path = Json::parse(event.payload()).at("path");
        const Json seen = look(snapshot, path.at("name").get<std::string>());
        return {HUB_OK, {}, Json{{"status", 200}, {"body", seen}}.dump(), 0};
    }

private:
    static Json look(const hub::Snapshot& snapshot, const std::string& name)
    {
        const hub::Answer asked = snapshot.ask("test_stock", "pieces", name, "{}");
        std::int64_t viewed = -1;
        snapshot.query("SELECT pieces FROM test_stock_total_v1 WHERE name = ?",
                       {name},
                       [&](const hub::Row& row) { viewed = row.integer(0); });
        const hub::Answer foreign = snapshot.ask("payment", "find", name, "{}");
        const Json answer = asked.status == HUB_OK ? Json::parse(asked.payload)
                                                   : Json{{"pieces", -2}, {"asked_on", -2}};
        return {{"asked", answer.at("pieces")},
                {"asked_on", answer.at("asked_on")},
                {"viewed", viewed},
                {"foreign_ask", foreign.status}};
    }

    static hub::Answer run(const hub::Unit& unit, const Json& body)
    {
        Json rows = Json::array();
        try {
            unit.query(body.at("sql").get<std::string>(), {}, [&](const hub::Row& row) {
                rows.push_back(row.text(0));
            });
        } catch (const hub::UnitFailure& failure) {
            // The unit can only be left; the test reads the reason.
            return {HUB_REJECTED,
                    "refused with " + std::to_string(failure.status()) + ": " + failure.what(),
                    "",
                    0};
        }
        return {HUB_OK, {}, Json{{"status", 200}, {"body", {{"rows", rows}}}}.dump(), 0};
    }
};

} // namespace

HUB_PLUGIN(Report, "test_report", "1.0.0")
