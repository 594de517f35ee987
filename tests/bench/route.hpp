// Route: events from a publisher's process through the durable journal to subscribers' processes.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace bench {

struct Scenario {
    std::string name;
    int subscribers = 1;
    int window = 1000; // unconfirmed at a time
    int count = 0;     // events of one run
};

/// Runs it `runs` times; the median with the run's limit, as one JSON object.
nlohmann::json measureRoute(const std::filesystem::path& build, const Scenario& scenario, int runs);

const std::vector<Scenario>& routeScenarios();

} // namespace bench
