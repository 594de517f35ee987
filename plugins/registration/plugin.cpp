// The one exported symbol.

#include "registration.hpp"

HUB_PLUGIN(registration::Registration, "registration", "0.1.0")
