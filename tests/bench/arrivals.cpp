#include "arrivals.hpp"

#include <algorithm>
#include <stdexcept>

namespace bench {

Arrivals::Arrivals(const std::vector<double>& per_second)
{
    for (const double rate : per_second) {
        if (!(rate > 0)) {
            throw std::invalid_argument("a stream of an open load needs a rate above 0");
        }
        const double place =
            static_cast<double>(streams_.size()) / static_cast<double>(per_second.size());
        streams_.push_back({1 / rate, place / rate, 0});
    }
}

Arrival Arrivals::next()
{
    const auto first = std::min_element(
        streams_.begin(), streams_.end(), [](const Stream& one, const Stream& other) {
            return one.due() < other.due();
        });
    const Arrival arrival{
        first->due(), static_cast<std::size_t>(first - streams_.begin()), first->sent};
    ++first->sent;
    return arrival;
}

} // namespace bench
