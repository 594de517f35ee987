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

// SHA-256 of 2,500,000 bytes of 7.
constexpr const char* kPicture = "153a33f1f077e764805b150b5c4781056a84df9ad0f2095af6172c438669b356";

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
    CPPUNIT_TEST(aFileComesBackAndIsKeptNowhere);
    CPPUNIT_TEST(whatNobodyWroteIsNoFile);
    CPPUNIT_TEST(aCommandWorksOnAFile);
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
    ApiAnswer picture(const std::string& bytes) const
    {
        return hub_->request("GET",
                             "/api/v1/door/picture?bytes=" + bytes,
                             "",
                             {{"Authorization", "Bearer " + hub_->token()}});
    }
    /// No file of the hub's folder has this name.
    bool isOnDisk(const std::string& digest) const
    {
        for (const auto& entry :
             std::filesystem::recursive_directory_iterator(hub_->folder() / "hub")) {
            if (entry.path().filename().string().find(digest.substr(2)) != std::string::npos) {
                return true;
            }
        }
        return false;
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
        CPPUNIT_ASSERT(hub_->log().find("door.open: a task was asked for twice") !=
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
        CPPUNIT_ASSERT(!isOnDisk(blob));
    }

    void aFileComesBackAndIsKeptNowhere()
    {
        const ApiAnswer answer = picture("2500000");
        CPPUNIT_ASSERT_EQUAL(200, answer.status);
        const Json bytes = std::string(2'500'000, '\7');
        CPPUNIT_ASSERT(bytes == answer.body);
        CPPUNIT_ASSERT_EQUAL(std::string("image/png"), answer.headers.at("Content-Type"));
        CPPUNIT_ASSERT_EQUAL(std::string("attachment; filename*=UTF-8''door%20%E9%97%A8.png"),
                             answer.headers.at("Content-Disposition"));
        CPPUNIT_ASSERT(!isOnDisk(kPicture));
        CPPUNIT_ASSERT_EQUAL(409, picture("3000001").status); // more than the route gives
    }

    void whatNobodyWroteIsNoFile()
    {
        CPPUNIT_ASSERT_EQUAL(500, picture("lie").status);
        CPPUNIT_ASSERT(hub_->log().find("the answer is a file that the task did not write") !=
                       std::string::npos);
    }

    void aCommandWorksOnAFile()
    {
        const std::filesystem::path file = hub_->folder() / "sample.bin";
        writeFile(file, std::string(2'500'000, '\3'));
        const Json seen = hub_->ask({"door", "inspect", "closely", "--file", file.string()});
        CPPUNIT_ASSERT_EQUAL(7'500'000, seen.at("seen").at("sum").get<int>());
        CPPUNIT_ASSERT(seen.at("upload").at("name") == "sample.bin");
        CPPUNIT_ASSERT(seen.at("arguments") == Json({"closely"}));
        CPPUNIT_ASSERT(!isOnDisk(seen.at("upload").at("blob")));

        const ProgramEnd none = hub_->command({"door", "inspect"});
        CPPUNIT_ASSERT_EQUAL(64, none.code);
        CPPUNIT_ASSERT(none.error.find("name it with --file") != std::string::npos);
        writeFile(file, std::string(3'000'001, '\3'));
        const ProgramEnd large = hub_->command({"door", "inspect", "--file", file.string()});
        CPPUNIT_ASSERT_EQUAL(64, large.code);
        CPPUNIT_ASSERT(large.error.find("at most 3000000 bytes") != std::string::npos);
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
