// Goal: whoever pays is told once for each step that brought persons to the payment, however many,
// and of nobody who comes free. Method: the plugin on the fake hub.
#include "applicant.hpp"
#include "floor.hpp"
#include "support/suite.hpp"

namespace registration::test {

namespace {

class PaymentDueTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PaymentDueTest);
    CPPUNIT_TEST(aLockOfManyTellsOnce);
    CPPUNIT_TEST(aLockOfWhoComesFreeTellsNothing);
    CPPUNIT_TEST(anApprovalTellsOnce);
    CPPUNIT_TEST_SUITE_END();

    static Json locked(const std::string& category)
    {
        Floor floor("ciie-4");
        const Organization home = floor.organization("org-1", "shanghai");
        floor.give({"edition", "ciie-4"}, "staff", 2);
        floor.give({"delegation", "shanghai"}, "staff", 2);
        for (const char* id : {"first", "second"}) {
            Person person = floor.person(id, home);
            person.state = PersonState::ToBeCategorized;
            floor.add(person);
        }
        const Json both = {"first", "second"};
        floor.many("categorize", clerkOf("shanghai"), both, {{"category", category}});
        for (int i = 0; i < 2; ++i) { // the second time nobody comes to it
            const Heard heard =
                floor.many("lock", clerkOf("shanghai"), both, {{"confirmed", true}});
            CPPUNIT_ASSERT_MESSAGE(heard.body.dump(), heard.body["done"] == 2);
        }
        return floor.told("organization.payment_due");
    }

public:
    void aLockOfManyTellsOnce()
    {
        const Json expected = Json::array({{{"organization_id", "org-1"}, {"persons", 2}}});
        CPPUNIT_ASSERT_EQUAL(expected.dump(), locked("visitor").dump());
    }

    void aLockOfWhoComesFreeTellsNothing()
    {
        CPPUNIT_ASSERT_EQUAL(std::string("[]"), locked("staff").dump());
    }

    void anApprovalTellsOnce()
    {
        Applicant applicant;
        applicant.complete();
        applicant.submit();
        applicant.desk.published();
        applicant.act("organization.review", clerkOf("shanghai"), {{"decision", "approve"}});
        const std::vector<std::string> expected = {
            "organization.approved", "person.to_be_paid", "organization.payment_due"};
        CPPUNIT_ASSERT(applicant.desk.published() == expected);
    }
};

HUB_TEST_SUITE_REGISTRATION(PaymentDueTest, "payment_due");

} // namespace

} // namespace registration::test
