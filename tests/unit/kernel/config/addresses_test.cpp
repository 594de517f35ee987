// Goal: no spelling of this machine gets past the check for production. Method: a table.

#include "config/addresses.hpp"
#include "support/suite.hpp"

namespace {

class AddressesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(AddressesTest);
    CPPUNIT_TEST(knowsEverySpellingOfThisMachine);
    CPPUNIT_TEST(leavesOtherAddressesAlone);
    CPPUNIT_TEST(aListenerForAllIsNotOnLoopback);
    CPPUNIT_TEST_SUITE_END();

public:
    void knowsEverySpellingOfThisMachine()
    {
        for (const char* text : {"127.0.0.1",
                                 "127.0.0.1:9443",
                                 "https://127.1/x",
                                 "http://user@127.0.0.53:80/",
                                 "https://0x7f000001",
                                 "https://2130706433/",
                                 "0.0.0.0:1",
                                 "https://LOCALHOST:1",
                                 "https://localhost./",
                                 "https://a.localhost",
                                 "[::1]:9443",
                                 "::1",
                                 "https://[::]/",
                                 "https://[::ffff:127.0.0.1]/"}) {
            CPPUNIT_ASSERT_MESSAGE(text, hub::config::pointsAtLoopback(text));
        }
    }

    void leavesOtherAddressesAlone()
    {
        for (const char* text : {"",
                                 "https://openapi.example.com/gateway.do",
                                 "192.0.2.1:443",
                                 "https://localhost.example.com",
                                 "2088000000000001",
                                 "0",
                                 "a sentence: with a colon",
                                 "[2001:db8::1]:1"}) {
            CPPUNIT_ASSERT_MESSAGE(text, !hub::config::pointsAtLoopback(text));
        }
    }

    void aListenerForAllIsNotOnLoopback()
    {
        for (const char* address : {"127.0.0.1", "127.0.0.53", "::1"}) {
            CPPUNIT_ASSERT_MESSAGE(address, hub::config::listensOnLoopback(address));
        }
        for (const char* address : {"0.0.0.0", "::", "192.0.2.1", "2001:db8::1", ""}) {
            CPPUNIT_ASSERT_MESSAGE(address, !hub::config::listensOnLoopback(address));
        }
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(AddressesTest, "addresses");
