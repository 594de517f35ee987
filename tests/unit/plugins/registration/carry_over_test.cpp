// Goal: whoever proved that a past application is its own finds it in the forms, to be completed
// and confirmed; whoever did not prove it sees nothing of it until the delegation has approved.
// Method: the plugin on the fake hub, with an archived application of a past edition.
#include "applicant.hpp"
#include "support/suite.hpp"

namespace registration::test {

namespace {

class CarryOverTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(CarryOverTest);
    CPPUNIT_TEST(pastDataIsBroughtIn);
    CPPUNIT_TEST(pastDataFillsThePages);
    CPPUNIT_TEST(itIsCompletedBeforeItIsSubmitted);
    CPPUNIT_TEST(whatThisEditionLacksIsLeftOut);
    CPPUNIT_TEST(anEnterprisesLicenceIsBroughtIn);
    CPPUNIT_TEST(theBroughtInLicenceIsRead);
    CPPUNIT_TEST(withoutProofNothingIsVisible);
    CPPUNIT_TEST(anApprovedOneSeesItsPast);
    CPPUNIT_TEST(withProofThePastIsVisible);
    CPPUNIT_TEST(aPresentApplicationIsNoPastOne);
    CPPUNIT_TEST_SUITE_END();

    static void pastEdition(Applicant& applicant, const char* state = "archived")
    {
        applicant.run([&](const Work& work) {
            Organization past;
            past.organization_id = kPastOrganization;
            past.edition = "ciie-6";
            past.region = "mainland";
            past.organization_class = "enterprise";
            past.name = "样本单位甲";
            past.social_credit_code = kCode;
            past.licence = "verified";
            past.state = parseOrganizationState(state);
            work.add(past);
            Json page = Applicant::organizationPage();
            page["purposes"] = {"purchase", "holidays"};
            page["referral_code"] = "Q2021089";
            page["echelon"] = "first";
            work.rows().put(kPastOrganization, {"organization", 7, page, 1});
            work.rows().put(kPastOrganization, {"contacts", 3, Applicant::contactsPage(), 1});
            const Json licence = {{"file", "sealed-blob"},
                                  {"key", "a2V5"},
                                  {"copy", "clear-blob"},
                                  {"media_type", "image/png"},
                                  {"bytes", 100},
                                  {"reading", "read"},
                                  {"call", 4}};
            work.rows().put(kPastOrganization, {"licence", 2, licence, 1});
        });
    }

    static void returning(Applicant& applicant)
    {
        applicant.registered(kOrganization, "enterprise", "mainland", kPastOrganization);
    }

    static std::size_t past(Applicant& applicant)
    {
        const Heard heard = applicant.look("organization.past", contactOf(kOrganization));
        CPPUNIT_ASSERT_EQUAL(200, heard.status);
        return heard.body["past"].size();
    }

public:
    void pastDataIsBroughtIn()
    {
        Applicant applicant;
        pastEdition(applicant);
        returning(applicant);
        CPPUNIT_ASSERT_EQUAL(std::string("样本单位甲"), applicant.organization().name);
        CPPUNIT_ASSERT_EQUAL(std::string("shanghai-trade"),
                             applicant.organization().sub_delegation_id);
        CPPUNIT_ASSERT(applicant.organization().state == OrganizationState::Draft);
    }

    void pastDataFillsThePages()
    {
        Applicant applicant;
        pastEdition(applicant);
        returning(applicant);
        CPPUNIT_ASSERT(applicant.page("contacts").body["document"] == Applicant::contactsPage());
        const Heard page = applicant.page("organization");
        CPPUNIT_ASSERT(page.body["document"]["name"] == "样本单位甲");
    }

    void itIsCompletedBeforeItIsSubmitted()
    {
        Applicant applicant;
        pastEdition(applicant);
        returning(applicant);
        CPPUNIT_ASSERT(Applicant::names(applicant.preview().body["guards"], "R-046"));
        applicant.save("contacts", Applicant::contactsPage());
        CPPUNIT_ASSERT(Applicant::names(applicant.preview().body["guards"], "R-046"));
        CPPUNIT_ASSERT_EQUAL(200,
                             applicant.save("organization", Applicant::organizationPage()).status);
        CPPUNIT_ASSERT(!Applicant::names(applicant.preview().body["guards"], "R-046"));
    }

    void whatThisEditionLacksIsLeftOut()
    {
        Applicant applicant;
        pastEdition(applicant);
        returning(applicant);
        const Heard page = applicant.page("organization");
        for (const char* name : {"echelon", "purposes", "referral_code"}) {
            CPPUNIT_ASSERT_MESSAGE(name, !page.body["document"].contains(name));
        }
    }

    void anEnterprisesLicenceIsBroughtIn()
    {
        Applicant applicant;
        pastEdition(applicant);
        returning(applicant);
        CPPUNIT_ASSERT_EQUAL(std::string("uploaded"), applicant.organization().licence);
        applicant.registered(
            kOtherOrganization, "social_organization", "mainland", kPastOrganization);
        CPPUNIT_ASSERT_EQUAL(std::string("none"),
                             applicant.organization(kOtherOrganization).licence);
    }

    void theBroughtInLicenceIsRead()
    {
        Applicant applicant;
        applicant.desk.fake.accounts =
            R"([{"account":"reader","state":"enabled","operations":["read"],"breaker":"closed"}])";
        pastEdition(applicant);
        returning(applicant);
        CPPUNIT_ASSERT_EQUAL(1, applicant.desk.fake.countCalls("read"));
        auto& fake = applicant.desk.fake;
        const Json result = {{"state", "read"},
                             {"fields", {{"name", "样本单位甲"}, {"social_credit_code", kCode}}}};
        fake.outcome(fake.lastCall("read").id, HUB_OUTCOME_SUCCEEDED, result.dump());
        CPPUNIT_ASSERT_EQUAL(std::string("verified"), applicant.organization().licence);
    }

    void withoutProofNothingIsVisible()
    {
        Applicant applicant;
        pastEdition(applicant);
        applicant.complete();
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, past(applicant));
        applicant.submit();
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, past(applicant));
        CPPUNIT_ASSERT(applicant.page("organization").body["revision"] == 1);
    }

    void anApprovedOneSeesItsPast()
    {
        Applicant applicant;
        pastEdition(applicant);
        applicant.complete();
        applicant.submit();
        applicant.act("organization.review", clerkOf("shanghai"), {{"decision", "approve"}});
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, past(applicant));
    }

    void withProofThePastIsVisible()
    {
        Applicant applicant;
        pastEdition(applicant);
        returning(applicant);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, past(applicant));
    }

    void aPresentApplicationIsNoPastOne()
    {
        Applicant applicant;
        pastEdition(applicant, "approved");
        returning(applicant);
        CPPUNIT_ASSERT_EQUAL(std::string(), applicant.organization().name);
        CPPUNIT_ASSERT(applicant.page("contacts").body["document"].empty());
    }
};

HUB_TEST_SUITE_REGISTRATION(CarryOverTest, "carry_over");

} // namespace

} // namespace registration::test
