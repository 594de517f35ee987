// Goal: a code opens its own verification once, in time, within few tries, and nothing else; nobody
// gets more codes than the limits say. Method: scenarios and seeded random ones on the fake hub.

#include "desk.hpp"
#include "support/suite.hpp"

#include <random>
#include <set>

namespace {

using namespace messaging::test; // NOLINT(google-build-using-namespace): the words of the scenarios

std::int64_t retryAfter(const hub::Answer& answer)
{
    return parse(answer).at("problem").at("retry_after_s").get<std::int64_t>();
}

std::int64_t triesLeft(const hub::Answer& answer)
{
    return parse(answer).at("problem").at("parameters").at("tries_left").get<std::int64_t>();
}

class VerificationsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(VerificationsTest);
    CPPUNIT_TEST(aCodeIsConfirmedOnceAndItsProofIsGenuine);
    CPPUNIT_TEST(aProofIsGoodForItsPurposeAndFifteenMinutes);
    CPPUNIT_TEST(aWrongCodeIsCountedAndTheFifthEndsIt);
    CPPUNIT_TEST(anOldCodeIsNoCode);
    CPPUNIT_TEST(aNewCodeVoidsTheOldOneOfItsPurpose);
    CPPUNIT_TEST(theSameNumberWaitsAsLongAsSaid);
    CPPUNIT_TEST(anHourAndADayHoldOnlySoMany);
    CPPUNIT_TEST(oneAddressAsksOnlySoOften);
    CPPUNIT_TEST(numbersAreOneHoweverTheyAreTyped);
    CPPUNIT_TEST(badInputIsRefusedByName);
    CPPUNIT_TEST(everybodyIsAnsweredAlike);
    CPPUNIT_TEST(withoutAnAccountNothingIsCounted);
    CPPUNIT_TEST(noGuessingWorks);
    CPPUNIT_TEST_SUITE_END();

public:
    void aCodeIsConfirmedOnceAndItsProofIsGenuine()
    {
        Desk desk;
        desk.hub().rehearse(true);
        const Asked asked = desk.ask();
        const hub::Answer confirmed = desk.confirm(asked.verification_id, asked.code);
        assertStatus(HUB_OK, confirmed);
        const std::string proof = parse(confirmed).at("body").at("proof");

        const Json answer = parse(desk.proof(asked.verification_id, proof));

        CPPUNIT_ASSERT(answer.at("valid").get<bool>());
        CPPUNIT_ASSERT_EQUAL(std::string(kPhone), answer.at("recipient").get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::string("sms"), answer.at("channel").get<std::string>());
        CPPUNIT_ASSERT_EQUAL(desk.hub().clock().nowMs() + 15 * kMinute,
                             answer.at("expires_at_ms").get<std::int64_t>());
        CPPUNIT_ASSERT_EQUAL(std::string("409 verification_confirmed"),
                             codeOf(desk.confirm(asked.verification_id, asked.code)));
        CPPUNIT_ASSERT_EQUAL(std::string(), desk.fault());
    }

    void aProofIsGoodForItsPurposeAndFifteenMinutes()
    {
        Desk desk;
        const Asked asked = desk.ask();
        const std::string proof =
            parse(desk.confirm(asked.verification_id, asked.code)).at("body").at("proof");
        const Asked other = desk.ask("+8619900000002");
        const auto isValid =
            [&](const std::string& id, const std::string& text, const char* purpose) {
                const Json answer = parse(desk.proof(id, text, purpose));
                CPPUNIT_ASSERT(answer.at("valid").get<bool>() || answer.size() == 1);
                return answer.at("valid").get<bool>();
            };

        CPPUNIT_ASSERT(!isValid(asked.verification_id, proof, "password_reset"));
        CPPUNIT_ASSERT(!isValid(asked.verification_id, std::string(64, '0'), "login"));
        CPPUNIT_ASSERT(!isValid(asked.verification_id, "", "login"));
        CPPUNIT_ASSERT(!isValid(other.verification_id, proof, "login"));
        CPPUNIT_ASSERT(!isValid(other.verification_id, "", "login"));
        CPPUNIT_ASSERT(!isValid("nobody", proof, "login"));
        desk.hub().passTime(15 * kMinute - 1);
        CPPUNIT_ASSERT(isValid(asked.verification_id, proof, "login"));
        desk.hub().passTime(1);
        CPPUNIT_ASSERT(!isValid(asked.verification_id, proof, "login"));
    }

    void aWrongCodeIsCountedAndTheFifthEndsIt()
    {
        Desk desk;
        const Asked asked = desk.ask();
        for (std::int64_t left = 4; left >= 0; --left) {
            const hub::Answer answer = desk.confirm(asked.verification_id, Desk::wrong(asked.code));
            // Kept, but answered 422: a try that is rolled back would be free.
            assertStatus(HUB_OK, answer);
            CPPUNIT_ASSERT_EQUAL(std::string("422 code_wrong"), codeOf(answer));
            CPPUNIT_ASSERT_EQUAL(left, triesLeft(answer));
        }
        CPPUNIT_ASSERT_EQUAL(std::string("409 verification_exhausted"),
                             codeOf(desk.confirm(asked.verification_id, asked.code)));
        const Asked other = desk.ask("+8619900000002");
        for (int i = 0; i < 4; ++i) {
            desk.confirm(other.verification_id, Desk::wrong(other.code));
            CPPUNIT_ASSERT_EQUAL(std::string("422 code_form"),
                                 codeOf(desk.confirm(other.verification_id, "12345")));
        }
        assertStatus(HUB_OK, desk.confirm(other.verification_id, " " + other.code + " "));
    }

    void anOldCodeIsNoCode()
    {
        Desk desk;
        const Asked asked = desk.ask();
        desk.hub().passTime(5 * kMinute - 1);
        CPPUNIT_ASSERT_EQUAL(std::string("422 code_wrong"),
                             codeOf(desk.confirm(asked.verification_id, Desk::wrong(asked.code))));
        desk.hub().passTime(1);
        CPPUNIT_ASSERT_EQUAL(std::string("409 verification_expired"),
                             codeOf(desk.confirm(asked.verification_id, asked.code)));
    }

    void aNewCodeVoidsTheOldOneOfItsPurpose()
    {
        Desk desk;
        const Asked first = desk.ask(kPhone, "login");
        desk.hub().passTime(kMinute);
        const Asked reset = desk.ask(kPhone, "password_reset");
        desk.hub().passTime(kMinute);
        const Asked second = desk.ask(kPhone, "login");

        CPPUNIT_ASSERT_EQUAL(std::string("409 verification_replaced"),
                             codeOf(desk.confirm(first.verification_id, first.code)));
        assertStatus(HUB_OK, desk.confirm(second.verification_id, second.code));
        assertStatus(HUB_OK, desk.confirm(reset.verification_id, reset.code));
    }

    void theSameNumberWaitsAsLongAsSaid()
    {
        Desk desk;
        desk.ask();
        desk.hub().passTime(20'500);
        const hub::Answer early = desk.askFor(kPhone, "password_reset");
        assertStatus(HUB_THROTTLED, early);
        CPPUNIT_ASSERT_EQUAL(std::string("429 verification_limit"), codeOf(early));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{40}, retryAfter(early));
        const Json text = parse(early).at("problem").at("detail");
        CPPUNIT_ASSERT(text.at("en").get<std::string>().find("40 seconds") != std::string::npos);
        CPPUNIT_ASSERT(text.at("zh").get<std::string>().find("40秒") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(1, desk.hub().countCalls("send"));

        desk.hub().passTime(39'499);
        assertStatus(HUB_THROTTLED, desk.askFor());
        desk.hub().passTime(1);
        assertStatus(HUB_OK, desk.askFor());
    }

    void anHourAndADayHoldOnlySoMany()
    {
        Desk desk;
        for (int round = 0; round < 2; ++round) {
            for (int i = 0; i < 5; ++i) {
                desk.ask();
                desk.hub().passTime(kMinute);
            }
            const hub::Answer sixth = desk.askFor();
            CPPUNIT_ASSERT_EQUAL(std::string("429 verification_limit"), codeOf(sixth));
            CPPUNIT_ASSERT_EQUAL(round == 0 ? kHour / 1000 - 300 : 23 * kHour / 1000 - 300,
                                 retryAfter(sixth));
            desk.hub().passTime(kHour - 5 * kMinute);
        }
        assertStatus(HUB_THROTTLED, desk.askFor());
        assertStatus(HUB_OK, desk.askFor("+8619900000002"));
        desk.hub().passTime(22 * kHour);
        assertStatus(HUB_OK, desk.askFor());
    }

    void oneAddressAsksOnlySoOften()
    {
        Desk desk;
        const auto phone = [](int i) {
            return "+86199000001" + std::to_string(10 + i);
        };
        for (int i = 0; i < 20; ++i) {
            assertStatus(HUB_OK, desk.askFor(phone(i), "login", "198.51.100.7"));
        }
        const hub::Answer one_more = desk.askFor(phone(20), "login", "198.51.100.7");
        CPPUNIT_ASSERT_EQUAL(std::string("429 verification_limit"), codeOf(one_more));
        CPPUNIT_ASSERT_EQUAL(kHour / 1000, retryAfter(one_more));
        assertStatus(HUB_OK, desk.askFor(phone(20), "login", "198.51.100.8"));
        desk.hub().passTime(kHour);
        assertStatus(HUB_OK, desk.askFor(phone(21), "login", "198.51.100.7"));
    }

    void numbersAreOneHoweverTheyAreTyped()
    {
        Desk desk;
        desk.ask("199 0000-0001");
        CPPUNIT_ASSERT_EQUAL(std::string(kPhone), desk.lastSent().at("phone").get<std::string>());
        for (const char* typed : {"+86 199 0000 0001", "008619900000001", "１９９００００００１"}) {
            const std::string code = codeOf(desk.askFor(typed));
            CPPUNIT_ASSERT_MESSAGE(typed + code, code.substr(0, 3) != "201");
        }
        CPPUNIT_ASSERT_EQUAL(1, desk.hub().countCalls("send"));
    }

    void badInputIsRefusedByName()
    {
        struct Row {
            const char* name;
            Json changes;
            const char* code;
            const char* pointer;
            int position; // 0: none
        };
        const Row rows[] = {
            {"mail", {{"channel", "mail"}}, "422 channel_not_offered", "/channel", 0},
            {"purpose", {{"purpose", "fun"}}, "422 purpose_not_known", "/purpose", 0},
            {"short", {{"recipient", "1990000000"}}, "422 phone_length", "/recipient", 0},
            {"letter", {{"recipient", "1990000O001"}}, "422 phone_character", "/recipient", 8},
            {"segment", {{"recipient", "12900000001"}}, "422 phone_character", "/recipient", 2},
            {"abroad", {{"recipient", "+85260000001"}}, "422 phone_not_served", "/recipient", 0}};
        Desk desk;
        for (const Row& row : rows) {
            const hub::Answer answer = desk.askFor(kPhone, "login", "192.0.2.1", row.changes);

            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.name, std::string(row.code), codeOf(answer));
            const Json problem = parse(answer).at("problem");
            CPPUNIT_ASSERT_EQUAL(std::string(row.pointer),
                                 problem.at("pointer").get<std::string>());
            const Json parameters = problem.value("parameters", Json::object());
            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.name, row.position, parameters.value("position", 0));
            const Json words = problem.at("detail");
            CPPUNIT_ASSERT(!words.at("en").get<std::string>().empty());
            CPPUNIT_ASSERT(!words.at("zh").get<std::string>().empty());
            CPPUNIT_ASSERT(words.at("en") != words.at("zh"));
        }
        CPPUNIT_ASSERT_EQUAL(0, desk.hub().countCalls("send"));
        CPPUNIT_ASSERT_EQUAL(std::string("404 not_found"),
                             codeOf(desk.confirm("nobody", "123456")));
    }

    /// A number that never was here and one that is well known get answers of the same form.
    void everybodyIsAnsweredAlike()
    {
        Desk desk;
        const Json first = parse(desk.askFor("+8619900000031"));
        desk.hub().passTime(kMinute);
        const Json again = parse(desk.askFor("+8619900000031"));
        const auto names = [](const Json& body) {
            std::set<std::string> found;
            for (const auto& [name, value] : body.items()) {
                found.insert(name);
            }
            return found;
        };
        CPPUNIT_ASSERT(names(first.at("body")) == names(again.at("body")));
        CPPUNIT_ASSERT((names(first.at("body")) ==
                        std::set<std::string>{"again_after", "expires_at", "verification_id"}));
        CPPUNIT_ASSERT_EQUAL(201, first.at("status").get<int>());
    }

    void withoutAnAccountNothingIsCounted()
    {
        Desk desk;
        desk.hub().withdraw(kMain, "send");
        desk.hub().withdraw(kOther, "send");
        const hub::Answer refused = desk.askFor();
        assertStatus(HUB_UNAVAILABLE, refused);
        CPPUNIT_ASSERT_EQUAL(std::string("503 no_channel"), codeOf(refused));
        desk.hub().offerAll();
        assertStatus(HUB_OK, desk.askFor());
        desk.hub().accounts = "[]";
        CPPUNIT_ASSERT_EQUAL(std::string("503 no_channel"), codeOf(desk.askFor("+8619900000002")));
    }

    /// Whatever somebody without the phone tries: within tries and limits only luck opens, and the
    /// seeds have none.
    void noGuessingWorks()
    {
        for (unsigned seed = 1; seed <= 5; ++seed) {
            std::mt19937 random(seed);
            Desk desk;
            int sent = 0;
            int judged = 0;
            std::string id;
            for (int i = 0; i < 300; ++i) {
                const hub::Answer asked = desk.askFor();
                if (asked.status == HUB_OK) {
                    id = parse(asked).at("body").at("verification_id");
                    ++sent;
                }
                std::string guess = std::to_string(1'000'000 + random() % 1'000'000).substr(1);
                if (guess == desk.lastSent().at("variables").at("code")) {
                    guess = Desk::wrong(guess);
                }
                const hub::Answer answer = desk.confirm(id, guess);
                CPPUNIT_ASSERT(codeOf(answer) != "200 ");
                judged += codeOf(answer) == "422 code_wrong" ? 1 : 0;
                desk.hub().passTime(static_cast<std::int64_t>(random() % (2 * kMinute)));
            }
            CPPUNIT_ASSERT(sent > 5);
            CPPUNIT_ASSERT(judged <= 5 * sent);
        }
    }
};

HUB_TEST_SUITE_REGISTRATION(VerificationsTest, "verifications");

} // namespace
