// PluginWorks: requests and callbacks as units of the plugin that they belong to.
#pragma once

#include "gateway/backend.hpp"
#include "journal/lane.hpp"
#include "security/sessions.hpp"

#include <hub/event.hpp>

#include <future>
#include <memory>
#include <string>

namespace hub::app {

/// How a refusal or a failure of the hub looks to the client; the plugin's own problem wins.
gateway::Reply replyOf(const Answer& answer);

/// Runs the route's unit. A request of a session is judged once more by what the lane knows: it
/// may have ended or lost its scopes since the gateway looked. Idempotency is decided inside it: a
/// stored answer is given again, another body is a conflict, a parallel duplicate comes after the
/// first.
std::unique_ptr<journal::Work> requestWork(const gateway::Request& request,
                                           const security::Sessions& sessions,
                                           std::shared_ptr<std::promise<gateway::Reply>> done);

/// Runs `envelope` as a unit of `library`; the promise gets the plugin's answer after the commit.
std::unique_ptr<journal::Work> unitWork(std::string library,
                                        journal::Envelope envelope,
                                        std::string item,
                                        std::shared_ptr<std::promise<Answer>> done);

/// The envelope of a request, also for reads and tasks.
journal::Envelope envelopeOf(const gateway::Request& request, std::int64_t now_ms);

} // namespace hub::app
