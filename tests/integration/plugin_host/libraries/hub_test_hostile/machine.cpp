#include "attempts.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <thread>

#include <dirent.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

namespace hostile {

namespace {

std::string judge(bool done, const std::string& what)
{
    return done ? "got " + what : refusedByErrno();
}

std::string readFile(const std::string& path)
{
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return refusedByErrno();
    }
    std::array<char, 64> bytes = {};
    const ssize_t got = ::read(file, bytes.data(), bytes.size());
    const std::string result = judge(got >= 0, std::to_string(got) + " bytes");
    ::close(file);
    return result;
}

std::string listFolder(const std::string& path)
{
    DIR* folder = ::opendir(path.c_str());
    if (folder == nullptr) {
        return refusedByErrno();
    }
    ::closedir(folder);
    return "got a list";
}

std::string writeFile(const std::string& path)
{
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    const std::string result = judge(file >= 0, "a file to write");
    ::close(file);
    return result;
}

std::string removeFile(const std::string& path)
{
    return judge(::unlink(path.c_str()) == 0, "it removed");
}

std::string makeFolder(const std::string& path)
{
    return judge(::mkdir(path.c_str(), 0700) == 0, "a folder");
}

std::string changeMode(const std::string& path)
{
    return judge(::chmod(path.c_str(), 0777) == 0, "another mode");
}

std::string makeSocket(const std::string& family)
{
    static const std::map<std::string, std::array<int, 2>> kFamilies = {
        {"inet", {AF_INET, SOCK_STREAM}},
        {"inet6", {AF_INET6, SOCK_STREAM}},
        {"datagram", {AF_INET, SOCK_DGRAM}},
        {"raw", {AF_INET, SOCK_RAW}},
        {"unix", {AF_UNIX, SOCK_STREAM}},
        {"netlink", {AF_NETLINK, SOCK_RAW}},
        {"packet", {AF_PACKET, SOCK_RAW}},
        {"vsock", {AF_VSOCK, SOCK_STREAM}}};
    const auto [domain, type] = kFamilies.at(family);
    const int made = ::socket(domain, type, 0);
    const std::string result = judge(made >= 0, "a socket");
    ::close(made);
    return result;
}

std::string makePair(const std::string&)
{
    std::array<int, 2> ends = {-1, -1};
    return judge(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) == 0, "a pair");
}

/// Turns the one socket that is there to somebody else: a path, @abstract, or a port of loopback.
std::string turnConnection(const std::string& to, bool bind)
{
    sockaddr_un local = {};
    local.sun_family = AF_UNIX;
    std::memcpy(local.sun_path, to.data(), std::min(to.size(), sizeof local.sun_path - 1));
    if (local.sun_path[0] == '@') {
        local.sun_path[0] = '\0';
    }
    sockaddr_in inet = {};
    inet.sin_family = AF_INET;
    inet.sin_port = htons(static_cast<std::uint16_t>(std::atoi(to.c_str())));
    inet.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const bool is_port = inet.sin_port != 0;
    const auto* address = is_port ? reinterpret_cast<const sockaddr*>(&inet)
                                  : reinterpret_cast<const sockaddr*>(&local);
    const socklen_t size = is_port ? sizeof inet : sizeof local;
    const int result = bind ? ::bind(connectionToHub(), address, size)
                            : ::connect(connectionToHub(), address, size);
    return judge(result == 0, "another peer");
}

std::string connectTo(const std::string& to)
{
    return turnConnection(to, false);
}

std::string bindTo(const std::string& to)
{
    return turnConnection(to, true);
}

std::string sendTo(const std::string& path)
{
    sockaddr_un local = {};
    local.sun_family = AF_UNIX;
    std::memcpy(local.sun_path, path.data(), std::min(path.size(), sizeof local.sun_path - 1));
    const ssize_t sent = ::sendto(connectionToHub(),
                                  "x",
                                  1,
                                  MSG_DONTWAIT | MSG_NOSIGNAL,
                                  reinterpret_cast<const sockaddr*>(&local),
                                  sizeof local);
    return judge(sent >= 0, "a byte out");
}

/// The token that this process was started with: in the variables, and where they lay.
std::string findToken(const std::string&)
{
    if (std::getenv("HUB_HOST_TOKEN") != nullptr) {
        return "got the variable";
    }
    // argv and the environment lie between the program's name and the file name at the end.
    const char* begin = program_invocation_name;
    const auto* end = reinterpret_cast<const char*>(::getauxval(AT_EXECFN)); // NOLINT
    if (end <= begin || end - begin > 1 << 20) {
        return "lost: the environment is not where it should be";
    }
    const std::string_view all(begin, static_cast<std::size_t>(end - begin));
    const std::size_t name = all.find("HUB_HOST_TOKEN=");
    if (name == std::string_view::npos) {
        return "refused: not there";
    }
    const std::string value(all.substr(name + 15).data());
    return value.empty() ? "refused: wiped" : "got " + value;
}

std::string killProcess(const std::string& number)
{
    return judge(::kill(static_cast<pid_t>(std::atol(number.c_str())), 0) == 0, "a signal through");
}

/// By every way to a new process; the child, if there is one, ends at once.
std::string makeProcess(const std::string& way)
{
    long child = -1;
    if (way == "fork") {
        child = ::syscall(SYS_fork);
    } else if (way == "vfork") {
        child = ::syscall(SYS_clone, CLONE_VFORK | SIGCHLD, 0, 0, 0, 0);
    } else if (way == "clone") {
        child = ::syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
    } else {
        std::array<std::uint64_t, 8> arguments = {};
        arguments[4] = SIGCHLD;
        child = ::syscall(SYS_clone3, arguments.data(), sizeof arguments);
    }
    if (child == 0) {
        ::_exit(0);
    }
    return judge(child > 0, "a process");
}

std::string execute(const std::string& path)
{
    std::array<char*, 2> argv = {const_cast<char*>(path.c_str()), nullptr};
    ::execv(path.c_str(), argv.data()); // a success would end this process
    return refusedByErrno();
}

std::string makeThread(const std::string&)
{
    bool ran = false;
    std::thread([&] { ran = true; }).join();
    return ran ? "got a thread" : "no thread";
}

/// All that it can address: the limit, not the machine, must say no.
std::string takeMemory(const std::string& gibibytes)
{
    const std::size_t size = static_cast<std::size_t>(std::atol(gibibytes.c_str())) << 30U;
    void* memory = ::mmap(
        nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    const std::string result = judge(memory != MAP_FAILED, "the memory");
    if (memory != MAP_FAILED) {
        ::munmap(memory, size);
    }
    return result;
}

std::string readNamespace(const std::string& name)
{
    std::array<char, 64> target = {};
    const ssize_t size =
        ::readlink(("/proc/self/ns/" + name).c_str(), target.data(), target.size() - 1);
    return size < 0 ? refusedByErrno() : target.data();
}

} // namespace

std::string refusedByErrno()
{
    const int number = errno;
    const char* name = ::strerrorname_np(number);
    return std::string("refused ") + (name == nullptr ? "?" : name);
}

int connectionToHub()
{
    for (int descriptor = 3; descriptor < 256; ++descriptor) {
        struct stat status = {};
        if (::fstat(descriptor, &status) == 0 && S_ISSOCK(status.st_mode) &&
            (::fcntl(descriptor, F_GETFL) & O_PATH) == 0) {
            return descriptor;
        }
    }
    return -1;
}

const std::map<std::string, MachineAttempt>& machineAttempts()
{
    static const std::map<std::string, MachineAttempt> kAttempts = {
        {"read", &readFile},
        {"list", &listFolder},
        {"write", &writeFile},
        {"remove", &removeFile},
        {"make_folder", &makeFolder},
        {"change_mode", &changeMode},
        {"socket", &makeSocket},
        {"socketpair", &makePair},
        {"connect", &connectTo},
        {"bind", &bindTo},
        {"send_to", &sendTo},
        {"token", &findToken},
        {"kill", &killProcess},
        {"process", &makeProcess},
        {"execute", &execute},
        {"thread", &makeThread},
        {"pid",
         [](const std::string&) {
             return std::to_string(::getpid());
         }},
        {"memory", &takeMemory},
        {"namespace", &readNamespace},
        {"call", [](const std::string& argument) {
             const std::size_t space = argument.find(' ');
             return makeCall(argument.substr(0, space), std::atol(argument.c_str() + space + 1));
         }}};
    return kAttempts;
}

} // namespace hostile
