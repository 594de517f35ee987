#include "switches.hpp"

#include "base/failpoint.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <unistd.h>

namespace chaos {

namespace fs = std::filesystem;

namespace {

using hub::base::FailpointCount;

constexpr auto kSteps = static_cast<std::size_t>(hub::base::Failpoint::Count);

std::vector<FailpointCount> read(const fs::path& file)
{
    std::vector<FailpointCount> counts(kSteps);
    std::ifstream stream(file, std::ios::binary);
    stream.read(reinterpret_cast<char*>(counts.data()), // NOLINT
                static_cast<std::streamsize>(kSteps * sizeof(FailpointCount)));
    return counts; // zeros as long as nobody has counted
}

} // namespace

const std::vector<Step>& allSteps()
{
    static const std::vector<Step> kAll = [] {
        std::vector<Step> steps = {
#define CHAOS_STEP(enumerator, name, what) {name, what, 0},
            HUB_ALL_FAILPOINTS(CHAOS_STEP)
#undef CHAOS_STEP
        };
        for (std::size_t i = 0; i < steps.size(); ++i) {
            steps[i].place = i;
        }
        return steps;
    }();
    return kAll;
}

std::vector<const Step*> stepsOf(const std::string& names)
{
    std::vector<const Step*> chosen;
    std::string known;
    for (const Step& step : allSteps()) {
        known += std::string("\n    ") + step.name + ": " + step.what;
        if (names.empty()) {
            chosen.push_back(&step);
        }
    }
    std::istringstream list(names);
    for (std::string name; std::getline(list, name, ',');) {
        const auto found = std::find_if(allSteps().begin(),
                                        allSteps().end(),
                                        [&](const Step& step) { return name == step.name; });
        if (found == allSteps().end()) {
            throw std::invalid_argument("--steps has \"" + name + "\"; known are" + known);
        }
        chosen.push_back(&*found);
    }
    return chosen;
}

void demandSwitches(const fs::path& build)
{
    std::ifstream cache(build / "CMakeCache.txt");
    bool switched = false;
    for (std::string line; std::getline(cache, line);) {
        switched = switched || line == "HUB_CHAOS:BOOL=ON";
    }
    if (!switched || !fs::exists(build / "bin/expohub")) {
        throw std::invalid_argument(
            build.string() + " is no build of preset chaos, which alone has failpoints and "
                             "weaknesses; make it: HUB_PRESET=chaos ./hub build chaos_parts");
    }
}

Counts::Counts(std::uint64_t seed)
    : file_(fs::temp_directory_path() /
            ("expohub-failpoints-" + std::to_string(::getpid()) + "-" + std::to_string(seed)))
{
    fs::remove(file_);
}

Counts::~Counts()
{
    std::error_code ignored;
    fs::remove(file_, ignored);
}

std::vector<std::uint64_t> Counts::reached() const
{
    std::vector<std::uint64_t> numbers;
    for (const FailpointCount& count : read(file_)) {
        numbers.push_back(count.reached);
    }
    return numbers;
}

std::vector<std::uint64_t> Counts::died() const
{
    std::vector<std::uint64_t> numbers;
    for (const FailpointCount& count : read(file_)) {
        numbers.push_back(count.died);
    }
    return numbers;
}

} // namespace chaos
