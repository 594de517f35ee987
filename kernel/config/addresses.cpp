#include "config/addresses.hpp"

#include <algorithm>
#include <cctype>

#include <arpa/inet.h>

namespace hub::config {

namespace {

std::string hostOf(std::string_view text)
{
    const auto scheme = text.find("://");
    if (scheme != std::string_view::npos) {
        text.remove_prefix(scheme + 3);
    }
    text = text.substr(0, text.find_first_of("/?#"));
    const auto user = text.rfind('@');
    if (user != std::string_view::npos) {
        text.remove_prefix(user + 1);
    }
    if (!text.empty() && text.front() == '[') {
        text = text.substr(1, text.find(']') - 1);
    } else if (std::count(text.begin(), text.end(), ':') == 1) {
        text = text.substr(0, text.find(':'));
    }
    std::string host(text);
    std::transform(host.begin(), host.end(), host.begin(), [](unsigned char letter) {
        return static_cast<char>(std::tolower(letter));
    });
    while (!host.empty() && host.back() == '.') {
        host.pop_back();
    }
    return host;
}

bool isLoopback4(in_addr_t address)
{
    const in_addr_t host = ntohl(address);
    return (host >> 24U) == 127U || host == 0U;
}

} // namespace

bool pointsAtLoopback(std::string_view text)
{
    const std::string host = hostOf(text);
    if (host == "localhost" ||
        (host.size() > 10 && host.substr(host.size() - 10) == ".localhost")) {
        return true;
    }
    if (text.find_first_of(".:") == std::string_view::npos) {
        return false; // a number, not an address
    }
    // inet_aton and not inet_pton: 127.1 and 0x7f000001 are the same machine to a resolver.
    in_addr four{};
    if (inet_aton(host.c_str(), &four) != 0) {
        return isLoopback4(four.s_addr);
    }
    in6_addr six{};
    if (inet_pton(AF_INET6, host.c_str(), &six) != 1) {
        return false;
    }
    in_addr_t mapped = 0;
    std::copy_n(&six.s6_addr[12], sizeof mapped, reinterpret_cast<unsigned char*>(&mapped));
    return IN6_IS_ADDR_LOOPBACK(&six) || IN6_IS_ADDR_UNSPECIFIED(&six) ||
           (IN6_IS_ADDR_V4MAPPED(&six) && isLoopback4(mapped));
}

bool listensOnLoopback(const std::string& address)
{
    in_addr four{};
    if (inet_pton(AF_INET, address.c_str(), &four) == 1) {
        return (ntohl(four.s_addr) >> 24U) == 127U;
    }
    in6_addr six{};
    return inet_pton(AF_INET6, address.c_str(), &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

} // namespace hub::config
