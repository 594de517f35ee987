// hub.stream/1 as this process offers it: each function is a SERVICE that the hub serves.
#pragma once

#include <hub/ext/stream.h>

namespace hub::plugin_host {

const hub_stream_v1& streamTable() noexcept;

} // namespace hub::plugin_host
