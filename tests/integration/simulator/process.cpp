#include "process.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/Context.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/HTTPSClientSession.h>
#include <Poco/Net/SSLManager.h>
#include <Poco/StreamCopier.h>
#include <Poco/TemporaryFile.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <thread>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace simulator_test {

namespace {

namespace fs = std::filesystem;

/// Starts a program with pipes for its standard input and output.
pid_t spawn(const std::vector<std::string>& arguments,
            int& to_child,
            int& from_child,
            bool is_quiet = false)
{
    std::array<int, 2> in{};
    std::array<int, 2> out{};
    if (::pipe2(in.data(), O_CLOEXEC) != 0 || ::pipe2(out.data(), O_CLOEXEC) != 0) {
        throw std::runtime_error("no pipe");
    }
    std::vector<char*> argv;
    for (const std::string& argument : arguments) {
        argv.push_back(const_cast<char*>(argument.c_str()));
    }
    argv.push_back(nullptr);
    const pid_t child = ::fork();
    if (child == 0) {
        ::dup2(in[0], STDIN_FILENO);
        ::dup2(out[1], STDOUT_FILENO);
        if (is_quiet) {
            ::dup2(::open("/dev/null", O_WRONLY | O_CLOEXEC), STDERR_FILENO);
        }
        ::execvp(argv[0], argv.data());
        ::_exit(127);
    }
    ::close(in[0]);
    ::close(out[1]);
    to_child = in[1];
    from_child = out[0];
    return child;
}

std::string readLine(int file)
{
    std::string line;
    char c = 0;
    while (::read(file, &c, 1) == 1 && c != '\n') {
        line += c;
    }
    return line;
}

} // namespace

std::string
runProgram(const std::vector<std::string>& arguments, std::string_view input, bool may_fail)
{
    int to_child = -1;
    int from_child = -1;
    const pid_t child = spawn(arguments, to_child, from_child, may_fail);
    // All inputs here fit into a pipe's buffer.
    const auto written = ::write(to_child, input.data(), input.size());
    ::close(to_child);
    std::string output;
    std::array<char, 4096> buffer{};
    for (ssize_t size = 0; (size = ::read(from_child, buffer.data(), buffer.size())) > 0;) {
        output.append(buffer.data(), static_cast<std::size_t>(size));
    }
    ::close(from_child);
    int status = 0;
    ::waitpid(child, &status, 0);
    const bool done = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (!may_fail && (!done || written != static_cast<ssize_t>(input.size()))) {
        throw std::runtime_error(arguments.front() + " failed: " + output);
    }
    return output;
}

bool becomesTrue(const std::function<bool()>& holds)
{
    using Clock = std::chrono::steady_clock;
    const auto deadline = Clock::now() + std::chrono::seconds(20);
    while (!holds()) {
        if (Clock::now() > deadline) {
            return false;
        }
        std::this_thread::yield();
    }
    return true;
}

std::string simulatorBinary()
{
    const char* build = std::getenv("HUB_BUILD_DIR");
    if (build == nullptr) {
        throw std::runtime_error("HUB_BUILD_DIR must name the build folder; run this under ctest");
    }
    return std::string(build) + "/bin/expohub-simulator";
}

fs::path makeFolder()
{
    const fs::path folder = Poco::TemporaryFile::tempName();
    Poco::TemporaryFile::registerForDeletion(folder.string());
    fs::create_directories(folder);
    return folder;
}

const fs::path& preparedFolder()
{
    static const fs::path folder = [] {
        fs::path made = makeFolder();
        runProgram({simulatorBinary(), "prepare", "--folder", made.string()});
        return made;
    }();
    return folder;
}

Simulator::Simulator(const std::function<void(Json&)>& change)
    : folder_(makeFolder())
{
    fs::copy(preparedFolder(),
             folder_,
             fs::copy_options::recursive | fs::copy_options::overwrite_existing);
    if (!change) {
        return;
    }
    const fs::path file = folder_ / "simulator.json";
    std::ifstream before(file);
    Json settings = Json::parse(before);
    change(settings);
    std::ofstream(file) << settings.dump(2);
    runProgram({simulatorBinary(), "prepare", "--folder", folder_.string()});
}

Simulator::~Simulator()
{
    kill();
}

void Simulator::start(const std::vector<std::string>& more)
{
    std::vector<std::string> arguments{
        simulatorBinary(), "serve", "--folder", folder_.string(), "--port", "0"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    int to_child = -1;
    int from_child = -1;
    child_ = spawn(arguments, to_child, from_child);
    const std::string line = readLine(from_child);
    ::close(to_child);
    ::close(from_child);
    constexpr std::string_view kReady = "ready port=";
    if (!line.starts_with(kReady)) {
        throw std::runtime_error("the simulator said \"" + line + "\" instead of ready");
    }
    port_ = static_cast<std::uint16_t>(std::stoi(line.substr(kReady.size())));
}

void Simulator::kill()
{
    if (child_ == 0) {
        return;
    }
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
    child_ = 0;
}

int Simulator::terminate()
{
    int status = 0;
    ::kill(child_, SIGTERM);
    ::waitpid(child_, &status, 0);
    child_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

HttpAnswer Simulator::request(const std::string& method,
                              const std::string& path,
                              const std::string& body,
                              int timeout_ms) const
{
    return exchange(method,
                    path,
                    {{"Content-Type", "application/x-www-form-urlencoded;charset=utf-8"}},
                    body,
                    timeout_ms);
}

HttpAnswer Simulator::exchange(const std::string& method,
                               const std::string& path,
                               const Headers& headers,
                               const std::string& body,
                               int timeout_ms) const
{
    using namespace Poco::Net;
    try {
        const Context::Ptr context = new Context(
            Context::TLS_CLIENT_USE, "", "", (folder_ / "ca.pem").string(), Context::VERIFY_STRICT);
        HTTPSClientSession session("127.0.0.1", port_, context);
        session.setTimeout(Poco::Timespan(Poco::Timespan::TimeDiff{timeout_ms} * 1000));
        HTTPRequest request(method, path, HTTPRequest::HTTP_1_1);
        for (const auto& [name, value] : headers) {
            request.set(name, value);
        }
        request.setContentLength(static_cast<std::streamsize>(body.size()));
        session.sendRequest(request) << body;
        HTTPResponse response;
        std::istream& stream = session.receiveResponse(response);
        HttpAnswer answer{static_cast<int>(response.getStatus()),
                          {},
                          {},
                          {},
                          Headers(response.begin(), response.end())};
        Poco::StreamCopier::copyToString(stream, answer.body);
        answer.location = response.get("Location", "");
        return answer;
    } catch (const Poco::Exception& failure) {
        return {0, {}, {}, failure.displayText()};
    }
}

Json Simulator::get(const std::string& path) const
{
    const HttpAnswer answer = request("GET", path);
    if (answer.status != 200) {
        throw std::runtime_error("GET " + path + ": " + answer.body + answer.failure);
    }
    return Json::parse(answer.body);
}

Json Simulator::post(const std::string& path, const Json& body) const
{
    const HttpAnswer answer = request("POST", path, body.dump());
    if (answer.status != 200) {
        throw std::runtime_error("POST " + path + ": " + answer.body + answer.failure);
    }
    return Json::parse(answer.body);
}

Json Simulator::trade(const std::string& number) const
{
    const Json trades = get("/control/books?out_trade_no=" + number)["trades"];
    return trades.empty() ? Json() : trades[0];
}

} // namespace simulator_test
