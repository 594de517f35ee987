// Goal: consents are given to a version, one for each purpose, can be withdrawn, and stay known
// (D-09). Method: the plugin on the fake hub.
#include "applicant.hpp"
#include "support/suite.hpp"

namespace registration::test {

namespace {

class ConsentsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ConsentsTest);
    CPPUNIT_TEST(consentIsGivenForEachPurpose);
    CPPUNIT_TEST(aWithdrawnConsentStaysKnown);
    CPPUNIT_TEST(aConsentDoesNotPrecedeItsText);
    CPPUNIT_TEST(anOldVersionIsNotTaken);
    CPPUNIT_TEST(givenTwiceItIsOne);
    CPPUNIT_TEST(whereThePolicyIsReadIsTold);
    CPPUNIT_TEST_SUITE_END();

    static Heard give(Applicant& applicant, const char* kind, const char* version)
    {
        return applicant.desk.write("consent.put",
                                    contactOf(kOrganization),
                                    {{"path", {{"organization_id", kOrganization}, {"kind", kind}}},
                                     {"body", {{"version", version}}}});
    }

    static Heard withdraw(Applicant& applicant, const char* kind)
    {
        return applicant.desk.write(
            "consent.delete",
            contactOf(kOrganization),
            {{"path", {{"organization_id", kOrganization}, {"kind", kind}}}});
    }

    static void putPolicy(Applicant& applicant, const char* version)
    {
        applicant.putOfEdition("policy.put",
                               {{"version", version}, {"address", "/static/privacy.html"}},
                               {{"kind", "privacy"}});
    }

public:
    void consentIsGivenForEachPurpose()
    {
        Applicant applicant;
        applicant.desk.registered(kOrganization);
        const Heard heard = give(applicant, "exhibitors", "1");
        CPPUNIT_ASSERT_EQUAL(200, heard.status);
        CPPUNIT_ASSERT(heard.body["holds"]["exhibitors"] == true);
        CPPUNIT_ASSERT(heard.body["holds"]["sensitive"] == false);
        CPPUNIT_ASSERT_EQUAL(404, give(applicant, "everything", "1").status);
    }

    void aWithdrawnConsentStaysKnown()
    {
        Applicant applicant;
        applicant.registered();
        const Heard heard = withdraw(applicant, "privacy");
        CPPUNIT_ASSERT(heard.body["holds"]["privacy"] == false);
        CPPUNIT_ASSERT(heard.body["consents"][0]["withdrawn_ms"] > 0);
        CPPUNIT_ASSERT(Applicant::names(applicant.preview().body["guards"], "R-126"));
        CPPUNIT_ASSERT(give(applicant, "privacy", "1").body["holds"]["privacy"] == true);
    }

    void aConsentDoesNotPrecedeItsText()
    {
        Applicant applicant;
        applicant.desk.registered(kOrganization);
        const Heard early = give(applicant, "privacy", "1");
        CPPUNIT_ASSERT(early.body["holds"]["privacy"] == true);
        CPPUNIT_ASSERT_EQUAL(Json(""), early.body["consents"][0]["version"]);
        putPolicy(applicant, "1");
        const Heard list = applicant.look("consents.list", contactOf(kOrganization));
        CPPUNIT_ASSERT(list.body["holds"]["privacy"] == false);
        CPPUNIT_ASSERT(give(applicant, "privacy", "1").body["holds"]["privacy"] == true);
    }

    void anOldVersionIsNotTaken()
    {
        Applicant applicant;
        applicant.registered();
        putPolicy(applicant, "2");
        const Heard old = give(applicant, "privacy", "1");
        CPPUNIT_ASSERT_EQUAL(409, old.status);
        CPPUNIT_ASSERT(old.body["parameters"]["version"] == "2");
        const Heard list = applicant.look("consents.list", contactOf(kOrganization));
        CPPUNIT_ASSERT(list.body["holds"]["privacy"] == false);
        CPPUNIT_ASSERT(give(applicant, "privacy", "2").body["holds"]["privacy"] == true);
    }

    void givenTwiceItIsOne()
    {
        Applicant applicant;
        applicant.registered();
        const auto first = applicant.desk.fake.clock().nowMs();
        applicant.desk.fake.passTime(1000);
        const Heard heard = give(applicant, "privacy", "1");
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, heard.body["consents"].size());
        CPPUNIT_ASSERT(heard.body["consents"][0]["given_ms"] == first);
    }

    void whereThePolicyIsReadIsTold()
    {
        Applicant applicant;
        putPolicy(applicant, "1");
        const Heard heard = applicant.seeOfEdition("policies.list");
        CPPUNIT_ASSERT(heard.body["policies"][0].contains("address"));
    }
};

HUB_TEST_SUITE_REGISTRATION(ConsentsTest, "consents");

} // namespace

} // namespace registration::test
