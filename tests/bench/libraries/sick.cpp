// A connector that is sick on whatever it is given: bench_hanging never returns, bench_crashing
// ends its process.

#include <hub/connector.hpp>

#include <csignal>
#include <future>
#include <string_view>

namespace {

class Sick final : public hub::Connector {
public:
    Sick(hub::Host host, std::string_view)
        : hub::Connector(host)
    {}

    void handle(const hub::Event&, hub::Reply) override
    {
        if (std::string_view(BENCH_NAME) == "bench_crashing") {
            std::raise(SIGSEGV);
        }
        std::promise<void> never;
        never.get_future().wait(); // costs nothing: who spins is another sickness
    }
};

} // namespace

HUB_CONNECTOR(Sick, BENCH_NAME, "1.0.0")
