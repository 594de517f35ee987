// Server: the Poco application around the hub: signals, the main loop, the exit code.
#pragma once

#include "config/settings.hpp"

namespace hub::app {

/// Runs until SIGTERM or SIGINT. Exit code 0, or 75 when the process must be started again
/// because the store can't be trusted any more. Throws base::Failure when it can't start.
int serve(const config::Settings& settings);

} // namespace hub::app
