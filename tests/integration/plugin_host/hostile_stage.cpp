#include "integration/plugin_host/hostile_stage.hpp"

#include <Poco/TemporaryFile.h>

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

#include <sys/stat.h>

namespace hub::test {

namespace fs = std::filesystem;

namespace {

fs::path makeFolder(mode_t mode)
{
    const fs::path folder = Poco::TemporaryFile::tempName();
    fs::create_directory(folder);
    ::chmod(folder.c_str(), mode);
    return folder;
}

} // namespace

std::string readWhole(const fs::path& file)
{
    std::ifstream stream(file);
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

std::vector<std::string> statusOfThreads(pid_t process, const std::string& member)
{
    std::vector<std::string> values;
    for (const auto& task : fs::directory_iterator("/proc/" + std::to_string(process) + "/task")) {
        std::istringstream lines(readWhole(task.path() / "status"));
        for (std::string line; std::getline(lines, line);) {
            if (line.starts_with(member + ":")) {
                const std::size_t value = line.find_first_not_of(" \t", member.size() + 1);
                values.push_back(value == std::string::npos ? "" : line.substr(value));
            }
        }
    }
    return values;
}

HostileStage::HostileStage()
    : folder_(makeFolder(0700))
    , open_folder_(makeFolder(0777))
{
    fs::copy(fs::path(HUB_HOST_HOSTILE).parent_path(), package(), fs::copy_options::recursive);
    ::chmod(package().c_str(), 0777);
    bus::RouterSettings router;
    router.endpoint = "ipc://" + endpointPath();
    router.heartbeat_ms = 200;
    router.heartbeats_missed_max = 50;
    router_ = std::make_unique<bus::Router>(context_, router, hub_);
    router_->start();
    settings_.host_program = HUB_HOST_PROGRAM;
    settings_.sandbox = "without_both";
    settings_.restart = {10, 100, 5};
}

HostileStage::~HostileStage()
{
    router_->stop();
    hostile_.reset();
    sibling_.reset();
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
    fs::remove_all(open_folder_, ignored);
}

std::unique_ptr<plugin::HostProcess> HostileStage::run(const fs::path& library,
                                                       const std::string& id)
{
    settings_.library = id;
    settings_.library_path = library;
    settings_.manifest_path = library.parent_path() / "manifest.json";
    hub_.next_welcome = {readWhole(settings_.manifest_path), R"({"config":{},"accounts":{}})", 8};
    auto process = std::make_unique<plugin::HostProcess>(settings_, *router_, clock_, hub_);
    process->start();
    return process;
}

void HostileStage::start()
{
    sibling_ = run(HUB_HOST_FIXTURE, "host_fixture");
    if (!hub_.waitForCount("ready", 1)) {
        throw std::runtime_error("the sibling did not come up:" + hub_.all());
    }
    const std::string line = hub_.waitFor("state running: process ");
    sibling_pid_ = std::stoi(line.substr(line.rfind(' ')));
    startWith(HUB_HOST_PROGRAM, "without_both");
}

void HostileStage::startWith(const std::string& program, const std::string& sandbox)
{
    const int ready = hub_.seen("ready");
    settings_.host_program = program;
    settings_.sandbox = sandbox;
    hostile_ = run(package() / fs::path(HUB_HOST_HOSTILE).filename(), "hub_test_hostile");
    if (!hub_.waitForCount("ready", ready + 1)) {
        throw std::runtime_error("the hostile library did not come up:" + hub_.all());
    }
    const std::string all = hub_.all();
    const std::string mark = "state running: process ";
    hostile_pid_ = std::stoi(all.substr(all.rfind(mark) + mark.size()));
}

std::string HostileStage::startRefused(const std::string& program, const std::string& sandbox)
{
    settings_.host_program = program;
    settings_.sandbox = sandbox;
    hostile_ = run(package() / fs::path(HUB_HOST_HOSTILE).filename(), "hub_test_hostile");
    return hub_.waitFor("state faulted");
}

std::string HostileStage::attempt(const std::string& order)
{
    journal::CallDelivery delivery;
    delivery.id = ++last_call_;
    delivery.delivery = 1;
    delivery.contract = "payment";
    delivery.operation = "try";
    delivery.payload = order;
    if (!router_->send(hub_.host(), delivery)) {
        throw std::runtime_error("the hostile library is gone:" + hub_.all());
    }
    const std::string start = "answered " + std::to_string(last_call_) + "/1 2 ";
    const std::string answer = hub_.waitFor(start);
    if (answer.empty()) {
        throw std::runtime_error("no answer to \"" + order + "\":" + hub_.all());
    }
    const std::string result = answer.substr(start.size());
    return result.substr(0, result.find_last_not_of(' ') + 1);
}

std::string HostileStage::summary()
{
    return hub_.waitFor("log 2 confined as");
}

} // namespace hub::test
