// The one exported symbol.

#include "payments.hpp"

HUB_PLUGIN(payments::Payments, "payments", "0.1.0")
