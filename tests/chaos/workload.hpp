// What keeps a hub busy while a fault breaks it, and what is known of it afterwards: --load.
#pragma once

#include "installation.hpp"
#include "verdict.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace chaos {

/// How much a run must have gone through when its load is payments; another load owes what is worth
/// as much.
struct Due {
    std::int64_t acknowledged = 0;
    std::int64_t charges = 0;
};

class Workload {
public:
    Workload() = default;
    virtual ~Workload() = default;
    Workload(const Workload&) = delete;
    Workload& operator=(const Workload&) = delete;

    /// Requests that were answered with a promise, so far.
    virtual std::int64_t acknowledged() const = 0;
    /// The hub will not come back: nobody shall wait for an answer any more.
    virtual void giveUpHope() = 0;
    /// Returns when everybody has finished what was begun.
    virtual void stop() = 0;
    /// After stop(): judges, with what the fault itself has found out; prints the last line. False
    /// when something did not hold.
    virtual bool conclude(Proof proof, const Due& due) = 0;

    /// Waits until so many more requests were acknowledged; says how many there were.
    std::int64_t await(std::int64_t more, Milliseconds limit) const;
};

struct WorkloadKind {
    const char* name;
    const char* what;
    /// Throws std::invalid_argument when the options don't suit it.
    Setup (*setup)(const Options& options);
    /// Begins at once.
    std::unique_ptr<Workload> (*start)(Installation& installation);
};

/// Throws std::invalid_argument with what there is.
const WorkloadKind& findWorkload(const std::string& name);

} // namespace chaos
