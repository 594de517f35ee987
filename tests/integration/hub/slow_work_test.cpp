// Goal: a request's slow work runs beside the lane between two units: the first one's effects stay
// whatever follows, the last one's answer is the answer, and no more tasks work at once than the
// manifest says. Method: the real hub with a plugin that thinks about a word.
#include "support/hub_process.hpp"
#include "support/suite.hpp"

#include <filesystem>
#include <future>
#include <memory>
#include <string>
#include <vector>

namespace hub::test {

namespace {

class SlowWorkTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SlowWorkTest);
    CPPUNIT_TEST(theLastUnitAnswers);
    CPPUNIT_TEST(theFirstUnitStaysWhateverFollows);
    CPPUNIT_TEST(aRepetitionIsAnsweredWithoutWork);
    CPPUNIT_TEST(whatBreaksTheFormIsTheHubsFailure);
    CPPUNIT_TEST(anEventThatBreaksItsDescriptionIsRefused);
    CPPUNIT_TEST(noMoreWorkAtOnceThanTheManifestSays);
    CPPUNIT_TEST(aFileReachesTheTaskAndNothingElse);
    CPPUNIT_TEST(filesOfAnotherKindAreRefused);
    CPPUNIT_TEST_SUITE_END();

    std::unique_ptr<HubProcess> hub_;

    ApiAnswer say(const std::string& word, const std::string& key) const
    {
        return hub_->post("/api/v1/door", {{"word", word}}, key);
    }
    ApiAnswer paint(const std::string& file, const std::string& type) const
    {
        return hub_->request(
            "POST",
            "/api/v1/door/paint",
            file,
            {{"Authorization", "Bearer " + hub_->token()}, {"Content-Type", type}});
    }
    bool isTooLarge(const std::string& path, const std::string& type, int bytes) const
    {
        const std::string answer = hub_->sendRaw(
            "POST /api/v1" + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " +
            hub_->token() + "\r\nIdempotency-Key: k\r\nContent-Type: " + type +
            "\r\nContent-Length: " + std::to_string(bytes) + "\r\n\r\n");
        return answer.starts_with("HTTP/1.1 413 ");
    }
    int count(const char* what) const { return hub_->get("/api/v1/door").body.at(what); }

public:
    void setUp() override
    {
        hub_ = std::make_unique<HubProcess>();
        hub_->configure("test_door", {{"library", "test_door"}, {"enabled", true}});
        hub_->startSimulator();
        hub_->start();
    }
    void tearDown() override { hub_.reset(); }

    void theLastUnitAnswers()
    {
        const ApiAnswer answer = say("sesame", "k1");
        CPPUNIT_ASSERT_EQUAL_MESSAGE(answer.body.dump(), 200, answer.status);
        CPPUNIT_ASSERT(answer.body == Json({{"opened", true}}));
        CPPUNIT_ASSERT_EQUAL(1, count("tries"));
        CPPUNIT_ASSERT_EQUAL(1, count("tasks"));
    }

    void theFirstUnitStaysWhateverFollows()
    {
        CPPUNIT_ASSERT_EQUAL(403, say("wrong", "k1").status); // the last unit refuses
        CPPUNIT_ASSERT_EQUAL(1, count("tries"));
        CPPUNIT_ASSERT_EQUAL(503, say("fail", "k2").status); // the task does
        CPPUNIT_ASSERT_EQUAL(2, count("tries"));
        // Neither is an answer to keep: the same key may try again.
        CPPUNIT_ASSERT_EQUAL(403, say("wrong", "k1").status);
        CPPUNIT_ASSERT_EQUAL(3, count("tries"));
    }

    void aRepetitionIsAnsweredWithoutWork()
    {
        CPPUNIT_ASSERT_EQUAL(200, say("sesame", "k1").status);
        const ApiAnswer again = say("sesame", "k1");
        CPPUNIT_ASSERT_EQUAL(200, again.status);
        CPPUNIT_ASSERT(again.body == Json({{"opened", true}}));
        CPPUNIT_ASSERT_EQUAL(1, count("tries"));
        CPPUNIT_ASSERT_EQUAL(1, count("tasks"));
        CPPUNIT_ASSERT_EQUAL(409, say("wrong", "k1").status);
    }

    void whatBreaksTheFormIsTheHubsFailure()
    {
        CPPUNIT_ASSERT_EQUAL(500, say("twice", "k1").status);
        CPPUNIT_ASSERT(hub_->log().find("door.open: the unit asked for a task twice") !=
                       std::string::npos);
        CPPUNIT_ASSERT_EQUAL(500, say("prose", "k2").status);
        CPPUNIT_ASSERT(hub_->log().find("door.open: the task's payload is no JSON") !=
                       std::string::npos);
        CPPUNIT_ASSERT_EQUAL(200, say("sesame", "k3").status);
    }

    void anEventThatBreaksItsDescriptionIsRefused()
    {
        CPPUNIT_ASSERT_EQUAL(400, say("lie", "k1").status);
        CPPUNIT_ASSERT(hub_->log().find("the event door.opened is not as events.json says") !=
                       std::string::npos);
        const Json api = hub_->get("/api/asyncapi.json").body;
        CPPUNIT_ASSERT(api.at("channels").contains("door.opened"));
    }

    void noMoreWorkAtOnceThanTheManifestSays()
    {
        std::vector<std::future<ApiAnswer>> answers;
        for (int i = 0; i < 4; ++i) {
            answers.push_back(std::async(
                std::launch::async, [this, i] { return say("company", "k" + std::to_string(i)); }));
        }
        for (auto& answer : answers) {
            CPPUNIT_ASSERT_EQUAL(200, answer.get().status);
        }
        CPPUNIT_ASSERT_EQUAL(4, count("tasks"));
        CPPUNIT_ASSERT_EQUAL(2, count("at_once"));
    }

    void aFileReachesTheTaskAndNothingElse()
    {
        const std::string file(2'500'000, '\3'); // more than any JSON body may have
        const ApiAnswer answer = paint(file, "image/png");
        CPPUNIT_ASSERT_EQUAL_MESSAGE(answer.body.dump(), 200, answer.status);
        CPPUNIT_ASSERT_EQUAL(2'500'000, answer.body.at("seen").at("bytes").get<int>());
        CPPUNIT_ASSERT_EQUAL(7'500'000, answer.body.at("seen").at("sum").get<int>());
        const Json& upload = answer.body.at("upload");
        CPPUNIT_ASSERT_EQUAL(std::string("image/png"), upload.at("media_type").get<std::string>());
        CPPUNIT_ASSERT_EQUAL(2'500'000, upload.at("bytes").get<int>());
        const std::string blob = upload.at("blob");
        CPPUNIT_ASSERT_EQUAL(std::size_t{64}, blob.size());
        for (const auto& entry :
             std::filesystem::recursive_directory_iterator(hub_->folder() / "hub")) {
            CPPUNIT_ASSERT(entry.path().filename().string().find(blob) == std::string::npos);
        }
    }

    void filesOfAnotherKindAreRefused()
    {
        const auto refused = [this](const std::string& file, const std::string& type) {
            return paint(file, type).body.value("code", "");
        };
        CPPUNIT_ASSERT_EQUAL(std::string("media_type_unsupported"), refused("x", "image/jpeg"));
        CPPUNIT_ASSERT_EQUAL(std::string("media_type_unsupported"),
                             refused("{}", "application/json"));
        CPPUNIT_ASSERT_EQUAL(std::string("invalid_body"), refused("", "image/png"));
        // By its head alone: who is refused need not send the rest.
        CPPUNIT_ASSERT(isTooLarge("/door/paint", "image/png", 3'000'001));
        // The limit of one route is no other's.
        CPPUNIT_ASSERT(isTooLarge("/door", "application/json", 1'500'000));
    }
};

HUB_TEST_SUITE_REGISTRATION(SlowWorkTest, "slow_work");

} // namespace

} // namespace hub::test
