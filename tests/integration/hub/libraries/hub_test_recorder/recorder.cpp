// Writes one line "seq number key" per event; at one number it crashes, until a file says that it
// was repaired.
#include <hub/connector.hpp>

#include <csignal>
#include <stdexcept>
#include <string>
#include <string_view>

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace {

using Json = nlohmann::json;

class Recorder final : public hub::Subscriber {
public:
    Recorder(hub::Host host, std::string_view create_json)
        : hub::Subscriber(host)
    {
        const Json config = Json::parse(create_json).at("config");
        const std::string file = config.at("file").get<std::string>();
        crash_at_ = config.value("crash_at", 0);
        repaired_file_ = config.value("repaired_file", "");
        descriptor_ = ::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
        if (descriptor_ < 0) {
            throw std::runtime_error(file + " can't be written; name another");
        }
    }
    ~Recorder() override { ::close(descriptor_); }

    void handle(const hub::Event& event, hub::Reply reply) override
    {
        const int n = Json::parse(event.payload()).at("n").get<int>();
        if (n == crash_at_ && ::access(repaired_file_.c_str(), F_OK) != 0) {
            std::raise(SIGKILL);
        }
        const std::string line = std::to_string(event.seq()) + ' ' + std::to_string(n) + ' ' +
                                 std::string{event.key()} + '\n';
        const bool written =
            ::write(descriptor_, line.data(), line.size()) == static_cast<ssize_t>(line.size());
        reply.send(written ? HUB_OK : HUB_UNAVAILABLE);
    }

private:
    int crash_at_ = 0;
    std::string repaired_file_;
    int descriptor_ = -1;
};

} // namespace

HUB_SUBSCRIBER(Recorder, "hub_test_recorder", "1.0.0")
