// Arrivals: when the requests of an open load are due. Streams of constant rates, one beside the
// other; what the hub does with them changes nothing about when the next one comes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace bench {

struct Arrival {
    double due_s = 0; // from the beginning
    std::size_t stream = 0;
    std::uint64_t number = 0; // of its stream
};

class Arrivals {
public:
    /// Each stream begins at a place of its own within its first interval, so that they don't come
    /// in step. Throws std::invalid_argument for a rate that is not above 0.
    explicit Arrivals(const std::vector<double>& per_second);

    /// The next one in time; of two at once, that of the earlier stream.
    Arrival next();

private:
    struct Stream {
        double interval_s = 0;
        double first_s = 0;
        std::uint64_t sent = 0;

        double due() const { return first_s + interval_s * static_cast<double>(sent); }
    };
    std::vector<Stream> streams_;
};

} // namespace bench
