// A merchant's address for notifications: keeps what comes in and answers as told.
#pragma once

#include "merchant.hpp"

#include <Poco/Net/HTTPServer.h>
#include <Poco/ThreadPool.h>

#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace simulator_test {

/// Thread-safe.
class Receiver {
public:
    /// Plain http, or https with server.key and server.pem of the folder.
    explicit Receiver(const std::filesystem::path& certificate_folder = {});
    ~Receiver();
    Receiver(const Receiver&) = delete;
    Receiver& operator=(const Receiver&) = delete;

    std::string url() const;
    /// The answers to the first notifications, in order; all others get 200 "success".
    void answerWith(std::vector<std::pair<int, std::string>> answers);

    /// Raw bodies in the order of arrival.
    std::vector<std::string> bodies() const;
    std::vector<Parameters> messages() const;
    /// False when fewer came within 20 seconds.
    bool waitFor(std::size_t count) const;

    /// The headers of each, in the same order.
    std::vector<Headers> headers() const;

    std::pair<int, std::string> take(std::string body, Headers headers);

private:
    mutable std::mutex guard_;
    mutable std::condition_variable arrived_;
    std::vector<std::string> bodies_;
    std::vector<Headers> headers_;
    std::vector<std::pair<int, std::string>> answers_;
    bool secure_ = false;
    Poco::ThreadPool threads_;
    std::unique_ptr<Poco::Net::HTTPServer> server_;
};

} // namespace simulator_test
