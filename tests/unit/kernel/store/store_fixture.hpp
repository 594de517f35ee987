// A store in a folder of its own, on either back end, for the tests of this folder. Each suite is
// a template on the back end and is registered once for each.
#pragma once

#include "base/clock.hpp"
#include "store/database.hpp"
#include "support/postgres.hpp"
#include "support/suite.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace hub::store::test {

class TemporaryFolder {
public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    const std::filesystem::path& path() const noexcept { return path_; }

private:
    std::filesystem::path path_;
};

template <Backend kBackend>
class StoreFixture : public CppUnit::TestFixture {
public:
    void setUp() override
    {
        folder_ = std::make_unique<TemporaryFolder>();
        settings_.backend = kBackend;
        settings_.folder = folder_->path() / "data";
        if (kBackend == Backend::PostgreSQL) {
            schema_ = std::make_unique<hub::test::PostgresSchema>();
            settings_.postgres = schema_->connection();
            settings_.postgres_schema = schema_->name();
        }
    }

    void tearDown() override
    {
        database_.reset();
        schema_.reset();
        folder_.reset();
    }

protected:
    Database& open()
    {
        database_ = Database::open(settings_, clock_);
        return *database_;
    }

    /// With a library "demo" that has a table of every type.
    Database& openWithDemo()
    {
        open().migrate("demo", demoSteps());
        return *database_;
    }

    static std::vector<Migration> demoSteps()
    {
        return {{1,
                 "item",
                 "CREATE TABLE demo_item (id BIGINT NOT NULL PRIMARY KEY, name TEXT, amount BIGINT,"
                 " body BLOB, kind TEXT NOT NULL DEFAULT '', parent BIGINT REFERENCES demo_item "
                 "(id));\n"
                 "CREATE UNIQUE INDEX demo_item_name ON demo_item (name);"}};
    }

    Database& database() { return *database_; }
    Connection& writer() { return database_->writer(); }

    std::int64_t count(Connection& connection, const std::string& from)
    {
        Statement& rows = connection.prepare("SELECT count(*) FROM " + from);
        CPPUNIT_ASSERT(rows.step());
        const std::int64_t found = rows.integer(0);
        rows.run();
        return found;
    }

    Settings settings_;
    base::SystemClock clock_;
    std::unique_ptr<hub::test::PostgresSchema> schema_;
    std::unique_ptr<Database> database_;

private:
    std::unique_ptr<TemporaryFolder> folder_;
};

/// What the function's StoreFailure says; fails the test when there is none.
template <typename Function>
StoreFailure troubleOf(const std::string& name, Function function)
{
    try {
        function();
    } catch (const StoreFailure& failure) {
        return failure;
    }
    CPPUNIT_FAIL(name + ": expected a StoreFailure, got none");
    throw std::logic_error("unreachable");
}

/// The text of the base::Failure that the function throws.
template <typename Function>
std::string refusalOf(Function function)
{
    try {
        function();
    } catch (const base::Failure& failure) {
        return failure.message();
    }
    CPPUNIT_FAIL("expected a refusal, got none");
    throw std::logic_error("unreachable");
}

inline void assertContains(const std::string& text, const std::string& part)
{
    CPPUNIT_ASSERT_MESSAGE("\"" + text + "\" lacks \"" + part + "\"",
                           text.find(part) != std::string::npos);
}

std::string toString(Trouble trouble);

inline void assertTrouble(const std::string& name, Trouble expected, const StoreFailure& failure)
{
    CPPUNIT_ASSERT_EQUAL_MESSAGE(
        name + ": " + failure.message(), toString(expected), toString(failure.trouble()));
}

} // namespace hub::store::test
