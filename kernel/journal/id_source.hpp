// IdSource: where the journal's new ids come from. The system's generator, unless a simulation
// draws them from its seed.
#pragma once

#include <cstdint>
#include <string>

namespace hub::journal {

/// Belongs to the lane's thread.
class IdSource {
public:
    virtual ~IdSource() = default;
    /// A UUIDv7 in text form that was never given out before.
    virtual std::string make(std::int64_t unix_ms) = 0;

    static IdSource& system();
};

} // namespace hub::journal
