// Goal: messages and bills can be read where connectors run: in a process that opens no file of its
// own and asks the kernel for little. Method: a child under the plugin host's own rules, which
// reads for the first time after they hold.

#include "authority.hpp"
#include "bill_fixture.hpp"
#include "plugin_host/call_filter.hpp"
#include "plugin_host/landlock.hpp"
#include "support/suite.hpp"
#include "unionpay_acp/bill_file.hpp"
#include "unionpay_acp/message.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using namespace unionpay_test;
using unionpay::Fields;

/// What went wrong in the child, as its exit code.
enum Failure : int {
    kNone = 0,
    kNoSandbox = 1,
    kOpenSandbox = 2,
    kBill = 4,
    kText = 8,
    kMessage = 16
};

bool confine()
{
    const bool has_landlock = hub::plugin_host::landlockVersion() != 0;
    return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           (!has_landlock ||
            hub::plugin_host::restrictFiles(hub::plugin_host::systemFiles()).ok()) &&
           hub::plugin_host::filterCalls().ok();
}

bool isOpen()
{
    const bool has_landlock = hub::plugin_host::landlockVersion() != 0;
    return ::socket(AF_INET, SOCK_STREAM, 0) >= 0 ||
           (has_landlock && ::open("/etc/passwd", O_RDONLY | O_CLOEXEC) >= 0);
}

bool readsBill(const std::string& content)
{
    const auto archive = unionpay::decodeFileContent(content);
    const auto members = archive.ok()
                             ? unionpay::readBillArchive(archive.value())
                             : hub::Result<std::vector<unionpay::BillMember>>{archive.error()};
    return members.ok() && members.value().size() == 1 &&
           unionpay::parseZm(members.value()[0].text).ok();
}

bool believes(const Fields& message)
{
    const Authority& authority = Authority::shared();
    const auto anchors = unionpay::TrustAnchors::parse(authority.middle.certificatePem(),
                                                       authority.root.certificatePem());
    return anchors.ok() && unionpay::checkMessage(
                               message, anchors.value(), unionpay::TrustRules::production(), kNowS)
                               .ok();
}

int readConfined(const std::string& content, const Fields& message)
{
    if (!confine()) {
        return kNoSandbox;
    }
    int failures = isOpen() ? kOpenSandbox : kNone;
    failures |= readsBill(content) ? kNone : kBill;
    const auto text = unionpay::fromGbk("\xd6\xd0");
    failures |= text.ok() && text.value() == "中" ? kNone : kText;
    failures |= believes(message) ? kNone : kMessage;
    return failures;
}

class SandboxTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SandboxTest);
    CPPUNIT_TEST(messagesAndBillsAreReadWithin);
    CPPUNIT_TEST_SUITE_END();

public:
    void messagesAndBillsAreReadWithin()
    {
        const std::string content =
            fileContent(zipOf({{kZmName, zmLine(zmPayment()) + "\n" + zmLine(zmRefund()) + "\n"}}));
        const Fields message = signedBy(Authority::shared().leaf,
                                        {{"version", "5.1.0"}, {"signMethod", "01"}, {"a", "b"}});
        const pid_t child = ::fork();
        if (child == 0) {
            ::_exit(readConfined(content, message));
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        CPPUNIT_ASSERT(WIFEXITED(status));
        CPPUNIT_ASSERT_EQUAL(int{kNone}, WEXITSTATUS(status));
    }
};

HUB_TEST_SUITE_REGISTRATION(SandboxTest, "sandbox");

} // namespace
