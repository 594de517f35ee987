#include "domain/network.hpp"

#include "domain/digest.hpp"

#include <array>

#include <arpa/inet.h>

namespace identity {

std::string networkOf(const std::string& address)
{
    constexpr std::size_t kPrefixBytes = 8;
    std::array<char, sizeof(in6_addr)> bytes{};
    const bool is_v6 = inet_pton(AF_INET6, address.c_str(), bytes.data()) == 1;
    return is_v6 ? toHex({bytes.data(), kPrefixBytes}) : address;
}

} // namespace identity
