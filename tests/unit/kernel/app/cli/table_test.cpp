// Goal: tables line up and stored text can't command a terminal. Method: small tables by eye.

#include "app/cli/table.hpp"
#include "support/suite.hpp"

#include <string>

namespace {

using hub::cli::printable;
using hub::cli::renderSection;

class TableTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(TableTest);
    CPPUNIT_TEST(columnsLineUpWithChineseText);
    CPPUNIT_TEST(anEmptyTableSaysSo);
    CPPUNIT_TEST(noControlCharacterGetsThrough);
    CPPUNIT_TEST_SUITE_END();

public:
    void columnsLineUpWithChineseText()
    {
        CPPUNIT_ASSERT_EQUAL(
            std::string("Payments\n"
                        "name    state\n"
                        "徽章费  paid\n"
                        "é       new\n"),
            renderSection({"Payments", {"name", "state"}, {{"徽章费", "paid"}, {"é", "new"}}}));
    }

    void anEmptyTableSaysSo()
    {
        CPPUNIT_ASSERT_EQUAL(std::string("Dead letters\n(none)\n"),
                             renderSection({"Dead letters", {"seq"}, {}}));
    }

    void noControlCharacterGetsThrough()
    {
        CPPUNIT_ASSERT_EQUAL(std::string("?[2Ja?b?c"),
                             printable("\x1B[2Ja\nb\xC2\x9B"
                                       "c"));
        CPPUNIT_ASSERT_EQUAL(std::string("a?b"),
                             printable("a\xE2\x80\xAE"
                                       "b"));
        CPPUNIT_ASSERT_EQUAL(std::string("a?b"),
                             printable("a\xFF"
                                       "b"));
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(TableTest, "table");
