// Goal: a hostile library reaches no file, no network and no process that it was not given.
// Method: it tries, one thing after the other, in a real host process beside a sibling; its folder
// and the baits are open to every user, so that the sandbox alone refuses. When root runs this, all
// of it runs a second time as a plain user. What the machine lacks is printed as skipped.
#include "integration/plugin_host/hostile_stage.hpp"
#include "support/suite.hpp"

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <memory>
#include <set>
#include <string>

#include <grp.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace hub::test {

namespace fs = std::filesystem;

namespace {

constexpr uid_t kNobody = 65534;

void skip(const std::string& what)
{
    std::cout << "skipped: " << what << std::endl;
}

class HostileTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(HostileTest);
    CPPUNIT_TEST(whatALibraryNeedsItHas);
    CPPUNIT_TEST(filesOfOthersAreClosed);
    CPPUNIT_TEST(nothingCanBeWritten);
    CPPUNIT_TEST(whatTheKernelTellsOfProcessesIsClosed);
    CPPUNIT_TEST(thereIsNoSocketAndNoOtherPeer);
    CPPUNIT_TEST(thereIsNoOtherProcessAndNoProgram);
    CPPUNIT_TEST(otherProcessesAreOutOfReach);
    CPPUNIT_TEST(theRestOfTheKernelIsClosed);
    CPPUNIT_TEST(theTokenIsGone);
    CPPUNIT_TEST(itsProcessHasNoPowers);
    CPPUNIT_TEST(itsProcessHasLimits);
    CPPUNIT_TEST(itSeesNamespacesOfItsOwn);
    CPPUNIT_TEST(whatTheMachineLacksIsRefusedUnlessAllowed);
    CPPUNIT_TEST(allOfItAsAPlainUser);
    CPPUNIT_TEST_SUITE_END();

    std::unique_ptr<HostileStage> stage_;

    void start()
    {
        stage_ = std::make_unique<HostileStage>();
        stage_->start();
    }

    void expect(const std::string& result, const std::string& order)
    {
        CPPUNIT_ASSERT_EQUAL_MESSAGE(order, result, stage_->attempt(order));
    }

    void expectFiltered(const std::string& order) { expect("refused EPERM", order); }

    void expectClosed(const std::string& order) { expect("refused EACCES", order); }

    bool canLock()
    {
        if (!stage_->hasLandlock()) {
            skip("files: this machine has no Landlock");
        }
        return stage_->hasLandlock();
    }

public:
    void tearDown() override { stage_.reset(); }

    void whatALibraryNeedsItHas()
    {
        start();
        expect("got 64 bytes", "read " + (stage_->package() / "manifest.json").string());
        expect("got a list", "list " + stage_->package().string());
        expect("got 64 bytes", "read /usr/share/zoneinfo/Asia/Shanghai");
        expect("got 64 bytes", "read /dev/urandom");
        expect("got a thread", "thread");
        expect("got the memory", "memory 1");
    }

    void filesOfOthersAreClosed()
    {
        start();
        if (!canLock()) {
            return;
        }
        const fs::path bait = stage_->openFolder() / "key.pem";
        std::ofstream(bait) << "not for everybody";
        ::chmod(bait.c_str(), 0644);
        const fs::path sibling = fs::path(HUB_HOST_FIXTURE).parent_path();
        expectClosed("read " + bait.string());
        expectClosed("read " + stage_->package().string() + "/../key.pem");
        expectClosed("list " + stage_->openFolder().string());
        expectClosed("read " + (sibling / "manifest.json").string());
        expectClosed("list " + sibling.string());
        for (const char* path : {"/etc/passwd", "/etc/shadow", "/etc/hostname", "/bin/sh"}) {
            expectClosed(std::string("read ") + path);
        }
        for (const char* path : {"/", "/etc", "/tmp", "/var", "/dev", "/usr", "/usr/lib"}) {
            expectClosed(std::string("list ") + path);
        }
    }

    void nothingCanBeWritten()
    {
        start();
        if (!canLock()) {
            return;
        }
        const std::string own = stage_->package().string();
        const std::string open = stage_->openFolder().string();
        expectClosed("write " + own + "/new");
        expectClosed("write " + own + "/manifest.json");
        expectClosed("write " + open + "/new");
        expectClosed("write /tmp/hub-test-hostile");
        expectClosed("write /dev/null");
        expectClosed("write /dev/shm/hub-test-hostile");
        expectFiltered("remove " + own + "/manifest.json");
        expectFiltered("make_folder " + own + "/new");
        expectFiltered("change_mode " + own + "/manifest.json");
    }

    void whatTheKernelTellsOfProcessesIsClosed()
    {
        start();
        if (kSanitized) {
            skip("/proc: the sanitizers read it");
            return;
        }
        if (!canLock()) {
            return;
        }
        for (const pid_t process : {::getpid(), stage_->sibling(), stage_->process(), pid_t{1}}) {
            for (const char* file : {"environ", "maps", "mem", "cmdline", "status", "stat"}) {
                expectClosed("read /proc/" + std::to_string(process) + "/" + file);
            }
            expectClosed("list /proc/" + std::to_string(process) + "/fd");
        }
        expectClosed("list /proc");
        expectClosed("list /sys");
    }

    void thereIsNoSocketAndNoOtherPeer()
    {
        start();
        for (const char* family :
             {"inet", "inet6", "datagram", "raw", "unix", "netlink", "packet", "vsock"}) {
            expectFiltered(std::string("socket ") + family);
        }
        expectFiltered("socketpair");
        for (const std::string& peer :
             {stage_->endpointPath(), std::string("@hub"), std::string("443")}) {
            expectFiltered("connect " + peer);
            expectFiltered("bind " + peer);
        }
        expectFiltered("send_to " + stage_->endpointPath());
        for (const char* call : {"listen", "accept", "sendmsg", "recvmsg", "sendmmsg"}) {
            expectFiltered(std::string("call ") + call + " 0");
        }
    }

    void thereIsNoOtherProcessAndNoProgram()
    {
        start();
        if (kSanitized) {
            skip("new processes: the leak check makes one");
        } else {
            for (const char* way : {"fork", "vfork", "clone"}) {
                expectFiltered(std::string("process ") + way);
            }
        }
        expect("refused ENOSYS", "process clone3");
        expectFiltered("execute /bin/true");
        for (const char* call : {"execveat", "memfd_create", "memfd_secret"}) {
            expectFiltered(std::string("call ") + call + " 0");
        }
    }

    void otherProcessesAreOutOfReach()
    {
        start();
        for (const pid_t process : {::getpid(), stage_->sibling(), pid_t{1}}) {
            const std::string number = " " + std::to_string(process);
            expectFiltered("kill" + number);
            for (const char* call : {"process_vm_readv",
                                     "process_vm_writev",
                                     "pidfd_open",
                                     "pidfd_getfd",
                                     "pidfd_send_signal",
                                     "kcmp",
                                     "tkill",
                                     "rt_sigqueueinfo",
                                     "setpriority",
                                     "sched_setaffinity"}) {
                expectFiltered("call " + (call + number));
            }
            if (!kSanitized) {
                for (const char* call : {"ptrace", "tgkill", "prlimit64"}) {
                    expectFiltered("call " + (call + number));
                }
            }
        }
        if (kSanitized) {
            skip("ptrace, tgkill, prlimit64: the leak check uses them");
        }
    }

    void theRestOfTheKernelIsClosed()
    {
        start();
        for (const char* call : {"keyctl",
                                 "add_key",
                                 "request_key",
                                 "bpf",
                                 "perf_event_open",
                                 "mount",
                                 "umount2",
                                 "fsopen",
                                 "pivot_root",
                                 "chroot",
                                 "unshare",
                                 "setns",
                                 "io_uring_setup",
                                 "io_uring_enter",
                                 "io_uring_register",
                                 "userfaultfd",
                                 "openat2",
                                 "name_to_handle_at",
                                 "open_by_handle_at",
                                 "setuid",
                                 "setgroups",
                                 "capset",
                                 "shmget",
                                 "msgget",
                                 "semget",
                                 "mq_open",
                                 "inotify_init1",
                                 "fanotify_init",
                                 "setrlimit",
                                 "seccomp",
                                 "chdir",
                                 "truncate",
                                 "rename",
                                 "link",
                                 "symlink",
                                 "mknod",
                                 "terminal_input",
                                 "init_module",
                                 "syslog",
                                 "sethostname",
                                 "alarm",
                                 "unheard_of"}) {
            expectFiltered(std::string("call ") + call + " 0");
        }
        if (kSanitized) {
            skip("prctl, personality, wait4: the sanitizers use them");
            return;
        }
        for (const char* call : {"set_dumpable", "outlive_the_hub", "personality", "wait4"}) {
            expectFiltered(std::string("call ") + call + " 0");
        }
    }

    void theTokenIsGone()
    {
        start();
        expect("refused: wiped", "token");
    }

    void itsProcessHasNoPowers()
    {
        start();
        const pid_t process = stage_->process();
        for (const char* set : {"CapInh", "CapPrm", "CapEff", "CapAmb", "CapBnd"}) {
            for (const std::string& value : statusOfThreads(process, set)) {
                const bool matters = std::string(set) != "CapBnd" || stage_->hasNamespaces();
                CPPUNIT_ASSERT_MESSAGE(set + (" " + value),
                                       !matters || value == "0000000000000000");
            }
        }
        const auto threads = statusOfThreads(process, "Seccomp");
        CPPUNIT_ASSERT(threads.size() >= 4);
        CPPUNIT_ASSERT(threads == std::vector<std::string>(threads.size(), "2"));
        CPPUNIT_ASSERT(statusOfThreads(process, "NoNewPrivs") ==
                       std::vector<std::string>(threads.size(), "1"));
        struct stat owner = {};
        CPPUNIT_ASSERT_EQUAL(
            0, ::stat(("/proc/" + std::to_string(process) + "/status").c_str(), &owner));
        CPPUNIT_ASSERT_EQUAL_MESSAGE("not dumpable, so it is root's in /proc", 0U, owner.st_uid);
        if (::geteuid() == 0) {
            const std::string user = statusOfThreads(process, "Uid").front();
            CPPUNIT_ASSERT(user != statusOfThreads(stage_->sibling(), "Uid").front());
            CPPUNIT_ASSERT(user != statusOfThreads(::getpid(), "Uid").front());
            CPPUNIT_ASSERT_EQUAL(std::string(), statusOfThreads(process, "Groups").front());
        }
    }

    void itsProcessHasLimits()
    {
        start();
        const std::string limits =
            readWhole("/proc/" + std::to_string(stage_->process()) + "/limits");
        const auto has = [&](const std::string& name, const std::string& value) {
            const std::size_t line = limits.find(name);
            CPPUNIT_ASSERT_MESSAGE(name, line != std::string::npos);
            const std::string rest = limits.substr(line + name.size(), 40);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                name + rest, value, rest.substr(rest.find_first_not_of(' '), value.size()));
        };
        has("Max core file size", "0 ");
        has("Max file size", "0 ");
        has("Max open files", "256 ");
        has("Max locked memory", "0 ");
        if (kSanitized) {
            skip("the limit of addresses: the sanitizers reserve terabytes");
            return;
        }
        has("Max address space", "4294967296 ");
        expect("refused ENOMEM", "memory 5");
    }

    void itSeesNamespacesOfItsOwn()
    {
        start();
        if (!stage_->hasNamespaces()) {
            skip("namespaces: this machine allows none to the hub's processes");
            return;
        }
        for (const char* name : {"net", "ipc", "uts"}) {
            const std::string own = fs::read_symlink(std::string("/proc/self/ns/") + name).string();
            const std::string its = stage_->attempt(std::string("namespace ") + name);
            CPPUNIT_ASSERT_MESSAGE(its, its.starts_with(name));
            CPPUNIT_ASSERT_MESSAGE(own, own != its);
        }
    }

    void whatTheMachineLacksIsRefusedUnlessAllowed()
    {
        const std::set<std::pair<std::string, std::string>> pieces = {
            {HUB_HOST_LACKING_LANDLOCK, "landlock"}, {HUB_HOST_LACKING_NAMESPACES, "namespaces"}};
        for (const auto& [program, piece] : pieces) {
            const bool landlock = piece == "landlock";
            for (const std::string& sandbox :
                 {std::string("full"),
                  landlock ? std::string("without_namespaces") : std::string("without_landlock")}) {
                stage_ = std::make_unique<HostileStage>();
                const std::string sentence = stage_->startRefused(program, sandbox);
                CPPUNIT_ASSERT_MESSAGE(stage_->hub().all(),
                                       sentence.find("plugin_host.sandbox = without_" + piece) !=
                                           std::string::npos);
                CPPUNIT_ASSERT_MESSAGE(sentence,
                                       sentence.find("exited with code 3") != std::string::npos);
            }
            stage_ = std::make_unique<HostileStage>();
            stage_->startWith(program, "without_" + piece);
            CPPUNIT_ASSERT_EQUAL(landlock, !stage_->hasLandlock());
            CPPUNIT_ASSERT_EQUAL(!landlock, !stage_->hasNamespaces());
            CPPUNIT_ASSERT(!stage_->hub().waitFor("log 3 this library is less confined").empty());
            expectFiltered("socket unix"); // the rest holds
        }
    }

    void allOfItAsAPlainUser()
    {
        if (::geteuid() != 0) {
            return; // this is it
        }
        const pid_t child = ::fork();
        if (child == 0) {
            const bool plain = ::setgroups(0, nullptr) == 0 &&
                               ::setresgid(kNobody, kNobody, kNobody) == 0 &&
                               ::setresuid(kNobody, kNobody, kNobody) == 0;
            const std::string self = fs::path(HUB_HOST_PROGRAM).string();
            if (!plain || ::access(self.c_str(), X_OK) != 0) {
                ::_exit(77);
            }
            ::execl("/proc/self/exe", "hostile", "--only", "hostile", nullptr);
            ::_exit(78);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        if (WIFEXITED(status) && WEXITSTATUS(status) == 77) {
            skip("as a plain user: this build can't be read by one");
            return;
        }
        CPPUNIT_ASSERT_EQUAL(0, status);
    }
};

HUB_TEST_SUITE_REGISTRATION(HostileTest, "hostile");

} // namespace

} // namespace hub::test
