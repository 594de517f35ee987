// The simulator as a child process over a folder of its own, with a small HTTPS client.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>
#include <sys/types.h>

namespace simulator_test {

using Json = nlohmann::ordered_json;

using Headers = std::map<std::string, std::string>;

struct HttpAnswer {
    int status = 0; ///< 0: the connection ended without an answer
    std::string body;
    std::string location;
    std::string failure;
    Headers headers = {};
};

/// Runs a program, feeds `input`, returns what it wrote. Throws when it fails, unless `may_fail`;
/// then its standard error goes nowhere, too.
std::string runProgram(const std::vector<std::string>& arguments,
                       std::string_view input = {},
                       bool may_fail = false);

/// True once `holds` is; false when it does not come true within 20 seconds.
bool becomesTrue(const std::function<bool()>& holds);

class Simulator {
public:
    /// A prepared folder; `change` may edit simulator.json before the start.
    explicit Simulator(const std::function<void(Json&)>& change = nullptr);
    ~Simulator();
    Simulator(const Simulator&) = delete;
    Simulator& operator=(const Simulator&) = delete;

    void start(const std::vector<std::string>& more = {});
    /// kill -9; nothing when it does not run.
    void kill();
    /// SIGTERM; returns the exit code.
    int terminate();

    const std::filesystem::path& folder() const { return folder_; }
    std::string url() const { return "https://127.0.0.1:" + std::to_string(port_); }

    HttpAnswer request(const std::string& method,
                       const std::string& path,
                       const std::string& body = {},
                       int timeout_ms = 20000) const;
    /// The same with headers of the caller's, among them Content-Type.
    HttpAnswer exchange(const std::string& method,
                        const std::string& path,
                        const Headers& headers,
                        const std::string& body = {},
                        int timeout_ms = 20000) const;
    /// Throws unless the answer is 200.
    Json get(const std::string& path) const;
    Json post(const std::string& path, const Json& body) const;
    /// The trade of that number in the books, or null.
    Json trade(const std::string& number) const;

private:
    std::filesystem::path folder_;
    std::uint16_t port_ = 0;
    pid_t child_ = 0;
};

/// The binary under test.
std::string simulatorBinary();
/// A folder that goes with the process.
std::filesystem::path makeFolder();
/// What `prepare` made, once for all tests; copied by every Simulator.
const std::filesystem::path& preparedFolder();

} // namespace simulator_test
