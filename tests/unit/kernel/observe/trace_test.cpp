// Goal: a trace id is taken from a well-formed traceparent only. Method: a table.

#include "observe/trace.hpp"
#include "support/suite.hpp"

#include <string>
#include <vector>

namespace {

class TraceTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(TraceTest);
    CPPUNIT_TEST(takesOnlyWellFormedParents);
    CPPUNIT_TEST(makesWhatItTakes);
    CPPUNIT_TEST_SUITE_END();

public:
    void takesOnlyWellFormedParents()
    {
        const std::string trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        struct Row {
            std::string name;
            std::string header;
            bool taken;
        };
        const std::vector<Row> rows = {
            {"plain", "00-" + trace + "-00f067aa0ba902b7-01", true},
            {"later version with more", "01-" + trace + "-00f067aa0ba902b7-01-more", true},
            {"version 00 with more", "00-" + trace + "-00f067aa0ba902b7-01-more", false},
            {"version ff", "ff-" + trace + "-00f067aa0ba902b7-01", false},
            {"capitals", "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01", false},
            {"zero trace", "00-" + std::string(32, '0') + "-00f067aa0ba902b7-01", false},
            {"zero parent", "00-" + trace + "-0000000000000000-01", false},
            {"short", "00-" + trace + "-00f067aa0ba902b7", false},
            {"later version, no dash", "01-" + trace + "-00f067aa0ba902b7-01more", false},
            {"empty", "", false}};
        for (const Row& row : rows) {
            const auto taken = hub::observe::parseTraceparent(row.header);

            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.name, row.taken, taken.has_value());
            CPPUNIT_ASSERT_MESSAGE(row.name, !taken || *taken == trace);
        }
    }

    void makesWhatItTakes()
    {
        const std::string trace = "4bf92f3577b34da6a3ce929d0e0e4736";

        const std::string made = hub::observe::makeTraceparent(trace);

        CPPUNIT_ASSERT_EQUAL(trace, hub::observe::parseTraceparent(made).value_or("refused"));
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(TraceTest, "trace");
