#include "installation.hpp"

#include "support/free_ports.hpp"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace chaos {

namespace {

namespace fs = std::filesystem;

constexpr Milliseconds kStartLimit{30'000};

fs::path makeFolder(const char* form)
{
    std::string path = (fs::temp_directory_path() / form).string();
    if (::mkdtemp(path.data()) == nullptr) {
        throw std::runtime_error(path + ": can't be made; is the folder for temporary files full?");
    }
    return path;
}

void demand(const Ended& ended, const std::string& what)
{
    if (ended.code != 0) {
        throw std::runtime_error(what + " ended with code " + std::to_string(ended.code) + ": " +
                                 ended.output);
    }
}

} // namespace

const char* toText(Victim victim)
{
    switch (victim) {
    case Victim::Hub:
        return "hub";
    case Victim::Connector:
        return "connector";
    case Victim::Subscriber:
        return "subscriber";
    }
    return "";
}

Installation::Installation(const Options& options, Setup setup)
    : options_(options)
    , setup_(std::move(setup))
    , source_(fs::canonical(options.source))
    , build_(fs::canonical(options.build))
    , folder_(makeFolder("expohub-chaos-XXXXXX"))
{
    const auto ports = hub::test::findFreePorts(3);
    http_port_ = ports[0];
    https_port_ = ports[1];
    simulator_port_ = ports[2];
    try {
        if (options_.postgres) {
            startPostgres();
        }
        prepare();
        startSimulator();
        startHub();
        createApiKey();
        demandConfinement();
    } catch (...) {
        std::cerr << "the installation is left in " << folder_ << "\n";
        hub_.reset();
        simulator_.reset();
        if (postgres_folder_) {
            run({source_ / "tests/support/postgres.sh", "stop", *postgres_folder_});
        }
        throw;
    }
}

Installation::~Installation()
{
    hub_.reset();
    simulator_.reset();
    if (postgres_folder_) {
        run({source_ / "tests/support/postgres.sh", "stop", *postgres_folder_});
    }
    // A run that could not even be judged is looked into as well.
    if (kept_ || std::uncaught_exceptions() != 0) {
        // Not behind the last line of the run, which is its verdict.
        std::cerr << "logs and store are in " << folder_.string() << "\n";
    } else {
        std::error_code ignored;
        fs::remove_all(folder_, ignored);
    }
}

void Installation::startPostgres()
{
    postgres_folder_ = makeFolder("chaos-pg-XXXXXX");
    fs::remove(*postgres_folder_); // the script makes it and removes only what it made
    demand(run({source_ / "tests/support/postgres.sh", "start", *postgres_folder_}),
           "tests/support/postgres.sh");
}

void Installation::prepare()
{
    const std::uint16_t seen = setup_.between ? setup_.between(simulator_port_) : simulator_port_;
    std::vector<std::string> command = {source_ / "config/demo/prepare.sh",
                                        build_,
                                        folder_,
                                        std::to_string(http_port_),
                                        std::to_string(https_port_),
                                        std::to_string(seen),
                                        "plugins.folder = " + (build_ / "lib-test").string(),
                                        "plugin_host.path = " + (folder_ / "plugin-host").string()};
    if (postgres_folder_) {
        command.emplace_back("store.backend = postgresql");
        command.push_back("store.postgres = host=" + postgres_folder_->string() +
                          " user=hub dbname=hub");
    }
    command.insert(command.end(), setup_.settings.begin(), setup_.settings.end());
    const fs::path configured = folder_ / "hub" / "plugins.d";
    fs::create_directories(configured);
    std::ofstream file(configured / "chaos_recorder.json");
    file << Json{{"library", "chaos_recorder"}, {"enabled", true}}.dump(2);
    file.close();
    prepareHosts();
    demand(run(command), "config/demo/prepare.sh");
    if (setup_.configure) {
        setup_.configure(folder_);
    }
    context_ = new Poco::Net::Context(Poco::Net::Context::TLS_CLIENT_USE,
                                      (folder_ / "simulator" / "ca.pem").string(),
                                      Poco::Net::Context::VERIFY_RELAXED);
}

/// What tests/chaos/host/plugin_host.sh finds beside it.
void Installation::prepareHosts()
{
    fs::create_directory(folder_ / "hosts");
    fs::create_directory(folder_ / "limits");
    fs::create_symlink(source_ / "tests/chaos/host/plugin_host.sh", folder_ / "plugin-host");
    fs::create_symlink(build_ / "bin/expohub-plugin-host", folder_ / "plugin-host.real");
    record_ = std::make_unique<RecordPipe>(folder_ / "record.fifo", recordFile());
}

void Installation::startSimulator()
{
    const std::string supervise = source_ / "config/demo/supervise.sh";
    const fs::path simulator = folder_ / "simulator";
    const fs::path output = folder_ / "log" / "simulator.out";
    simulator_ =
        std::make_unique<Background>(std::vector<std::string>{supervise,
                                                              folder_ / "simulator.pid",
                                                              build_ / "bin/expohub-simulator",
                                                              "serve",
                                                              "--folder",
                                                              simulator,
                                                              "--port",
                                                              std::to_string(simulator_port_),
                                                              "--trust",
                                                              simulator / "ca.pem"},
                                     output);
    const bool simulated = waitUntil(kStartLimit, [this] {
        return HttpsClient(this->simulator()).get("/control/clock").status == 200;
    });
    if (!simulated) {
        throw std::runtime_error("the simulator did not come up; see " + output.string());
    }
}

void Installation::restartSimulator()
{
    const auto before = childrenOf(simulator_->pid());
    for (const pid_t one : before) {
        ::kill(one, SIGKILL);
    }
    const bool back = waitUntil(kStartLimit, [&] {
        return std::none_of(before.begin(), before.end(), &isAlive) &&
               HttpsClient(this->simulator()).get("/control/clock").status == 200;
    });
    if (!back) {
        throw std::runtime_error("the simulator did not come up again; see " +
                                 (folder_ / "log" / "simulator.out").string());
    }
}

void Installation::launchHub()
{
    std::vector<std::string> command = {
        source_ / "config/demo/supervise.sh", folder_ / "hub.pid", "/usr/bin/env"};
    command.insert(command.end(), setup_.environment.begin(), setup_.environment.end());
    if (!options_.weakness.empty()) {
        command.push_back("HUB_WEAKNESS=" + options_.weakness);
    }
    for (const std::string& word : {(build_ / "bin/expohub").string(),
                                    std::string("--config"),
                                    (folder_ / "hub/hub.properties").string(),
                                    std::string("serve")}) {
        command.push_back(word);
    }
    hub_ = std::make_unique<Background>(command, folder_ / "log" / "hub.out");
}

void Installation::startHub()
{
    launchHub();
    waitUntil(kStartLimit, [this] { return isHealthy() || hub_->hasEnded(); });
    if (!isHealthy()) {
        throw std::runtime_error("the hub did not come up; see " +
                                 (folder_ / "log" / "hub.out").string());
    }
}

void Installation::setHubEnvironment(std::vector<std::string> environment)
{
    setup_.environment = std::move(environment);
}

void Installation::shiftHubClock(int seconds)
{
    const std::string preload = "LD_PRELOAD=";
    const std::string library = (build_ / "tests/hub_clock_shift.so").string();
    auto& environment = setup_.environment;
    const auto known = std::find_if(environment.begin(), environment.end(), [&](const auto& one) {
        return one.rfind(preload, 0) == 0;
    });
    if (known == environment.end()) {
        environment.push_back(preload + library);
    } else {
        *known += ":" + library;
    }
    environment.push_back("HUB_CLOCK_SHIFT_S=" + std::to_string(seconds));
}

void Installation::killHub()
{
    if (!hub_ || hub_->hasEnded()) {
        hub_.reset();
        return; // and never a signal to process -1, which is everybody
    }
    std::vector<pid_t> processes = {hub_->pid()}; // first the one that would start it again
    for (std::size_t i = 0; i < processes.size(); ++i) {
        ::kill(processes[i], i == 0 ? SIGSTOP : SIGKILL);
        const auto children = childrenOf(processes[i]);
        processes.insert(processes.end(), children.begin(), children.end());
    }
    ::kill(hub_->pid(), SIGKILL);
    hub_.reset();
    const bool gone = waitUntil(
        kStartLimit,
        [&] { return std::none_of(processes.begin(), processes.end(), &isAlive); },
        Milliseconds{5});
    if (!gone) {
        throw std::runtime_error("the hub does not die");
    }
}

void Installation::createApiKey()
{
    const Ended ended = command({"api-key",
                                 "create",
                                 "--holder",
                                 "chaos portal",
                                 "--scope",
                                 "payments:read",
                                 "--scope",
                                 "payments:write",
                                 "--scope",
                                 "payments:refund",
                                 "--json"});
    demand(ended, "expohub api-key create");
    const Json answer = Json::parse(ended.output, nullptr, false);
    for (const Json* place :
         {&answer, answer.is_object() && answer.contains("data") ? &answer.at("data") : &answer}) {
        if (place->is_object() && place->contains("token")) {
            token_ = place->at("token").get<std::string>();
        }
    }
    if (token_.empty()) {
        throw std::runtime_error("expohub api-key create printed no token: " + ended.output);
    }
}

/// What holds with less than the shipped sandbox would prove little.
void Installation::demandConfinement() const
{
    const bool confined = waitUntil(kStartLimit, [this] {
        const auto is_confined = [this](const std::string& one) {
            return isConfined(hostOf(one));
        };
        return is_confined("chaos_recorder") &&
               std::all_of(setup_.connectors.begin(), setup_.connectors.end(), is_confined);
    });
    if (!confined) {
        throw std::runtime_error("a library runs without its sandbox, or not at all; see " +
                                 (folder_ / "log" / "hub.log").string());
    }
}

Server Installation::hub() const
{
    return {https_port_, context_, token_};
}

Server Installation::simulator() const
{
    return {simulator_port_, context_, ""};
}

pid_t Installation::processOf(Victim victim) const
{
    const auto supervised = hub_ ? childrenOf(hub_->pid()) : std::vector<pid_t>{};
    if (supervised.empty() || victim == Victim::Hub) {
        return supervised.empty() ? 0 : supervised.front();
    }
    return hostOf(victim == Victim::Connector ? "payment_alipay" : "chaos_recorder");
}

pid_t Installation::hostOf(const std::string& library) const
{
    const auto supervised = hub_ ? childrenOf(hub_->pid()) : std::vector<pid_t>{};
    pid_t noted = 0;
    std::ifstream(folder_ / "hosts" / library) >> noted;
    const auto hosts = supervised.empty() ? std::vector<pid_t>{} : childrenOf(supervised.front());
    return std::find(hosts.begin(), hosts.end(), noted) == hosts.end() ? 0 : noted;
}

bool Installation::isHealthy() const
{
    return HttpsClient(hub()).get("/healthz").status == 200;
}

Ended Installation::command(const std::vector<std::string>& arguments) const
{
    std::vector<std::string> whole = {
        build_ / "bin/expohub", "--config", folder_ / "hub/hub.properties"};
    whole.insert(whole.end(), arguments.begin(), arguments.end());
    return run(whole);
}

} // namespace chaos
