// The C tables that the library is given: hub_host_api and the extensions of its manifest.
#pragma once

#include "plugin_host/context.hpp"

#include <hub/ext/keys.h>
#include <hub/plugin.h>

namespace hub::plugin_host {

const hub_host_api& hostApi() noexcept;
const hub_keys_v1& keysTable() noexcept;

} // namespace hub::plugin_host
