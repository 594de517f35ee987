// Goal: a request goes to a listed host and a public address, or nowhere. Method: tables of the
// spellings with which such checks are got around.

#include "egress/target.hpp"
#include "support/suite.hpp"

#include <string>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace {

using hub::egress::AllowList;
using hub::egress::Request;

const AllowList kAllow{{"api.example.com", "10.0.0.1", "127.1"},
                       {"127.0.0.1:9443", "localhost:9444", "[::1]:9445"},
                       {"GET", "POST", "HEAD"}};

Request requestFor(const std::string& url)
{
    Request request;
    request.method = "POST";
    request.url = url;
    return request;
}

bool isPublic(const std::string& text)
{
    sockaddr_storage storage{};
    if (text.find(':') == std::string::npos) {
        auto* ipv4 = reinterpret_cast<sockaddr_in*>(&storage);
        ipv4->sin_family = AF_INET;
        CPPUNIT_ASSERT_EQUAL(1, ::inet_pton(AF_INET, text.c_str(), &ipv4->sin_addr));
    } else {
        auto* ipv6 = reinterpret_cast<sockaddr_in6*>(&storage);
        ipv6->sin6_family = AF_INET6;
        CPPUNIT_ASSERT_EQUAL(1, ::inet_pton(AF_INET6, text.c_str(), &ipv6->sin6_addr));
    }
    return hub::egress::isPublicAddress(reinterpret_cast<const sockaddr&>(storage));
}

class TargetTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(TargetTest);
    CPPUNIT_TEST(listedHostsAreReachedAtTheirPortOnly);
    CPPUNIT_TEST(otherSpellingsOfAHostAreRefused);
    CPPUNIT_TEST(methodsCompareExactly);
    CPPUNIT_TEST(headersThatMoveARequestAreRefused);
    CPPUNIT_TEST(onlyAddressesOfThePublicInternetArePublic);
    CPPUNIT_TEST_SUITE_END();

public:
    void listedHostsAreReachedAtTheirPortOnly()
    {
        struct Row {
            const char* url;
            const char* origin;
            const char* path;
            const char* query;
            bool exact;
        };
        for (const Row& row : {
                 Row{"https://api.example.com", "api.example.com:443", "/", "", false},
                 Row{"https://api.example.com/", "api.example.com:443", "/", "", false},
                 Row{"https://api.example.com:443/a/../b?x=1&y=/?",
                     "api.example.com:443",
                     "/a/../b",
                     "x=1&y=/?",
                     false},
                 Row{"https://api.example.com?x=1", "api.example.com:443", "/", "x=1", false},
                 Row{"https://127.0.0.1:9443/a", "127.0.0.1:9443", "/a", "", true},
                 Row{"https://localhost:9444/a", "localhost:9444", "/a", "", true},
                 Row{"https://[::1]:9445/a", "[::1]:9445", "/a", "", true},
             }) {
            const auto target = checkRequest(kAllow, requestFor(row.url));
            CPPUNIT_ASSERT_MESSAGE(row.url, target.ok());
            CPPUNIT_ASSERT_EQUAL(std::string(row.origin), target.value().origin);
            CPPUNIT_ASSERT_EQUAL(std::string(row.path), target.value().path);
            CPPUNIT_ASSERT_EQUAL(std::string(row.query), target.value().query);
            CPPUNIT_ASSERT_EQUAL(row.exact, target.value().exact);
        }
    }

    void otherSpellingsOfAHostAreRefused()
    {
        for (const char* url : {
                 "",
                 "https://",
                 "https:///a",
                 "api.example.com/a",
                 "//api.example.com/a",
                 "http://api.example.com/a",
                 "HTTPS://api.example.com/a",
                 "ftp://api.example.com/a",
                 "file:///etc/passwd",
                 "https:/api.example.com/a",
                 "https:\\\\api.example.com/a",
                 "https://api.example.com:8443/a",
                 "https://api.example.com:0443/a",
                 "https://api.example.com:/a",
                 "https://api.example.com:443x/a",
                 "https://api.example.com:65979/a",
                 "https://api.example.com:-443/a",
                 "https://other.example.com/a",
                 "https://xapi.example.com/a",
                 "https://api.example.com.evil.example/a",
                 "https://api.example.com./a",
                 "https://API.example.com/a",
                 "https://api%2eexample.com/a",
                 "https://user@api.example.com/a",
                 "https://api.example.com@evil.example/a",
                 "https://user:word@api.example.com/a",
                 "https://evil.example#@api.example.com/a",
                 "https://evil.example\\@api.example.com/a",
                 "https://api.example.com/a#fragment",
                 "https://api.example.com /a",
                 " https://api.example.com/a",
                 "https://api.example.com/a b",
                 "https://api.example.com/a\r\nX: y",
                 "https://api.example.com/\xC3\xA4",
                 "https://api.ex\xD0\xB0mple.com/a",
                 // Listed as hosts, but addresses are named one by one or not at all.
                 "https://10.0.0.1/a",
                 "https://127.1/a",
                 "https://127.0.0.1/a",
                 "https://127.0.0.1:443/a",
                 "https://2130706433:9443/a",
                 "https://0x7f000001:9443/a",
                 "https://0177.0.0.1:9443/a",
                 "https://127.1:9443/a",
                 "https://[::1]/a",
                 "https://[::ffff:127.0.0.1]:9443/a",
                 "https://[::1]x:9445/a",
                 "https://localhost/a",
                 "https://localhost:9443/a",
             }) {
            const auto target = checkRequest(kAllow, requestFor(url));
            CPPUNIT_ASSERT_MESSAGE(url, !target.ok());
            CPPUNIT_ASSERT_EQUAL(HUB_REJECTED + 0, target.error().code + 0);
        }
    }

    void methodsCompareExactly()
    {
        Request request = requestFor("https://api.example.com/a");
        for (const char* method : {"", "post", "PUT", "POST ", "GET\r\n", "CONNECT"}) {
            request.method = method;
            CPPUNIT_ASSERT_MESSAGE(method, !checkRequest(kAllow, request).ok());
        }
        request.method = "HEAD";
        CPPUNIT_ASSERT(checkRequest(kAllow, request).ok());
        request.body = "x";
        CPPUNIT_ASSERT(!checkRequest(kAllow, request).ok());
    }

    void headersThatMoveARequestAreRefused()
    {
        struct Row {
            std::string name;
            std::string value;
            bool good;
        };
        for (const Row& row : {
                 Row{"Content-Type", "application/json", true},
                 Row{"X-Sample", "", true},
                 Row{"Authorization", "Sample a=\"b\"", true},
                 Row{"Host", "evil.example", false},
                 Row{"hOST", "x", false},
                 Row{"Content-Length", "1", false},
                 Row{"Transfer-Encoding", "chunked", false},
                 Row{"Proxy-Authorization", "x", false},
                 Row{"Connection", "close", false},
                 Row{"", "x", false},
                 Row{"A B", "x", false},
                 Row{"A:", "x", false},
                 Row{"A\r\nB", "x", false},
                 Row{"A", "x\r\nB: y", false},
                 Row{"A", "x\ny", false},
                 Row{"A", std::string("x\0y", 3), false},
             }) {
            Request request = requestFor("https://api.example.com/a");
            request.headers = {{row.name, row.value}};
            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.name, row.good, checkRequest(kAllow, request).ok());
        }
    }

    void onlyAddressesOfThePublicInternetArePublic()
    {
        for (const char* text : {
                 "0.0.0.0",
                 "0.1.2.3",
                 "10.0.0.1",
                 "10.255.255.255",
                 "100.64.0.1",
                 "100.127.255.255",
                 "127.0.0.1",
                 "127.255.255.254",
                 "169.254.169.254",
                 "172.16.0.1",
                 "172.31.255.255",
                 "192.0.0.8",
                 "192.0.2.1",
                 "192.88.99.1",
                 "192.168.0.1",
                 "198.18.0.1",
                 "198.19.255.255",
                 "198.51.100.1",
                 "203.0.113.1",
                 "224.0.0.1",
                 "239.255.255.255",
                 "240.0.0.1",
                 "255.255.255.255",
                 "::",
                 "::1",
                 "::127.0.0.1",
                 "::ffff:127.0.0.1",
                 "::ffff:8.8.8.8",
                 "64:ff9b::127.0.0.1",
                 "64:ff9b::10.0.0.1",
                 "64:ff9b:1::1",
                 "100::1",
                 "2001::1",
                 "2001:db8::1",
                 "2002:7f00:1::",
                 "3fff::1",
                 "fc00::1",
                 "fd12::1",
                 "fe80::1",
                 "fec0::1",
                 "ff02::1",
                 "4000::1",
             }) {
            CPPUNIT_ASSERT_MESSAGE(text, !isPublic(text));
        }
        for (const char* text : {"1.1.1.1",
                                 "9.255.255.255",
                                 "11.0.0.1",
                                 "100.63.255.255",
                                 "100.128.0.1",
                                 "172.15.255.255",
                                 "172.32.0.1",
                                 "192.167.0.1",
                                 "223.255.255.255",
                                 "2400:3200::1",
                                 "2606:4700::1",
                                 "64:ff9b::1.1.1.1"}) {
            CPPUNIT_ASSERT_MESSAGE(text, isPublic(text));
        }
        sockaddr local{};
        local.sa_family = AF_UNIX;
        CPPUNIT_ASSERT(!hub::egress::isPublicAddress(local));
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(TargetTest, "target");
