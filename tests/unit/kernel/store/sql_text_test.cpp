// Goal: text is rewritten where it is SQL and nowhere else. Method: tables of texts.

#include "store/sql_text.hpp"
#include "store_fixture.hpp"

#include <fstream>
#include <string>
#include <vector>

namespace {

using namespace hub::store;
using namespace hub::store::test;

class SqlTextTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SqlTextTest);
    CPPUNIT_TEST(typesAreTranslatedAsWholeWordsOutsideQuotes);
    CPPUNIT_TEST(parametersAreNumberedOutsideQuotes);
    CPPUNIT_TEST(excerptsAreOneShortLine);
    CPPUNIT_TEST(migrationNamesAndGapsAreChecked);
    CPPUNIT_TEST_SUITE_END();

public:
    void typesAreTranslatedAsWholeWordsOutsideQuotes()
    {
        struct Row {
            std::string sql;
            std::string sqlite;
            std::string postgres;
        };
        for (const Row& row :
             {Row{"a BIGINT, b blob", "a INTEGER, b blob", "a BIGINT, b BYTEA"},
              Row{"bigints BLOB_id myblob", "bigints BLOB_id myblob", "bigints BLOB_id myblob"},
              Row{"x TEXT DEFAULT 'BLOB ''BIGINT'",
                  "x TEXT DEFAULT 'BLOB ''BIGINT'",
                  "x TEXT DEFAULT 'BLOB ''BIGINT'"},
              Row{"\"BLOB\" -- BIGINT BLOB\nBLOB /* BLOB */",
                  "\"BLOB\" -- BIGINT BLOB\nBLOB /* BLOB */",
                  "\"BLOB\" -- BIGINT BLOB\nBYTEA /* BLOB */"},
              Row{"CREATE TABLE t (blob BLOB, bigint BIGINT, PRIMARY KEY (blob, bigint))",
                  "CREATE TABLE t (blob BLOB, bigint INTEGER, PRIMARY KEY (blob, bigint))",
                  "CREATE TABLE t (blob BYTEA, bigint BIGINT, PRIMARY KEY (blob, bigint))"},
              Row{"ALTER TABLE t ADD COLUMN blob BLOB; SELECT t.blob, CAST(blob AS BLOB)",
                  "ALTER TABLE t ADD COLUMN blob BLOB; SELECT t.blob, CAST(blob AS BLOB)",
                  "ALTER TABLE t ADD COLUMN blob BYTEA; SELECT t.blob, CAST(blob AS BYTEA)"},
              Row{"", "", ""},
              Row{"'unfinished BLOB", "'unfinished BLOB", "'unfinished BLOB"}}) {
            CPPUNIT_ASSERT_EQUAL(row.sqlite, translateTypes(row.sql, Backend::SQLite));
            CPPUNIT_ASSERT_EQUAL(row.postgres, translateTypes(row.sql, Backend::PostgreSQL));
        }
    }

    void parametersAreNumberedOutsideQuotes()
    {
        struct Row {
            std::string sql;
            std::string expected;
            int parameters;
        };
        for (const Row& row : {Row{"a = ? AND b=?", "a = $1 AND b=$2", 2},
                               Row{"'?' \"?\" -- ?\n?", "'?' \"?\" -- ?\n$1", 1},
                               Row{"'it''s ?' /* ? */ ??", "'it''s ?' /* ? */ $1$2", 2},
                               Row{"发票 = ?", "发票 = $1", 1},
                               Row{"", "", 0}}) {
            const NumberedSql numbered = numberParameters(row.sql);
            CPPUNIT_ASSERT_EQUAL(row.expected, numbered.text);
            CPPUNIT_ASSERT_EQUAL(row.parameters, numbered.parameters);
        }
    }

    void excerptsAreOneShortLine()
    {
        CPPUNIT_ASSERT_EQUAL(std::string("SELECT a FROM b"), excerpt("  SELECT a\n\t FROM  b"));
        CPPUNIT_ASSERT(excerpt(std::string(1000, 'x')).size() < 200);
    }

    void migrationNamesAndGapsAreChecked()
    {
        struct Row {
            std::vector<std::string> files;
            std::string expected; // empty: accepted
        };
        for (const Row& row :
             {Row{{"0001_first.sql", "0002_a2.sql"}, ""},
              Row{{}, ""},
              Row{{"0002_late.sql"}, "0002_late.sql: expected number 0001"},
              Row{{"0001_a.sql", "0003_c.sql"}, "0003_c.sql: expected number 0002"},
              Row{{"0001_a.sql", "0001_b.sql"}, "0001_b.sql: expected number 0002"},
              Row{{"0001_A.sql"}, "0001_A.sql: a migration's name"},
              Row{{"1_a.sql"}, "1_a.sql: a migration's name"},
              Row{{"0001_.sql"}, "0001_.sql: a migration's name"},
              Row{{"0001_a.sql~"}, "0001_a.sql~: a migration's name"},
              Row{{"README.md"}, "README.md: a migration's name"}}) {
            const TemporaryFolder folder;
            for (const std::string& file : row.files) {
                std::ofstream(folder.path() / file) << "-- " << file;
            }
            if (row.expected.empty()) {
                const auto steps = readMigrations(folder.path());
                CPPUNIT_ASSERT_EQUAL(row.files.size(), steps.size());
                for (std::size_t i = 0; i < steps.size(); ++i) {
                    CPPUNIT_ASSERT_EQUAL("-- " + row.files[i], steps[i].sql);
                    CPPUNIT_ASSERT_EQUAL(row.files[i].substr(5), steps[i].name + ".sql");
                }
            } else {
                assertContains(refusalOf([&] { readMigrations(folder.path()); }), row.expected);
            }
        }
        assertContains(refusalOf([] { readMigrations("/nonexistent/folder"); }), "/nonexistent");
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(SqlTextTest, "sql_text");
