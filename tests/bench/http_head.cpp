#include "http_head.hpp"

#include <charconv>
#include <stdexcept>
#include <string>

namespace bench {

HttpHead readHead(std::string_view received)
{
    HttpHead head;
    const std::size_t end = received.find("\r\n\r\n");
    if (end == std::string_view::npos) {
        return head;
    }
    const std::string_view text = received.substr(0, end + 2);
    constexpr std::string_view kLength = "\r\nContent-Length: ";
    constexpr std::size_t kStatusAt = 9; // "HTTP/1.1 "
    const std::size_t length_at = text.find(kLength);
    std::size_t length = 0;
    const char* last = text.data() + text.size();
    const bool known =
        length_at != std::string_view::npos && text.size() > kStatusAt + 3 &&
        std::from_chars(text.data() + length_at + kLength.size(), last, length).ec == std::errc{} &&
        std::from_chars(text.data() + kStatusAt, last, head.status).ec == std::errc{};
    if (!known) {
        throw std::runtime_error("the load: an answer without status or length: " +
                                 std::string(text));
    }
    head.body_at = end + 4;
    head.bytes = head.body_at + length;
    head.ends_connection = text.find("\r\nConnection: close\r\n") != std::string_view::npos;
    return head;
}

} // namespace bench
