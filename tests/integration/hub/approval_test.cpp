// Goal: an operator can have a partner's library judged by the running hub, and it is audited.
// Method: the real hub and the real suite on the template's connector.

#include "support/hub_process.hpp"
#include "support/suite.hpp"

#include <filesystem>

namespace hub::test {

namespace {

class ApprovalTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ApprovalTest);
    CPPUNIT_TEST(aLibraryIsJudgedKeptAndAudited);
    CPPUNIT_TEST_SUITE_END();

public:
    void aLibraryIsJudgedKeptAndAudited()
    {
        HubProcess hub;
        hub.startSimulator();
        hub.start();

        const ProgramEnd nothing = hub.command({"plugin", "approve", "../secrets"});
        CPPUNIT_ASSERT_MESSAGE(nothing.error + nothing.output, nothing.code != 0);

        const ProgramEnd approved = hub.command({"plugin", "approve", "payment_example"});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(approved.output + approved.error, 0, approved.code);
        CPPUNIT_ASSERT_MESSAGE(approved.output,
                               approved.output.find("payment_example") != std::string::npos);
        CPPUNIT_ASSERT(
            std::filesystem::exists(hub.folder() / "hub/store/approvals/payment_example.json"));
        const ProgramEnd audit = hub.command({"audit", "list", "--action", "plugin.approved"});
        CPPUNIT_ASSERT_MESSAGE(audit.output,
                               audit.output.find("payment_example") != std::string::npos);
    }
};

HUB_TEST_SUITE_REGISTRATION(ApprovalTest, "approval");

} // namespace

} // namespace hub::test
