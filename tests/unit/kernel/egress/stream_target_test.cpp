// Goal: a stream goes to a listed host and port, under the security that the manifest allows, or
// nowhere. Method: a table of addresses.

#include "egress/stream_target.hpp"
#include "support/suite.hpp"

#include <string>

namespace {

using hub::egress::checkStream;
using hub::egress::StreamAllowList;

const StreamAllowList kAllow{{"smtp.example.com:465", "smtp.example.com:70000", "bare"},
                             {"127.0.0.1:2525", "[::1]:2526", "mail.fair.example:587"},
                             true,
                             false,
                             true};

class StreamTargetTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(StreamTargetTest);
    CPPUNIT_TEST(listedAddressesAreCompared);
    CPPUNIT_TEST(securityIsTheManifests);
    CPPUNIT_TEST(onlyExactAddressesOfTheDemoMayBePrivate);
    CPPUNIT_TEST_SUITE_END();

public:
    void listedAddressesAreCompared()
    {
        struct Row {
            const char* address;
            const char* host; // empty: refused
            const char* port;
        };
        const Row rows[] = {{"smtp.example.com:465", "smtp.example.com", "465"},
                            {"mail.fair.example:587", "mail.fair.example", "587"},
                            {"[::1]:2526", "::1", "2526"},
                            {"smtp.example.com:25", "", ""},
                            {"SMTP.example.com:465", "", ""},
                            {"smtp.example.com:465 ", "", ""},
                            {"smtp.example.com.:465", "", ""},
                            {"smtp.example.com:0465", "", ""},
                            {"smtp.example.com", "", ""},
                            {"127.1:2525", "", ""},
                            {"", "", ""},
                            {"smtp.example.com:70000", "", ""}, // listed, and still no port
                            {"bare", "", ""}};
        for (const Row& row : rows) {
            const auto target = checkStream(kAllow, row.address, true);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.address, *row.host != '\0', target.ok());
            if (target.ok()) {
                CPPUNIT_ASSERT_EQUAL(std::string(row.host), target.value().host);
                CPPUNIT_ASSERT_EQUAL(std::string(row.port), target.value().port);
            } else {
                CPPUNIT_ASSERT_EQUAL(hub_status{HUB_REJECTED}, target.error().code);
            }
        }
    }

    void securityIsTheManifests()
    {
        CPPUNIT_ASSERT(!checkStream(kAllow, "smtp.example.com:465", false).ok());
        StreamAllowList plain = kAllow;
        plain.plain = true;
        plain.tls = false;
        CPPUNIT_ASSERT(checkStream(plain, "smtp.example.com:465", false).ok());
        CPPUNIT_ASSERT(!checkStream(plain, "smtp.example.com:465", true).ok());
    }

    void onlyExactAddressesOfTheDemoMayBePrivate()
    {
        CPPUNIT_ASSERT(checkStream(kAllow, "127.0.0.1:2525", true).value().may_be_private);
        CPPUNIT_ASSERT(!checkStream(kAllow, "smtp.example.com:465", true).value().may_be_private);
        StreamAllowList production = kAllow;
        production.exact_may_be_private = false;
        CPPUNIT_ASSERT(!checkStream(production, "127.0.0.1:2525", true).value().may_be_private);
    }
};

HUB_TEST_SUITE_REGISTRATION(StreamTargetTest, "stream_target");

} // namespace
