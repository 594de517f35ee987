// Goal: codes, proofs, numbers and network addresses stand in clear in no table, event, log line or
// answer but the one they are for. Method: everything that the plugin does is done with values that
// are seen nowhere else, then all that it left behind is searched for them.

#include "desk.hpp"
#include "support/suite.hpp"

#include <set>

namespace {

using namespace messaging::test; // NOLINT(google-build-using-namespace): the words of the scenarios

constexpr const char* kClient = "203.0.113.77";

class CanaryTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(CanaryTest);
    CPPUNIT_TEST(nothingIsLeftInClear);
    CPPUNIT_TEST_SUITE_END();

    Desk desk_;
    std::set<std::string> secrets_ = {kClient};
    std::string answers_;

    void hide(const std::string& phone)
    {
        secrets_.insert(phone.substr(3)); // however the country is written
    }

    void note(const hub::Answer& answer) { answers_ += answer.message + answer.payload + "\n"; }

    void everything()
    {
        hide("+8613912345678");
        note(desk_.askFor("+8613912345678", "login", kClient));
        const hub::Answer granted = desk_.askFor("+8613812345679", "login", kClient);
        Asked asked;
        asked.verification_id = parse(granted).at("body").at("verification_id");
        asked.code = desk_.lastSent().at("variables").at("code");
        asked.call = desk_.hub().lastCall("send").id;
        hide("+8613812345679");
        secrets_.insert(asked.code);
        note(desk_.askFor("+8613912345678", "login", kClient));
        note(desk_.confirm(asked.verification_id, Desk::wrong(asked.code)));
        desk_.reject(asked.call, "balance", true);
        secrets_.insert(desk_.lastSent().at("variables").at("code").get<std::string>());
        const std::string code = desk_.lastSent().at("variables").at("code");
        desk_.unknown(desk_.hub().lastCall("send").id);
        note(desk_.report("delivered", {{"phone", "+8613912345678"}}, kOther));
        note(desk_.report("delivered", Json::object(), kOther));
        const hub::Answer confirmed = desk_.confirm(asked.verification_id, code);
        secrets_.insert(parse(confirmed).at("body").at("proof").get<std::string>());
        note(desk_.confirm(asked.verification_id, code));
        hide("+8613712345670");
        desk_.setContacts(
            Json::array({{{"person", "p1"}, {"phone", "+8613712345670"}, {"language", "zh"}}}));
        note(desk_.tell("order.paid", "e1", {{"organization_id", "o"}, {"order_ref", "sample-1"}}));
        note(desk_.hub().get("message.list", "{}"));
        note(desk_.hub().command("message.list"));
        note(desk_.hub().command("message.show",
                                 Json::array({desk_.newest().at("message_id")}).dump()));
    }

    /// In how many columns that the plugin writes.
    std::int64_t found(const std::string& secret)
    {
        std::int64_t hits = 0;
        const auto columns = std::vector<std::pair<std::string, std::vector<std::string>>>{
            {"messaging_message",
             {"message_id",
              "variables",
              "cause_id",
              "person",
              "recipient",
              "recipient_index",
              "recipient_tail",
              "reason",
              "account",
              "template"}},
            {"messaging_attempt", {"number", "reason", "outcome", "provider_number"}},
            {"messaging_verification",
             {"verification_id",
              "salt",
              "code_hash",
              "proof_hash",
              "recipient_index",
              "client_index"}}};
        for (const auto& [table, names] : columns) {
            for (const std::string& column : names) {
                hits += desk_.hub().store().integer("SELECT COUNT(*) FROM " + table +
                                                    " WHERE instr(CAST(" + column + " AS TEXT), '" +
                                                    secret + "') > 0");
            }
        }
        return hits;
    }

public:
    void nothingIsLeftInClear()
    {
        everything();
        std::string said = answers_;
        for (const auto& event : desk_.hub().publications()) {
            said += event.type + event.key + event.payload + event.id + event.correlation_id;
        }
        for (const std::string& line : desk_.hub().logs()) {
            said += line;
        }
        for (const auto& [name, timer] : desk_.hub().timers()) {
            said += name.first + name.second + timer.payload;
        }
        CPPUNIT_ASSERT(desk_.hub().publications().size() >= 2);
        CPPUNIT_ASSERT(secrets_.size() >= 7);
        for (const std::string& secret : secrets_) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(secret, std::string::npos, said.find(secret));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(secret, std::int64_t{0}, found(secret));
        }
        // The search finds what is there.
        CPPUNIT_ASSERT(said.find("verification_code") != std::string::npos);
        CPPUNIT_ASSERT(found("sample-1") > 0);
    }
};

HUB_TEST_SUITE_REGISTRATION(CanaryTest, "canary");

} // namespace
