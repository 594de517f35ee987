// Goal: staff come in by an invitation that works once, with a second factor, and are out at once
// when they leave; a delegation sees its own. Method: the plugin on the fake hub.
#include "desk.hpp"
#include "support/suite.hpp"

namespace identity::test {

namespace {

const std::string kMail = "clerk@example.org";

Json only(const std::string& role)
{
    return Json::array({{{"role", role}}});
}

Json delegation(const std::string& id)
{
    return Json::array({{{"role", "delegation"}, {"scope_id", id}}});
}

Json subDelegation(const std::string& id, const std::string& of)
{
    return Json::array({{{"role", "sub_delegation"}, {"scope_id", id}, {"delegation_id", of}}});
}

class StaffTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(StaffTest);
    CPPUNIT_TEST(anInvitationWorksOnce);
    CPPUNIT_TEST(anInvitationExpires);
    CPPUNIT_TEST(aNewerInvitationVoidsTheFormer);
    CPPUNIT_TEST(aWithdrawnInvitationDoesNothing);
    CPPUNIT_TEST(rolesThatDoNotFitAreNamed);
    CPPUNIT_TEST(whoSendsTheInvitationLearnsTheLinkWhileItIsOpen);
    CPPUNIT_TEST(aPhoneIsToldWhileTheInvitationIsOpen);
    CPPUNIT_TEST(aPhoneGoesWhenTheInvitationExpires);
    CPPUNIT_TEST(aLeaverIsOutAtOnce);
    CPPUNIT_TEST(fewerRolesNarrowASessionAndMoreEndIt);
    CPPUNIT_TEST(aSessionThatMayOnlyEnrollStaysSo);
    CPPUNIT_TEST(nobodyChangesTheirOwnAccess);
    CPPUNIT_TEST(aDelegationSeesItsOwnAndItsSubDelegationsStaff);
    CPPUNIT_TEST(whatIsPersonalIsSealedAndMasked);
    CPPUNIT_TEST_SUITE_END();

    Desk desk_;

    Heard accept(const std::string& token, const std::string& name = "样本甲")
    {
        return desk_.post("staff.accept_invitation",
                          {{"token", token}, {"name", name}, {"password", kPassword}});
    }

    bool isOpen(const std::string& session)
    {
        for (const auto& one : desk_.fake.sessions()) {
            if (one.id == session) {
                return !one.is_ended;
            }
        }
        return false;
    }

    std::string scopes(const std::string& session)
    {
        for (const auto& one : desk_.fake.sessions()) {
            if (one.id == session) {
                return one.scopes;
            }
        }
        return {};
    }

public:
    void anInvitationWorksOnce()
    {
        const std::string token = desk_.invited(kMail, delegation("17"));
        const int before = desk_.tasks;
        CPPUNIT_ASSERT_EQUAL(422, accept(token, " ").status);
        CPPUNIT_ASSERT_EQUAL(409, accept("00" + token.substr(2)).status);
        CPPUNIT_ASSERT_EQUAL(before, desk_.tasks); // nothing slow for who has no invitation

        const Heard heard = accept(token);

        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 201, heard.status);
        CPPUNIT_ASSERT(heard.body.at("enroll_totp") == true);
        CPPUNIT_ASSERT_EQUAL(std::string(R"(["totp:enroll"])"),
                             scopes(heard.body.at("session_id")));
        CPPUNIT_ASSERT_EQUAL(1, desk_.fake.countPublished("staff.joined"));
        const Heard again = accept(token);
        CPPUNIT_ASSERT(again.body.at("code") == "invitation_over");
        CPPUNIT_ASSERT(
            desk_
                .postByKey(
                    "staff.invite",
                    {{"mail", "CLERK@example.org"}, {"roles", only("finance")}, {"language", "zh"}})
                .body.at("code") == "staff_exists");
    }

    void anInvitationExpires()
    {
        const std::string token = desk_.invited(kMail, only("finance"));
        desk_.fake.passTime(std::int64_t{7} * 24 * 3600 * 1000);
        CPPUNIT_ASSERT_EQUAL(409, accept(token).status);
        const std::string newer = desk_.invited(kMail, only("finance"));
        desk_.fake.passTime(std::int64_t{7} * 24 * 3600 * 1000 - 1);
        CPPUNIT_ASSERT_EQUAL(201, accept(newer).status);
    }

    void aNewerInvitationVoidsTheFormer()
    {
        const std::string former = desk_.invited(kMail, only("finance"));
        const std::string newer = desk_.invited(kMail, only("auditor"));
        CPPUNIT_ASSERT_EQUAL(409, accept(former).status);
        CPPUNIT_ASSERT_EQUAL(201, accept(newer).status);
    }

    void aWithdrawnInvitationDoesNothing()
    {
        const Staff organizer = desk_.staff("organizer@example.org", only("organizer"));
        const Heard heard =
            desk_.post("staff.invite",
                       {{"mail", kMail}, {"roles", only("finance")}, {"language", "en"}},
                       organizer.session);
        const std::string link = heard.body.at("link");
        const Json path = {{"invitation_id", heard.body.at("invitation_id")}};
        CPPUNIT_ASSERT_EQUAL(
            200, desk_.erase("staff.withdraw_invitation", path, organizer.session).status);
        CPPUNIT_ASSERT_EQUAL(409, accept(link.substr(link.find('#') + 1)).status);
        CPPUNIT_ASSERT_EQUAL(
            404, desk_.erase("staff.withdraw_invitation", path, organizer.session).status);
    }

    void rolesThatDoNotFitAreNamed()
    {
        struct Row {
            std::string name;
            Json roles;
            std::string pointer;
        };
        const Json finance = {{"role", "finance"}};
        for (const Row& row : std::vector<Row>{
                 {"unknown role", only("king"), "/roles/0/role"},
                 {"an organization's role", only("contact"), "/roles/0/role"},
                 {"delegation of none", only("delegation"), "/roles/0/scope_id"},
                 {"finance of a delegation",
                  Json::array({{{"role", "finance"}, {"scope_id", "17"}}}),
                  "/roles/0/scope_id"},
                 {"sub-delegation of no delegation",
                  Json::array({finance, {{"role", "sub_delegation"}, {"scope_id", "170"}}}),
                  "/roles/1/delegation_id"},
                 {"an auditor who writes",
                  Json::array({finance, {{"role", "auditor"}}}),
                  "/roles"}}) {
            const Heard heard = desk_.postByKey(
                "staff.invite", {{"mail", kMail}, {"roles", row.roles}, {"language", "zh"}});
            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.name, 422, heard.status);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                row.name, row.pointer, heard.body.at("pointer").get<std::string>());
        }
        CPPUNIT_ASSERT_EQUAL(0, desk_.fake.countPublished("staff.invited"));
    }

    void whoSendsTheInvitationLearnsTheLinkWhileItIsOpen()
    {
        const std::string token = desk_.invited(kMail, only("finance"));
        const Json told = Json::parse(desk_.fake.publications().back().payload);
        const Json question = {{"invitation_id", told.at("invitation_id")}};
        const Json open = desk_.asked("staff_invitation", question);
        CPPUNIT_ASSERT(open.at("mail") == kMail);
        CPPUNIT_ASSERT(open.at("link") == "/console/invitation#" + token);
        accept(token);
        CPPUNIT_ASSERT(desk_.asked("staff_invitation", question) == Json({{"open", false}}));
    }

    void aPhoneIsToldWhileTheInvitationIsOpen()
    {
        Json body = {{"mail", kMail}, {"roles", only("finance")}, {"language", "zh"}};
        body["phone"] = "12";
        const Heard refused = desk_.postByKey("staff.invite", body);
        CPPUNIT_ASSERT_EQUAL(422, refused.status);
        CPPUNIT_ASSERT_EQUAL(std::string("/phone"), refused.body.at("pointer").get<std::string>());

        body["phone"] = "19900000001";
        const Heard heard = desk_.postByKey("staff.invite", body);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 201, heard.status);
        const Json question = {{"invitation_id", heard.body.at("invitation_id")}};
        CPPUNIT_ASSERT_EQUAL(
            kPhone, desk_.asked("staff_invitation", question).at("phone").get<std::string>());
        const Json person = {{"person", heard.body.at("staff_id")}};
        CPPUNIT_ASSERT_EQUAL(
            kPhone,
            desk_.asked("person_data", person).at("invitation").at("phone").get<std::string>());
        const std::string digits = kPhone.substr(3);
        CPPUNIT_ASSERT(desk_.fake.storeBytes().find(digits) == std::string::npos);
        CPPUNIT_ASSERT(desk_.journal().find(digits) == std::string::npos);

        const std::string link = heard.body.at("link");
        CPPUNIT_ASSERT_EQUAL(201, accept(link.substr(link.find('#') + 1)).status);
        // It was no proof: it is no phone of the log-in, and is gone.
        CPPUNIT_ASSERT(desk_.asked("person_data", person).at("invitation").at("phone") == "");
        CPPUNIT_ASSERT(desk_.asked("person_data", person).at("login").at("phone") == "");
    }

    void aPhoneGoesWhenTheInvitationExpires()
    {
        const Json body = {
            {"mail", kMail}, {"roles", only("finance")}, {"language", "zh"}, {"phone", kPhone}};
        const Heard heard = desk_.postByKey("staff.invite", body);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 201, heard.status);
        const Json person = {{"person", heard.body.at("staff_id")}};
        const auto phone = [&] {
            return desk_.asked("person_data", person).at("invitation").at("phone");
        };

        desk_.fake.passTime(std::int64_t{7} * 24 * 3600 * 1000 - 1);
        CPPUNIT_ASSERT_EQUAL(Json(kPhone), phone());

        desk_.fake.passTime(1);
        CPPUNIT_ASSERT_EQUAL(Json(""), phone());
    }

    void aLeaverIsOutAtOnce()
    {
        const Staff organizer = desk_.staff("organizer@example.org", only("organizer"));
        const Staff clerk = desk_.staff(kMail, delegation("17"));

        const Heard heard =
            desk_.erase("staff.leave", {{"staff_id", clerk.staff_id}}, organizer.session);

        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 200, heard.status);
        CPPUNIT_ASSERT(!isOpen(clerk.session));
        CPPUNIT_ASSERT_EQUAL(1, desk_.fake.countPublished("staff.left"));
        desk_.fake.passTime(60'000);
        const Heard back =
            desk_.post("login.password",
                       {{"account", kMail}, {"password", kPassword}, {"code", desk_.totp(clerk)}});
        CPPUNIT_ASSERT_EQUAL(401, back.status);
        // Who comes back is invited anew, as somebody else.
        CPPUNIT_ASSERT(desk_.staff(kMail, only("auditor")).staff_id != clerk.staff_id);
    }

    void fewerRolesNarrowASessionAndMoreEndIt()
    {
        const Staff organizer = desk_.staff("organizer@example.org", only("organizer"));
        const Staff clerk =
            desk_.staff(kMail, Json::array({{{"role", "finance"}}, {{"role", "badge_center"}}}));
        const Json path = {{"staff_id", clerk.staff_id}};

        desk_.put("staff.change_roles", path, {{"roles", only("finance")}}, organizer.session);

        CPPUNIT_ASSERT(isOpen(clerk.session));
        CPPUNIT_ASSERT(scopes(clerk.session).find("badges:write") == std::string::npos);
        CPPUNIT_ASSERT(scopes(clerk.session).find("finance:write") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(1, desk_.fake.countPublished("staff.roles_changed"));
        desk_.put("staff.change_roles", path, {{"roles", only("organizer")}}, organizer.session);
        CPPUNIT_ASSERT(!isOpen(clerk.session));
    }

    void aSessionThatMayOnlyEnrollStaysSo()
    {
        const Staff organizer = desk_.staff("organizer@example.org", only("organizer"));
        const std::string enrolling = desk_.joined(kMail, only("finance"));
        const std::string id =
            desk_.get("staff.list", organizer.session).body.at("staff").back().at("staff_id");
        desk_.put("staff.change_roles",
                  {{"staff_id", id}},
                  {{"roles", only("organizer")}},
                  organizer.session);
        CPPUNIT_ASSERT(scopes(enrolling).find("staff:write") == std::string::npos);
    }

    void nobodyChangesTheirOwnAccess()
    {
        const Staff organizer = desk_.staff("organizer@example.org", only("organizer"));
        const Json path = {{"staff_id", organizer.staff_id}};
        const Json roles = {{"roles", only("finance")}};
        CPPUNIT_ASSERT_EQUAL(
            409, desk_.put("staff.change_roles", path, roles, organizer.session).status);
        CPPUNIT_ASSERT_EQUAL(
            409, desk_.put("staff.reset_totp", path, Json::object(), organizer.session).status);
        CPPUNIT_ASSERT_EQUAL(409, desk_.erase("staff.leave", path, organizer.session).status);
        // An organization's contact is none of staff.
        const std::string contact = desk_.registered();
        const Json me = desk_.get("me.show", contact).body;
        CPPUNIT_ASSERT_EQUAL(
            404,
            desk_.erase("staff.leave", {{"staff_id", me.at("login_id")}}, organizer.session)
                .status);
    }

    void aDelegationSeesItsOwnAndItsSubDelegationsStaff()
    {
        const Staff organizer = desk_.staff("organizer@example.org", only("organizer"));
        const Staff clerk = desk_.staff(kMail, delegation("17"));
        desk_.joined("sub@example.org", subDelegation("170", "17"));
        desk_.joined(
            "both@example.org",
            Json::array({{{"role", "sub_delegation"}, {"scope_id", "171"}, {"delegation_id", "17"}},
                         {{"role", "delegation"}, {"scope_id", "18"}}}));
        desk_.joined("other@example.org", delegation("18"));
        desk_.invited("late@example.org", subDelegation("172", "17"));
        desk_.invited("strange@example.org", subDelegation("180", "18"));

        const Json seen = desk_.get("staff.list", clerk.session).body;

        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, seen.at("staff").size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, seen.at("invitations").size());
        CPPUNIT_ASSERT(seen.dump().find("\"18\"") == std::string::npos);
        CPPUNIT_ASSERT(seen.dump().find("\"180\"") == std::string::npos);
        const Json all = desk_.get("staff.list", organizer.session).body;
        CPPUNIT_ASSERT_EQUAL(std::size_t{5}, all.at("staff").size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, all.at("invitations").size());
        const std::string first = all.at("staff").at(0).at("staff_id");
        CPPUNIT_ASSERT_EQUAL(
            std::size_t{4},
            desk_.get("staff.list", organizer.session, {{"after", first}}).body.at("staff").size());
    }

    void whatIsPersonalIsSealedAndMasked()
    {
        const Staff organizer = desk_.staff("organizer@example.org", only("organizer"));
        const std::string token = desk_.invited(kMail, only("finance"));
        accept(token);
        const std::string list = desk_.get("staff.list", organizer.session).body.dump();
        const std::string bytes = desk_.fake.storeBytes();
        for (const std::string& personal : {kMail, std::string("样本甲"), token}) {
            CPPUNIT_ASSERT_MESSAGE(personal, list.find(personal) == std::string::npos);
            CPPUNIT_ASSERT_MESSAGE(personal, bytes.find(personal) == std::string::npos);
            CPPUNIT_ASSERT_MESSAGE(personal, desk_.journal().find(personal) == std::string::npos);
        }
        for (const Json& code : organizer.recovery_codes) {
            CPPUNIT_ASSERT(bytes.find(code.get<std::string>()) == std::string::npos);
        }
    }
};

HUB_TEST_SUITE_REGISTRATION(StaffTest, "staff");

} // namespace

} // namespace identity::test
