#include "support/hub_process.hpp"

#include "support/free_ports.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/Context.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/HTTPSClientSession.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/StreamCopier.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace hub::test {

namespace fs = std::filesystem;

namespace {

fs::path environment(const char* name)
{
    const char* value = std::getenv(name);
    if (value == nullptr) {
        throw std::runtime_error(std::string(name) + " is not set; run this under ctest");
    }
    return value;
}

std::string portText(std::uint16_t port)
{
    return std::to_string(port);
}

pid_t spawn(const std::vector<std::string>& arguments,
            const fs::path& output,
            const fs::path& error)
{
    std::vector<char*> argv;
    for (const std::string& argument : arguments) {
        argv.push_back(const_cast<char*>(argument.c_str()));
    }
    argv.push_back(nullptr);
    const pid_t child = ::fork();
    if (child == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        const int flags = O_WRONLY | O_CREAT | O_APPEND;
        ::dup2(::open(output.c_str(), flags, 0600), STDOUT_FILENO);
        ::dup2(::open(error.c_str(), flags, 0600), STDERR_FILENO);
        ::execvp(argv[0], argv.data());
        ::_exit(127);
    }
    if (child < 0) {
        throw std::runtime_error(arguments.front() + " can't be started");
    }
    return child;
}

int codeOf(int status)
{
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

fs::path temporaryFolder()
{
    std::string name = (fs::temp_directory_path() / "hub-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
        throw std::runtime_error(name + ": no temporary folder can be made");
    }
    return name;
}

ApiAnswer exchange(Poco::Net::HTTPClientSession& session,
                   const std::string& method,
                   const std::string& path,
                   const std::string& body,
                   const std::map<std::string, std::string>& headers)
{
    using namespace Poco::Net;
    ApiAnswer answer;
    try {
        session.setTimeout(Poco::Timespan(40, 0));
        HTTPRequest request(method, path, HTTPRequest::HTTP_1_1);
        request.setContentLength(static_cast<std::streamsize>(body.size()));
        for (const auto& [name, value] : headers) {
            request.set(name, value);
        }
        session.sendRequest(request) << body;
        HTTPResponse response;
        std::istream& stream = session.receiveResponse(response);
        std::string text;
        Poco::StreamCopier::copyToString(stream, text);
        answer.status = static_cast<int>(response.getStatus());
        answer.body = Json::parse(text, nullptr, false);
        if (answer.body.is_discarded()) {
            answer.body = text;
        }
        for (const auto& [name, value] : response) {
            answer.headers[name] = value;
        }
    } catch (const Poco::Exception&) {
        answer.status = 0;
    }
    return answer;
}

} // namespace

std::string readFile(const fs::path& file)
{
    std::ifstream stream(file);
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

void writeFile(const fs::path& file, std::string_view content)
{
    std::ofstream(file, std::ios::trunc) << content;
}

constexpr std::chrono::milliseconds kLook{20};

bool becomesTrue(const std::function<bool()>& holds, std::chrono::seconds within)
{
    const auto until = std::chrono::steady_clock::now() + within;
    while (!holds()) {
        if (std::chrono::steady_clock::now() > until) {
            return false;
        }
        std::this_thread::sleep_for(kLook); // tidy: allow another process is looked at
    }
    return true;
}

ProgramEnd runProgram(const std::vector<std::string>& arguments)
{
    const fs::path folder = temporaryFolder();
    const pid_t child = spawn(arguments, folder / "out", folder / "err");
    int status = 0;
    ::waitpid(child, &status, 0);
    ProgramEnd end{codeOf(status), readFile(folder / "out"), readFile(folder / "err")};
    fs::remove_all(folder);
    return end;
}

void Daemon::start(const std::vector<std::string>& arguments, const fs::path& output)
{
    kill();
    pid_ = spawn(arguments, output, output);
}

bool Daemon::isRunning()
{
    if (pid_ != 0 && ::waitpid(pid_, nullptr, WNOHANG) == pid_) {
        pid_ = 0;
    }
    return pid_ != 0;
}

int Daemon::terminate()
{
    if (pid_ == 0) {
        return -1;
    }
    ::kill(pid_, SIGTERM);
    int status = 0;
    ::waitpid(std::exchange(pid_, 0), &status, 0);
    return codeOf(status);
}

void Daemon::kill()
{
    if (pid_ != 0) {
        ::kill(pid_, SIGKILL);
        ::waitpid(std::exchange(pid_, 0), nullptr, 0);
    }
}

HubProcess::HubProcess(const HubOptions& options)
    : options_(options)
    , build_(environment("HUB_BUILD_DIR"))
    , folder_(temporaryFolder())
{
    const auto ports = findFreePorts(3);
    http_port_ = ports[0];
    https_port_ = ports[1];
    simulator_port_ = ports[2];
    prepare();
}

HubProcess::~HubProcess()
{
    if (options_.supervised) {
        hub_.terminate(); // killed, it would leave the hub behind
    }
    hub_.kill();
    simulator_.kill();
    std::error_code error;
    fs::remove_all(folder_, error);
}

void HubProcess::prepare()
{
    std::vector<std::string> command = {
        (environment("HUB_SOURCE_DIR") / "config/demo/prepare.sh").string(),
        build_.string(),
        folder_.string(),
        portText(http_port_),
        portText(https_port_),
        portText(simulator_port_),
        "plugins.folder = " + (build_ / "lib-test").string()};
    command.insert(command.end(), options_.settings.begin(), options_.settings.end());
    const ProgramEnd end = runProgram(command);
    if (end.code != 0) {
        throw std::runtime_error("prepare.sh failed: " + end.output + end.error);
    }
}

std::string HubProcess::simulatorAddress() const
{
    return "https://127.0.0.1:" + portText(simulator_port_);
}

std::string HubProcess::httpAddress() const
{
    return "http://127.0.0.1:" + portText(http_port_);
}

void HubProcess::configure(const std::string& library, const Json& content)
{
    writeFile(folder_ / "hub/plugins.d" / (library + ".json"), content.dump(2));
}

void HubProcess::startSimulator()
{
    const fs::path output = folder_ / "log/simulator.out";
    fs::remove(output); // what an earlier one said is no sign of this one
    simulator_.start({(build_ / "bin/expohub-simulator").string(),
                      "serve",
                      "--folder",
                      (folder_ / "simulator").string(),
                      "--port",
                      portText(simulator_port_),
                      "--trust",
                      (folder_ / "simulator/ca.pem").string()},
                     output);
    if (!becomesTrue([&] { return readFile(output).find("ready") != std::string::npos; })) {
        throw std::runtime_error("the simulator did not come up: " + readFile(output));
    }
}

void HubProcess::start()
{
    std::vector<std::string> command;
    if (options_.supervised) {
        command = {(environment("HUB_SOURCE_DIR") / "config/demo/supervise.sh").string(),
                   (folder_ / "supervisor.pid").string()};
    }
    command.emplace_back("env");
    command.insert(command.end(), options_.environment.begin(), options_.environment.end());
    for (const std::string& word : {(build_ / "bin/expohub").string(),
                                    std::string("--config"),
                                    properties().string(),
                                    std::string("serve")}) {
        command.push_back(word);
    }
    hub_.start(command, folder_ / "log/hub.out");
    const bool up =
        becomesTrue([&] { return !hub_.isRunning() || request("GET", "/healthz").status == 200; });
    if (!up || !hub_.isRunning()) {
        throw std::runtime_error("the hub did not come up: " + log());
    }
    if (token_.empty()) {
        token_ = ask({"api-key",
                      "create",
                      "--holder",
                      "test portal",
                      "--scope",
                      "payments:read",
                      "--scope",
                      "payments:write",
                      "--scope",
                      "payments:refund"})
                     .at("token")
                     .get<std::string>();
    }
}

ProgramEnd HubProcess::startRefused(const std::vector<std::string>& options)
{
    std::vector<std::string> command = {
        "timeout", "30", (build_ / "bin/expohub").string(), "--config", properties().string()};
    command.insert(command.end(), options.begin(), options.end());
    command.push_back("serve");
    return runProgram(command);
}

ProgramEnd HubProcess::command(const std::vector<std::string>& words) const
{
    std::vector<std::string> command = {
        (build_ / "bin/expohub").string(), "--config", properties().string()};
    command.insert(command.end(), words.begin(), words.end());
    return runProgram(command);
}

Json HubProcess::ask(const std::vector<std::string>& words) const
{
    std::vector<std::string> with_json = words;
    with_json.emplace_back("--json");
    const ProgramEnd end = command(with_json);
    if (end.code != 0) {
        throw std::runtime_error("expohub " + words.front() + ": " + end.output + end.error);
    }
    return Json::parse(end.output);
}

ApiAnswer HubProcess::request(const std::string& method,
                              const std::string& path,
                              const std::string& body,
                              std::map<std::string, std::string> headers) const
{
    Poco::Net::HTTPClientSession session("127.0.0.1", http_port_);
    return exchange(session, method, path, body, headers);
}

ApiAnswer HubProcess::requestSecurely(const std::string& method,
                                      const std::string& path,
                                      const std::string& body,
                                      std::map<std::string, std::string> headers) const
{
    Poco::Net::HTTPSClientSession session("127.0.0.1", https_port_, trust());
    return exchange(session, method, path, body, headers);
}

ApiAnswer HubProcess::get(const std::string& path) const
{
    return request("GET", path, {}, {{"Authorization", "Bearer " + token_}});
}

ApiAnswer HubProcess::post(const std::string& path, const Json& body, const std::string& key) const
{
    std::map<std::string, std::string> headers = {{"Authorization", "Bearer " + token_},
                                                  {"Content-Type", "application/json"}};
    if (!key.empty()) {
        headers["Idempotency-Key"] = key;
    }
    return request("POST", path, body.is_string() ? body.get<std::string>() : body.dump(), headers);
}

Json HubProcess::paymentOf(const std::string& order, const std::string& subject)
{
    return {{"order_ref", order},
            {"method", "scan"},
            {"amount_minor", 20000},
            {"currency", "CNY"},
            {"subject", subject}};
}

std::string HubProcess::pay(const std::string& subject) const
{
    static int number = 0;
    const std::string order = "order-" + std::to_string(++number);
    const ApiAnswer answer = post("/api/v1/payments", paymentOf(order, subject), order);
    if (answer.status != 201) {
        throw std::runtime_error("a payment was answered " + std::to_string(answer.status) + ": " +
                                 answer.body.dump());
    }
    return answer.body.at("payment_id").get<std::string>();
}

std::string HubProcess::codeNumber(const std::string& payment) const
{
    Json attempt;
    const bool shown = becomesTrue([&] {
        const ApiAnswer answer = get("/api/v1/payments/" + payment);
        if (answer.status != 200 || !answer.body.contains("attempt")) {
            return false;
        }
        attempt = answer.body.at("attempt");
        return attempt.value("state", "") == "waiting";
    });
    if (!shown) {
        throw std::runtime_error("no code came for " + payment + ": " + attempt.dump() + log());
    }
    return attempt.at("number").get<std::string>();
}

ApiAnswer HubProcess::deliver(const std::string& path, const std::string& form) const
{
    Poco::Net::HTTPSClientSession session("127.0.0.1", https_port_, trust());
    return exchange(session,
                    "POST",
                    path,
                    form,
                    {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}});
}

std::string HubProcess::sendRaw(const std::string& bytes) const
{
    Poco::Net::StreamSocket socket(Poco::Net::SocketAddress("127.0.0.1", http_port_));
    socket.setReceiveTimeout(Poco::Timespan(40, 0));
    std::string answer;
    try {
        socket.sendBytes(bytes.data(), static_cast<int>(bytes.size()));
        std::array<char, 4096> buffer{};
        for (int got = 1; got > 0;) {
            got = socket.receiveBytes(buffer.data(), static_cast<int>(buffer.size()));
            answer.append(buffer.data(), static_cast<std::size_t>(std::max(got, 0)));
        }
    } catch (const Poco::Exception&) {
        // The end of the connection, whichever way, is the end of the answer.
    }
    return answer;
}

double HubProcess::metric(const std::string& name_and_labels) const
{
    const ApiAnswer answer = request("GET", "/metrics");
    std::istringstream lines(answer.body.is_string() ? answer.body.get<std::string>() : "");
    for (std::string line; std::getline(lines, line);) {
        if (line.rfind(name_and_labels + " ", 0) == 0) {
            return std::stod(line.substr(name_and_labels.size() + 1));
        }
    }
    return 0;
}

Poco::Net::Context::Ptr HubProcess::trust() const
{
    return new Poco::Net::Context(Poco::Net::Context::TLS_CLIENT_USE,
                                  "",
                                  "",
                                  (folder_ / "simulator/ca.pem").string(),
                                  Poco::Net::Context::VERIFY_STRICT);
}

Json HubProcess::simulator(const std::string& method,
                           const std::string& path,
                           const Json& body) const
{
    using namespace Poco::Net;
    HTTPSClientSession session("127.0.0.1", simulator_port_, trust());
    const ApiAnswer answer = exchange(session, method, path, body.is_null() ? "" : body.dump(), {});
    if (answer.status != 200) {
        throw std::runtime_error("the simulator answered " + std::to_string(answer.status) + ": " +
                                 answer.body.dump());
    }
    return answer.body;
}

std::string HubProcess::log() const
{
    return readFile(folder_ / "log/hub.out") + readFile(folder_ / "log/hub.log");
}

} // namespace hub::test
