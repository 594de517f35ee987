// LibraryRecords: what the store keeps about each library: the operator's switch and the
// configurations it ran with. From any thread but the lane's.
#pragma once

#include "base/json.hpp"
#include "journal/lane.hpp"

#include <cstdint>
#include <string>

namespace hub::app {

class LibraryRecords {
public:
    explicit LibraryRecords(journal::Lane& lane)
        : lane_(lane)
    {}

    /// "enabled", "disabled", or empty when no operator has decided.
    std::string wanted(const std::string& library);
    void want(const std::string& library, const std::string& wanted, const std::string& actor);
    /// Counts from 1. The configuration that was in force last keeps its number, another one gets
    /// the next, even one of old: numbers tell the order.
    std::int64_t configurationVersion(const std::string& library, const base::Json& configuration);

private:
    journal::Lane& lane_;
};

} // namespace hub::app
