// Translate: the operator's settings as each subsystem takes them.
#pragma once

#include "bus/router.hpp"
#include "config/settings.hpp"
#include "egress/exchanger.hpp"
#include "egress/streams.hpp"
#include "gateway/gateway.hpp"
#include "journal/lane.hpp"
#include "observe/log.hpp"
#include "plugin/manifest.hpp"
#include "store/database.hpp"

namespace hub::app {

store::Settings storeSettings(const config::Settings& settings);
/// The seal outlives the lane.
journal::LaneSettings laneSettings(const config::Settings& settings,
                                   const journal::PayloadSeal& seal);
/// Makes the 0700 folder of the socket; short, because of the 107-byte limit of Unix sockets.
bus::RouterSettings routerSettings(const config::Settings& settings);
egress::Settings exchangerSettings(const config::Settings& settings);
egress::StreamSettings streamSettings(const config::Settings& settings);
gateway::GatewaySettings gatewaySettings(const config::Settings& settings);
/// What a library may not choose itself: filled into what create() receives, where the manifest's
/// schema asks for it.
void fillKnown(base::Json& config, const plugin::Manifest& manifest, const base::Json& values);
observe::LogSettings logSettings(const config::Settings& settings);

} // namespace hub::app
