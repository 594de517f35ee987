// Goal: a number reads as its owner saw it, and a date as a date, whoever wrote the file. Method: a
// table of stored values and format codes.

#include "support/suite.hpp"
#include "uploads/number_format.hpp"

#include <ostream>

namespace {

using uploads::CellKind;

struct Row {
    std::string value;
    std::string format; // a code, or the number of a built-in one
    std::string shown;
    CellKind kind = CellKind::Number;
};

std::ostream& operator<<(std::ostream& out, const Row& row)
{
    return out << row.value << " as " << row.format;
}

std::vector<Row> rows()
{
    constexpr CellKind kDate = CellKind::Date;
    return {
        {"1", "General", "1"},
        {"1.0", "General", "1"},
        {"0.10000000000000001", "General", "0.1"},
        {"1E+3", "General", "1000"},
        {"-2.5", "General", "-2.5"},
        {"13800138000", "General", "13800138000"},
        {"123456789012345", "General", "123456789012345"},
        {"1.1010119900307E+17", "General", "110101199003070000", CellKind::Inexact},
        {"110101199003071234", "0", "110101199003071232", CellKind::Inexact},
        {"12", "@", "12"},
        {"12", "G/通用格式", "12"},
        {"7", "000000", "000007"},
        {"7.5", "0", "8"},
        {"7", "0.00", "7.00"},
        {"7.125", "0.0#", "7.13"},
        {"2.675", "0.00", "2.68"},
        {"2.674999", "0.00", "2.67"},
        {"7.1", "0.0#", "7.1"},
        {"1234567.891", "#,##0.00", "1,234,567.89"},
        {"123", "#,##0", "123"},
        {"0.5", "#.##", "0.5"},
        {"0.256", "0%", "26%"},
        {"0.256", "10", "25.60%"},
        {"-5", "0.0", "-5.0"},
        {"-0.01", "0", "0"},
        {"5", "\"No. \"0", "No. 5"},
        {"5", "0\"元\"", "5元"},
        {"5", "[Red]0.0;[Blue]-0.0", "5.0"},
        {"1500", "0,", "1500"},
        {"5", "3", "5"},
        {"13800138000", "000-0000-0000", "13800138000"},
        {"45966", "14", "2025-11-05", kDate},
        {"45966", "yyyy/m/d", "2025-11-05", kDate},
        {"45966", "yyyy\"年\"m\"月\"d\"日\"", "2025-11-05", kDate},
        {"45966", "31", "2025-11-05", kDate},
        {"45966.75", "22", "2025-11-05 18:00:00", kDate},
        {"45966.75", "yyyy-mm-dd hh:mm", "2025-11-05 18:00:00", kDate},
        {"45966.75", "[$-804]yyyy-mm-dd", "2025-11-05", kDate},
        {"0.75", "h:mm", "18:00:00", kDate},
        {"1.25", "[h]:mm", "30:00:00", kDate},
        {"0.999999", "h:mm:ss AM/PM", "24:00:00", kDate},
        {"45966.9999999", "22", "2025-11-06 00:00:00", kDate},
        {"1", "14", "1900-01-01", kDate},
        {"59", "14", "1900-02-28", kDate},
        {"61", "14", "1900-03-01", kDate},
        {"2958465", "14", "9999-12-31", kDate},
        {"2958466", "14", "2958466"},
        {"-1", "14", "-1"},
        {"x", "General", "x", CellKind::Error},
        {"1 ", "General", "1 ", CellKind::Error},
        {"1e999", "General", "1e999", CellKind::Error},
        {"nan", "General", "nan", CellKind::Error},
    };
}

uploads::NumberFormat formatOf(const std::string& text)
{
    const bool is_id =
        text.find_first_not_of("0123456789") == std::string::npos && text.front() != '0';
    return is_id ? uploads::builtinNumberFormat(static_cast<unsigned>(std::stoul(text)))
                 : uploads::parseNumberFormat(text);
}

class NumberFormatTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(NumberFormatTest);
    CPPUNIT_TEST_PARAMETERIZED(aNumberIsShown, rows());
    CPPUNIT_TEST(theOtherEpoch);
    CPPUNIT_TEST_SUITE_END();

public:
    void aNumberIsShown(const Row& row)
    {
        const auto cell = uploads::showNumber(row.value, formatOf(row.format), false);
        CPPUNIT_ASSERT_EQUAL(row.shown, cell.text);
        CPPUNIT_ASSERT(row.kind == cell.kind);
    }

    void theOtherEpoch()
    {
        const auto format = uploads::builtinNumberFormat(14);
        CPPUNIT_ASSERT_EQUAL(std::string{"1904-01-01"},
                             uploads::showNumber("0", format, true).text);
        CPPUNIT_ASSERT_EQUAL(std::string{"2025-11-05"},
                             uploads::showNumber("44504", format, true).text);
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(NumberFormatTest, "number_format");
