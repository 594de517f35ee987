// Goal: an item that ends the process is counted and stopped after three times. Method: a child
// process dies inside the scope, as a crashing plugin would make the hub.
#include "base/exception.hpp"
#include "journal/marker.hpp"
#include "support/suite.hpp"
#include "unit/kernel/store/store_fixture.hpp"

#include <fstream>
#include <string>

#include <sys/wait.h>
#include <unistd.h>

namespace hub::journal {

namespace {

class MarkerTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(MarkerTest);
    CPPUNIT_TEST(aCrashIsCountedWhenTheFileIsOpenedAgain);
    CPPUNIT_TEST(threeCrashesEndAnItem);
    CPPUNIT_TEST(successForgetsTheCount);
    CPPUNIT_TEST(anItemThatCameBackIsNotCounted);
    CPPUNIT_TEST(aForgottenItemIsTriedAgain);
    CPPUNIT_TEST(theOldestCrashMakesRoom);
    CPPUNIT_TEST(aFileOfAnotherFormIsMadeAnew);
    CPPUNIT_TEST(aFileThatCannotBeMadeIsNamed);
    CPPUNIT_TEST(withoutAFileNothingIsWritten);
    CPPUNIT_TEST_SUITE_END();

    store::test::TemporaryFolder folder_;
    std::filesystem::path file_ = folder_.path() / "marker";

    void crashInside(const std::string& item)
    {
        const pid_t child = ::fork();
        if (child == 0) {
            Marker marker(file_);
            const MarkerScope running(marker, item);
            ::_exit(9); // no destructor runs, like a signal
        }
        int status = 0;
        CPPUNIT_ASSERT_EQUAL(child, ::waitpid(child, &status, 0));
    }

    std::uint32_t crashes(const std::string& item) const { return Marker(file_).crashes(item); }

public:
    void aCrashIsCountedWhenTheFileIsOpenedAgain()
    {
        crashInside("event:a:1");

        CPPUNIT_ASSERT_EQUAL(std::uint32_t{1}, crashes("event:a:1"));
        CPPUNIT_ASSERT_EQUAL_MESSAGE("once", std::uint32_t{1}, crashes("event:a:1"));
        CPPUNIT_ASSERT_EQUAL(std::uint32_t{0}, crashes("event:a:2"));
    }

    void threeCrashesEndAnItem()
    {
        for (std::uint32_t crash = 1; crash <= Marker::kCrashesMax; ++crash) {
            CPPUNIT_ASSERT(crashes("event:a:1") < Marker::kCrashesMax);
            crashInside("event:a:1");
        }

        CPPUNIT_ASSERT_EQUAL(Marker::kCrashesMax, crashes("event:a:1"));
    }

    void successForgetsTheCount()
    {
        crashInside("event:a:1");
        crashInside("event:a:2");
        {
            Marker marker(file_);
            const MarkerScope running(marker, "event:a:1");
        }

        CPPUNIT_ASSERT_EQUAL(std::uint32_t{0}, crashes("event:a:1"));
        CPPUNIT_ASSERT_EQUAL(std::uint32_t{1}, crashes("event:a:2"));
    }

    void anItemThatCameBackIsNotCounted()
    {
        {
            Marker marker(file_);
            const MarkerScope running(marker, "event:a:1");
        }

        CPPUNIT_ASSERT_EQUAL(std::uint32_t{0}, crashes("event:a:1"));
    }

    void aForgottenItemIsTriedAgain()
    {
        crashInside("event:1");
        crashInside("event:2");
        Marker marker(file_);
        marker.forget("event:1");
        CPPUNIT_ASSERT_EQUAL(std::uint32_t{0}, marker.crashes("event:1"));
        CPPUNIT_ASSERT_EQUAL(std::uint32_t{1}, marker.crashes("event:2"));
    }

    void theOldestCrashMakesRoom()
    {
        for (int i = 0; i <= 128; ++i) {
            crashInside(std::to_string(i));
        }

        CPPUNIT_ASSERT_EQUAL(std::uint32_t{0}, crashes("0"));
        CPPUNIT_ASSERT_EQUAL(std::uint32_t{1}, crashes("1"));
        CPPUNIT_ASSERT_EQUAL(std::uint32_t{1}, crashes("128"));
    }

    void aFileOfAnotherFormIsMadeAnew()
    {
        std::ofstream(file_) << "something else that is long enough to look like a page";

        CPPUNIT_ASSERT_EQUAL(std::uint32_t{0}, crashes("event:a:1"));
        crashInside("event:a:1");
        CPPUNIT_ASSERT_EQUAL(std::uint32_t{1}, crashes("event:a:1"));
    }

    void aFileThatCannotBeMadeIsNamed()
    {
        const std::filesystem::path nowhere = folder_.path() / "missing" / "marker";
        try {
            const Marker marker(nowhere);
            CPPUNIT_FAIL("expected a refusal");
        } catch (const base::Failure& failure) {
            CPPUNIT_ASSERT(failure.message().find(nowhere.string()) != std::string::npos);
        }
    }

    void withoutAFileNothingIsWritten()
    {
        Marker marker{std::filesystem::path()};
        const MarkerScope running(marker, "event:a:1");

        CPPUNIT_ASSERT_EQUAL(std::uint32_t{0}, marker.crashes("event:a:1"));
    }
};

HUB_TEST_SUITE_REGISTRATION(MarkerTest, "marker");

} // namespace

} // namespace hub::journal
