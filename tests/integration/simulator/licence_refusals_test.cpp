// Goal: what is not genuine, not of its time or not of its form is refused with the document's code
// and status, and signed only for those who proved who they are. Method: a table of requests that
// are right but for one thing.

#include "licence_customer.hpp"
#include "support/suite.hpp"

#include <fmt/format.h>

#include <ctime>
#include <functional>
#include <set>

namespace simulator_test {

namespace {

using Spoil = std::function<void(LicenceRequest&)>;

struct Row {
    std::string name;
    int status;
    std::string code;
    LicenceRequest request;
    Spoil after_signing = nullptr;
};

constexpr std::size_t kBytesMax = 200'000;

const std::set<std::string> kUnsigned = {"PATH_UNKNOWN",
                                         "METHOD_NOT_ALLOWED",
                                         "HEADER_MISSING",
                                         "HEADER_MALFORMED",
                                         "KEY_UNKNOWN",
                                         "SIGNATURE_WRONG"};

} // namespace

class LicenceRefusalsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(LicenceRefusalsTest);
    CPPUNIT_TEST(everyCorruptedRequestGetsItsCode);
    CPPUNIT_TEST(aNonceServesOnce);
    CPPUNIT_TEST(scriptedRefusalsHaveTheTablesStatus);
    CPPUNIT_TEST_SUITE_END();

public:
    LicenceRefusalsTest()
        : simulator_([](Json& settings) {
            Json& licence = settings["licence"];
            licence["picture_bytes_max"] = kBytesMax;
            licence["picture_pixels_max"] = 1200 * 850;
            for (const char* state : {"suspended", "empty"}) {
                licence["accounts"].push_back({{"key_id", std::string("LICENCE-") + state},
                                               {"secret", "SampleSecretOfNobody"},
                                               {"state", state}});
            }
        })
        , customer_(simulator_)
        , picture_(sampleLicence())
    {}

    void setUp() override { simulator_.start(); }
    void tearDown() override { simulator_.kill(); }

    void everyCorruptedRequestGetsItsCode()
    {
        std::set<std::string> distinct;
        std::size_t count = 0;
        for (const auto& rows : {headerRows(), signatureRows(), requestRows()}) {
            for (const Row& row : rows) {
                const auto [request, answer] = send(row);
                CPPUNIT_ASSERT_EQUAL_MESSAGE(
                    row.name + ": " + answer.body,
                    fmt::format("{} {}", row.status, row.code),
                    fmt::format("{} {}", answer.status, licenceCode(answer)));
                CPPUNIT_ASSERT_EQUAL_MESSAGE(
                    row.name, !kUnsigned.contains(row.code), customer_.isGenuine(request, answer));
                CPPUNIT_ASSERT_MESSAGE(row.name, answer.body.find("fields") == std::string::npos);
                distinct.insert(row.code);
                ++count;
            }
        }
        fmt::print(
            "licence: {} corrupted requests refused with {} codes\n", count, distinct.size());
        CPPUNIT_ASSERT_MESSAGE(std::to_string(count), count >= 40);
        CPPUNIT_ASSERT_MESSAGE(std::to_string(distinct.size()), distinct.size() >= 10);
        CPPUNIT_ASSERT_EQUAL(
            std::string("read"),
            customer_.read(customer_.request(picture_))["state"].get<std::string>());
    }

    void aNonceServesOnce()
    {
        const LicenceRequest request = customer_.request(picture_);
        // Who can't sign uses no nonce up.
        LicenceRequest forged = request;
        forged.secret += "x";
        CPPUNIT_ASSERT_EQUAL(std::string("SIGNATURE_WRONG"), licenceCode(customer_.send(forged)));
        CPPUNIT_ASSERT_EQUAL(std::string("OK"), licenceCode(customer_.send(request)));
        const HttpAnswer again = customer_.send(request);
        CPPUNIT_ASSERT_EQUAL(std::string("NONCE_USED"), licenceCode(again));
        CPPUNIT_ASSERT_EQUAL(409, again.status);
        CPPUNIT_ASSERT(customer_.isGenuine(request, again));
    }

    void scriptedRefusalsHaveTheTablesStatus()
    {
        const std::pair<const char*, int> rows[] = {
            {"RATE_LIMITED", 429}, {"BUSY", 503}, {"INTERNAL", 500}, {"KEY_SUSPENDED", 403}};
        for (const auto& [code, status] : rows) {
            simulator_.post("/control/faults",
                            {{"fault", "refuse"}, {"code", code}, {"match", {{"method", "read"}}}});
            const LicenceRequest request = customer_.request(picture_);
            const HttpAnswer answer = customer_.send(request);
            CPPUNIT_ASSERT_EQUAL(status, answer.status);
            CPPUNIT_ASSERT_EQUAL(std::string(code), licenceCode(answer));
            CPPUNIT_ASSERT(customer_.isGenuine(request, answer));
        }
    }

private:
    std::pair<LicenceRequest, HttpAnswer> send(const Row& row) const
    {
        LicenceRequest request = row.request;
        if (row.after_signing) {
            request.headers["X-Licence-Signature"] = customer_.signature(request);
            row.after_signing(request);
        }
        return {request, customer_.send(request)};
    }

    Row bad(const char* name, int status, const char* code, const Spoil& spoil) const
    {
        LicenceRequest request = customer_.request(picture_);
        spoil(request);
        return {name, status, code, request};
    }

    std::vector<Row> headerRows() const
    {
        std::vector<Row> rows;
        const auto without = [&](const char* header) {
            rows.push_back(
                bad(header, 400, "HEADER_MISSING", [&](auto& r) { r.headers[header] = ""; }));
        };
        const auto malformed = [&](const char* name, const char* header, const std::string& value) {
            rows.push_back(
                bad(name, 400, "HEADER_MALFORMED", [&](auto& r) { r.headers[header] = value; }));
        };
        for (const char* header :
             {"X-Licence-Key", "X-Licence-Timestamp", "X-Licence-Nonce", "X-Licence-Signature"}) {
            without(header);
        }
        malformed("time in words", "X-Licence-Timestamp", "now");
        malformed("time in milliseconds", "X-Licence-Timestamp", "1795228800000");
        malformed("negative time", "X-Licence-Timestamp", "-1");
        malformed("nonce too short", "X-Licence-Nonce", std::string(15, 'n'));
        malformed("nonce too long", "X-Licence-Nonce", std::string(65, 'n'));
        malformed("nonce with a dash", "X-Licence-Nonce", "nonce-0000000000000000");
        malformed("signature too short", "X-Licence-Signature", std::string(63, 'a'));
        malformed("signature in capitals", "X-Licence-Signature", std::string(64, 'A'));
        malformed("signature in base64", "X-Licence-Signature", std::string(43, 'z') + "=");
        for (const char* verb : {"GET", "PUT", "DELETE"}) {
            rows.push_back(bad(verb, 405, "METHOD_NOT_ALLOWED", [&](auto& r) { r.method = verb; }));
        }
        for (const char* path : {"/v1/licences", "/v1/licences/", "/v1/licences/write"}) {
            rows.push_back(bad(path, 404, "PATH_UNKNOWN", [&](auto& r) { r.path = path; }));
        }
        return rows;
    }

    std::vector<Row> signatureRows() const
    {
        std::vector<Row> rows;
        const auto changed = [&](const char* name, const Spoil& spoil) {
            rows.push_back({name, 401, "SIGNATURE_WRONG", customer_.request(picture_), spoil});
        };
        changed("picture changed", [](auto& r) { r.picture.back() = 'x'; });
        changed("picture cut", [](auto& r) { r.picture.pop_back(); });
        changed("kind changed", [](auto& r) { r.query = "kind=organ_certificate"; });
        changed("query added", [](auto& r) { r.query += "&fast=1"; });
        changed("time changed", [](auto& r) {
            r.headers["X-Licence-Timestamp"] = std::to_string(std::time(nullptr) - 60);
        });
        changed("nonce changed", [](auto& r) { r.headers["X-Licence-Nonce"] += "x"; });
        changed("key changed", [](auto& r) { r.headers["X-Licence-Key"] = "LICENCE-suspended"; });
        changed("signature changed", [](auto& r) {
            char& digit = r.headers["X-Licence-Signature"].front();
            digit = digit == '0' ? '1' : '0';
        });
        rows.push_back(
            bad("secret of another", 401, "SIGNATURE_WRONG", [](auto& r) { r.secret += "x"; }));
        rows.push_back(bad("signature of nobody", 401, "SIGNATURE_WRONG", [](auto& r) {
            r.headers["X-Licence-Signature"] = std::string(64, '0');
        }));
        rows.push_back(bad("key of nobody", 401, "KEY_UNKNOWN", [](auto& r) {
            r.headers["X-Licence-Key"] = "LICENCENOBODY";
        }));
        rows.push_back(bad("key in another case", 401, "KEY_UNKNOWN", [](auto& r) {
            r.headers["X-Licence-Key"] = "licencesimulated00000001";
        }));
        for (const long offset_s : {-320L, 320L, -86400L}) {
            rows.push_back(bad("out of the window", 401, "TIMESTAMP_OUT_OF_WINDOW", [&](auto& r) {
                r.headers["X-Licence-Timestamp"] = std::to_string(std::time(nullptr) + offset_s);
            }));
        }
        rows.push_back(
            {"suspended", 403, "KEY_SUSPENDED", LicenceCustomer(simulator_, 1).request(picture_)});
        rows.push_back(
            {"empty", 402, "BALANCE_EMPTY", LicenceCustomer(simulator_, 2).request(picture_)});
        return rows;
    }

    std::vector<Row> requestRows() const
    {
        std::vector<Row> rows;
        const auto query = [&](const char* text, const char* code) {
            rows.push_back(bad(text, 400, code, [&](auto& r) { r.query = text; }));
        };
        const auto type = [&](const char* text, const char* code) {
            rows.push_back(
                bad(text, 415, code, [&](auto& r) { r.headers["Content-Type"] = text; }));
        };
        query("", "QUERY_MALFORMED");
        query("type=business_licence", "QUERY_MALFORMED");
        query("kind=business_licence&kind=organ_certificate", "QUERY_MALFORMED");
        query("kind=", "KIND_UNKNOWN");
        query("kind=passport", "KIND_UNKNOWN");
        query("kind=Business_licence", "KIND_UNKNOWN");
        type("image/gif", "MEDIA_TYPE_UNSUPPORTED");
        type("application/json", "MEDIA_TYPE_UNSUPPORTED");
        type("image/jpeg", "MEDIA_TYPE_MISMATCH");
        rows.push_back(bad("a JPEG as PNG", 415, "MEDIA_TYPE_MISMATCH", [](auto& r) {
            r.picture = "\xff\xd8\xff\xe0";
        }));
        rows.push_back(bad("too many bytes", 413, "PICTURE_TOO_LARGE", [](auto& r) {
            r.picture.resize(kBytesMax + 1);
        }));
        rows.push_back(bad("too many pixels", 413, "PICTURE_TOO_MANY_PIXELS", [](auto& r) {
            // The width stands behind the signature and the first chunk's head.
            r.picture = wider(r.picture);
        }));
        return rows;
    }

    /// The same PNG, whose head says that it is 65536 pixels wider, with the checksum of that head.
    static std::string wider(std::string png)
    {
        constexpr std::size_t kHead = 12; // where the chunk's name stands
        constexpr std::size_t kHeadBytes = 4 + 13;
        png[kHead + 5] = 1;
        std::uint32_t sum = 0xFFFFFFFFU;
        for (std::size_t i = 0; i < kHeadBytes; ++i) {
            sum ^= static_cast<unsigned char>(png[kHead + i]);
            for (int bit = 0; bit < 8; ++bit) {
                sum = (sum & 1U) != 0 ? sum >> 1U ^ 0xEDB88320U : sum >> 1U;
            }
        }
        sum = ~sum;
        for (std::size_t i = 0; i < 4; ++i) {
            png[kHead + kHeadBytes + i] = static_cast<char>(sum >> (24 - 8 * i) & 0xFFU);
        }
        return png;
    }

    Simulator simulator_;
    LicenceCustomer customer_;
    std::string picture_;
};

HUB_TEST_SUITE_REGISTRATION(LicenceRefusalsTest, "licence_refusals");

} // namespace simulator_test
