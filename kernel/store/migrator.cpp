#include "store/migrator.hpp"

#include "base/encoding.hpp"
#include "base/failpoint.hpp"
#include "store/sql_text.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

namespace hub::store {

namespace {

std::string describe(const std::string& library, std::int64_t number, const std::string& name)
{
    return fmt::format("migration {:04}_{} of \"{}\"", number, name, library);
}

void checkOrder(const std::string& library, const std::vector<Migration>& steps)
{
    std::int64_t expected = 1;
    for (const Migration& step : steps) {
        if (step.number != expected) {
            throw base::Failure(HUB_BAD_REQUEST,
                                "{}: expected number {}; steps count from 1 without a gap",
                                describe(library, step.number, step.name),
                                expected);
        }
        ++expected;
    }
}

std::string readFile(const std::filesystem::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    if (!stream || !text) {
        throw base::Failure(
            HUB_UNAVAILABLE, "{}: the migration can't be read; it must hold SQL", file.string());
    }
    return text.str();
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// `0001_name.sql`
bool isMigrationName(const std::string& file)
{
    constexpr std::size_t kDigits = 4;
    return file.size() > kDigits + 5 &&
           std::all_of(file.begin(), file.begin() + kDigits, isDigit) && file[kDigits] == '_' &&
           file.ends_with(".sql") &&
           std::all_of(file.begin() + kDigits, file.end() - 4, [](char c) {
               return isDigit(c) || (c >= 'a' && c <= 'z') || c == '_';
           });
}

} // namespace

std::vector<Migration> readMigrations(const std::filesystem::path& folder)
{
    std::vector<std::filesystem::path> files;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
        files.push_back(entry.path());
    }
    if (error) {
        throw base::Failure(HUB_BAD_REQUEST,
                            "{}: {}; expected a folder of migrations",
                            folder.string(),
                            error.message());
    }
    std::sort(files.begin(), files.end());
    std::vector<Migration> steps;
    for (const std::filesystem::path& file : files) {
        const std::string name = file.filename().string();
        if (!isMigrationName(name)) {
            throw base::Failure(HUB_BAD_REQUEST,
                                "{}: a migration's name must be like 0001_name.sql, of a-z, 0-9 "
                                "and _",
                                file.string());
        }
        const auto expected = static_cast<std::int64_t>(steps.size()) + 1;
        const std::int64_t number = std::stoll(name.substr(0, 4));
        if (number != expected) {
            throw base::Failure(HUB_BAD_REQUEST,
                                "{}: expected number {:04}; migrations count from 0001 without a "
                                "gap or a duplicate",
                                file.string(),
                                expected);
        }
        steps.push_back({number, name.substr(5, name.size() - 9), readFile(file)});
    }
    return steps;
}

bool hasKernelTables(StoreConnection& connection)
{
    Statement& exists = connection.prepare(
        connection.backend() == Backend::SQLite
            ? "SELECT 1 FROM sqlite_schema WHERE name = 'hub_migration'"
            : "SELECT 1 FROM pg_catalog.pg_tables WHERE tablename = 'hub_migration' AND "
              "schemaname = current_schema()");
    const bool found = exists.step();
    exists.run();
    return found;
}

std::map<std::int64_t, Migrator::Applied> Migrator::readApplied(const std::string& library)
{
    std::map<std::int64_t, Applied> applied;
    if (library == kKernelLibrary && !hasKernelTables(connection_)) {
        return applied;
    }
    Statement& rows =
        connection_.prepare("SELECT number, name, checksum FROM hub_migration WHERE library = ?");
    rows.bindText(1, library);
    while (rows.step()) {
        applied[rows.integer(0)] = {rows.text(1), rows.text(2)};
    }
    return applied;
}

void Migrator::migrate(const std::string& library, const std::vector<Migration>& steps)
{
    checkOrder(library, steps);
    const auto applied = readApplied(library);
    for (const auto& [number, row] : applied) {
        if (number > static_cast<std::int64_t>(steps.size())) {
            throw base::Failure(HUB_BAD_REQUEST,
                                "{} is in the store, but the newest known here is {}; this is an "
                                "older version: start the newer one, or restore a backup",
                                describe(library, number, row.name),
                                steps.size());
        }
        const Migration& step = steps[static_cast<std::size_t>(number - 1)];
        const std::string checksum = base::sha256Hex(step.sql);
        if (checksum != row.checksum) {
            throw base::Failure(HUB_BAD_REQUEST,
                                "{} was changed after it was applied (checksum {}, in the store "
                                "{}); restore the file and write a new step instead",
                                describe(library, number, step.name),
                                checksum.substr(0, 12),
                                row.checksum.substr(0, 12));
        }
    }
    for (std::size_t next = applied.size(); next < steps.size(); ++next) {
        apply(library, steps[next]);
    }
}

void Migrator::apply(const std::string& library, const Migration& step)
{
    try {
        Transaction transaction(connection_);
        const std::string sql = translateTypes(step.sql, connection_.backend());
        if (library == kKernelLibrary) {
            connection_.execute(sql);
        } else {
            checkMigrationStatements(sql, library);
            connection_.executeAsOwner(library, sql);
        }
        connection_
            .prepare("INSERT INTO hub_migration (library, number, name, checksum, applied_ms) "
                     "VALUES (?, ?, ?, ?, ?)")
            .bindText(1, library)
            .bind(2, step.number)
            .bindText(3, step.name)
            .bindText(4, base::sha256Hex(step.sql))
            .bind(5, clock_.nowMs())
            .run();
        HUB_FAILPOINT(MigrationStepDone);
        transaction.commit();
        HUB_FAILPOINT(MigrationCommitted);
    } catch (const StoreFailure& failure) {
        throw StoreFailure(
            failure.trouble(),
            fmt::format("{}: {}", describe(library, step.number, step.name), failure.message()));
    }
}

} // namespace hub::store
