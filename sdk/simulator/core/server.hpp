// The simulated world as one HTTPS server: providers' gateways, the wallet's page and the control
// interface behind one port, over one file of books.
#pragma once

#include "core/control.hpp"
#include "core/notifier.hpp"
#include "core/provider.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace hub::simulator {

struct ServerSettings {
    std::filesystem::path folder; ///< made by prepare
    std::string listen = "127.0.0.1";
    std::uint16_t port = 0; ///< 0: any free one
    /// How codes' addresses begin; empty: https://127.0.0.1:<port>.
    std::string public_url;
    double clock_speed = 1;
    std::filesystem::path trust_file;  ///< see Notifier::Surroundings
    std::filesystem::path faults_file; ///< rules to start with; may be empty
};

/// Makes the providers that simulator.json names.
using MakeProviders = std::function<Providers(const Surroundings&)>;

class Server {
public:
    /// Serves when the constructor returns. Throws when the folder is incomplete or the port taken.
    Server(const ServerSettings& settings, const MakeProviders& make_providers);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    std::uint16_t port() const noexcept;
    /// Ends exchanges, sendings and all threads.
    void stop();

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

} // namespace hub::simulator
