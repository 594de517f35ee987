#include "fault.hpp"

#include <stdexcept>

namespace chaos {

extern const Fault kKillFault;
extern const Fault kPowerCutFault;
extern const Fault kFailpointsFault;
extern const Fault kCallbacksFault;
extern const Fault kRacesFault;
extern const Fault kProviderFault;
extern const Fault kHttpFault;
extern const Fault kStoreFault;
extern const Fault kPluginFault;
extern const Fault kMemoryFault;
extern const Fault kQuotasFault;

const std::vector<const Fault*>& faults()
{
    static const std::vector<const Fault*> kAll = {
        &kKillFault,
        &kPowerCutFault,
        &kFailpointsFault,
        &kCallbacksFault,
        &kRacesFault,
        &kProviderFault,
        &kHttpFault,
        &kStoreFault,
        &kPluginFault,
        &kMemoryFault,
        &kQuotasFault,
    };
    return kAll;
}

const Fault& findFault(const std::string& name)
{
    std::string known;
    for (const Fault* fault : faults()) {
        if (fault->name == name) {
            return *fault;
        }
        known += std::string("\n    ") + fault->name + ": " + fault->what;
    }
    throw std::invalid_argument("--fault is \"" + name + "\"; known are all-short and" + known);
}

} // namespace chaos
