// Goal: lists tell rows apart and give nothing away. Method: a table, and for all lengths: at least
// four characters are hidden, and the hidden part's length does not show.

#include "identifiers/mask.hpp"
#include "identifiers/text.hpp"
#include "support/suite.hpp"

namespace {

using namespace identifiers; // NOLINT(google-build-using-namespace): the subject of this file

class MaskTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(MaskTest);
    CPPUNIT_TEST(masksNumbers);
    CPPUNIT_TEST(masksPhones);
    CPPUNIT_TEST(masksNames);
    CPPUNIT_TEST(masksAddresses);
    CPPUNIT_TEST(hidesEnoughOfEveryLength);
    CPPUNIT_TEST(hidesWhatIsNoText);
    CPPUNIT_TEST_SUITE_END();

public:
    void masksNumbers()
    {
        CPPUNIT_ASSERT_EQUAL(std::string("110000****0020"), maskNumber("110000190001010020"));
        CPPUNIT_ASSERT_EQUAL(std::string("H00****001"), maskNumber("H0000000001"));
        CPPUNIT_ASSERT_EQUAL(std::string("H0****00"), maskNumber("H00000000"));
        CPPUNIT_ASSERT_EQUAL(std::string("A****4"), maskNumber("A1234"));
        CPPUNIT_ASSERT_EQUAL(std::string("123456****2345"), maskNumber("123456789012345"));
        CPPUNIT_ASSERT_EQUAL(std::string("123****234"), maskNumber("12345678901234"));
        CPPUNIT_ASSERT_EQUAL(std::string("12****90"), maskNumber("1234567890"));
        CPPUNIT_ASSERT_EQUAL(std::string("1****7"), maskNumber("1234567"));
        CPPUNIT_ASSERT_EQUAL(std::string("****"), maskNumber("1234"));
        CPPUNIT_ASSERT_EQUAL(std::string("****"), maskNumber(""));
    }

    void masksPhones()
    {
        CPPUNIT_ASSERT_EQUAL(std::string("+86138****0001"), maskPhone("+8613800000001"));
        CPPUNIT_ASSERT_EQUAL(std::string("138****0001"), maskPhone("13800000001"));
        CPPUNIT_ASSERT_EQUAL(std::string("+85290****01"), maskPhone("+85290000001"));
        CPPUNIT_ASSERT_EQUAL(std::string("+886900****001"), maskPhone("+886900000001"));
        CPPUNIT_ASSERT_EQUAL(std::string("+44****0001"), maskPhone("+447000000001"));
        CPPUNIT_ASSERT_EQUAL(std::string("+86****"), maskPhone("+86110"));
    }

    void masksNames()
    {
        CPPUNIT_ASSERT_EQUAL(std::string("张*"), maskName("张三"));
        CPPUNIT_ASSERT_EQUAL(std::string("欧*明"), maskName("欧阳小明"));
        CPPUNIT_ASSERT_EQUAL(std::string("*"), maskName("张"));
        CPPUNIT_ASSERT_EQUAL(std::string("H*** O***"), maskName("Hub One"));
        CPPUNIT_ASSERT_EQUAL(std::string("É*** d***"), maskName(" Élan  d'Utopie"));
        CPPUNIT_ASSERT_EQUAL(std::string("*"), maskName(""));
    }

    void masksAddresses()
    {
        CPPUNIT_ASSERT_EQUAL(std::string("v***@example.org"), maskEmail("visitor@example.org"));
        CPPUNIT_ASSERT_EQUAL(std::string("***@example.org"), maskEmail("v@example.org"));
        CPPUNIT_ASSERT_EQUAL(std::string("***"), maskEmail("visitor"));
        CPPUNIT_ASSERT_EQUAL(std::string("***"), maskEmail("@example.org"));
    }

    void hidesEnoughOfEveryLength()
    {
        for (std::size_t size = 5; size < 40; ++size) {
            for (const std::string& mask :
                 {maskNumber(std::string(size, '1')), maskPhone(std::string(size, '1'))}) {
                const std::size_t shown = mask.size() - 4;
                CPPUNIT_ASSERT_MESSAGE(mask, size >= shown + 3);
                CPPUNIT_ASSERT_MESSAGE(mask, shown <= 10);
                CPPUNIT_ASSERT_MESSAGE(mask, mask.find("****") != std::string::npos);
            }
        }
    }

    void hidesWhatIsNoText()
    {
        const std::string broken = "13800000001\xC3";
        CPPUNIT_ASSERT_EQUAL(std::string("****"), maskNumber(broken));
        CPPUNIT_ASSERT_EQUAL(std::string("****"), maskPhone(broken));
        CPPUNIT_ASSERT_EQUAL(std::string("***"), maskName(broken));
        CPPUNIT_ASSERT_EQUAL(std::string("***"), maskEmail(broken + "@example.org"));
    }
};

HUB_TEST_SUITE_REGISTRATION(MaskTest, "mask");

} // namespace
