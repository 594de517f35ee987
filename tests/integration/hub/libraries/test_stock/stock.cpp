// Items with a buyer whose phone number is personal, and an import in steps: one half of the pair
// of plugins that show what plugins may do with each other.
#include <hub/blob.hpp>
#include <hub/job.hpp>
#include <hub/person.hpp>
#include <hub/plugin.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace {

using Json = nlohmann::json;

constexpr std::int64_t kRowBytes = 16;
constexpr std::int64_t kRowsMax = 500;
constexpr const char* kImportKey = "the key of one import";

hub::Answer answered(int status, const Json& body)
{
    return {HUB_OK, {}, Json{{"status", status}, {"body", body}}.dump(), 0};
}

/// Sealed bytes are no text.
Json numbersOf(const std::string& bytes)
{
    return std::vector<int>(bytes.begin(), bytes.end());
}

std::string bytesOf(const Json& numbers)
{
    std::string bytes;
    for (const Json& number : numbers) {
        bytes.push_back(static_cast<char>(number.get<int>()));
    }
    return bytes;
}

std::string rowOf(std::int64_t n)
{
    std::string row = "item-" + std::to_string(n);
    row.resize(kRowBytes, ' ');
    return row;
}

class Stock final : public hub::Plugin {
public:
    Stock(hub::Host host, std::string_view)
        : hub::Plugin(host)
    {}

    hub::Answer unit(hub::Unit& unit, const hub::Event& event) override
    {
        const Json payload = Json::parse(event.payload());
        if (event.source() == HUB_SOURCE_JOB) {
            return step(unit, event.operation(), payload);
        }
        if (event.operation() == "stock.import_cancel") {
            const hub_status status =
                hub::job::cancel(unit, payload.at("path").at("job").get<std::string>());
            return {status, "cancel", status == HUB_OK ? R"({"status":200,"body":{}})" : "", 0};
        }
        const Json body = payload.at("body");
        if (event.operation() == "stock.add") {
            return add(unit, body);
        }
        if (event.operation() == "stock.erase") {
            const bool fresh = hub::person::erase(unit, body.at("person").get<std::string>());
            return answered(200, {{"fresh", fresh}});
        }
        return beginImport(unit, body);
    }

    hub::Answer read(const hub::Snapshot& snapshot, const hub::Event& event) override
    {
        if (event.source() == HUB_SOURCE_ASK) {
            // Its contract is a leaf, so this is refused.
            const hub::Answer on = snapshot.ask("test_report", "seen", event.key(), "{}");
            const Json answer = {{"pieces", piecesOf(snapshot, event.key())},
                                 {"asked_on", on.status}};
            return {HUB_OK, {}, answer.dump(), 0};
        }
        if (event.source() == HUB_SOURCE_COMMAND) {
            return list(snapshot);
        }
        const Json path = Json::parse(event.payload()).at("path");
        if (event.operation() == "stock.import_get") {
            const auto job = hub::job::show(snapshot, path.at("job").get<std::string>());
            return job ? answered(200, Json::parse(*job))
                       : hub::Answer{HUB_NOT_FOUND, "no such job", "", 0};
        }
        return event.operation() == "stock.find" ? find(snapshot, path) : get(snapshot, path);
    }

    void task(const hub::Event& event, hub::Reply reply) override
    {
        const Json parameters = Json::parse(event.payload()).at("parameters");
        if (parameters.value("unparsable", false)) {
            reply.send(HUB_REJECTED, "line 1, column 1: this is no table");
            return;
        }
        if (parameters.contains("sealed") &&
            hub::person::open(host(),
                              parameters.at("reader").get<std::string>(),
                              "import",
                              bytesOf(parameters.at("sealed"))) != kImportKey) {
            reply.send(HUB_REJECTED, "the key of this import is gone");
            return;
        }
        const std::int64_t rows = parameters.at("rows");
        auto blob = hub::blob::Writer::begin(host(), event.callId());
        if (!blob.ok()) {
            reply.send(blob.error().code, blob.error().message);
            return;
        }
        for (std::int64_t n = 0; n < rows; ++n) {
            if (auto written = blob.value().append(rowOf(n)); !written.ok()) {
                reply.send(written.error().code, written.error().message);
                return;
            }
        }
        const auto digest = blob.value().finish();
        if (!digest.ok()) {
            reply.send(digest.error().code, digest.error().message);
            return;
        }
        reply.send(HUB_OK, {}, Json{{"blob", digest.value()}, {"total", rows}}.dump());
    }

private:
    /// With a `reader` the task needs a value that was sealed for that person.
    static hub::Answer beginImport(const hub::Unit& unit, Json body)
    {
        if (body.contains("reader")) {
            const std::string reader = body.at("reader");
            body["sealed"] = numbersOf(hub::person::seal(unit, reader, "import", kImportKey));
        }
        const std::string job = hub::job::begin(unit, "import", "", body.dump());
        if (body.value("forget", false)) {
            hub::person::erase(unit, body.at("reader").get<std::string>());
        }
        return answered(200, {{"job", job}});
    }

    static hub::Answer add(const hub::Unit& unit, const Json& body)
    {
        const std::string buyer = body.at("buyer");
        const std::string phone = body.at("phone");
        unit.execute("INSERT INTO test_stock_item (name, pieces, buyer, phone, phone_index) "
                     "VALUES (?, ?, ?, ?, ?)",
                     {body.at("name").get<std::string>(),
                      body.at("pieces").get<std::int64_t>(),
                      buyer,
                      hub::Blob{hub::person::seal(unit, buyer, "phone", phone)},
                      hub::Blob{hub::person::blindIndex(unit, "phone", phone)}});
        return answered(200, Json::object());
    }

    static std::int64_t piecesOf(const hub::Snapshot& snapshot, std::string_view name)
    {
        std::int64_t pieces = -1;
        snapshot.query("SELECT pieces FROM test_stock_item WHERE name = ?",
                       {name},
                       [&](const hub::Row& row) { pieces = row.integer(0); });
        return pieces;
    }

    static hub::Answer get(const hub::Snapshot& snapshot, const Json& path)
    {
        Json body;
        snapshot.query("SELECT buyer, phone, pieces FROM test_stock_item WHERE name = ?",
                       {path.at("name").get<std::string>()},
                       [&](const hub::Row& row) {
                           const auto phone =
                               hub::person::open(snapshot, row.text(0), "phone", row.text(1));
                           body = {{"pieces", row.integer(2)}, {"phone", phone.value_or("gone")}};
                       });
        if (body.is_null()) {
            return {HUB_NOT_FOUND, "no such item", "", 0};
        }
        const std::string name = path.at("name");
        const hub::Answer seen = snapshot.ask("test_report", "seen", name, "{}");
        if (seen.status == HUB_OK) {
            body["seen"] = Json::parse(seen.payload);
        }
        return answered(200, body);
    }

    static hub::Answer find(const hub::Snapshot& snapshot, const Json& path)
    {
        Json names = Json::array();
        const std::string index =
            hub::person::blindIndex(snapshot, "phone", path.at("phone").get<std::string>());
        snapshot.query("SELECT name FROM test_stock_item WHERE phone_index = ? ORDER BY name",
                       {hub::Blob{index}},
                       [&](const hub::Row& row) { names.push_back(row.text(0)); });
        return answered(200, {{"names", names}});
    }

    static hub::Answer list(const hub::Snapshot& snapshot)
    {
        Json rows = Json::array();
        snapshot.query(
            "SELECT name, pieces FROM test_stock_item ORDER BY name", {}, [&](const hub::Row& row) {
                rows.push_back({row.text(0), std::to_string(row.integer(1))});
            });
        return {HUB_OK,
                {},
                Json{{"data", rows},
                     {"sections",
                      {{{"title", "Items"}, {"columns", {"name", "pieces"}}, {"rows", rows}}}},
                     {"exit", 0}}
                    .dump(),
                0};
    }

    hub::Answer step(const hub::Unit& unit, std::string_view operation, const Json& job) const
    {
        const std::string id = job.at("job");
        if (operation == "stage") {
            return stage(unit, id, job);
        }
        if (operation == "activate") {
            unit.execute("INSERT INTO test_stock_item (name, pieces, buyer, phone, phone_index) "
                         "SELECT name, 1, '', ?, ? FROM test_stock_staged WHERE job = ?",
                         {hub::Blob{""}, hub::Blob{""}, id});
        }
        unit.execute("DELETE FROM test_stock_staged WHERE job = ?", {id});
        return {};
    }

    hub::Answer stage(const hub::Unit& unit, const std::string& id, const Json& job) const
    {
        const std::int64_t position = job.at("position");
        const std::int64_t total = job.at("total");
        const std::int64_t end = std::min(total, position + kRowsMax);
        if (job.at("parameters").value("wrong_row", std::int64_t{-1}) < end &&
            job.at("parameters").contains("wrong_row")) {
            return {HUB_REJECTED, "line 700, column 2: no such product", "", 0};
        }
        const auto rows = hub::blob::read(host(),
                                          unit.handle(),
                                          job.at("blob").get<std::string>(),
                                          static_cast<std::uint64_t>(position * kRowBytes),
                                          static_cast<std::uint64_t>((end - position) * kRowBytes));
        if (!rows.ok()) {
            return {rows.error().code, rows.error().message, "", 0};
        }
        for (std::int64_t n = position; n < end; ++n) {
            std::string name = rows.value().substr(
                static_cast<std::size_t>((n - position) * kRowBytes), kRowBytes);
            name.erase(name.find(' '));
            unit.execute("INSERT INTO test_stock_staged (job, n, name) VALUES (?, ?, ?)",
                         {id, n, name});
        }
        return {HUB_OK, {}, Json{{"position", end}, {"finished", end == total}}.dump(), 0};
    }
};

} // namespace

HUB_PLUGIN(Stock, "test_stock", "1.0.0")
