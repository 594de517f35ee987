// hub.person/1 for plugins in the hub's process.
#pragma once

#include <hub/ext/person.h>

namespace hub::plugin {

const hub_person_v1& personTable() noexcept;

} // namespace hub::plugin
