// The one exported symbol.

#include "identity.hpp"

HUB_PLUGIN(identity::Identity, "identity", "0.1.0")
