// Goal: the chart says how far an application has come: eight steps with a page each, counters of
// what happens to its persons, and what is to be done next. Method: the plugin on the fake hub.
#include "applicant.hpp"
#include "support/suite.hpp"

namespace registration::test {

namespace {

class ProgressTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ProgressTest);
    CPPUNIT_TEST(whoLogsInIsWelcomed);
    CPPUNIT_TEST(everyStepLeadsToItsPage);
    CPPUNIT_TEST(thereAreEightSteps);
    CPPUNIT_TEST(personsAreCounted);
    CPPUNIT_TEST(submittingIsNotForgotten);
    CPPUNIT_TEST(investorsGetAColumn);
    CPPUNIT_TEST(nobodySeesAnothers);
    CPPUNIT_TEST_SUITE_END();

    static Json chart(Applicant& applicant)
    {
        const Heard heard = applicant.look("organization.progress", contactOf(kOrganization));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 200, heard.status);
        return heard.body;
    }

public:
    void whoLogsInIsWelcomed()
    {
        Applicant applicant;
        applicant.complete();
        CPPUNIT_ASSERT(chart(applicant)["welcome"] == "样本单位甲");
    }

    void everyStepLeadsToItsPage()
    {
        Applicant applicant;
        applicant.complete();
        const Json steps = chart(applicant)["steps"];
        CPPUNIT_ASSERT(!steps.empty());
        for (const Json& step : steps) {
            CPPUNIT_ASSERT_MESSAGE(step.dump(), step.contains("page"));
        }
    }

    void thereAreEightSteps()
    {
        Applicant applicant;
        applicant.complete();
        const Json steps = chart(applicant)["steps"];
        CPPUNIT_ASSERT_EQUAL(std::size_t{8}, steps.size());
        CPPUNIT_ASSERT(steps[1]["done"] == 0);
        CPPUNIT_ASSERT(steps[2]["done"] == 1);
        applicant.submit();
        CPPUNIT_ASSERT(chart(applicant)["steps"][1]["done"] == 1);
        CPPUNIT_ASSERT(chart(applicant)["steps"][3]["done"] == 0);
        applicant.act("organization.review", clerkOf("shanghai"), {{"decision", "approve"}});
        CPPUNIT_ASSERT(chart(applicant)["steps"][3]["done"] == 1);
        CPPUNIT_ASSERT(chart(applicant)["steps"][4] ==
                       Json({{"step", "payment"},
                             {"title", {{"en", "Payment of the fee"}, {"zh", "证件费支付"}}},
                             {"page", "orders"},
                             {"done", 0},
                             {"total", 1}}));
    }

    void personsAreCounted()
    {
        Applicant applicant;
        applicant.complete();
        applicant.addPerson("passed", PersonState::Passed);
        applicant.addPerson("failed", PersonState::Failed);
        applicant.addPerson("reviewed", PersonState::ToBeReviewed);
        applicant.addPerson("saved", PersonState::Saved);
        applicant.addPerson("canceled", PersonState::Canceled);
        const Json steps = chart(applicant)["steps"];
        CPPUNIT_ASSERT(steps[5].contains("done"));
        CPPUNIT_ASSERT(steps[5]["done"] == 2);
        CPPUNIT_ASSERT(steps[5]["total"] == 4);
        CPPUNIT_ASSERT(steps[7]["total"] == 3);
        CPPUNIT_ASSERT(steps[7]["done"].is_null());
    }

    void submittingIsNotForgotten()
    {
        Applicant applicant;
        applicant.complete();
        CPPUNIT_ASSERT(chart(applicant).contains("reminder"));
        applicant.submit();
        CPPUNIT_ASSERT(!chart(applicant).contains("reminder"));
    }

    void investorsGetAColumn()
    {
        Applicant applicant;
        applicant.complete();
        CPPUNIT_ASSERT(chart(applicant)["columns"] == Json::array());
        Json page = Applicant::organizationPage();
        page["purposes"] = {"purchase", "investment_promotion"};
        applicant.save("organization", page);
        CPPUNIT_ASSERT(chart(applicant)["columns"] == Json::array({"investment_promotion"}));
    }

    void nobodySeesAnothers()
    {
        Applicant applicant;
        applicant.complete();
        CPPUNIT_ASSERT_EQUAL(
            404, applicant.look("organization.progress", contactOf(kOtherOrganization)).status);
    }
};

HUB_TEST_SUITE_REGISTRATION(ProgressTest, "progress");

} // namespace

} // namespace registration::test
