// Ports that a process started by a test can listen on.
#pragma once

#include <Poco/Exception.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/SocketAddress.h>

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace hub::test {

/// Of the loopback address, all different. They lie below those that the kernel gives to outgoing
/// connections: a neighbor's connection would take one between the look and the listening.
inline std::vector<std::uint16_t> findFreePorts(std::size_t count)
{
    std::random_device random;
    std::uniform_int_distribution<std::uint16_t> any(10'000, 30'000);
    std::vector<Poco::Net::ServerSocket> held;
    std::vector<std::uint16_t> ports;
    while (ports.size() < count) {
        Poco::Net::ServerSocket socket;
        const std::uint16_t port = any(random);
        try {
            socket.bind(Poco::Net::SocketAddress("127.0.0.1", port), false);
        } catch (const Poco::Exception&) {
            continue;
        }
        held.push_back(socket);
        ports.push_back(port);
    }
    return ports;
}

} // namespace hub::test
