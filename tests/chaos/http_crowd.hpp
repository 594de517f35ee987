// Many connections that mean no good, held by one thread: what they send at once, and what drop by
// drop. Those that the server ends are opened anew, so that the pressure stays.
#pragma once

#include "proxy_link.hpp"

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

namespace chaos {

struct Manner {
    std::string at_once; ///< sent after the connection is made
    std::string drops;   ///< then over and over, a byte per `pause`; empty: silence
    Milliseconds pause{100};
    int receive_buffer = 0; ///< bytes; 0: as the system has it. Answers are never read.
};

struct CrowdCounts {
    std::int64_t opened = 0;
    std::int64_t ended = 0; ///< by the server
    std::int64_t most = 0;  ///< open at once
};

class Crowd {
public:
    /// From `address`, another one of loopback than that of customers.
    Crowd(std::uint16_t port, std::string address, std::size_t size, Manner manner);
    /// Leaves.
    ~Crowd();
    Crowd(const Crowd&) = delete;
    Crowd& operator=(const Crowd&) = delete;

    CrowdCounts counts() const;

private:
    struct Member {
        Socket socket;
        std::size_t sent = 0;
    };
    void press();
    Socket open() const;
    /// False when the server ended it.
    bool press(Member& member);

    const std::uint16_t port_;
    const std::string address_;
    const std::size_t size_;
    const Manner manner_;
    std::vector<Member> members_;
    std::atomic<std::int64_t> opened_{0};
    std::atomic<std::int64_t> ended_{0};
    std::atomic<std::int64_t> most_{0};
    std::atomic<bool> leaving_{false};
    std::thread thread_;
};

} // namespace chaos
