// hub_context as this process defines it: what the functions of the C tables work on.
#pragma once

#include "base/clock.hpp"
#include "plugin_host/deliveries.hpp"
#include "plugin_host/publications.hpp"
#include "plugin_host/service_client.hpp"
#include "plugin_host/wire.hpp"

#include <hub/plugin.h>

#include <set>
#include <string>
#include <string_view>

/// One per process. The name is the ABI's.
struct hub_context {
    hub::plugin_host::Wire& wire;
    hub::plugin_host::Deliveries& deliveries;
    hub::plugin_host::Publications& publications;
    hub::plugin_host::ServiceClient& services;
    std::set<std::string, std::less<>> granted; // extensions of the manifest that the hub checked
    hub::base::SystemClock clock;
};

namespace hub::plugin_host {

/// Asks for a service whose arguments are a struct of hubp/services.hpp.
template <typename Arguments>
ServiceClient::Answer askService(hub_context& context,
                                 hub_call_id call_id,
                                 const char* extension,
                                 const char* operation,
                                 const Arguments& arguments);

/// Gives the bytes of a `Bytes` result to the sink and wipes them. The status to answer with.
hub_status giveBytes(ServiceClient::Answer&& answer,
                     void (*sink)(void* user, hub_bytes bytes) HUB_NOEXCEPT,
                     void* user);

} // namespace hub::plugin_host
