// Goal: what is not proved is not believed, what left is never called unsent, and the picture that
// leaves is the one that was named. Method: the shipped library at the desk, tables of answers and
// of requests.

#include "fixture.hpp"
#include "support/suite.hpp"

namespace {

using namespace licence_test;
using hub::Answer;

void expectStatus(hub_status expected, const std::string& what, const Answer& answer)
{
    CPPUNIT_ASSERT_EQUAL_MESSAGE(what + ": " + answer.message, expected, answer.status);
}

class ConnectorTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ConnectorTest);
    CPPUNIT_TEST(requestsAreSignedOverWhatLeaves);
    CPPUNIT_TEST(everyRequestHasItsOwnNonce);
    CPPUNIT_TEST(picturesOfSeveralRangesLeaveWhole);
    CPPUNIT_TEST(theEmptyPictureNeedsNoBlob);
    CPPUNIT_TEST(picturesThatAreNotTheNamedOnesStay);
    CPPUNIT_TEST(requestsThatCannotBeSaidAreRefusedUnsent);
    CPPUNIT_TEST(picturesThatAreTooLargeAreRefusedWithTheirSize);
    CPPUNIT_TEST(whatIsNotProvedIsUnknown);
    CPPUNIT_TEST(whatIsNotFinalIsUnknown);
    CPPUNIT_TEST(answersOfAnotherFormAreUnknown);
    CPPUNIT_TEST(whatNeverLeftIsNotUnknown);
    CPPUNIT_TEST(nothingSaidHoldsWhatWasRead);
    CPPUNIT_TEST(badConfigurationIsRefusedBySentence);
    CPPUNIT_TEST_SUITE_END();

public:
    void requestsAreSignedOverWhatLeaves()
    {
        Bench bench;
        expectStatus(HUB_OK, "read", bench.ask());
        const hub::HttpRequest& sent = bench.requests.at(0);
        CPPUNIT_ASSERT_EQUAL(
            std::string("https://licences.example.com/v1/licences/read?kind=business_licence"),
            sent.url);
        CPPUNIT_ASSERT_EQUAL(std::string("picture"), sent.body);
        CPPUNIT_ASSERT_EQUAL(std::string("image/png"), headerOf(sent, "Content-Type"));
        CPPUNIT_ASSERT_EQUAL(std::string(kKeyId), headerOf(sent, "X-Licence-Key"));
        CPPUNIT_ASSERT_EQUAL(std::to_string(bench.now_ms / 1000),
                             headerOf(sent, "X-Licence-Timestamp"));
        CPPUNIT_ASSERT_EQUAL(
            hmacHex("LICENCE1-REQUEST\nPOST\n/v1/licences/read?kind=business_licence\n" +
                    headerOf(sent, "X-Licence-Timestamp") + "\n" +
                    headerOf(sent, "X-Licence-Nonce") + "\n" + licence_reader::sha256("picture")),
            headerOf(sent, "X-Licence-Signature"));
    }

    void everyRequestHasItsOwnNonce()
    {
        Bench bench;
        bench.ask();
        bench.ask();
        const std::string first = headerOf(bench.requests.at(0), "X-Licence-Nonce");
        CPPUNIT_ASSERT_EQUAL(std::size_t{32}, first.size());
        CPPUNIT_ASSERT(first != headerOf(bench.requests.at(1), "X-Licence-Nonce"));
    }

    void picturesOfSeveralRangesLeaveWhole()
    {
        for (const std::size_t size : {256UL * 1024, 256UL * 1024 + 1, 1024UL * 1024}) {
            std::string picture(size, '\0');
            for (std::size_t i = 0; i < size; ++i) {
                picture[i] = static_cast<char>(i * 31 / 7);
            }
            Bench bench;
            expectStatus(HUB_OK, std::to_string(size), bench.ask(bench.request(picture)));
            CPPUNIT_ASSERT(bench.requests.at(0).body == picture);
        }
    }

    void theEmptyPictureNeedsNoBlob()
    {
        Bench bench;
        const Json request = bench.request("");
        bench.kept.clear();
        bench.body = R"({"code":"OK","state":"unreadable","reason":"no_picture"})";
        const Answer answer = bench.ask(request);
        expectStatus(HUB_OK, "empty", answer);
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"state":"unreadable"})"), answer.payload);
        CPPUNIT_ASSERT(bench.requests.at(0).body.empty());
    }

    void picturesThatAreNotTheNamedOnesStay()
    {
        Bench bench;
        const Json request = bench.request("picture");
        for (const std::string& other :
             {std::string("pictura"), std::string("pict"), std::string()}) {
            bench.kept.begin()->second = other;
            expectStatus(HUB_BAD_REQUEST, other, bench.ask(request));
        }
        // The digest of all, but fewer bytes are stated than there are.
        Json shorter = bench.request("picture");
        shorter["document"]["bytes"] = 4;
        expectStatus(HUB_BAD_REQUEST, "shorter", bench.ask(shorter));
        bench.kept.clear();
        expectStatus(HUB_BAD_REQUEST, "no blob", bench.ask(request));
        bench.has_blobs = false;
        expectStatus(HUB_UNSUPPORTED, "no service", bench.ask(request));
        CPPUNIT_ASSERT(bench.requests.empty());
    }

    void requestsThatCannotBeSaidAreRefusedUnsent()
    {
        const std::pair<const char*, Json> rows[] = {
            {"document", {{"document", nullptr}}},
            {"document", {{"document", "x"}}},
            {"blob", {{"document", {{"blob", "abc"}}}}},
            {"blob", {{"document", {{"blob", std::string(64, 'A')}}}}},
            {"media_type", {{"document", {{"media_type", "image/gif"}}}}},
            {"bytes", {{"document", {{"bytes", -1}}}}},
            {"bytes", {{"document", {{"bytes", 1.5}}}}},
            {"bytes", {{"document", {{"bytes", nullptr}}}}},
            {"kind", {{"kind", "passport"}}},
            {"kind", {{"kind", 7}}},
            {"kind", {{"kind", nullptr}}},
        };
        for (const auto& [name, patch] : rows) {
            Bench bench;
            Json request = bench.request("picture");
            request.merge_patch(patch);
            const Answer answer = bench.ask(request);
            expectStatus(HUB_BAD_REQUEST, name, answer);
            CPPUNIT_ASSERT_MESSAGE(answer.message, answer.message.find(name) != std::string::npos);
            CPPUNIT_ASSERT(bench.requests.empty());
        }
    }

    void picturesThatAreTooLargeAreRefusedWithTheirSize()
    {
        Bench bench;
        const Answer answer = bench.ask(bench.request(std::string(1024UL * 1024 + 1, 'x')));
        expectStatus(HUB_REJECTED, "too large", answer);
        CPPUNIT_ASSERT_MESSAGE(answer.message,
                               answer.message.find("1048577") != std::string::npos &&
                                   answer.message.find("1048576") != std::string::npos);
        CPPUNIT_ASSERT(bench.requests.empty());
    }

    void whatIsNotProvedIsUnknown()
    {
        using Proof = Bench::Proof;
        for (const Proof proof :
             {Proof::None, Proof::OfAnotherNonce, Proof::OfAnotherStatus, Proof::OfAnotherBody}) {
            Bench bench;
            bench.proof = proof;
            expectStatus(HUB_OUTCOME_UNKNOWN, "success", bench.ask());
            bench.status = 403;
            bench.body = R"({"code":"KEY_SUSPENDED"})";
            expectStatus(HUB_OUTCOME_UNKNOWN, "refusal", bench.ask());
            // These two come from somebody who could not sign.
            bench.status = 401;
            for (const char* code : {"KEY_UNKNOWN", "SIGNATURE_WRONG"}) {
                bench.body = Json{{"code", code}}.dump();
                expectStatus(HUB_UNAUTHENTICATED, code, bench.ask());
            }
        }
    }

    void whatIsNotFinalIsUnknown()
    {
        const std::pair<std::uint32_t, const char*> rows[] = {
            {500, R"({"code":"INTERNAL"})"},
            {503, R"({"code":"BUSY"})"},
            {503, R"({"code":"KEY_SUSPENDED"})"},
            {500, R"({"code":"OK","state":"unreadable"})"},
            {400, R"({"code":"OK","state":"unreadable"})"},
            {200, R"({"code":"KEY_SUSPENDED"})"},
            {400, R"({"code":"SOMETHING_NEW"})"},
            {409, R"({"code":"NONCE_USED"})"},
            {302, R"({"code":"OK","state":"unreadable"})"},
            {200, R"({"code":"ok","state":"unreadable"})"},
            {200, R"({"code":0,"state":"unreadable"})"},
            {200, R"({"state":"unreadable"})"},
            {200, "[]"},
            {200, "null"},
            {200, "\x01{{"},
            {200, ""},
            {502, "<html></html>"},
        };
        for (const auto& [status, body] : rows) {
            Bench bench;
            bench.status = status;
            bench.body = body;
            expectStatus(HUB_OUTCOME_UNKNOWN, body, bench.ask());
            CPPUNIT_ASSERT_EQUAL(std::size_t{1}, bench.requests.size());
        }
        for (const hub_status failure : {HUB_OUTCOME_UNKNOWN, HUB_INTERNAL, HUB_REJECTED}) {
            Bench cut;
            cut.failure = failure;
            expectStatus(HUB_OUTCOME_UNKNOWN, "cut", cut.ask());
        }
    }

    void answersOfAnotherFormAreUnknown()
    {
        const Json patches[] = {
            {{"state", "seen"}},
            {{"state", nullptr}},
            {{"fields", nullptr}},
            {{"fields", "x"}},
            {{"fields", {{"name", 7}}}},
            {{"fields", {{"name", std::string(201, 'x')}}}},
            {{"fields", {{"social_credit_code", std::string(19, '9')}}}},
            {{"fields", {{"valid_from", "2020-02-30"}}}},
            {{"fields", {{"valid_until", "2020-1-2"}}}},
            {{"confidence", {{"name", 101}}}},
            {{"confidence", {{"name", -1}}}},
            {{"confidence", {{"name", 9.5}}}},
            {{"confidence", "98"}},
            {{"register", nullptr}},
            {{"register", {{"state", "gone"}}}},
            {{"register", {{"name", 7}}}},
        };
        for (const Json& patch : patches) {
            Bench bench;
            bench.body = readAnswer(patch).dump();
            expectStatus(HUB_OUTCOME_UNKNOWN, patch.dump(), bench.ask());
        }
        // 200 characters of three bytes each fit.
        std::string longest;
        for (int i = 0; i < 200; ++i) {
            longest += "样";
        }
        Bench bench;
        bench.body = readAnswer({{"fields", {{"name", longest}}}}).dump();
        expectStatus(HUB_OK, "200 characters", bench.ask());
    }

    void whatNeverLeftIsNotUnknown()
    {
        Bench unsent;
        unsent.failure = HUB_UNAVAILABLE;
        expectStatus(HUB_UNAVAILABLE, "unsent", unsent.ask());
        Bench keyless;
        keyless.removeKey("licence_secret");
        expectStatus(HUB_INTERNAL, "no key", keyless.ask());
        CPPUNIT_ASSERT(keyless.requests.empty());
    }

    void nothingSaidHoldsWhatWasRead()
    {
        for (const std::uint32_t status : {200U, 400U, 500U}) {
            for (const char* code : {"OK", "KIND_UNKNOWN", kCode}) {
                Bench bench;
                bench.status = status;
                bench.body = readAnswer({{"code", code}}).dump();
                const Answer answer = bench.ask();
                CPPUNIT_ASSERT_MESSAGE(answer.message,
                                       answer.message.find(kName) == std::string::npos &&
                                           answer.message.find(kCode) == std::string::npos);
            }
        }
    }

    void badConfigurationIsRefusedBySentence()
    {
        const std::pair<Json, const char*> rows[] = {
            {{{"key_id", nullptr}}, "key_id"},
            {{{"key_id", "a\nb"}}, "key_id"},
            {{{"key_id", std::string(65, 'k')}}, "key_id"},
            {{{"endpoint_url", "http://licences.example.com"}}, "endpoint_url"},
            {{{"endpoint_url", "https://licences.example.com/v1"}}, "endpoint_url"},
            {{{"endpoint_url", "https://a@licences.example.com"}}, "endpoint_url"},
            {{{"http_timeout_ms", 10}}, "http_timeout_ms"},
            {{{"http_timeout_ms", "1000"}}, "http_timeout_ms"},
        };
        for (const auto& [patch, key] : rows) {
            std::string said;
            try {
                const Bench bench(patch);
            } catch (const std::runtime_error& refusal) {
                said = refusal.what();
            }
            CPPUNIT_ASSERT_MESSAGE(key + (": " + said), said.find(key) != std::string::npos);
            CPPUNIT_ASSERT_MESSAGE(said, said.find(kAccount) != std::string::npos);
        }
    }
};

HUB_TEST_SUITE_REGISTRATION(ConnectorTest, "connector");

} // namespace
