// What the suite is told: the library, its manifest, its conformance.json, and the contracts that
// the manifest names.
#pragma once

#include "json.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace hub::conformance {

struct Options {
    std::filesystem::path library;
    std::filesystem::path manifest;    // default: manifest.json beside the library
    std::filesystem::path description; // default: conformance.json beside the manifest
    std::filesystem::path host;        // these three: as the SDK installs them, beside this program
    std::filesystem::path simulator;
    bool is_simulator_named = false; // by --simulator
    std::filesystem::path contracts;
    std::filesystem::path report;
    std::string rule;
    std::string sandbox = "full"; // what the host may lack, as HUB_HOST_SANDBOX takes it
    std::string uid;              // whom the host becomes when root runs the suite
    bool only_list = false;
};

/// Throws std::invalid_argument with a sentence.
Options readOptions(const std::vector<std::string>& arguments);
std::string usage();

/// One contract that the library implements.
struct Contract {
    std::string name;
    int version = 0;
    std::vector<std::string> operations;
    std::vector<std::string> products;
    Json document;      // sdk/contracts/<name>.json
    std::string digest; // its SHA-256 in hex

    bool has(const std::string& operation) const;
    /// Changes nothing at the provider.
    bool isSafe(const std::string& operation) const;
    bool isInbound(const std::string& operation) const;
};

struct Description {
    Options options;
    Json manifest;
    Json text; // conformance.json; an empty object when there is none
    std::string digest;
    std::vector<Contract> contracts;

    bool isConnector() const { return textOf(manifest, "kind") == "connector"; }
    bool wants(const std::string& extension) const;
};

/// The account that every delivery names.
inline constexpr const char* kAccount = "conformance-main";

/// Throws std::runtime_error with a sentence.
Description readDescription(const Options& options);
std::string readFile(const std::filesystem::path& path);

} // namespace hub::conformance
