// Carries what a connector sends to the simulator's process and keeps both sides' bytes as files,
// for judges that share no code with either:
//
//     01_create/request.line     POST https://127.0.0.1:…
//     01_create/request.headers  a "Name: value" per line
//     01_create/request.body
//     01_create/answer.status    200
//     01_create/answer.headers, answer.body
//     notice_1/headers, body     what the simulator called back with
#pragma once

#include "integration/simulator/process.hpp"
#include "integration/simulator/receiver.hpp"

#include <hub/host.hpp>
#include <hub/result.hpp>

#include <filesystem>
#include <string>

namespace independent {

class Recorder {
public:
    /// `folder` is made, or emptied.
    Recorder(std::filesystem::path folder, const simulator_test::Simulator& simulator);

    /// The next exchanges are kept under this name.
    void name(std::string operation) { operation_ = std::move(operation); }
    hub::Result<hub::HttpResponse> carry(const hub::HttpRequest& request);

    void keepNotices(const simulator_test::Receiver& receiver) const;
    void keep(const std::string& file, const std::string& bytes) const;

private:
    std::filesystem::path folder_;
    const simulator_test::Simulator& simulator_;
    std::string operation_ = "none";
    int count_ = 0;
};

std::string readFile(const std::filesystem::path& path);
std::int64_t nowMs();
/// Throws std::runtime_error naming `what` when it does not hold: the capture would prove nothing.
void require(bool holds, const std::string& what);

/// Drive the connector that ships through every operation that makes a request.
void captureAliyun(const std::filesystem::path& folder);
void captureWechat(const std::filesystem::path& folder);
void captureUnionpay(const std::filesystem::path& folder);

} // namespace independent
