// Goal: who held a named API key and becomes a log-in is known to be the same person, by showing
// key and invitation together; nobody takes another's key. Method: the plugin on the fake hub,
// whose requests by key come from "key:test".
#include "desk.hpp"
#include "support/suite.hpp"

#include <map>

namespace identity::test {

namespace {

const std::string kMail = "clerk@example.org";
const std::string kOtherMail = "other@example.org";

Json only(const std::string& role)
{
    return Json::array({{{"role", role}}});
}

class KeyHoldersTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(KeyHoldersTest);
    CPPUNIT_TEST(aHolderBecomesALogIn);
    CPPUNIT_TEST(theKeyStaysTheirsWhenTheyLeave);
    CPPUNIT_TEST(nobodyWithoutAKeyHoldsOne);
    CPPUNIT_TEST(onlyAnOpenInvitationTakesAKey);
    CPPUNIT_TEST(aKeyIsOnePersons);
    CPPUNIT_TEST(whoNeverCameHoldsNothing);
    CPPUNIT_TEST(rolesAreFoundByTheScopesOfAKey);
    CPPUNIT_TEST_SUITE_END();

    Desk desk_;

    Heard hold(const std::string& token)
    {
        return desk_.postByKey("staff.hold_key", {{"token", token}});
    }

    Heard accept(const std::string& token)
    {
        return desk_.post("staff.accept_invitation",
                          {{"token", token}, {"name", "样本甲"}, {"password", kPassword}});
    }

    /// The keys of all staff but the organizer, who asks.
    Json keys(const Staff& organizer)
    {
        Json list = Json::array();
        const Json staff = desk_.get("staff.list", organizer.session).body.at("staff");
        for (const Json& one : staff) {
            if (one.at("staff_id") != organizer.staff_id) {
                list.push_back(one.at("keys"));
            }
        }
        return list;
    }

public:
    void aHolderBecomesALogIn()
    {
        const Staff organizer = desk_.staff("organizer@example.org", only("organizer"));
        const std::string token = desk_.invited(kMail, only("finance"));

        const Heard held = hold(token);

        CPPUNIT_ASSERT_EQUAL_MESSAGE(held.body.dump(), 200, held.status);
        const Json told = Json::parse(desk_.fake.publications().back().payload);
        CPPUNIT_ASSERT(told.at("key_id") == "test");
        const Heard joined = accept(token);
        CPPUNIT_ASSERT_EQUAL(201, joined.status);
        CPPUNIT_ASSERT(joined.body.at("login_id") == told.at("staff_id"));
        CPPUNIT_ASSERT(keys(organizer) == Json::array({Json::array({"test"})}));
        const Json kept = desk_.asked("person_data", {{"person", told.at("staff_id")}});
        CPPUNIT_ASSERT(kept.at("login").at("keys") == Json::array({"test"}));
    }

    void theKeyStaysTheirsWhenTheyLeave()
    {
        const Staff organizer = desk_.staff("organizer@example.org", only("organizer"));
        const std::string token = desk_.invited(kMail, only("finance"));
        hold(token);
        const Json path = {{"staff_id", accept(token).body.at("login_id")}};
        CPPUNIT_ASSERT_EQUAL(200, desk_.erase("staff.leave", path, organizer.session).status);
        CPPUNIT_ASSERT(keys(organizer) == Json::array({Json::array({"test"})}));
        const Heard other = hold(desk_.invited(kOtherMail, only("finance")));
        CPPUNIT_ASSERT(other.body.at("code") == "key_held");
    }

    void nobodyWithoutAKeyHoldsOne()
    {
        const std::string token = desk_.invited(kMail, only("finance"));
        const Heard anonymous = desk_.post("staff.hold_key", {{"token", token}});
        CPPUNIT_ASSERT_EQUAL(401, anonymous.status);
        const Staff organizer = desk_.staff("organizer@example.org", only("organizer"));
        const Heard person = desk_.post("staff.hold_key", {{"token", token}}, organizer.session);
        CPPUNIT_ASSERT(person.body.at("code") == "key_missing");
        CPPUNIT_ASSERT_EQUAL(0, desk_.fake.countPublished("staff.key_tied"));
    }

    void onlyAnOpenInvitationTakesAKey()
    {
        const std::string token = desk_.invited(kMail, only("finance"));
        CPPUNIT_ASSERT(hold("00" + token.substr(2)).body.at("code") == "invitation_over");
        desk_.fake.passTime(std::int64_t{7} * 24 * 3600 * 1000);
        CPPUNIT_ASSERT(hold(token).body.at("code") == "invitation_over");
        const std::string newer = desk_.invited(kMail, only("finance"));
        accept(newer);
        CPPUNIT_ASSERT(hold(newer).body.at("code") == "invitation_over");
        CPPUNIT_ASSERT_EQUAL(0, desk_.fake.countPublished("staff.key_tied"));
    }

    void aKeyIsOnePersons()
    {
        const std::string token = desk_.invited(kMail, only("finance"));
        CPPUNIT_ASSERT_EQUAL(200, hold(token).status);
        CPPUNIT_ASSERT_EQUAL(200, hold(token).status);
        CPPUNIT_ASSERT_EQUAL(1, desk_.fake.countPublished("staff.key_tied"));
        accept(token);
        const Heard other = hold(desk_.invited(kOtherMail, only("auditor")));
        CPPUNIT_ASSERT_EQUAL(409, other.status);
        CPPUNIT_ASSERT(other.body.at("code") == "key_held");
    }

    void whoNeverCameHoldsNothing()
    {
        const Staff organizer = desk_.staff("organizer@example.org", only("organizer"));
        CPPUNIT_ASSERT_EQUAL(200, hold(desk_.invited(kMail, only("finance"))).status);
        const std::string newer = desk_.invited(kMail, only("auditor"));
        CPPUNIT_ASSERT_EQUAL(200, hold(newer).status);
        CPPUNIT_ASSERT_EQUAL(201, accept(newer).status);
        CPPUNIT_ASSERT(keys(organizer) == Json::array({Json::array({"test"})}));
    }

    void rolesAreFoundByTheScopesOfAKey()
    {
        const auto lacks = [this](const std::string& scopes) {
            const hub::Answer answer =
                desk_.fake.command("staff.roles_for", Json::array({scopes}).dump());
            CPPUNIT_ASSERT_EQUAL_MESSAGE(answer.message, hub_status{HUB_OK}, answer.status);
            std::map<std::string, Json> by_role;
            const Json roles = Json::parse(answer.payload).at("data").at("roles");
            for (const Json& one : roles) {
                by_role[one.at("role")] = one.at("lacks");
            }
            CPPUNIT_ASSERT_EQUAL(std::size_t{0}, by_role.count("contact"));
            return by_role;
        };
        auto of = lacks("finance:read, payments:refund");
        CPPUNIT_ASSERT(of["finance"].empty());
        CPPUNIT_ASSERT(of["auditor"] == Json::array({"payments:refund"}));
        // What no role has stays with keys.
        of = lacks("*");
        for (const auto& [role, lacking] : of) {
            CPPUNIT_ASSERT_MESSAGE(role, lacking == Json::array({"*"}));
        }
    }
};

HUB_TEST_SUITE_REGISTRATION(KeyHoldersTest, "key_holders");

} // namespace

} // namespace identity::test
