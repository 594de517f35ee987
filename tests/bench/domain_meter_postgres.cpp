// Rows that PostgreSQL looked at: of each node of the plan that reads a table or an index, those
// that it gave and those that it threw away.

#include "domain_meter.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <stdexcept>

#include <libpq-fe.h>
#include <nlohmann/json.hpp>

namespace bench {

namespace {

using nlohmann::json;

// Of PostgreSQL's catalog pg_type; these never change.
constexpr Oid kBytea = 17;
constexpr Oid kInt8 = 20;
constexpr Oid kInt2 = 21;
constexpr Oid kInt4 = 23;
constexpr Oid kText = 25;

struct Finish {
    void operator()(PGconn* connection) const noexcept { PQfinish(connection); }
};
struct Clear {
    void operator()(PGresult* result) const noexcept { PQclear(result); }
};
using Result = std::unique_ptr<PGresult, Clear>;

/// `?` in order becomes `$1`, `$2`, …
std::string numbered(std::string_view sql)
{
    std::string text;
    int number = 0;
    bool is_quoted = false;
    for (const char c : sql) {
        is_quoted = is_quoted != (c == '\'');
        if (c == '?' && !is_quoted) {
            text += '$' + std::to_string(++number);
        } else {
            text += c;
        }
    }
    return text;
}

std::int64_t rowsLookedAt(const json& node)
{
    std::int64_t rows = 0;
    if (node.contains("Relation Name") || node.contains("Index Name")) {
        const double each = node.value("Actual Rows", 0.0) +
                            node.value("Rows Removed by Filter", 0.0) +
                            node.value("Rows Removed by Index Recheck", 0.0);
        rows = std::llround(each * node.value("Actual Loops", 0.0));
    }
    for (const json& below : node.value("Plans", json::array())) {
        rows += rowsLookedAt(below);
    }
    return rows;
}

class PostgresMeter : public StatementMeter {
public:
    explicit PostgresMeter(const std::string& connection)
        : connection_(PQconnectdb(connection.c_str()))
    {
        if (PQstatus(connection_.get()) != CONNECTION_OK) {
            throw std::runtime_error(PQerrorMessage(connection_.get()));
        }
        // Each library's tables are in a schema of its own.
        const Result schema = execute("SELECT 'SET search_path = ' || quote_ident(table_schema) "
                                      "FROM information_schema.tables "
                                      "WHERE table_name = 'registration_person'",
                                      {});
        if (PQntuples(schema.get()) != 1) {
            throw std::runtime_error("the store has no table registration_person");
        }
        execute(PQgetvalue(schema.get(), 0, 0), {});
    }

protected:
    std::int64_t
    run(std::string_view sql, const std::vector<hub_value>& parameters, const Row& row) override
    {
        const std::string text = numbered(sql);
        const Result result = execute(text, parameters);
        for (int i = 0; i < PQntuples(result.get()); ++i) {
            if (!giveRow(result.get(), i, row)) {
                break;
            }
        }
        const Result plan = execute("EXPLAIN (ANALYZE, FORMAT JSON) " + text, parameters);
        return rowsLookedAt(json::parse(PQgetvalue(plan.get(), 0, 0)).at(0).at("Plan"));
    }

private:
    Result execute(const std::string& sql, const std::vector<hub_value>& parameters) const
    {
        std::vector<Oid> types;
        std::vector<std::string> texts;
        std::vector<int> sizes;
        std::vector<int> formats;
        for (const hub_value& value : parameters) {
            const bool is_blob = value.type == HUB_VALUE_BLOB;
            types.push_back(value.type == HUB_VALUE_INTEGER ? kInt8 : is_blob ? kBytea : kText);
            texts.push_back(value.type == HUB_VALUE_INTEGER ? std::to_string(value.integer)
                                                            : std::string(hub::view(value.bytes)));
            sizes.push_back(static_cast<int>(texts.back().size()));
            formats.push_back(is_blob ? 1 : 0);
        }
        std::vector<const char*> values;
        for (std::size_t i = 0; i < parameters.size(); ++i) {
            values.push_back(parameters[i].type == HUB_VALUE_NULL ? nullptr : texts[i].c_str());
        }
        Result result(PQexecParams(connection_.get(),
                                   sql.c_str(),
                                   static_cast<int>(parameters.size()),
                                   types.data(),
                                   values.data(),
                                   sizes.data(),
                                   formats.data(),
                                   0));
        const ExecStatusType status = PQresultStatus(result.get());
        if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
            throw std::runtime_error(
                fmt::format("{} in: {}", PQerrorMessage(connection_.get()), sql));
        }
        return result;
    }

    static bool giveRow(PGresult* result, int index, const Row& row)
    {
        std::vector<hub_value> columns;
        std::vector<std::unique_ptr<unsigned char, decltype(&PQfreemem)>> blobs;
        for (int i = 0; i < PQnfields(result); ++i) {
            hub_value value{};
            const std::string_view text(PQgetvalue(result, index, i),
                                        static_cast<std::size_t>(PQgetlength(result, index, i)));
            const Oid type = PQftype(result, i);
            if (PQgetisnull(result, index, i) != 0) {
                value.type = HUB_VALUE_NULL;
            } else if (type == kInt8 || type == kInt4 || type == kInt2) {
                value.type = HUB_VALUE_INTEGER;
                std::from_chars(text.data(), text.data() + text.size(), value.integer);
            } else if (type == kBytea) {
                std::size_t size = 0;
                blobs.emplace_back(
                    PQunescapeBytea(reinterpret_cast<const unsigned char*>(text.data()), &size),
                    &PQfreemem);
                value.type = HUB_VALUE_BLOB;
                value.bytes = hub::toBytes(
                    std::string_view(reinterpret_cast<const char*>(blobs.back().get()), size));
            } else {
                value.type = HUB_VALUE_TEXT;
                value.bytes = hub::toBytes(text);
            }
            columns.push_back(value);
        }
        return row(columns);
    }

    std::unique_ptr<PGconn, Finish> connection_;
};

} // namespace

std::unique_ptr<StatementMeter> makePostgresMeter(const std::string& connection)
{
    return std::make_unique<PostgresMeter>(connection);
}

} // namespace bench
