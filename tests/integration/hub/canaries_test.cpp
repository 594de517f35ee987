// Goal: the search for canaries finds each of them however it is written, and nothing by chance:
// what it does not find in a hub's folder is not there. Method: each form is planted in noise.
#include "canaries.hpp"
#include "support/suite.hpp"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace hub::test {

namespace {

constexpr std::size_t kNoiseBytes = 200'000;

class CanariesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(CanariesTest);
    CPPUNIT_TEST(eachFormIsFound);
    CPPUNIT_TEST(noiseHoldsNone);
    CPPUNIT_TEST(writtenByOthersTheyAreFound);
    CPPUNIT_TEST(aCodeCountsWhereItStandsAlone);
    CPPUNIT_TEST_SUITE_END();

    Canaries canaries_;

    static std::string noise(unsigned seed)
    {
        std::mt19937 generator(seed);
        std::string bytes(kNoiseBytes, '\0');
        std::generate(
            bytes.begin(), bytes.end(), [&] { return static_cast<char>(generator() & 0xFFU); });
        return bytes;
    }

    bool finds(const std::string& text) const { return !canaries_.findIn(text).empty(); }

public:
    void setUp() override
    {
        canaries_.addText("a name", "鹂鸰雏");
        canaries_.addText("another name", "Serinus Canaria");
        canaries_.addNumber("a phone", "19900007391", {3, 4, 4});
        canaries_.addCode("a code", "739164");
        canaries_.addFile("a file", noise(1));
    }

    void eachFormIsFound()
    {
        CPPUNIT_ASSERT(canaries_.forms().size() > 20);
        for (const CanaryForm& form : canaries_.forms()) {
            std::string bytes = noise(2);
            bytes.replace(kNoiseBytes / 3, form.bytes.size() + 2, " " + form.bytes + " ");
            const auto found = canaries_.findIn(bytes);
            const std::string wanted = form.canary + " as " + form.coding;
            CPPUNIT_ASSERT_MESSAGE(wanted,
                                   std::find(found.begin(), found.end(), wanted) != found.end());
        }
    }

    void noiseHoldsNone()
    {
        CPPUNIT_ASSERT_EQUAL(std::string(), shownCanaries(canaries_.findIn(noise(3))));
        CPPUNIT_ASSERT_EQUAL(std::string(), shownCanaries(canaries_.findIn("")));
    }

    /// As `base64`, `iconv`, `xxd` and a JSON library write them.
    void writtenByOthersTheyAreFound()
    {
        for (const char* text : {R"({"name":"\u9e42\u9e30\u96cf"})",
                                 "eyJuYW1lIjoi6bmC6biw6ZuPIn0=",
                                 "\xf0\xbf\xfb\x5f\xb3\xfb",
                                 "name=%E9%B9%82%E9%B8%B0%E9%9B%8F&sex=male",
                                 "{\"name\":\"SERINUS CANARIA\"}",
                                 "call +86 199-0000-7391 now",
                                 "\\x53657269 x'536572696e75732043616e61726961'"}) {
            CPPUNIT_ASSERT_MESSAGE(text, finds(text));
        }
    }

    void aCodeCountsWhereItStandsAlone()
    {
        CPPUNIT_ASSERT(finds("{\"code\":\"739164\"}"));
        CPPUNIT_ASSERT(!finds("1795739164000"));
    }
};

HUB_TEST_SUITE_REGISTRATION(CanariesTest, "canaries");

} // namespace

} // namespace hub::test
