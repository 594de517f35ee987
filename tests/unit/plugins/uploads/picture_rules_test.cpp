// Goal: an edition's rules say all that is wrong with a picture, in both languages, and rules that
// make no sense are refused. Method: tables of rules and pictures at their limits.

#include "picture_fixture.hpp"
#include "uploads/picture_rules.hpp"

#include <ostream>

namespace {

using namespace uploads_test;

struct Row {
    std::string rules;
    std::string codes; // of a colored JPEG of 300 x 400
};

std::ostream& operator<<(std::ostream& out, const Row& row)
{
    return out << row.rules;
}

std::vector<Row> rows()
{
    return {
        {R"({})", ""},
        {R"({"width_min": 300, "width_max": 300, "height_min": 400, "height_max": 400})", ""},
        {R"({"width_min": 301})", "picture_width "},
        {R"({"width_max": 299})", "picture_width "},
        {R"({"height_min": 401})", "picture_height "},
        {R"({"height_max": 399, "width_max": 10})", "picture_width picture_height "},
        {R"({"ratio_min": "3:4", "ratio_max": "3:4"})", ""},
        {R"({"ratio_min": "4:5"})", "picture_ratio "},
        {R"({"ratio_max": "5:7"})", "picture_ratio "},
        {R"({"bytes_max": 10})", "picture_bytes_max "},
        {R"({"bytes_min": 1000000})", "picture_bytes_min "},
        {R"({"formats": ["png"]})", "picture_format "},
        {R"({"formats": ["png", "jpeg"], "color": "required"})", ""},
        {R"({"color": "any"})", ""},
        // What is no rule.
        {R"([])", "refused"},
        {R"({"width": 300})", "refused"},
        {R"({"width_min": "300"})", "refused"},
        {R"({"width_min": -1})", "refused"},
        {R"({"width_min": 4294967296})", "refused"},
        {R"({"width_min": 2, "width_max": 1})", "refused"},
        {R"({"ratio_min": "3"})", "refused"},
        {R"({"ratio_min": "3:0"})", "refused"},
        {R"({"ratio_min": "3:4 "})", "refused"},
        {R"({"ratio_min": "4:5", "ratio_max": "3:4"})", "refused"},
        {R"({"formats": []})", "refused"},
        {R"({"formats": ["pdf"]})", "refused"},
        {R"({"color": true})", "refused"},
    };
}

uploads::Picture photo(bool is_gray)
{
    uploads::Pixels pixels = flag(300, 400);
    if (is_gray) {
        pixels.rgb.assign(pixels.rgb.size(), 90);
    }
    auto picture = uploads::decodePicture(jpegOf(pixels));
    CPPUNIT_ASSERT(picture.ok());
    return std::move(picture).value();
}

class PictureRulesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PictureRulesTest);
    CPPUNIT_TEST_PARAMETERIZED(rulesFindWhatIsWrong, rows());
    CPPUNIT_TEST(grayIsFoundWhereColorIsRequired);
    CPPUNIT_TEST(sentencesNameTheNumbers);
    CPPUNIT_TEST_SUITE_END();

public:
    void rulesFindWhatIsWrong(const Row& row)
    {
        const auto rules = uploads::parsePictureRules(row.rules);
        std::string codes;
        if (rules.ok()) {
            for (const auto& finding : uploads::judge(photo(false), rules.value())) {
                codes += std::string{uploads::codeName(finding.code)} + " ";
            }
        }
        CPPUNIT_ASSERT_EQUAL(row.codes, rules.ok() ? codes : std::string{"refused"});
    }

    void grayIsFoundWhereColorIsRequired()
    {
        const auto rules = uploads::parsePictureRules(R"({"color": "required"})").value();
        CPPUNIT_ASSERT(uploads::judge(photo(false), rules).empty());
        const auto findings = uploads::judge(photo(true), rules);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, findings.size());
        CPPUNIT_ASSERT(findings[0].code == uploads::Code::PictureGray);
    }

    void sentencesNameTheNumbers()
    {
        const auto rules =
            uploads::parsePictureRules(R"({"width_min": 358, "width_max": 441})").value();
        const auto findings = uploads::judge(photo(false), rules);
        CPPUNIT_ASSERT_EQUAL(std::string{"the picture is 300 pixels wide, must be 358 to 441"},
                             uploads::sentence(findings.at(0), uploads::Language::English));
        CPPUNIT_ASSERT_EQUAL(std::string{"图片宽度为 300 像素，应为 358 至 441 像素"},
                             uploads::sentence(findings.at(0), uploads::Language::Chinese));
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(PictureRulesTest, "picture_rules");
