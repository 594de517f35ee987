#include "figure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

namespace bench {

void judge(nlohmann::json& line, double value, double limit, Mark mark)
{
    const double ratio = value / limit;
    line["value"] = value;
    line["limit"] = limit;
    line["ratio"] = ratio;
    if (mark.rule == Mark::Rule::None) {
        line["verdict"] = "for information";
        return;
    }
    const bool at_least = mark.rule == Mark::Rule::AtLeast;
    line["wanted"] = fmt::format("{} {}", at_least ? ">=" : "<=", mark.bound);
    line["verdict"] = (at_least ? ratio >= mark.bound : ratio <= mark.bound) ? "ok" : "missed";
}

double median(std::vector<double> values)
{
    return percentile(std::move(values), 0.5);
}

double percentile(std::vector<double> values, double share)
{
    if (values.empty()) {
        throw std::invalid_argument("no value was measured");
    }
    std::sort(values.begin(), values.end());
    const double rank = std::ceil(share * static_cast<double>(values.size()));
    return values[static_cast<std::size_t>(std::max(1.0, rank)) - 1];
}

} // namespace bench
