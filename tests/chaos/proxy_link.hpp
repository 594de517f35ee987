// One connection through the proxy: two sockets and what is on its way between them.
#pragma once

#include "proxy_script.hpp"

#include <array>
#include <cstddef>
#include <deque>
#include <string>

#include <poll.h>

namespace chaos {

/// A descriptor with one owner.
class Socket {
public:
    explicit Socket(int descriptor = -1) noexcept
        : descriptor_(descriptor)
    {}
    ~Socket() { close(); }
    Socket(Socket&& other) noexcept;
    Socket& operator=(Socket&& other) noexcept;

    int get() const noexcept { return descriptor_; }
    void close() noexcept;
    /// Closes with RST instead of FIN.
    void reset() noexcept;

private:
    int descriptor_;
};

/// Used by the proxy's thread alone. Sockets are non-blocking.
class Link {
public:
    Link(Socket client, Socket server, Plan plan, Clock::time_point now);

    /// What to wait for: the client's side, then the server's.
    std::array<pollfd, 2> waits(Clock::time_point now) const;
    /// Moves what can be moved.
    void work(Clock::time_point now);
    /// When, after `now`, there is something to do without a socket's word; time_point::max() for
    /// never.
    Clock::time_point due(Clock::time_point now) const;
    /// RST to both sides.
    void reset() noexcept;
    bool isOver() const noexcept { return over_; }
    /// True once: the plan's fault has just been felt.
    bool takeFelt() noexcept;
    Behavior behavior() const noexcept { return plan_.behavior; }

private:
    struct Block {
        Clock::time_point due;
        std::string bytes;
    };
    /// From one socket to the other.
    struct Flow {
        Direction direction = Direction::ToServer;
        std::deque<Block> blocks;
        std::size_t queued = 0;
        std::size_t seen = 0;
        Clock::time_point next_send{};
        bool ended = false; ///< the sender's FIN came
        bool shut = false;  ///< the receiver was told
    };

    bool concerns(const Flow& flow) const noexcept;
    bool isReached(const Flow& flow) const noexcept;
    void read(Flow& flow, Clock::time_point now);
    void admit(Flow& flow, std::string bytes, Clock::time_point now);
    void send(Flow& flow, Clock::time_point now);
    std::size_t allowance(const Flow& flow) const noexcept;
    void conclude(Clock::time_point now);
    Socket& source(const Flow& flow) noexcept;
    Socket& sink(const Flow& flow) noexcept;
    void enqueue(Flow& flow, const std::string& bytes, Clock::time_point due);

    Socket client_;
    Socket server_;
    Plan plan_;
    Flow up_;   ///< to the server
    Flow down_; ///< to the client
    Clock::time_point silent_until_ = Clock::time_point::max();
    bool awaits_delivery_ = false; ///< an RST would overtake what was sent
    bool felt_ = false;
    bool told_ = false;
    bool over_ = false;
};

} // namespace chaos
