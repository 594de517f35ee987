// Goal: a document that breaks its schema is refused at the right place, in words a person can
// act on. Method: one row per keyword with the expected pointer and message.

#include "base/exception.hpp"
#include "config/schema.hpp"
#include "support/suite.hpp"

#include <cppunit/extensions/HelperMacros.h>

#include <ostream>
#include <string>
#include <vector>

namespace {

using hub::base::Json;
using hub::config::Schema;

struct Row {
    std::string name;
    std::string schema;
    std::string document;
    std::string pointer;
    std::string message; // empty: the document fits
};

std::ostream& operator<<(std::ostream& out, const Row& row)
{
    return out << row.name;
}

std::vector<Row> rows()
{
    const std::string closed = R"({"properties":{"a":{}},"additionalProperties":false})";
    const std::string nested = R"({"properties":{"list":{"items":{"type":"object",
        "properties":{"a/b":{"type":"integer"}},"required":["c"]}}}})";
    const std::string reference = R"({"properties":{"at":{"$ref":"#/definitions/day"}},
        "definitions":{"day":{"type":"string","pattern":"^[0-9]{2}$"}}})";
    const std::string branches = R"({"oneOf":[
        {"type":"object","properties":{"kind":{"const":"a"},"x":{"type":"integer"}},"required":["kind","x"]},
        {"type":"string"}]})";
    return {
        {"string for integer", R"({"type":"integer"})", R"("5")", "", "must be an integer"},
        {"fraction for integer", R"({"type":"integer"})", "1.0", "", "must be an integer"},
        {"one of two types", R"({"type":["string","null"]})", "1", "", "must be null or a string"},
        {"integer is a number", R"({"type":"number"})", "5", "", ""},
        {"boolean is no number", R"({"type":"number"})", "true", "", "must be a number"},
        {"value outside enum",
         R"({"enum":["qr","h5",3]})",
         R"("x")",
         "",
         R"(must be one of "qr", "h5", 3)"},
        {"value in enum", R"({"enum":["qr","h5",3]})", "3", "", ""},
        {"other constant", R"({"const":"CNY"})", R"("USD")", "", R"(must be "CNY")"},
        {"pattern", R"({"pattern":"^[0-9]{5}$"})", R"("1400")", "", "must match ^[0-9]{5}$"},
        {"pattern ignores numbers", R"({"pattern":"^[0-9]{5}$"})", "7", "", ""},
        {"below minimum", R"({"minimum":1})", "0", "", "must be at least 1"},
        {"at exclusive minimum", R"({"exclusiveMinimum":1})", "1", "", "must be more than 1"},
        {"above maximum", R"({"maximum":65535})", "65536", "", "must be at most 65535"},
        {"largest integer",
         R"({"maximum":100})",
         "18446744073709551615",
         "",
         "must be at most 100"},
        {"empty text", R"({"minLength":1})", R"("")", "", "must not be empty"},
        {"length counts characters", R"({"maxLength":2})", R"("发票")", "", ""},
        {"long text", R"({"maxLength":2})", R"("abc")", "", "must be at most 2 characters long"},
        {"missing member",
         R"({"required":["number"]})",
         "{}",
         "",
         R"(must have the member "number")"},
        {"unknown member", closed, R"({"a":1,"b":2})", "/b", "is not a known member"},
        {"deep member with slash",
         nested,
         R"({"list":[{"c":1},{"c":1,"a/b":"x"}]})",
         "/list/1/a~1b",
         "must be an integer"},
        {"deep missing member",
         nested,
         R"({"list":[{}]})",
         "/list/0",
         R"(must have the member "c")"},
        {"local reference", reference, R"({"at":"x"})", "/at", "must match ^[0-9]{2}$"},
        {"most promising branch", branches, R"({"kind":"a","x":"1"})", "/x", "must be an integer"},
        {"no branch", branches, "1", "", "fits none of the allowed forms"},
        {"repeated item",
         R"({"uniqueItems":true})",
         "[1,2,1]",
         "/2",
         "repeats another item, must be unique"},
        {"too many items", R"({"maxItems":1})", "[1,2]", "", "must have at most 1 item"},
        {"bad name",
         R"({"propertyNames":{"pattern":"^[a-z]+$"}})",
         R"({"A":1})",
         "/A",
         "has a name that must match ^[a-z]+$"},
        {"no multiple", R"({"multipleOf":5})", "7", "", "must be a multiple of 5"},
        {"multiple of zero",
         R"({"multipleOf":0})",
         "7",
         "",
         R"(can't be judged: "multipleOf" of its schema must be above 0)"},
        {"multiple of minus one",
         R"({"multipleOf":-1})",
         "-9223372036854775808",
         "",
         R"(can't be judged: "multipleOf" of its schema must be above 0)"},
        {"multiple of zero point zero",
         R"({"multipleOf":0.0})",
         "0.5",
         "",
         R"(can't be judged: "multipleOf" of its schema must be above 0)"},
        {"false schema",
         R"({"properties":{"a":false}})",
         R"({"a":1})",
         "/a",
         "is not allowed here"},
        {"condition",
         R"({"if":{"required":["a"]},"then":{"required":["b"]}})",
         R"({"a":1})",
         "",
         R"(must have the member "b")"},
        {"format is an annotation", R"({"format":"date-time"})", R"("x")", "", ""},
    };
}

class SchemaTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SchemaTest);
    CPPUNIT_TEST_PARAMETERIZED(namesPlaceAndReason, rows());
    CPPUNIT_TEST(putsTheDeepestViolationFirst);
    CPPUNIT_TEST(refusesWhatIsNoSchema);
    CPPUNIT_TEST(refusesRemoteReferences);
    CPPUNIT_TEST(survivesAMegabyteAgainstAPattern);
    CPPUNIT_TEST(refusesReferencesWithoutEnd);
    CPPUNIT_TEST(followsARecursiveReference);
    CPPUNIT_TEST_SUITE_END();

public:
    void namesPlaceAndReason(const Row& row)
    {
        const Schema schema(Json::parse(row.schema), "test");

        const auto found = schema.check(Json::parse(row.document));

        if (row.message.empty()) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.name, std::size_t{0}, found.size());
            return;
        }
        CPPUNIT_ASSERT_MESSAGE(row.name, !found.empty());
        CPPUNIT_ASSERT_EQUAL(row.pointer, found.front().pointer);
        CPPUNIT_ASSERT_EQUAL(row.message, found.front().message);
    }

    void putsTheDeepestViolationFirst()
    {
        const Schema schema(Json::parse(R"({"required":["z"],"properties":{"a":{"type":"null"}}})"),
                            "test");

        const auto found = schema.check(Json::parse(R"({"a":1})"));

        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, found.size());
        CPPUNIT_ASSERT_EQUAL(std::string("/a"), found.front().pointer);
        CPPUNIT_ASSERT_EQUAL(std::string(""), found.back().pointer);
    }

    void refusesWhatIsNoSchema()
    {
        for (const char* text : {"5",
                                 R"({"type":"integre"})",
                                 R"({"required":5})",
                                 R"({"properties":[]})",
                                 R"({"pattern":"("})",
                                 R"({"$ref":"#/definitions/none"})"}) {
            CPPUNIT_ASSERT_THROW_MESSAGE(
                text, Schema(Json::parse(text), "test"), hub::base::Failure);
        }
    }

    void refusesRemoteReferences()
    {
        CPPUNIT_ASSERT_THROW(
            Schema(Json::parse(R"({"$ref":"http://example.com/schema.json"})"), "test"),
            hub::base::Failure);
    }

    void survivesAMegabyteAgainstAPattern()
    {
        const Schema schema(Json::parse(R"({"pattern":"^(a|b)+$"})"), "test");

        CPPUNIT_ASSERT(schema.check(std::string(1024, 'a')).empty());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, schema.check(std::string(1024 * 1024, 'a')).size());
    }

    void refusesReferencesWithoutEnd()
    {
        std::string chain = R"({"definitions":{)";
        for (int i = 0; i < 1000; ++i) {
            chain += "\"d" + std::to_string(i) + R"(":{"$ref":"#/definitions/d)" +
                     std::to_string(i + 1) + "\"},";
        }
        chain += R"("d1000":{}},"$ref":"#/definitions/d0"})";
        const std::vector<std::pair<std::string, std::string>> rows = {
            {R"({"$ref":"#"})", "without end"},
            {R"({"not":{"$ref":"#"}})", "without end"},
            {R"({"allOf":[{"$ref":"#"}]})", "without end"},
            {R"({"definitions":{"a":{"$ref":"#/definitions/b"},"b":{"$ref":"#/definitions/a"}}})",
             "without end"},
            {R"({"properties":{"x":{"anyOf":[{"type":"null"},{"$ref":"#/properties/x"}]}}})",
             "without end"},
            {R"({"$ref":"\\#"})", "a JSON pointer within"},
            {R"({"$ref":"#/definitions/%61","definitions":{"a":{}}})", "a JSON pointer within"},
            {R"({"$ref":"other.json"})", "a JSON pointer within"},
            {chain, "references in a row"},
            {R"({"pattern":")" + std::string(513, 'a') + "\"}", "at most 512"}};
        for (const auto& [schema, reason] : rows) {
            try {
                const Schema refused(Json::parse(schema), "test");
                CPPUNIT_FAIL("taken: " + schema.substr(0, 100));
            } catch (const hub::base::Failure& refusal) {
                CPPUNIT_ASSERT_MESSAGE(refusal.what(),
                                       refusal.message().find(reason) != std::string::npos);
            }
        }
    }

    void followsARecursiveReference()
    {
        const Schema schema(Json::parse(R"({"type":"object","additionalProperties":{"$ref":"#"}})"),
                            "test");

        CPPUNIT_ASSERT(schema.check(Json::parse(R"({"a":{"b":{}}})")).empty());
        CPPUNIT_ASSERT_EQUAL(std::string("/a/b"),
                             schema.check(Json::parse(R"({"a":{"b":1}})")).front().pointer);
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(SchemaTest, "schema");
