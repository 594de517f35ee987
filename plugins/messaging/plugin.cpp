// The one exported symbol.

#include "messaging.hpp"

HUB_PLUGIN(messaging::Messaging, "messaging", "0.1.0")
