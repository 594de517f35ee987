#include "http_raw.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/SocketImpl.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>

namespace chaos {

namespace {

constexpr int kConnectSeconds = 10;
constexpr std::size_t kAnswerMax = 8 << 20;

/// The length that a head states; npos without one.
std::size_t contentLength(std::string head)
{
    std::transform(head.begin(), head.end(), head.begin(), [](unsigned char c) {
        return static_cast<char>(std::tolower(c));
    });
    const auto at = head.find("\r\ncontent-length:");
    return at == std::string::npos ? std::string::npos
                                   : std::strtoul(head.c_str() + at + 17, nullptr, 10);
}

} // namespace

RawConnection::RawConnection(std::uint16_t port, int receive_buffer, const char* from)
{
    const Poco::Net::SocketAddress address("127.0.0.1", port);
    if (from != nullptr) {
        socket_.impl()->bind(Poco::Net::SocketAddress(from, 0), false);
    }
    if (receive_buffer != 0) {
        if (from == nullptr) {
            socket_.init(AF_INET);
        }
        socket_.setReceiveBufferSize(receive_buffer);
    }
    socket_.connect(address, Poco::Timespan(kConnectSeconds, 0));
    socket_.setNoDelay(true);
    socket_.setSendTimeout(Poco::Timespan(kConnectSeconds, 0));
}

bool RawConnection::send(const std::string& bytes)
{
    try {
        std::size_t sent = 0;
        while (sent < bytes.size()) {
            const int one =
                socket_.sendBytes(bytes.data() + sent, static_cast<int>(bytes.size() - sent));
            if (one <= 0) {
                return false;
            }
            sent += static_cast<std::size_t>(one);
        }
        return true;
    } catch (const Poco::Exception&) {
        return false;
    }
}

RawAnswer RawConnection::receive(Milliseconds limit)
{
    RawAnswer answer;
    const auto start = Clock::now();
    for (;;) {
        const auto end_of_head = buffer_.find("\r\n\r\n");
        if (end_of_head != std::string::npos) {
            const std::size_t length = contentLength(buffer_.substr(0, end_of_head + 2));
            const std::size_t whole = end_of_head + 4 + (length == std::string::npos ? 0 : length);
            const bool complete =
                length == std::string::npos ? answer.closed : buffer_.size() >= whole;
            if (complete) {
                answer.head = buffer_.substr(0, end_of_head);
                const auto size = length == std::string::npos ? std::string::npos : length;
                answer.body = buffer_.substr(end_of_head + 4, size);
                buffer_.erase(0, size == std::string::npos ? buffer_.size() : whole);
                const auto space = answer.head.find(' ');
                answer.status =
                    space == std::string::npos ? 0 : std::atoi(answer.head.c_str() + space + 1);
                return answer;
            }
        }
        const Milliseconds left = limit - since(start);
        if (answer.closed || left.count() <= 0 || buffer_.size() > kAnswerMax) {
            return answer;
        }
        char block[16384];
        try {
            if (socket_.poll(Poco::Timespan(left.count() * 1000), Poco::Net::Socket::SELECT_READ)) {
                const int got = socket_.receiveBytes(block, sizeof block);
                answer.closed = got <= 0;
                buffer_.append(block, static_cast<std::size_t>(std::max(got, 0)));
            }
        } catch (const Poco::Exception&) {
            answer.closed = true;
        }
    }
}

void RawConnection::end() noexcept
{
    try {
        socket_.shutdown();
    } catch (const Poco::Exception&) {
        return; // it was ended by the other side
    }
}

std::string postRequest(const std::string& path, const Notice& notice)
{
    std::string request = "POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n";
    for (const auto& [name, value] : notice.headers) {
        request += name + ": " + value + "\r\n";
    }
    return request + "Content-Length: " + std::to_string(notice.body.size()) + "\r\n\r\n" +
           notice.body;
}

Notice formNotice(std::string form)
{
    return {{{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}},
            std::move(form)};
}

std::string formRequest(const std::string& path, const std::string& form)
{
    return postRequest(path, formNotice(form));
}

} // namespace chaos
