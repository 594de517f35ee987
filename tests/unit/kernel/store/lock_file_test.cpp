// Goal: one hub per data folder, and a hub started right after the last one died is not turned
// away. Method: a second open file stands for the descriptor that a dying hub's child still has.

#include "store/lock_file.hpp"
#include "store_fixture.hpp"

#include <chrono>
#include <thread>

#include <fcntl.h>
#include <sys/file.h>

namespace {

using namespace hub::store;
using namespace hub::store::test;
using namespace std::chrono_literals;

class LockFileTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(LockFileTest);
    CPPUNIT_TEST(aHeldFolderIsRefused);
    CPPUNIT_TEST(aFolderThatIsJustLetGoIsTaken);
    CPPUNIT_TEST_SUITE_END();

public:
    void aHeldFolderIsRefused()
    {
        const FileHandle held = hold();
        assertContains(refusalOf([&] { const LockFile lock(file_, 0ms); }), "held by another hub");
    }

    void aFolderThatIsJustLetGoIsTaken()
    {
        FileHandle held = hold();
        std::thread end([&held] {
            std::this_thread::sleep_for(100ms); // tidy: allow a dying hub takes a moment
            held.reset();
        });
        try {
            const LockFile lock(file_, 1min);
        } catch (...) {
            end.join();
            throw;
        }
        end.join();
    }

private:
    FileHandle hold() const
    {
        FileHandle held(::open(file_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
        CPPUNIT_ASSERT_EQUAL(0, ::flock(held.get(), LOCK_EX | LOCK_NB));
        return held;
    }

    TemporaryFolder folder_;
    std::filesystem::path file_ = folder_.path() / "hub.lock";
};

HUB_TEST_SUITE_REGISTRATION(LockFileTest, "lock_file");

} // namespace
