#include "recorder.hpp"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace independent {

namespace {

namespace fs = std::filesystem;
using simulator_test::Headers;

std::string lower(std::string name)
{
    std::transform(name.begin(), name.end(), name.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    });
    return name;
}

template <typename Pairs>
std::string linesOf(const Pairs& headers)
{
    std::string lines;
    for (const auto& [name, value] : headers) {
        lines += name + ": " + value + "\n";
    }
    return lines;
}

} // namespace

Recorder::Recorder(fs::path folder, const simulator_test::Simulator& simulator)
    : folder_(std::move(folder))
    , simulator_(simulator)
{
    fs::remove_all(folder_);
    fs::create_directories(folder_);
}

hub::Result<hub::HttpResponse> Recorder::carry(const hub::HttpRequest& request)
{
    const std::string origin = simulator_.url();
    require(request.url.starts_with(origin + "/"), "the request goes to the simulator");
    const Headers headers(request.headers.begin(), request.headers.end());
    const auto answer = simulator_.exchange(
        request.method, request.url.substr(origin.size()), headers, request.body);
    const std::string number = std::to_string(++count_);
    const std::string stem = (count_ < 10 ? "0" : "") + number + "_" + operation_ + "/";
    keep(stem + "request.line", request.method + " " + request.url + "\n");
    keep(stem + "request.headers", linesOf(request.headers));
    keep(stem + "request.body", request.body);
    keep(stem + "answer.status", std::to_string(answer.status) + "\n");
    keep(stem + "answer.headers", linesOf(answer.headers));
    keep(stem + "answer.body", answer.body);
    if (answer.status == 0) {
        return hub::Error{HUB_OUTCOME_UNKNOWN, answer.failure};
    }
    hub::HttpResponse response{static_cast<std::uint32_t>(answer.status), {}, answer.body};
    for (const auto& [name, value] : answer.headers) {
        response.headers.emplace_back(lower(name), value);
    }
    return response;
}

void Recorder::keepNotices(const simulator_test::Receiver& receiver) const
{
    const auto bodies = receiver.bodies();
    const auto headers = receiver.headers();
    for (std::size_t i = 0; i < bodies.size(); ++i) {
        const std::string stem = "notice_" + std::to_string(i + 1) + "/";
        keep(stem + "headers", linesOf(headers[i]));
        keep(stem + "body", bodies[i]);
    }
}

void Recorder::keep(const std::string& file, const std::string& bytes) const
{
    const fs::path path = folder_ / file;
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << bytes;
}

std::string readFile(const fs::path& path)
{
    const std::ifstream file(path, std::ios::binary);
    require(file.is_open(), path.string() + " can be read");
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

std::int64_t nowMs()
{
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

void require(bool holds, const std::string& what)
{
    if (!holds) {
        throw std::runtime_error("this should hold and does not: " + what);
    }
}

} // namespace independent
