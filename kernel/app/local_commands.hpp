// LocalCommands: what the program does itself, with or without a running hub.
#pragma once

#include "app/cli/cli.hpp"

namespace hub::app {

cli::LocalSide localSide();

} // namespace hub::app
