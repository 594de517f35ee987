// Goal: a code that somebody else took comes back to whom it belongs: claimed with a verified phone
// and a licence, decided by the delegation that is named or the organizer, never by others. Method:
// the plugin on the fake hub.
#include "desk.hpp"
#include "support/suite.hpp"

namespace identity::test {

namespace {

const std::string kClaimantPhone = "+8619900000002";
const std::string kLicence(64, 'a');

class ClaimsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ClaimsTest);
    CPPUNIT_TEST(aReleasedCodeIsFreeForTheClaimant);
    CPPUNIT_TEST(anAccountIsHandedOverAsItIs);
    CPPUNIT_TEST(aRefusedClaimChangesNothing);
    CPPUNIT_TEST(whatCannotBeClaimedIsSaid);
    CPPUNIT_TEST(onlyTheNamedDelegationDecides);
    CPPUNIT_TEST(aClaimIsDecidedOnce);
    CPPUNIT_TEST(theClaimantCanBeToldForAWhile);
    CPPUNIT_TEST(theClaimantsPhoneIsSealedAndMasked);
    CPPUNIT_TEST_SUITE_END();

    Desk desk_;
    std::string squatter_;
    int proofs_ = 0;

    Heard file(const std::string& code = kCode, const std::string& delegation = "17")
    {
        return desk_.post("claim.file",
                          {{"social_credit_code", code},
                           {"verification", proof()},
                           {"licence", kLicence},
                           {"delegation_id", delegation},
                           {"language", "zh"}});
    }

    Json proof() { return Desk::verification("proof-" + std::to_string(++proofs_)); }

    Heard decide(const Json& claim_id, const std::string& decision, const std::string& session)
    {
        return desk_.carryOut(HUB_KIND_UNIT,
                              "claim.decide",
                              {{"path", {{"claim_id", claim_id}}},
                               {"body", {{"decision", decision}, {"reason", "样本理由"}}}},
                              session);
    }

    std::string clerk(const std::string& delegation)
    {
        return desk_
            .staff("clerk" + delegation + "@example.org",
                   Json::array({{{"role", "delegation"}, {"scope_id", delegation}}}))
            .session;
    }

    Heard byCode()
    {
        return desk_.post("login.code", {{"account", kCode}, {"verification", proof()}});
    }

public:
    void setUp() override
    {
        squatter_ = desk_.registered();
        desk_.prove(kClaimantPhone);
    }

    void aReleasedCodeIsFreeForTheClaimant()
    {
        const Heard filed = file();
        CPPUNIT_ASSERT_EQUAL_MESSAGE(filed.body.dump(), 201, filed.status);
        CPPUNIT_ASSERT_EQUAL(1, desk_.fake.countPublished("organization.code_claimed"));
        const std::string session = clerk("17");

        const Heard decided = decide(filed.body.at("claim_id"), "release", session);

        CPPUNIT_ASSERT_EQUAL_MESSAGE(decided.body.dump(), 200, decided.status);
        CPPUNIT_ASSERT_EQUAL(1, desk_.fake.countPublished("organization.code_released"));
        CPPUNIT_ASSERT_EQUAL(1, desk_.fake.countPublished("organization.claim_decided"));
        CPPUNIT_ASSERT_THROW(desk_.get("me.show", squatter_), std::runtime_error);
        Json body = Desk::organization();
        body["verification"] = proof();
        CPPUNIT_ASSERT_EQUAL(201, desk_.post("organization.register", body).status);
    }

    void anAccountIsHandedOverAsItIs()
    {
        const Json organization = desk_.get("me.show", squatter_).body.at("organization_id");
        const Json claim = file().body.at("claim_id");
        CPPUNIT_ASSERT_EQUAL(401, byCode().status);

        CPPUNIT_ASSERT_EQUAL(200, decide(claim, "hand_over", clerk("17")).status);

        CPPUNIT_ASSERT_THROW(desk_.get("me.show", squatter_), std::runtime_error);
        CPPUNIT_ASSERT_EQUAL(
            401,
            desk_.post("login.password", {{"account", kCode}, {"password", kPassword}}).status);
        const Heard heard = byCode();
        CPPUNIT_ASSERT_EQUAL(200, heard.status);
        CPPUNIT_ASSERT(heard.body.at("organization_id") == organization);
        CPPUNIT_ASSERT_EQUAL(0, desk_.fake.countPublished("organization.code_released"));
        CPPUNIT_ASSERT_EQUAL(1, desk_.fake.countPublished("contact.left"));
        const Json contacts =
            desk_.asked("contacts", {{"organization_id", organization}}).at("contacts");
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, contacts.size());
        CPPUNIT_ASSERT(contacts.at(0).at("phone") == kClaimantPhone);
    }

    void aRefusedClaimChangesNothing()
    {
        const Json claim = file().body.at("claim_id");
        CPPUNIT_ASSERT_EQUAL(200, decide(claim, "refuse", clerk("17")).status);
        CPPUNIT_ASSERT_EQUAL(200, desk_.get("me.show", squatter_).status);
        CPPUNIT_ASSERT_EQUAL(401, byCode().status);
        CPPUNIT_ASSERT_EQUAL(201, file().status); // with a better licence
    }

    void whatCannotBeClaimedIsSaid()
    {
        CPPUNIT_ASSERT(file(kOtherCode).body.at("code") == "social_credit_code_free");
        CPPUNIT_ASSERT(file("91310000MAXHUB0140").body.at("code") == "claim_invalid");
        desk_.prove(kPhone);
        CPPUNIT_ASSERT(file().body.at("code") == "claim_own");
        desk_.proveMail("claimant@example.org");
        CPPUNIT_ASSERT(file().body.at("code") == "phone_needed");
        desk_.disprove();
        CPPUNIT_ASSERT(file().body.at("code") == "verification_missing");
        desk_.prove(kClaimantPhone);
        CPPUNIT_ASSERT_EQUAL(201, file().status);
        CPPUNIT_ASSERT(file().body.at("code") == "claim_filed");
    }

    void onlyTheNamedDelegationDecides()
    {
        const Json claim = file().body.at("claim_id");
        const std::string other = clerk("18");
        CPPUNIT_ASSERT_EQUAL(404, decide(claim, "release", other).status);
        CPPUNIT_ASSERT(desk_.get("claim.list", other).body.at("claims").empty());
        const Staff organizer =
            desk_.staff("organizer@example.org", Json::array({{{"role", "organizer"}}}));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1},
                             desk_.get("claim.list", organizer.session).body.at("claims").size());
        CPPUNIT_ASSERT_EQUAL(200, decide(claim, "release", organizer.session).status);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1},
                             desk_.get("claim.list", organizer.session, {{"state", "released"}})
                                 .body.at("claims")
                                 .size());
    }

    void aClaimIsDecidedOnce()
    {
        const Json first = file().body.at("claim_id");
        desk_.prove("+8619900000003");
        const Json second = file().body.at("claim_id");
        const std::string session = clerk("17");
        decide(first, "hand_over", session);
        CPPUNIT_ASSERT(decide(first, "release", session).body.at("code") == "claim_decided");
        CPPUNIT_ASSERT(decide(second, "release", session).body.at("code") == "claim_decided");
    }

    void theClaimantCanBeToldForAWhile()
    {
        const Json claim = file().body.at("claim_id");
        const Json question = {{"claim_id", claim}};
        decide(claim, "refuse", clerk("17"));
        const Json said = desk_.asked("claim_contact", question);
        CPPUNIT_ASSERT(said.at("phone") == kClaimantPhone);
        CPPUNIT_ASSERT(said.at("state") == "refused");
        CPPUNIT_ASSERT(desk_.asked("person_data", {{"person", claim}}).at("claim").at("phone") ==
                       kClaimantPhone);
        desk_.fake.passTime(std::int64_t{91} * 24 * 3'600'000);
        desk_.prove("+8619900000003");
        file();
        CPPUNIT_ASSERT(desk_.asked("claim_contact", question) == Json({{"known", false}}));
    }

    void theClaimantsPhoneIsSealedAndMasked()
    {
        file();
        const std::string list = desk_.get("claim.list", clerk("17")).body.dump();
        for (const std::string& text : {list, desk_.fake.storeBytes(), desk_.journal()}) {
            CPPUNIT_ASSERT(text.find(kClaimantPhone) == std::string::npos);
        }
        CPPUNIT_ASSERT(list.find(kLicence) != std::string::npos);
    }
};

HUB_TEST_SUITE_REGISTRATION(ClaimsTest, "claims");

} // namespace

} // namespace identity::test
