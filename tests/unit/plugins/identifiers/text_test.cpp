// Goal: what people type and paste becomes comparable, and no bytes are too odd to be read. Method:
// a table of texts with what they become, and every short sequence of bytes against iconv's
// judgement.

#include "identifiers/text.hpp"
#include "support/suite.hpp"
#include "told.hpp"

#include <array>

#include <iconv.h>

namespace {

using namespace identifiers; // NOLINT(google-build-using-namespace): the subject of this file
using identifiers::test::told;

struct Row {
    std::string name;
    std::string text;
    std::string value;
    std::string findings;
};

std::ostream& operator<<(std::ostream& out, const Row& row)
{
    return out << row.name;
}

std::vector<Row> texts()
{
    return {
        // name                  text                     value     findings
        {"plain", "AB12", "AB12", ""},
        {"lower case", "ab12", "AB12", ""},
        {"full width", "ａＢ１２", "AB12", ""},
        {"separators", " A-B 1\t2\r\n", "AB12", ""},
        {"Chinese space",
         "A\xE3\x80\x80"
         "B",
         "AB",
         ""},
        {"no-break space",
         "A\xC2\xA0"
         "B",
         "AB",
         ""},
        {"dashes of print",
         "A\xE2\x80\x90"
         "B\xE2\x80\x94"
         "C\xE2\x88\x92"
         "D\xEF\xBC\x8D"
         "E",
         "ABCDE",
         ""},
        {"marks of direction",
         "\xE2\x80\xAD"
         "AB\xE2\x80\xAC",
         "AB",
         ""},
        {"zero width",
         "A\xE2\x80\x8B"
         "B\xEF\xBB\xBF",
         "AB",
         ""},
        {"Chinese stays", "张1", "张1", ""},
        {"emoji stays", "\xF0\x9F\x98\x80", "\xF0\x9F\x98\x80", ""},
        {"NUL stays", std::string("A\0B", 3), std::string("A\0B", 3), ""},
        {"empty", "", "", "missing"},
        {"only separators", " -\xE3\x80\x80", "", "missing"},
        {"a cut sequence", "A\xE5\xBC", "", "not_utf8 2"},
        {"a lone continuation", "\x80", "", "not_utf8 1"},
        {"overlong", "AB\xC0\xAF", "", "not_utf8 3"},
        {"beyond Unicode", "张\xF4\x90\x80\x80", "", "not_utf8 2"},
        {"GBK", "\xD5\xC5", "", "not_utf8 1"},
        {"513 bytes", std::string(513, 'A'), "", "length"},
        {"512 bytes", std::string(512, 'A'), std::string(512, 'A'), ""},
    };
}

/// Another judge of UTF-8.
class Iconv {
public:
    Iconv()
        : converter_(iconv_open("UTF-32LE", "UTF-8"))
    {}
    ~Iconv() { iconv_close(converter_); }
    Iconv(const Iconv&) = delete;
    Iconv& operator=(const Iconv&) = delete;

    bool takes(std::string bytes)
    {
        std::array<char, 64> room{};
        char* from = bytes.data();
        char* to = room.data();
        std::size_t left = bytes.size();
        std::size_t space = room.size();
        iconv(converter_, nullptr, nullptr, nullptr, nullptr);
        return iconv(converter_, &from, &left, &to, &space) != static_cast<std::size_t>(-1);
    }

private:
    iconv_t converter_;
};

class TextTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(TextTest);
    CPPUNIT_TEST_PARAMETERIZED(normalizesACode, texts());
    CPPUNIT_TEST(keepsWhatItIsToldToKeep);
    CPPUNIT_TEST(readsUtf8LikeIconv);
    CPPUNIT_TEST(whatIsNormalizedStaysAsItIs);
    CPPUNIT_TEST_SUITE_END();

public:
    void normalizesACode(const Row& row)
    {
        const Checked checked = normalizeCode(row.text);

        CPPUNIT_ASSERT_EQUAL(row.findings, told(checked.findings));
        CPPUNIT_ASSERT_EQUAL(row.value, checked.value);
    }

    void keepsWhatItIsToldToKeep()
    {
        CPPUNIT_ASSERT_EQUAL(std::string("a-b c"),
                             normalize("  a－b　c ", Separators::Keep, Letters::Keep).value);
    }

    void readsUtf8LikeIconv()
    {
        Iconv judge;
        const auto assert_same = [&judge](const std::string& bytes) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                bytes, judge.takes(bytes), charactersOf(bytes).has_value());
        };
        for (int lead = 0; lead < 256; ++lead) {
            const std::string one(1, static_cast<char>(lead));
            assert_same(one);
            for (int second = 0; second < 256; ++second) {
                const std::string two = one + static_cast<char>(second);
                assert_same(two);
                for (const char* tail : {"\x80", "\xBF", "A", "\x80\x80", "\xBF\xBF", "\xBF\x7F"}) {
                    assert_same(two + tail);
                }
            }
        }
    }

    void whatIsNormalizedStaysAsItIs()
    {
        for (const Row& row : texts()) {
            const Checked once = normalizeCode(row.text);
            if (once.findings.empty()) {
                CPPUNIT_ASSERT_EQUAL_MESSAGE(row.name, once.value, normalizeCode(once.value).value);
            }
        }
    }
};

HUB_TEST_SUITE_REGISTRATION(TextTest, "text");

} // namespace
