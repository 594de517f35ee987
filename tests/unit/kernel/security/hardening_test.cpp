// Goal: a process that holds keys leaves no image of its memory. Method: ask the system in a child,
// so that the test itself stays as it was.

#include "security/hardening.hpp"
#include "support/suite.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

class HardeningTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(HardeningTest);
    CPPUNIT_TEST(theProcessCannotBeDumped);
    CPPUNIT_TEST_SUITE_END();

public:
    void theProcessCannotBeDumped()
    {
        const pid_t child = ::fork();
        if (child == 0) {
            hub::security::forbidMemoryDumps();
            rlimit limit{1, 1};
            const bool good = ::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 &&
                              ::getrlimit(RLIMIT_CORE, &limit) == 0 && limit.rlim_max == 0;
            ::_exit(good ? 0 : 1);
        }
        int status = -1;
        CPPUNIT_ASSERT_EQUAL(child, ::waitpid(child, &status, 0));
        CPPUNIT_ASSERT_EQUAL(0, status);
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(HardeningTest, "hardening");
