// Golden cases of a connector: every JSON file of a folder is one case, in which the test fills in
// anew what leaves and what is understood. HUB_UPDATE_GOLDEN=1 writes the files instead.
#pragma once

#include "unit/connectors/support/files.hpp"

#include <hub/host.hpp>

#include <cppunit/TestAssert.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace connector_test {

using OrderedJson = nlohmann::ordered_json;

inline std::string nameOf(hub_status status)
{
    switch (status) {
    case HUB_OK:
        return "OK";
    case HUB_REJECTED:
        return "REJECTED";
    case HUB_UNAUTHENTICATED:
        return "UNAUTHENTICATED";
    case HUB_THROTTLED:
        return "THROTTLED";
    case HUB_OUTCOME_UNKNOWN:
        return "OUTCOME_UNKNOWN";
    case HUB_PENDING:
        return "PENDING";
    default:
        return std::to_string(status);
    }
}

/// Status by name, then message and payload where there are any.
inline OrderedJson describe(const hub::Answer& answer)
{
    OrderedJson described{{"status", nameOf(answer.status)}};
    if (!answer.message.empty()) {
        described["message"] = answer.message;
    }
    if (!answer.payload.empty()) {
        described["payload"] = OrderedJson::parse(answer.payload);
    }
    return described;
}

/// `run` fills in what came of a case; a folder of fewer than `count_min` cases is not believed.
inline void expectAsWritten(const std::filesystem::path& folder,
                            std::size_t count_min,
                            const std::function<void(OrderedJson&)>& run)
{
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() == ".json") {
            paths.push_back(entry.path());
        }
    }
    std::sort(paths.begin(), paths.end());
    CPPUNIT_ASSERT(paths.size() >= count_min);
    for (const auto& path : paths) {
        const std::string text = readFile(path);
        OrderedJson golden = OrderedJson::parse(text);
        run(golden);
        const std::string actual = golden.dump(2) + "\n";
        // NOLINTNEXTLINE(concurrency-mt-unsafe): a test of one thread.
        if (std::getenv("HUB_UPDATE_GOLDEN") != nullptr) {
            std::ofstream{path, std::ios::binary} << actual;
        } else {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(path.filename().string(), text, actual);
        }
    }
}

} // namespace connector_test
