// The one exported symbol.

#include "orders.hpp"

HUB_PLUGIN(orders::Orders, "orders", "0.1.0")
