// Goal: check characters are those of the standards. Method: a second implementation by other
// formulas (brute_force.hpp) over thousands of numbers, and published specimens.

#include "brute_force.hpp"
#include "identifiers/arithmetic.hpp"
#include "samples.hpp"
#include "support/suite.hpp"

#include <random>

namespace {

using namespace identifiers;       // NOLINT(google-build-using-namespace): the subject of this file
using namespace identifiers::test; // NOLINT(google-build-using-namespace): its second opinion

std::string randomText(std::mt19937& random, std::string_view alphabet, std::size_t size)
{
    std::uniform_int_distribution<std::size_t> at(0, alphabet.size() - 1);
    std::string text;
    for (std::size_t i = 0; i < size; ++i) {
        text += alphabet[at(random)];
    }
    return text;
}

class ArithmeticTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ArithmeticTest);
    CPPUNIT_TEST(agreesWithASecondImplementation);
    CPPUNIT_TEST(agreesWithPublishedSpecimens);
    CPPUNIT_TEST(foreignCharactersHaveNoCheck);
    CPPUNIT_TEST_SUITE_END();

public:
    void agreesWithASecondImplementation()
    {
        std::mt19937 random(2026);
        for (int i = 0; i < 3000; ++i) {
            const std::string code = randomText(random, kSocialCredit, 17);
            CPPUNIT_ASSERT_EQUAL(socialCreditCheckByForce(code), socialCreditCheck(code));
            const std::string organization = randomText(random, kBase36, 8);
            CPPUNIT_ASSERT_EQUAL(organizationCheckByForce(organization),
                                 organizationCheck(organization));
            const std::string number = randomText(random, kDigits, 17);
            CPPUNIT_ASSERT_EQUAL(residentCheckByForce(number), residentCheck(number));
            const std::string field =
                randomText(random, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<", 1 + random() % 39);
            CPPUNIT_ASSERT_EQUAL(mrzCheckByForce(field), mrzCheck(field));
            const std::string digits = randomText(random, kDigits, 11 + random() % 8);
            CPPUNIT_ASSERT_EQUAL(hybridCheckByForce(digits), hybridCheck(digits));
            CPPUNIT_ASSERT_EQUAL(cardCheckByForce(digits), cardCheck(digits));
        }
    }

    void agreesWithPublishedSpecimens()
    {
        CPPUNIT_ASSERT_EQUAL('3', socialCreditCheck("91350100M000100Y4"));
        CPPUNIT_ASSERT_EQUAL('X', residentCheck("11010519491231002"));
        CPPUNIT_ASSERT_EQUAL('4', residentCheck("44052418800101001"));
        CPPUNIT_ASSERT_EQUAL('6', mrzCheck("L898902C3"));
        CPPUNIT_ASSERT_EQUAL('1', mrzCheck("ZE184226B<<<<<"));
    }

    void foreignCharactersHaveNoCheck()
    {
        CPPUNIT_ASSERT_EQUAL('\0', socialCreditCheck("9135010OM000100Y4"));
        CPPUNIT_ASSERT_EQUAL('\0', organizationCheck("HUB-0001"));
        CPPUNIT_ASSERT_EQUAL('\0', residentCheck("1101051949123100A"));
        CPPUNIT_ASSERT_EQUAL('\0', mrzCheck("L898902c3"));
        CPPUNIT_ASSERT_EQUAL('\0', hybridCheck("1X"));
        CPPUNIT_ASSERT_EQUAL('\0', cardCheck("\xFF"));
    }
};

HUB_TEST_SUITE_REGISTRATION(ArithmeticTest, "arithmetic");

} // namespace
