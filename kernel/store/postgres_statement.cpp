#include "base/encoding.hpp"
#include "store/postgres_connection.hpp"
#include "store/sql_text.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace hub::store {

namespace {

// Of PostgreSQL's catalog pg_type; these never change.
constexpr Oid kBool = 16;
constexpr Oid kBytea = 17;
constexpr Oid kInt8 = 20;
constexpr Oid kInt2 = 21;
constexpr Oid kInt4 = 23;
constexpr Oid kText = 25;
constexpr Oid kNumeric = 1700;

bool parseInteger(std::string_view text, std::int64_t& value)
{
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size();
}

} // namespace

PostgresStatement::PostgresStatement(PostgresConnection& connection,
                                     std::string_view sql,
                                     Role role)
    : connection_(connection)
    , role_(std::move(role))
{
    NumberedSql numbered = numberParameters(sql);
    sql_ = std::move(numbered.text);
    parameters_.resize(static_cast<std::size_t>(numbered.parameters));
}

PostgresStatement::~PostgresStatement()
{
    for (Variant& variant : variants_) {
        connection_.discard(std::move(variant.name));
    }
}

void PostgresStatement::reset() noexcept
{
    result_.reset();
    row_ = -1;
    ended_ = false;
}

PostgresStatement::Parameter& PostgresStatement::parameter(int number, Oid type)
{
    if (number < 1 || static_cast<std::size_t>(number) > parameters_.size()) {
        throw StoreFailure(Trouble::Statement,
                           fmt::format("parameter {}: the statement has {} in \"{}\"",
                                       number,
                                       parameters_.size(),
                                       excerpt(sql_)));
    }
    reset();
    Parameter& found = parameters_[static_cast<std::size_t>(number - 1)];
    found.type = type;
    return found;
}

Statement& PostgresStatement::bind(int number, std::int64_t value)
{
    parameter(number, kInt8).value = std::to_string(value);
    return *this;
}

Statement& PostgresStatement::bindText(int number, std::string_view value)
{
    checkText(number, value);
    parameter(number, kText).value = value;
    return *this;
}

Statement& PostgresStatement::bindBlob(int number, std::string_view value)
{
    parameter(number, kBytea).value = value;
    return *this;
}

Statement& PostgresStatement::bindNull(int number)
{
    parameter(number, 0).value.clear();
    return *this;
}

const PostgresStatement::Variant& PostgresStatement::variant()
{
    for (const Variant& known : variants_) {
        const bool fits = std::equal(
            parameters_.begin(),
            parameters_.end(),
            known.types.begin(),
            [](const Parameter& given, Oid type) { return given.type == 0 || given.type == type; });
        if (fits) {
            return known;
        }
    }
    Variant made{connection_.nextStatementName(), {}};
    for (const Parameter& given : parameters_) {
        made.types.push_back(given.type);
    }
    PGconn* handle = connection_.handle();
    const int count = static_cast<int>(made.types.size());
    checkResult(handle,
                PostgresResult(
                    PQprepare(handle, made.name.c_str(), sql_.c_str(), count, made.types.data())),
                sql_);
    // What PostgreSQL took a NULL for, so that the next value there finds this variant.
    const PostgresResult described(PQdescribePrepared(handle, made.name.c_str()));
    checkResult(handle, described, sql_);
    for (int i = 0; i < count; ++i) {
        made.types[static_cast<std::size_t>(i)] = PQparamtype(described.get(), i);
    }
    return variants_.emplace_back(std::move(made));
}

void PostgresStatement::execute()
{
    connection_.applyRole(role_);
    const Variant& prepared = variant();
    std::vector<const char*> values;
    std::vector<int> sizes;
    std::vector<int> formats;
    for (const Parameter& given : parameters_) {
        values.push_back(given.type == 0 ? nullptr : given.value.c_str());
        sizes.push_back(static_cast<int>(given.value.size()));
        formats.push_back(given.type == kBytea ? 1 : 0);
    }
    PGconn* handle = connection_.handle();
    result_.reset(PQexecPrepared(handle,
                                 prepared.name.c_str(),
                                 static_cast<int>(values.size()),
                                 values.data(),
                                 sizes.data(),
                                 formats.data(),
                                 0));
    try {
        checkResult(handle, result_, sql_);
    } catch (...) {
        reset();
        throw;
    }
    columns_ = PQnfields(result_.get());
    changes_ = 0;
    const std::string_view tag = PQcmdStatus(result_.get());
    if (tag.starts_with("INSERT") || tag.starts_with("UPDATE") || tag.starts_with("DELETE")) {
        parseInteger(PQcmdTuples(result_.get()), changes_);
        if (changes_ != 0) {
            connection_.noteWrite();
        }
    }
}

bool PostgresStatement::step()
{
    if (!role_.library.empty() && !connection_.transactionLives()) {
        throw StoreFailure(Trouble::Statement,
                           fmt::format("library \"{}\": a statement outside a transaction; it "
                                       "runs in a unit or a snapshot only",
                                       role_.library));
    }
    if (ended_) {
        return false;
    }
    if (!result_) {
        execute();
    }
    if (row_ + 1 == PQntuples(result_.get())) {
        reset(); // a cached statement does not keep its rows
        ended_ = true;
        return false;
    }
    ++row_;
    readRow();
    return true;
}

void PostgresStatement::readRow()
{
    const int columns = PQnfields(result_.get());
    decoded_.resize(static_cast<std::size_t>(columns));
    for (int column = 0; column < columns; ++column) {
        const Oid type = PQftype(result_.get(), column);
        if (PQgetisnull(result_.get(), row_, column) != 0 || (type != kBytea && type != kBool)) {
            continue;
        }
        const std::string_view text = PQgetvalue(result_.get(), row_, column);
        std::string& decoded = decoded_[static_cast<std::size_t>(column)];
        if (type == kBool) {
            decoded = text == "t" ? "1" : "0";
            continue;
        }
        // The session asked for the form \x00ff….
        Result<std::string> bytes =
            base::fromHex(text.substr(std::min<std::size_t>(2, text.size())));
        if (!bytes) {
            throw StoreFailure(
                Trouble::Io,
                fmt::format("column {}: bytea is not in hex in \"{}\"", column, excerpt(sql_)));
        }
        decoded = std::move(bytes).value();
    }
}

std::int64_t PostgresStatement::run()
{
    while (step()) {}
    reset();
    return changes_;
}

int PostgresStatement::columnCount() const
{
    return columns_;
}

ValueType PostgresStatement::type(int column) const
{
    if (PQgetisnull(result_.get(), row_, column) != 0) {
        return ValueType::Null;
    }
    std::int64_t value = 0;
    switch (PQftype(result_.get(), column)) {
    case kInt8:
    case kInt4:
    case kInt2:
    case kBool:
        return ValueType::Integer;
    case kBytea:
        return ValueType::Blob;
    case kNumeric:
        // The sum of BIGINTs is a NUMERIC here and an integer in SQLite.
        return parseInteger(PQgetvalue(result_.get(), row_, column), value) ? ValueType::Integer
                                                                            : ValueType::Text;
    default:
        return ValueType::Text;
    }
}

std::int64_t PostgresStatement::integer(int column) const
{
    std::int64_t value = 0;
    const ValueType found = type(column);
    if (found == ValueType::Null) {
        return 0;
    }
    if (found != ValueType::Integer || !parseInteger(bytes(column), value)) {
        throw StoreFailure(Trouble::Statement,
                           fmt::format("column {} is no integer in \"{}\"", column, excerpt(sql_)));
    }
    return value;
}

std::string_view PostgresStatement::bytes(int column) const
{
    if (PQgetisnull(result_.get(), row_, column) != 0) {
        return {};
    }
    const Oid type = PQftype(result_.get(), column);
    if (type == kBytea || type == kBool) {
        return decoded_[static_cast<std::size_t>(column)];
    }
    const auto size = static_cast<std::size_t>(PQgetlength(result_.get(), row_, column));
    return {PQgetvalue(result_.get(), row_, column), size};
}

} // namespace hub::store
