// What a build of preset chaos can be switched to (kernel/base/failpoint.hpp).
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace chaos {

struct Step {
    const char* name;
    const char* what;
    std::size_t place; ///< in the file of counts
};

const std::vector<Step>& allSteps();
/// Those named, with commas; empty: all. Throws std::invalid_argument that lists the known ones.
std::vector<const Step*> stepsOf(const std::string& names);

/// Throws std::invalid_argument that says how to make one when `build` has no switches.
void demandSwitches(const std::filesystem::path& build);

/// The file that the hub counts in; goes with this object.
class Counts {
public:
    explicit Counts(std::uint64_t seed);
    ~Counts();
    Counts(const Counts&) = delete;
    Counts& operator=(const Counts&) = delete;

    const std::filesystem::path& file() const noexcept { return file_; }
    /// By the place of the step, over all processes so far.
    std::vector<std::uint64_t> reached() const;
    std::vector<std::uint64_t> died() const;

private:
    std::filesystem::path file_;
};

} // namespace chaos
