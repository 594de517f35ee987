// Writes one line "seq id type key" per event and answers only when the line is on the disk: what
// was answered can't be forgotten by any kill, and what is repeated shows as a second line.

#include <hub/connector.hpp>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace chaos_recorder {
namespace {

using Json = nlohmann::json;

class Recorder : public hub::Subscriber {
public:
    Recorder(hub::Host host, std::string_view create_json)
        : hub::Subscriber(host)
        , file_(Json::parse(create_json).at("config").at("folder").get<std::string>() +
                "/events.log")
        , refuse_first_percent_(
              Json::parse(create_json).at("config").value("refuse_first_percent", 0))
        , descriptor_(::open(file_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600))
    {
        if (descriptor_ < 0) {
            throw std::runtime_error(file_ + ": " + std::strerror(errno) +
                                     "; name a folder that the hub may write to");
        }
    }
    ~Recorder() override { ::close(descriptor_); }

    void handle(const hub::Event& event, hub::Reply reply) override
    {
        // Whatever follows it under its key has to wait for it then.
        if (event.attempt() == 1 && event.seq() % 100 < refuse_first_percent_) {
            reply.send(HUB_UNAVAILABLE, "not the first time");
            return;
        }
        const std::string line = std::to_string(event.seq()) + ' ' + std::string{event.id()} + ' ' +
                                 std::string{event.type()} + ' ' + std::string{event.key()} + '\n';
        // One write with O_APPEND: lines of several threads don't mix, and a kill leaves all or
        // nothing of one.
        const ssize_t written = ::write(descriptor_, line.data(), line.size());
        if (written != static_cast<ssize_t>(line.size()) || ::fdatasync(descriptor_) != 0) {
            reply.send(HUB_UNAVAILABLE, file_ + ": " + std::strerror(errno));
            return;
        }
        reply.send(HUB_OK);
    }

private:
    std::string file_;
    int refuse_first_percent_;
    int descriptor_;
};

} // namespace
} // namespace chaos_recorder

HUB_SUBSCRIBER(chaos_recorder::Recorder, "chaos_recorder", "1.0.0")
