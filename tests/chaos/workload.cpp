#include "workload.hpp"

#include <array>
#include <stdexcept>

namespace chaos {

extern const WorkloadKind kPaymentsWorkload;
extern const WorkloadKind kRegistrationWorkload;

std::int64_t Workload::await(std::int64_t more, Milliseconds limit) const
{
    const std::int64_t before = acknowledged();
    waitUntil(limit, [&] { return acknowledged() >= before + more; });
    return acknowledged() - before;
}

const WorkloadKind& findWorkload(const std::string& name)
{
    std::string known;
    for (const WorkloadKind* kind : std::array{&kPaymentsWorkload, &kRegistrationWorkload}) {
        if (name == kind->name) {
            return *kind;
        }
        known += std::string("\n    ") + kind->name + ": " + kind->what;
    }
    throw std::invalid_argument("--load is \"" + name + "\"; known are" + known);
}

} // namespace chaos
