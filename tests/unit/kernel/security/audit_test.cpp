// Goal: whoever changes, removes, inserts or cuts off rows of the audit log is found out. Method:
// a log in a real store, spoiled with SQL in one way per row of the table.

#include "open_store.hpp"
#include "security/audit.hpp"
#include "support/suite.hpp"

#include <fstream>
#include <memory>
#include <string>
#include <vector>

namespace {

using hub::security::Audit;
using hub::security::AuditEntry;
using hub::security::AuditVerdict;
using hub::security::SecretBytes;
using hub::store::Backend;
using hub::store::Connection;
using hub::store::Transaction;
using hub::testing::OpenStore;

SecretBytes auditKey()
{
    return SecretBytes(std::string(32, 'a'));
}

AuditEntry entry(const std::string& subject)
{
    return {"os:sample",
            "library.disabled",
            subject,
            "{\"reason\":\"sample\"}",
            "trace",
            1767225600000};
}

template <Backend kBackend>
class AuditTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(AuditTest);
    CPPUNIT_TEST(aLogThatNobodyTouchedHolds);
    CPPUNIT_TEST(everyChangeIsFoundAtItsRow);
    CPPUNIT_TEST(aTailThatWasCutOffIsFound);
    CPPUNIT_TEST(rowsThatFollowACutDoNotHideIt);
    CPPUNIT_TEST(aRolledBackRowLeavesNoGap);
    CPPUNIT_TEST(anAnchorLineThatACrashCutOffDoesNoHarm);
    CPPUNIT_TEST(fieldsCannotBeShiftedIntoEachOther);
    CPPUNIT_TEST(theNewestOfAnActionAreListedFirst);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override
    {
        store_.reset();
        store_ = std::make_unique<OpenStore>(kBackend, clock_);
    }
    void tearDown() override { store_.reset(); }

    void aLogThatNobodyTouchedHolds()
    {
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, verify().rows);
        CPPUNIT_ASSERT(!verify().broken_at);
        write(3);
        Audit(auditKey(), anchorFile()).anchor(writer(), 1);
        write(3); // another object goes on where the first one ended
        const AuditVerdict verdict = verify();
        CPPUNIT_ASSERT_MESSAGE(verdict.reason, !verdict.broken_at);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{6}, verdict.rows);
        CPPUNIT_ASSERT(
            Audit::verify(writer(), SecretBytes(std::string(32, 'b')), anchorFile()).broken_at);
    }

    void everyChangeIsFoundAtItsRow()
    {
        write(5);
        struct Row {
            const char* sql;
            std::int64_t broken_at;
        };
        for (const Row& row : {
                 Row{"UPDATE hub_audit SET actor = 'os:other' WHERE number = 3", 3},
                 Row{"UPDATE hub_audit SET action = 'x' WHERE number = 1", 1},
                 Row{"UPDATE hub_audit SET subject = 'x' WHERE number = 5", 5},
                 Row{"UPDATE hub_audit SET detail = '' WHERE number = 3", 3},
                 Row{"UPDATE hub_audit SET trace = '' WHERE number = 3", 3},
                 Row{"UPDATE hub_audit SET time_ms = time_ms + 1 WHERE number = 3", 3},
                 Row{"UPDATE hub_audit SET mac = 'x' WHERE number = 3", 3},
                 Row{"DELETE FROM hub_audit WHERE number = 1", 1},
                 Row{"DELETE FROM hub_audit WHERE number = 3", 3},
                 Row{"DELETE FROM hub_audit WHERE number = 3; "
                     "UPDATE hub_audit SET number = number - 1 WHERE number > 3",
                     3},
                 Row{"DELETE FROM hub_audit WHERE number = 1; "
                     "UPDATE hub_audit SET number = number - 1",
                     1},
                 Row{"UPDATE hub_audit SET number = 100 WHERE number = 3; "
                     "UPDATE hub_audit SET number = 3 WHERE number = 4; "
                     "UPDATE hub_audit SET number = 4 WHERE number = 100",
                     3},
                 Row{"INSERT INTO hub_audit SELECT partition, 6, time_ms, actor, action, subject, "
                     "detail, trace, mac FROM hub_audit WHERE number = 5",
                     6},
                 Row{"DELETE FROM hub_audit", 1},
             }) {
            const Transaction undone(writer());
            writer().execute(row.sql);
            const AuditVerdict verdict = verify();
            CPPUNIT_ASSERT_MESSAGE(row.sql, verdict.broken_at.has_value());
            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.sql, row.broken_at, *verdict.broken_at);
            CPPUNIT_ASSERT(!verdict.reason.empty());
        }
    }

    void aTailThatWasCutOffIsFound()
    {
        write(5);
        Audit(auditKey(), anchorFile()).anchor(writer(), 1);
        // Who can write the store sets the counter back as well; the anchor lies elsewhere.
        writer().execute("DELETE FROM hub_audit WHERE number > 3; "
                         "UPDATE hub_sequence SET last = 3 WHERE name = 'audit'");
        const AuditVerdict verdict = verify();
        CPPUNIT_ASSERT_EQUAL(std::int64_t{4}, verdict.broken_at.value());
        CPPUNIT_ASSERT(verdict.reason.find("cut off") != std::string::npos);
    }

    void rowsThatFollowACutDoNotHideIt()
    {
        write(5);
        Audit(auditKey(), anchorFile()).anchor(writer(), 1);
        writer().execute("DELETE FROM hub_audit WHERE number > 3; "
                         "UPDATE hub_sequence SET last = 3 WHERE name = 'audit'");
        write(4);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{5}, verify().broken_at.value());

        setUp();
        write(5);
        writer().execute("DELETE FROM hub_audit WHERE number > 3");
        write(2);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{4}, verify().broken_at.value());
    }

    void aRolledBackRowLeavesNoGap()
    {
        Audit audit(auditKey(), anchorFile());
        {
            Transaction transaction(writer());
            audit.append(writer(), entry("one"));
            transaction.commit();
        }
        {
            const Transaction transaction(writer());
            audit.append(writer(), entry("lost"));
        }
        audit.forget();
        Transaction transaction(writer());
        audit.append(writer(), entry("two"));
        transaction.commit();
        CPPUNIT_ASSERT_MESSAGE(verify().reason, !verify().broken_at);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, verify().rows);
    }

    void anAnchorLineThatACrashCutOffDoesNoHarm()
    {
        write(2);
        Audit audit(auditKey(), anchorFile());
        audit.anchor(writer(), 1);
        std::ofstream(anchorFile(), std::ios::app) << "9,abc";
        write(1);
        audit.anchor(writer(), 2);
        CPPUNIT_ASSERT_MESSAGE(verify().reason, !verify().broken_at);
        writer().execute("DELETE FROM hub_audit WHERE number = 3; "
                         "UPDATE hub_sequence SET last = 2 WHERE name = 'audit'");
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, verify().broken_at.value());
    }

    void fieldsCannotBeShiftedIntoEachOther()
    {
        write(1);
        writer().execute("UPDATE hub_audit SET actor = actor || action, action = ''");
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, verify().broken_at.value());
    }

    void theNewestOfAnActionAreListedFirst()
    {
        write(3);
        CPPUNIT_ASSERT(Audit::newest(writer(), "library.enabled", 9).empty());
        for (const char* action : {"", "library.disabled"}) {
            const auto entries = Audit::newest(writer(), action, 2);
            CPPUNIT_ASSERT_EQUAL(std::size_t{2}, entries.size());
            CPPUNIT_ASSERT_EQUAL(std::string("subject 2"), entries[0].subject);
            CPPUNIT_ASSERT_EQUAL(std::string("subject 1"), entries[1].subject);
            CPPUNIT_ASSERT_EQUAL(std::string("os:sample"), entries[0].actor);
            CPPUNIT_ASSERT_EQUAL(entry("").time_ms, entries[0].time_ms);
        }
    }

private:
    Connection& writer() { return store_->writer(); }
    std::filesystem::path anchorFile() const { return store_->anchorFile(); }
    AuditVerdict verify() { return Audit::verify(writer(), auditKey(), anchorFile()); }

    void write(int rows)
    {
        Audit audit(auditKey(), anchorFile());
        Transaction transaction(writer());
        for (int i = 0; i < rows; ++i) {
            audit.append(writer(), entry("subject " + std::to_string(i)));
        }
        transaction.commit();
    }

    hub::base::SystemClock clock_;
    std::unique_ptr<OpenStore> store_;
};

using SqliteAuditTest = AuditTest<Backend::SQLite>;
using PostgresAuditTest = AuditTest<Backend::PostgreSQL>;

} // namespace

HUB_TEST_SUITE_REGISTRATION(SqliteAuditTest, "audit");
HUB_TEST_SUITE_REGISTRATION(PostgresAuditTest, "audit");
