// Writes one line "seq id type key" per event to a descriptor that its process was born with and
// answers only then: the other end is a process that no fault touches. So what was answered can't
// be forgotten by any kill, what is repeated shows as a second line, and the sandbox stays whole.

#include <hub/connector.hpp>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>
#include <sys/stat.h>
#include <unistd.h>

namespace chaos_recorder {
namespace {

using Json = nlohmann::json;

constexpr int kRecord = 9; ///< as tests/chaos/host/plugin_host.sh opens it

class Recorder : public hub::Subscriber {
public:
    Recorder(hub::Host host, std::string_view create_json)
        : hub::Subscriber(host)
        , refuse_first_percent_(
              Json::parse(create_json).at("config").value("refuse_first_percent", 0))
    {
        struct stat status = {};
        if (::fstat(kRecord, &status) != 0 || !S_ISFIFO(status.st_mode)) {
            throw std::runtime_error("descriptor 9 is no pipe; start the hub with plugin_host.path "
                                     "= tests/chaos/host/plugin_host.sh, as expohub-chaos does");
        }
    }

    void handle(const hub::Event& event, hub::Reply reply) override
    {
        // Whatever follows it under its key has to wait for it then.
        if (event.attempt() == 1 && event.seq() % 100 < refuse_first_percent_) {
            reply.send(HUB_UNAVAILABLE, "not the first time");
            return;
        }
        const std::string line = std::to_string(event.seq()) + ' ' + std::string{event.id()} + ' ' +
                                 std::string{event.type()} + ' ' + std::string{event.key()} + '\n';
        // One write to a pipe, shorter than PIPE_BUF: lines of several threads don't mix, and a
        // kill leaves all or nothing of one.
        if (::write(kRecord, line.data(), line.size()) != static_cast<ssize_t>(line.size())) {
            reply.send(HUB_UNAVAILABLE, std::string("the record: ") + std::strerror(errno));
            return;
        }
        reply.send(HUB_OK);
    }

private:
    int refuse_first_percent_;
};

} // namespace
} // namespace chaos_recorder

HUB_SUBSCRIBER(chaos_recorder::Recorder, "chaos_recorder", "1.0.0")
