#include "integration/plugin_host/hub_side.hpp"

#include <chrono>
#include <utility>

namespace hub::test {

namespace {

constexpr std::chrono::seconds kPatience(30);

} // namespace

std::string HubSide::waitFor(const std::string& start)
{
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, kPatience, [&] { return find(start) != nullptr; });
    const std::string* line = find(start);
    return line == nullptr ? "" : *line;
}

bool HubSide::waitForCount(const std::string& start, int expected)
{
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kPatience, [&] { return count(start) >= expected; });
}

int HubSide::seen(const std::string& start)
{
    const std::lock_guard lock(mutex_);
    return count(start);
}

std::string HubSide::all()
{
    const std::lock_guard lock(mutex_);
    std::string text = "\n";
    for (const std::string& line : lines_) {
        text += line + "\n";
    }
    return text;
}

bus::ServiceFrame HubSide::waitForService(const std::string& operation)
{
    std::unique_lock lock(mutex_);
    const auto isIt = [&] {
        return !services_.empty() && services_.front().operation == operation;
    };
    if (!changed_.wait_for(lock, kPatience, isIt)) {
        return {};
    }
    bus::ServiceFrame frame = std::move(services_.front());
    services_.pop_front();
    return frame;
}

bus::HostId HubSide::host()
{
    const std::lock_guard lock(mutex_);
    return host_;
}

void HubSide::hostReady(const bus::HostId& host)
{
    {
        const std::lock_guard lock(mutex_);
        host_ = host;
    }
    note("ready");
}

void HubSide::hostLost(const bus::HostId& host, const std::string& reason)
{
    note("lost " + reason);
    if (process != nullptr) {
        process->hostLost(host, reason);
    }
}

void HubSide::credit(const bus::HostId&, std::uint32_t count)
{
    note("credit " + std::to_string(count));
}

void HubSide::answered(const bus::HostId&, journal::CallAnswer answer)
{
    note("answered " + std::to_string(answer.id) + "/" + std::to_string(answer.delivery) + " " +
         std::to_string(answer.status) + " " + answer.message + " " + answer.payload);
}

void HubSide::acknowledged(const bus::HostId&, journal::Acknowledgement ack)
{
    note("ack " + std::to_string(ack.seq) + " " + std::to_string(ack.status) + " " + ack.message);
}

void HubSide::published(const bus::HostId&, bus::PublishFrame frame)
{
    const journal::Publication& what = frame.publication;
    note("published " + std::to_string(frame.token) + " " + what.type + " " + what.key + " " +
         what.edition + " " + what.correlation + " " + what.publisher);
}

void HubSide::service(const bus::HostId&, bus::ServiceFrame frame)
{
    const std::string line = "service " + frame.extension + " " + frame.operation;
    {
        const std::lock_guard lock(mutex_);
        services_.push_back(std::move(frame));
    }
    note(line);
}

void HubSide::logged(const bus::HostId&, int level, const std::string& message)
{
    note("log " + std::to_string(level) + " " + message);
}

bus::Welcome HubSide::welcome(const bus::HostId&)
{
    return next_welcome;
}

void HubSide::hostOutput(const std::string&, std::string_view line)
{
    note("output " + std::string(line));
}

void HubSide::hostChanged(const std::string&,
                          plugin::HostProcessState state,
                          const std::string& reason)
{
    static const char* const kNames[] = {
        "stopped", "running", "backing off", "stopping", "faulted"};
    note(std::string("state ") + kNames[static_cast<int>(state)] + ": " + reason);
}

void HubSide::note(std::string line)
{
    const std::lock_guard held(hold);
    {
        const std::lock_guard lock(mutex_);
        lines_.push_back(std::move(line));
    }
    changed_.notify_all();
}

int HubSide::count(const std::string& start) const
{
    int found = 0;
    for (const std::string& line : lines_) {
        found += line.starts_with(start) ? 1 : 0;
    }
    return found;
}

const std::string* HubSide::find(const std::string& start) const
{
    for (const std::string& line : lines_) {
        if (line.starts_with(start)) {
            return &line;
        }
    }
    return nullptr;
}

} // namespace hub::test
