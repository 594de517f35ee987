// Goal: a copy has what the store had at one moment, and a damaged one is never called a backup.
// Method: real files, damaged on purpose in ways that only a whole reading notices.
#include "store/store_copy.hpp"
#include "store_fixture.hpp"

#include <filesystem>
#include <fstream>
#include <functional>
#include <string>

#include <sqlite3.h>

namespace {

using namespace hub::store;
using namespace hub::store::test;

class StoreCopyTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(StoreCopyTest);
    CPPUNIT_TEST(aSoundStoreIsCopied);
    CPPUNIT_TEST(anIndexThatMissesARowIsNoBackup);
    CPPUNIT_TEST(aDamagedPageIsNoBackup);
    CPPUNIT_TEST_SUITE_END();

    TemporaryFolder folder_;

    std::filesystem::path file() const { return folder_.path() / "hub.db"; }
    std::filesystem::path copy() const { return folder_.path() / "copy.db"; }

    void run(const std::string& sql) const
    {
        sqlite3* handle = nullptr;
        const bool done = sqlite3_open(file().c_str(), &handle) == SQLITE_OK &&
                          sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK;
        const std::string why = sqlite3_errmsg(handle);
        sqlite3_close(handle);
        CPPUNIT_ASSERT_MESSAGE(why, done);
    }

    void fill() const
    {
        run("PRAGMA journal_mode = WAL; CREATE TABLE thing (id INTEGER PRIMARY KEY, name TEXT); "
            "CREATE INDEX thing_name ON thing (name); "
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) "
            "INSERT INTO thing SELECT i, 'the thing of number ' || i FROM n");
    }

    static std::string refusal(const std::function<void()>& body)
    {
        try {
            body();
        } catch (const hub::base::Failure& failure) {
            return failure.message();
        }
        return "";
    }

    void assertRefused(const std::string& word) const
    {
        const std::string copied = refusal([this] { copySqlite(file(), copy()); });
        CPPUNIT_ASSERT_MESSAGE(copied, copied.find(word) != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(copied, copied.find(file().string()) != std::string::npos);
        const std::string examined = refusal([this] { examineSqlite(file()); });
        CPPUNIT_ASSERT_MESSAGE(examined, examined.find("is damaged") != std::string::npos);
    }

public:
    void aSoundStoreIsCopied()
    {
        fill();
        copySqlite(file(), copy());
        examineSqlite(file());
        examineSqlite(copy());
    }

    void anIndexThatMissesARowIsNoBackup()
    {
        fill();
        // A row comes while the index is not there.
        run("PRAGMA writable_schema = ON; CREATE TABLE kept AS SELECT * FROM sqlite_schema WHERE "
            "name = 'thing_name'; DELETE FROM sqlite_schema WHERE name = 'thing_name'");
        run("INSERT INTO thing VALUES (30000, 'hidden')");
        run("PRAGMA writable_schema = ON; INSERT INTO sqlite_schema SELECT * FROM kept");
        assertRefused("no backup");
    }

    void aDamagedPageIsNoBackup()
    {
        fill();
        const auto middle = static_cast<std::streamoff>(std::filesystem::file_size(file()) / 2);
        std::fstream stream(file(), std::ios::in | std::ios::out | std::ios::binary);
        stream.seekp(middle / 4096 * 4096);
        stream << std::string(64, '\xA5');
        stream.close();
        assertRefused("damaged");
    }
};

HUB_TEST_SUITE_REGISTRATION(StoreCopyTest, "store_copy");

} // namespace
