// A partner's subscriber: an event whose order_ref names a failure meets it, unless an operator
// replays it. All others are taken at once.

#include <hub/connector.hpp>

#include <csignal>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>
#include <poll.h>
#include <unistd.h>

namespace chaos_patient {
namespace {

using Json = nlohmann::json;

constexpr int kSlowMs = 200;
constexpr std::size_t kLeakBytes = std::size_t{1} << 20U;

class Patient : public hub::Subscriber {
public:
    Patient(hub::Host host, std::string_view)
        : hub::Subscriber(host)
    {}

    void handle(const hub::Event& event, hub::Reply reply) override
    {
        const std::string order = Json::parse(event.payload()).value("order_ref", "");
        const auto wants = [&](const char* word) {
            return order.find(word) != std::string::npos && !event.isReplay();
        };
        if (wants("-crash-")) {
            std::raise(SIGSEGV);
        }
        if (wants("-abort-")) {
            std::abort();
        }
        if (wants("-throw-")) {
            throw std::runtime_error("the patient throws");
        }
        if (wants("-refuse-")) {
            reply.send(HUB_REJECTED, "the patient refuses");
            return;
        }
        if (wants("-hang-")) {
            for (;;) {
                ::pause();
            }
        }
        if (wants("-leak-")) {
            leak();
        }
        if (wants("-slow-")) {
            ::poll(nullptr, 0, kSlowMs);
        }
        reply.send(HUB_OK);
    }

private:
    /// Until there is none: what was kept of earlier events is never given back.
    void leak()
    {
        for (;;) {
            kept_.push_back(std::make_unique<char[]>(kLeakBytes));
        }
    }

    std::vector<std::unique_ptr<char[]>> kept_;
};

} // namespace
} // namespace chaos_patient

HUB_SUBSCRIBER(chaos_patient::Patient, "chaos_patient", "1.0.0")
