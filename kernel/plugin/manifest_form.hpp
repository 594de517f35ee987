// The form of a manifest.json as a JSON Schema. Private to manifest.cpp.
#pragma once

#include "config/schema.hpp"

namespace hub::plugin {

const config::Schema& manifestForm();

} // namespace hub::plugin
