// Hub: puts the subsystems together, in the order in which they need each other, and takes them
// apart again in the reverse.
#pragma once

#include "base/clock.hpp"
#include "config/settings.hpp"
#include "plugin/catalogue.hpp"

#include <functional>
#include <memory>
#include <string>

namespace hub::app {

class Hub {
public:
    /// `fatal` is called when the process must end and be started again (exit 75).
    Hub(config::Settings settings, std::function<void(const std::string&)> fatal);
    /// Stops.
    ~Hub();
    Hub(const Hub&) = delete;
    Hub& operator=(const Hub&) = delete;

    /// Throws base::Failure with what stops the start.
    void start();
    /// Takes nothing new, finishes what is in flight, closes the store. Idempotent.
    void stop() noexcept;

    std::uint16_t httpPort() const;
    std::uint16_t httpsPort() const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace hub::app
