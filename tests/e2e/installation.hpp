// Installation: what `./hub up` left in its folder: addresses, the sample key, the commands.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace demo {

struct Installation {
    std::string folder;
    std::string build;
    std::string source; // the tree that it was prepared from
    std::string hub_url;
    std::string simulator_url;
    std::string ca_file;
    std::string token;

    /// Throws std::runtime_error that says to run ./hub up first.
    static Installation read(const std::string& folder, const std::string& build);

    /// Runs `expohub WORDS --json`; throws with its words when it fails.
    nlohmann::json command(const std::string& words) const;
    /// The same as a person sees it.
    std::string table(const std::string& words) const;

private:
    std::string run(const std::string& words) const;
};

} // namespace demo
