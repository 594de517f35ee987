// Resolution: the addresses of a name, looked up without holding anybody up. A look-up can't be
// called off, so it runs on a thread that nobody waits for and that owns what it writes to.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <sys/socket.h>

namespace hub::egress {

struct StreamAddress {
    sockaddr_storage address{};
    socklen_t size = 0;
};

class Resolution {
public:
    /// Numeric addresses are there at once. Throws base::Failure when no thread can be started.
    Resolution(const std::string& host, const std::string& port);

    /// Readable when the look-up has ended; -1: it has.
    int descriptor() const noexcept;
    bool hasEnded() const;
    /// After the end. Without an address `reason()` says why.
    const std::vector<StreamAddress>& addresses() const noexcept;
    const std::string& reason() const noexcept;

private:
    struct State;
    std::shared_ptr<State> state_;
};

} // namespace hub::egress
