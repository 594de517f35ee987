// Figure: what one run measures. A line is one JSON object with at least
//   name, value, unit, limit, limit_name, ratio (value / limit), wanted, verdict, runs.
// A figure throws when what it measured was not done correctly: a fast hub that loses is no hub.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace bench {

/// What the command line says. Whatever is shorter than these defaults is for development only, and
/// the lines say so by their members runs, seconds, payments and rows_at_start.
struct Options {
    std::filesystem::path build = ".build/release";
    int runs = 5;          // measured rounds; the median is reported
    double seconds = 30;   // of each round, after the warm-up
    double minutes = 60;   // of memory.wal
    int rows = 1'000'000;  // finished journal rows at the start
    int payments = 20'000; // of a burst
    bool strict = false;   // a missed mark is a failure
};

using Lines = std::vector<nlohmann::json>;

struct Figure {
    std::string name; // "group.figure": selected by itself and by each of its prefixes up to a dot
    std::function<Lines(const Options&)> measure;
};

/// What the ratio must be. Without a mark the line is for information.
struct Mark {
    enum class Rule { AtLeast, AtMost, None };
    Rule rule = Rule::None;
    double bound = 0;
};

/// Writes value, limit, ratio, wanted and verdict ("ok", "missed", "for information").
void judge(nlohmann::json& line, double value, double limit, Mark mark);

/// Throws std::invalid_argument for none.
double median(std::vector<double> values);
/// The value that `share` (0.5, 0.99) of all are not above. Throws std::invalid_argument for none.
double percentile(std::vector<double> values, double share);

} // namespace bench
