#include "kept_bytes.hpp"

#include <memory>
#include <stdexcept>
#include <vector>

#include <sqlite3.h>

namespace hub::test {

namespace fs = std::filesystem;

namespace {

using Database = std::unique_ptr<sqlite3, decltype(&sqlite3_close)>;
using Statement = std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)>;
using Words = std::vector<std::string>;

Statement prepared(const Database& database, const std::string& sql)
{
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(database.get(), sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) {
        throw std::runtime_error(sql + ": " + sqlite3_errmsg(database.get()));
    }
    return {statement, &sqlite3_finalize};
}

std::string valueAt(sqlite3_stmt* row, int column)
{
    const void* bytes = sqlite3_column_blob(row, column);
    const int size = sqlite3_column_bytes(row, column);
    return bytes == nullptr
               ? ""
               : std::string(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
}

/// One value a line.
std::string valuesOf(const Database& database, const std::string& sql)
{
    const Statement rows = prepared(database, sql);
    std::string values;
    while (sqlite3_step(rows.get()) == SQLITE_ROW) {
        for (int column = 0; column < sqlite3_column_count(rows.get()); ++column) {
            values += valueAt(rows.get(), column) + "\n";
        }
    }
    return values;
}

std::string outputOf(const HubProcess& hub, const Words& words)
{
    const ProgramEnd end = hub.command(words);
    if (end.code != 0) {
        throw std::runtime_error(words.front() + ": " + end.output + end.error);
    }
    return end.output + end.error;
}

void show(const HubProcess& hub, Words words, KeptBytes& kept)
{
    std::string name = "expohub";
    for (const std::string& word : words) {
        name += " " + word;
    }
    kept[name] = outputOf(hub, words);
    words.emplace_back("--json");
    kept[name + " --json"] = outputOf(hub, words);
}

std::string number(const Json& json)
{
    return std::to_string(json.get<std::int64_t>());
}

} // namespace

KeptBytes filesIn(const fs::path& folder)
{
    KeptBytes files;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file() && entry.path().filename() != "simulator.out") {
            files[entry.path().string()] = readFile(entry.path());
        }
    }
    if (files.empty()) {
        throw std::runtime_error(folder.string() + ": there is no file");
    }
    return files;
}

KeptBytes tablesOf(const HubProcess& hub)
{
    const std::string file = (hub.folder() / "hub/store/hub.db").string();
    sqlite3* handle = nullptr;
    const int opened = sqlite3_open_v2(file.c_str(), &handle, SQLITE_OPEN_READONLY, nullptr);
    const Database database(handle, &sqlite3_close);
    if (opened != SQLITE_OK) {
        throw std::runtime_error(file + " can't be opened");
    }
    const Statement tables =
        prepared(database, "SELECT name FROM sqlite_master WHERE type = 'table'");
    KeptBytes kept;
    while (sqlite3_step(tables.get()) == SQLITE_ROW) {
        const std::string table = valueAt(tables.get(), 0);
        kept["table " + table] = valuesOf(database, "SELECT * FROM \"" + table + "\"");
    }
    return kept;
}

KeptBytes dumpOf(const PostgresSchema& schema)
{
    const ProgramEnd dump = runProgram({"pg_dump",
                                        "--host",
                                        schema.socketFolder(),
                                        "--username",
                                        "hub",
                                        "--schema",
                                        schema.name(),
                                        "hub"});
    if (dump.code != 0) {
        throw std::runtime_error("pg_dump: " + dump.error);
    }
    // The server goes on writing while this reads; what matters was committed before.
    KeptBytes kept;
    const fs::path data = fs::path(schema.socketFolder()) / "data";
    for (const char* part : {"base", "pg_wal"}) {
        std::error_code refused;
        if (fs::directory_iterator(data / part, refused); !refused) {
            kept.merge(filesIn(data / part));
        }
    }
    kept["pg_dump"] = dump.output;
    return kept;
}

KeptBytes commandsOf(const HubProcess& hub)
{
    KeptBytes kept;
    for (const Words& words : {Words{"dead-letter", "list"},
                               Words{"job", "list"},
                               Words{"audit", "list"},
                               Words{"session", "list"},
                               Words{"api-key", "list"},
                               Words{"plugin", "list"},
                               Words{"provider-account", "list"},
                               Words{"message", "list"},
                               Words{"order", "list"}}) {
        show(hub, words, kept);
    }
    for (const Json& letter : hub.ask({"dead-letter", "list"})) {
        show(hub, {"dead-letter", "show", number(letter.at("id"))}, kept);
    }
    for (int seq = 1; hub.command({"event", "show", std::to_string(seq)}).code == 0; ++seq) {
        show(hub, {"event", "show", std::to_string(seq)}, kept);
    }
    return kept;
}

} // namespace hub::test
