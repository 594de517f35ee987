// Goal: a host is started clean, watched, started again within bounds and stopped in time,
// whatever its program does. Method: shell scripts in the place of the host program, and the
// restart policy by table.

#include "plugin/host_process.hpp"
#include "support/suite.hpp"

#include <Poco/TemporaryFile.h>

#include <chrono>
#include <condition_variable>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <future>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include <sys/stat.h>

namespace {

namespace plugin = hub::plugin;
namespace bus = hub::bus;
using plugin::HostProcessState;
using namespace std::chrono_literals;

constexpr auto kPatience = 20s;

class Deaf final : public bus::RouterListener {
public:
    void hostReady(const bus::HostId&) override {}
    void hostLost(const bus::HostId&, const std::string&) override {}
    void credit(const bus::HostId&, std::uint32_t) override {}
    void answered(const bus::HostId&, hub::journal::CallAnswer) override {}
    void acknowledged(const bus::HostId&, hub::journal::Acknowledgement) override {}
    void published(const bus::HostId&, bus::PublishFrame) override {}
    void service(const bus::HostId&, bus::ServiceFrame) override {}
    void logged(const bus::HostId&, int, const std::string&) override {}
};

class Notes final : public plugin::HostProcessListener {
public:
    bus::Welcome welcome(const bus::HostId&) override
    {
        if (welcome_waits_for.valid()) {
            welcome_waits_for.get();
        }
        return {};
    }
    void hostOutput(const std::string& library, std::string_view line) override
    {
        note(library + ": " + std::string(line));
    }
    void hostChanged(const std::string&, HostProcessState state, const std::string& reason) override
    {
        static const char* const kNames[] = {
            "stopped", "running", "backing off", "stopping", "faulted", "starting"};
        note(std::string(kNames[static_cast<int>(state)]) + " " + reason);
    }

    std::future<void> welcome_waits_for;

    bool waitFor(const std::string& start, int times = 1)
    {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, kPatience, [&] { return count(start) >= times; });
    }

    int seen(const std::string& start)
    {
        const std::lock_guard lock(mutex_);
        return count(start);
    }

    std::string all()
    {
        const std::lock_guard lock(mutex_);
        std::string text;
        for (const std::string& line : lines_) {
            text += line + "\n";
        }
        return text;
    }

private:
    int count(const std::string& start) const
    {
        int found = 0;
        for (const std::string& line : lines_) {
            found += line.find(start) != std::string::npos ? 1 : 0;
        }
        return found;
    }

    void note(std::string line)
    {
        {
            const std::lock_guard lock(mutex_);
            lines_.push_back(std::move(line));
        }
        changed_.notify_all();
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::string> lines_;
};

class HostProcessTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(HostProcessTest);
    CPPUNIT_TEST(backoffDoublesIsCappedAndEnds);
    CPPUNIT_TEST(progressForgetsCrashes);
    CPPUNIT_TEST(linesAreCutAtTheirEndOrAtTheLimit);
    CPPUNIT_TEST(theProcessStartsWithACleanEnvironment);
    CPPUNIT_TEST(aCrashLoopEndsAsFaulted);
    CPPUNIT_TEST(progressKeepsAHostAlive);
    CPPUNIT_TEST(aLibraryThatIsRefusedIsFaultedAtOnce);
    CPPUNIT_TEST(aProgramThatIsNotThereIsFaulted);
    CPPUNIT_TEST(stopEscalatesFromTermToKill);
    CPPUNIT_TEST(aHostThatTheRouterLostIsKilledAndReplaced);
    CPPUNIT_TEST(grandchildrenDieWithTheirHost);
    CPPUNIT_TEST(startAfterStopStartsAgain);
    CPPUNIT_TEST(whatIsToldToStartHasNotEnded);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override
    {
        folder_ = Poco::TemporaryFile::tempName();
        std::filesystem::create_directory(folder_);
        ::chmod(folder_.c_str(), 0700);
        router_ = std::make_unique<bus::Router>(
            context_, bus::RouterSettings{"ipc://" + folder_ + "/hub.sock"}, deaf_);
        router_->start();
        settings_.library = "lib";
        settings_.host_program = folder_ + "/host";
        settings_.library_path = "/nowhere/lib.so";
        settings_.manifest_path = "/nowhere/manifest.json";
        settings_.restart = {10, 40, 5};
        settings_.lost_grace_ms = 50;
    }

    void tearDown() override
    {
        process_.reset();
        router_.reset();
        std::filesystem::remove_all(folder_);
    }

    void backoffDoublesIsCappedAndEnds()
    {
        std::set<std::int64_t> first_delays;
        for (std::uint64_t seed = 0; seed < 50; ++seed) {
            plugin::RestartPolicy policy({100, 350, 5}, seed);
            for (const std::int64_t full_ms : {100, 200, 350, 350}) {
                const auto delay_ms = policy.crashed();
                CPPUNIT_ASSERT(delay_ms.has_value());
                CPPUNIT_ASSERT(*delay_ms >= full_ms / 2 && *delay_ms <= full_ms);
                if (full_ms == 100) {
                    first_delays.insert(*delay_ms);
                }
            }
            CPPUNIT_ASSERT(!policy.crashed().has_value());
        }
        CPPUNIT_ASSERT_MESSAGE("delays are spread", first_delays.size() > 10);
    }

    void progressForgetsCrashes()
    {
        plugin::RestartPolicy policy({100, 350, 3}, 1);
        for (int i = 0; i < 10; ++i) {
            CPPUNIT_ASSERT(policy.crashed().has_value());
            CPPUNIT_ASSERT(policy.crashed().has_value());
            policy.progress();
        }
        CPPUNIT_ASSERT(policy.crashed().has_value());
        CPPUNIT_ASSERT(policy.crashed().has_value());
        CPPUNIT_ASSERT(!policy.crashed().has_value());
    }

    void linesAreCutAtTheirEndOrAtTheLimit()
    {
        plugin::LineReader reader;
        std::vector<std::string> lines;
        const auto sink = [&](std::string_view line) {
            lines.emplace_back(line);
        };
        reader.take("one\ntw", sink);
        reader.take("o\n\n", sink);
        reader.take(std::string(5000, 'x') + "\nrest", sink);
        reader.finish(sink);
        const std::vector<std::string> expected = {
            "one", "two", "", std::string(4096, 'x'), std::string(904, 'x'), "rest"};
        CPPUNIT_ASSERT(lines == expected);
    }

    void theProcessStartsWithACleanEnvironment()
    {
        ::setenv("HUB_TEST_SECRET", "leaked", 1);
        start("env; echo fds; ls /proc/self/fd | wc -l; echo oops >&2; exec sleep 60");
        CPPUNIT_ASSERT_MESSAGE(notes_.all(), notes_.waitFor("lib: oops"));
        for (const char* name : {"HUB_HOST_ENDPOINT=ipc://",
                                 "HUB_HOST_LIBRARY=/nowhere/lib.so",
                                 "HUB_HOST_MANIFEST=/nowhere/manifest.json"}) {
            CPPUNIT_ASSERT_MESSAGE(notes_.all(), notes_.waitFor(name));
        }
        CPPUNIT_ASSERT(notes_.waitFor("HUB_HOST_TOKEN="));
        CPPUNIT_ASSERT_EQUAL(0, notes_.seen("leaked"));
        CPPUNIT_ASSERT_MESSAGE("0, 1, 2 and the one that ls opens: " + notes_.all(),
                               notes_.waitFor("lib: 4"));
        ::unsetenv("HUB_TEST_SECRET");
    }

    void aCrashLoopEndsAsFaulted()
    {
        start("echo about to crash; kill -SEGV $$");
        CPPUNIT_ASSERT(notes_.waitFor("faulted library \"lib\" crashed 5 times without progress"));
        CPPUNIT_ASSERT_EQUAL(4,
                             notes_.seen("backing off was ended by signal 11 (SEGV), its last "
                                         "line was: about to crash; starts again in"));
        CPPUNIT_ASSERT_EQUAL(5, notes_.seen("running process"));
        process_->start();
        CPPUNIT_ASSERT_MESSAGE("an operator may try again", notes_.waitFor("faulted library", 2));
    }

    void progressKeepsAHostAlive()
    {
        start("exit 7");
        for (int i = 1; i <= 12; ++i) {
            CPPUNIT_ASSERT(notes_.waitFor("backing off exited with code 7", i));
            process_->progress();
        }
        CPPUNIT_ASSERT_EQUAL(0, notes_.seen("faulted"));
    }

    void aLibraryThatIsRefusedIsFaultedAtOnce()
    {
        start("echo lib.so: is no ELF file >&2; exit 4");
        CPPUNIT_ASSERT(notes_.waitFor("faulted lib.so: is no ELF file"));
        CPPUNIT_ASSERT_EQUAL(1, notes_.seen("running"));
    }

    void aProgramThatIsNotThereIsFaulted()
    {
        settings_.host_program = folder_ + "/missing";
        settings_.restart.crashes_max = 2;
        begin();
        CPPUNIT_ASSERT(notes_.waitFor("faulted library"));
        CPPUNIT_ASSERT_MESSAGE(notes_.all(), notes_.seen("can't be started: No such file") > 0);
    }

    void stopEscalatesFromTermToKill()
    {
        start("trap 'echo got TERM' TERM; echo up; while :; do sleep 0.01; done");
        CPPUNIT_ASSERT(notes_.waitFor("lib: up"));
        const auto before = std::chrono::steady_clock::now();
        process_->stop(clock_.nowMs() + 400);
        const auto took = std::chrono::steady_clock::now() - before;
        CPPUNIT_ASSERT(process_->state() == HostProcessState::Stopped);
        CPPUNIT_ASSERT_MESSAGE(notes_.all(), notes_.seen("lib: got TERM") == 1);
        CPPUNIT_ASSERT_MESSAGE(notes_.all(), notes_.seen("stopped was ended by signal 9") == 1);
        CPPUNIT_ASSERT(took >= 390ms && took < 5s);
        process_->stop(clock_.nowMs() + 400);
        CPPUNIT_ASSERT_MESSAGE("again is nothing", process_->state() == HostProcessState::Stopped);
    }

    void aHostThatTheRouterLostIsKilledAndReplaced()
    {
        start("echo up; exec sleep 60");
        CPPUNIT_ASSERT(notes_.waitFor("lib: up"));
        // Incarnations count through the process; only the current one is hit.
        for (std::uint64_t incarnation = 1; incarnation < 1000; ++incarnation) {
            process_->hostLost({"lib", incarnation}, "was silent for 3 heartbeats");
            process_->hostLost({"other", incarnation}, "was silent for 3 heartbeats");
        }
        CPPUNIT_ASSERT(notes_.waitFor(
            "backing off was ended by signal 9 (KILL), after it was silent for 3 heartbeats"));
        CPPUNIT_ASSERT(notes_.waitFor("lib: up", 2));
    }

    void grandchildrenDieWithTheirHost()
    {
        start("sleep 60 & echo pid=$!; exit 7");
        CPPUNIT_ASSERT(notes_.waitFor("lib: pid="));
        CPPUNIT_ASSERT(notes_.waitFor("backing off"));
        const std::string all = notes_.all();
        const pid_t grandchild = std::stoi(all.substr(all.find("pid=") + 4));
        const auto deadline = std::chrono::steady_clock::now() + kPatience;
        while (isAlive(grandchild) && std::chrono::steady_clock::now() < deadline) {
            std::this_thread::yield();
        }
        CPPUNIT_ASSERT(!isAlive(grandchild));
    }

    void startAfterStopStartsAgain()
    {
        start("echo up; exec sleep 60");
        CPPUNIT_ASSERT(notes_.waitFor("lib: up"));
        process_->requestStop(clock_.nowMs());
        process_->start();
        CPPUNIT_ASSERT(notes_.waitFor("lib: up", 2));
        process_->stop(clock_.nowMs());
        CPPUNIT_ASSERT(process_->state() == HostProcessState::Stopped);
    }

    void whatIsToldToStartHasNotEnded()
    {
        settings_.host_program = folder_ + "/missing";
        settings_.restart = {60000, 60000, 5};
        std::promise<void> go;
        notes_.welcome_waits_for = go.get_future();

        begin();

        // The supervisor can't have launched it: it hangs before.
        CPPUNIT_ASSERT(process_->state() == HostProcessState::Starting);
        go.set_value();
        CPPUNIT_ASSERT(notes_.waitFor("backing off"));
        process_->stop(clock_.nowMs());
        process_->start();
        CPPUNIT_ASSERT(!plugin::hasEnded(process_->state()));
    }

private:
    /// A zombie that init has not collected yet is dead.
    static bool isAlive(pid_t pid)
    {
        std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
        std::string number;
        std::string name;
        std::string state;
        return static_cast<bool>(file >> number >> name >> state) && state != "Z";
    }

    void start(const std::string& script)
    {
        std::ofstream(settings_.host_program) << "#!/bin/sh\n" << script << "\n";
        ::chmod(settings_.host_program.c_str(), 0700);
        begin();
    }

    void begin()
    {
        process_ = std::make_unique<plugin::HostProcess>(settings_, *router_, clock_, notes_);
        process_->start();
    }

    std::string folder_;
    zmq::context_t context_;
    hub::base::SystemClock clock_;
    Deaf deaf_;
    Notes notes_;
    std::unique_ptr<bus::Router> router_;
    plugin::HostProcessSettings settings_;
    std::unique_ptr<plugin::HostProcess> process_;
};

HUB_TEST_SUITE_REGISTRATION(HostProcessTest, "host_process");

} // namespace
