// Goal: every documented code has its own row, and what the document does not name decides nothing.
// Method: the codes of the provider's document, README.md, and the table's own rows.

#include "licence_reader_demo/outcome_table.hpp"
#include "support/suite.hpp"
#include "unit/connectors/support/files.hpp"

#include <set>
#include <string>

namespace {

using licence_reader::findOutcome;
using licence_reader::OutcomeRule;

class OutcomeTableTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(OutcomeTableTest);
    CPPUNIT_TEST(codesMeanWhatTheDocumentSays);
    CPPUNIT_TEST(everyRowIsDocumentedAndOnce);
    CPPUNIT_TEST_SUITE_END();

public:
    void codesMeanWhatTheDocumentSays()
    {
        const std::pair<const char*, hub_status> rows[] = {
            {"KEY_UNKNOWN", HUB_UNAUTHENTICATED},
            {"SIGNATURE_WRONG", HUB_UNAUTHENTICATED},
            {"KEY_SUSPENDED", HUB_UNAUTHENTICATED},
            {"BALANCE_EMPTY", HUB_REJECTED},
            {"TIMESTAMP_OUT_OF_WINDOW", HUB_REJECTED},
            {"PICTURE_TOO_LARGE", HUB_REJECTED},
            {"PICTURE_TOO_MANY_PIXELS", HUB_REJECTED},
            {"MEDIA_TYPE_UNSUPPORTED", HUB_REJECTED},
            {"MEDIA_TYPE_MISMATCH", HUB_REJECTED},
            {"KIND_UNKNOWN", HUB_REJECTED},
            {"QUERY_MALFORMED", HUB_REJECTED},
            {"RATE_LIMITED", HUB_THROTTLED},
            {"NONCE_USED", HUB_OUTCOME_UNKNOWN},
            {"BUSY", HUB_OUTCOME_UNKNOWN},
            {"INTERNAL", HUB_OUTCOME_UNKNOWN},
        };
        for (const auto& [code, status] : rows) {
            const OutcomeRule& rule = findOutcome(code);
            CPPUNIT_ASSERT_EQUAL(std::string(code), std::string(rule.code));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(code, status, rule.status);
        }
        for (const char* code : {"", "OK", "ok", "KIND_UNKNOWN ", "kind_unknown", "NEW"}) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                code, hub_status{HUB_OUTCOME_UNKNOWN}, findOutcome(code).status);
        }
    }

    void everyRowIsDocumentedAndOnce()
    {
        const std::string document = connector_test::readFile(
            connector_test::folder("HUB_SOURCE_DIR") / "connectors/licence_reader_demo/README.md");
        std::set<std::string_view> codes;
        for (const OutcomeRule& rule : licence_reader::outcomeRules()) {
            const std::string code(rule.code);
            CPPUNIT_ASSERT_MESSAGE(code, codes.insert(rule.code).second);
            CPPUNIT_ASSERT_MESSAGE(code, !rule.words.empty());
            CPPUNIT_ASSERT_MESSAGE(
                code, code == "*" || document.find("`" + code + "`") != std::string::npos);
        }
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(OutcomeTableTest, "outcome_table");
