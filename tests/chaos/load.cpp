#include "load.hpp"

#include <stdexcept>

namespace chaos {

namespace {

/// Before the first customer comes.
Server scripted(const Server& simulator, std::uint64_t seed)
{
    if (HttpsClient(simulator).post("/control/faults", scriptedFaults(seed)).status != 200) {
        throw std::runtime_error("the simulator does not take the scripted faults");
    }
    return simulator;
}

} // namespace

Json scriptedFaults(std::uint64_t seed)
{
    static constexpr int kLateMs = 250;
    const auto rule = [](const char* fault, const char* by, const char* value, double chance) {
        return Json{{"fault", fault},
                    {"ms", kLateMs},
                    {"match", {{by, value}, {"times", 0}, {"chance", chance}}}};
    };
    Json rules = Json::array({rule("notify_none", "event", "TRADE_SUCCESS", 0.08),
                              rule("notify_duplicate", "event", "TRADE_SUCCESS", 0.08),
                              rule("notify_parallel", "event", "TRADE_SUCCESS", 0.05),
                              rule("drop_after_booking", "method", "alipay.trade.precreate", 0.04),
                              rule("drop_before_booking", "method", "alipay.trade.precreate", 0.03),
                              rule("delay", "method", "alipay.trade.precreate", 0.20),
                              rule("drop_after_booking", "method", "alipay.trade.refund", 0.08),
                              rule("delay", "method", "alipay.trade.refund", 0.40)});
    return {{"seed", seed}, {"rules", std::move(rules)}};
}

Load::Load(const Installation& installation, Memory& memory, std::uint64_t seed)
    : memory_(memory)
    , portal_(installation.hub(), scripted(installation.simulator(), seed), memory, seed)
{}

std::int64_t Load::await(std::int64_t acknowledged, Milliseconds limit) const
{
    const std::int64_t before = memory_.exposure().acknowledged;
    waitUntil(limit, [&] { return memory_.exposure().acknowledged >= before + acknowledged; });
    return memory_.exposure().acknowledged - before;
}

} // namespace chaos
