// Slow work: what a unit or read asked to be worked out beside the lane (sdk/ABI.md section 5),
// whoever asked: a request or a command.
#pragma once

#include "base/json.hpp"
#include "plugin/inproc_library.hpp"

#include <hub/result.hpp>

#include <memory>
#include <string>

namespace hub::app {

/// Hands `wanted` to the plugin as a task, otherwise as in `envelope`; gives `payload`, a JSON
/// object, with the task's answer as its member "task" for the second run. The error is the task's
/// own; HUB_INTERNAL when it answered with no JSON or too much, which is logged.
Result<std::string> workOut(plugin::InprocLibrary* library,
                            const journal::Envelope& envelope,
                            const base::Json& wanted,
                            std::string payload,
                            const std::shared_ptr<plugin::RequestFiles>& files);

} // namespace hub::app
