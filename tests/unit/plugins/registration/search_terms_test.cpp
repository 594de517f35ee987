// Goal: persons are found by what people type: two characters of a name, a number as a whole or by
// its end, a phone, however they are written. Method: what is typed against what is kept.
#include "domain/search_terms.hpp"
#include "floor.hpp"
#include "support/suite.hpp"

#include <algorithm>

namespace registration::test {

namespace {

class SearchTermsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SearchTermsTest);
    CPPUNIT_TEST(aNameIsFoundByAnyTwoOfItsCharacters);
    CPPUNIT_TEST(aTranscribedNameIsFoundWithAndWithoutItsDot);
    CPPUNIT_TEST(aNumberIsFoundAsAWholeAndByItsEnd);
    CPPUNIT_TEST(aPhoneIsFoundHoweverItIsWritten);
    CPPUNIT_TEST(whatIsTooShortFindsNothing);
    CPPUNIT_TEST(whatIsMissingAddsNothing);
    CPPUNIT_TEST(aNumberNarrowsALongName);
    CPPUNIT_TEST_SUITE_END();

    static bool finds(const std::string& typed,
                      const std::string& name,
                      const std::string& number = "",
                      const std::string& phone = "")
    {
        const auto kept = searchTermsOf(name, number, phone);
        const auto wanted = wantedTerms(typed);
        return !wanted.empty() &&
               std::all_of(wanted.begin(), wanted.end(), [&](const std::string& term) {
                   return std::find(kept.begin(), kept.end(), term) != kept.end();
               });
    }

public:
    void aNameIsFoundByAnyTwoOfItsCharacters()
    {
        CPPUNIT_ASSERT(finds("样本", "样本甲"));
        CPPUNIT_ASSERT(finds("本甲", "样本甲"));
        CPPUNIT_ASSERT(finds("样本甲", "样本甲"));
        CPPUNIT_ASSERT(finds("样 甲", "样甲"));
        CPPUNIT_ASSERT(!finds("样甲", "样本甲"));
        CPPUNIT_ASSERT(!finds("样本乙", "样本甲"));
        CPPUNIT_ASSERT(finds("sample p", "Sample Person"));
    }

    void aTranscribedNameIsFoundWithAndWithoutItsDot()
    {
        for (const char* typed : {"样本·甲乙", "样本•甲乙", "样本甲乙", "本甲"}) {
            CPPUNIT_ASSERT_MESSAGE(typed, finds(typed, "样本·甲乙"));
        }
    }

    void aNumberIsFoundAsAWholeAndByItsEnd()
    {
        CPPUNIT_ASSERT(finds("11010119000101002x", "", "11010119000101002X"));
        CPPUNIT_ASSERT(finds("002X", "", "11010119000101002X"));
        CPPUNIT_ASSERT(finds("４５６７", "", "E 1234567"));
        CPPUNIT_ASSERT(!finds("1234", "", "E 1234567"));
        CPPUNIT_ASSERT(!finds("1101011900010100", "", "11010119000101002X"));
    }

    void aPhoneIsFoundHoweverItIsWritten()
    {
        for (const char* typed : {"+8619900000001", "199 0000 0001", "8619900000001", "0001"}) {
            CPPUNIT_ASSERT_MESSAGE(typed, finds(typed, "", "", "+86 199-0000-0001"));
        }
        CPPUNIT_ASSERT(!finds("19900000002", "", "", "+8619900000001"));
    }

    void whatIsTooShortFindsNothing()
    {
        for (const char* typed : {"", " ", "样", "1", "02X", "\xFF"}) {
            CPPUNIT_ASSERT_MESSAGE(typed, wantedTerms(typed).empty());
        }
    }

    void whatIsMissingAddsNothing()
    {
        CPPUNIT_ASSERT(searchTermsOf("", "", "").empty());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, searchTermsOf("样本", "", "no phone").size());
    }

    void aNumberNarrowsALongName()
    {
        Floor floor("ciie-4");
        const Organization home = floor.organization("org-1", "shanghai");
        const auto add = [&](const std::string& id, const std::string& phone) {
            Person person = floor.person(id, home);
            person.document["name"] = "Alexander Smith";
            person.document["phone"] = phone;
            floor.add(person);
        };
        add("one", "+8619900000860");
        add("other", "+8619900000861");

        const Heard heard =
            floor.desk.read("persons.list",
                            clerkOf("shanghai"),
                            {{"query", {{"name", "Alexander Smith"}, {"q", "0860"}}}});

        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 200, heard.status);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, heard.body.at("items").size());
        CPPUNIT_ASSERT_EQUAL(Json("one"), heard.body.at("items").at(0).at("person_id"));
    }
};

HUB_TEST_SUITE_REGISTRATION(SearchTermsTest, "search_terms");

} // namespace

} // namespace registration::test
