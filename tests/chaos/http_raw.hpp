// HTTP by hand over plain TCP: bytes go out as they are, also wrong ones.
#pragma once

#include "waiting.hpp"

#include <Poco/Net/StreamSocket.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace chaos {

struct RawAnswer {
    int status = 0; ///< 0: no whole answer came
    std::string head;
    std::string body;
    bool closed = false; ///< the other side ended the connection
};

class RawConnection {
public:
    /// Throws Poco::Exception when nobody listens.
    explicit RawConnection(std::uint16_t port, int receive_buffer = 0, const char* from = nullptr);

    /// False when the other side does not take it any more.
    bool send(const std::string& bytes);
    /// One whole answer with Content-Length, the end of the connection, or `limit`.
    RawAnswer receive(Milliseconds limit);
    /// Ends both ways; also from another thread, whose send() then fails.
    void end() noexcept;

private:
    Poco::Net::StreamSocket socket_;
    std::string buffer_;
};

/// What a provider posts, beside the address.
struct Notice {
    std::vector<std::pair<std::string, std::string>> headers; ///< with Content-Type
    std::string body;
};
std::string postRequest(const std::string& path, const Notice& notice);

/// A form with the headers that a provider sends.
Notice formNotice(std::string form);
/// A POST of one.
std::string formRequest(const std::string& path, const std::string& form);

} // namespace chaos
