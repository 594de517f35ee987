// CommandReply: a plugin's answer to a command (sdk/ABI.md section 7) as the reply to an operator.
#pragma once

#include "app/cli/protocol.hpp"

#include <hub/event.hpp>

#include <string>
#include <vector>

namespace hub::app {

bool beginsWith(const std::vector<std::string>& words, const std::string& command);
std::vector<std::string> argumentsAfter(const std::vector<std::string>& words,
                                        const std::string& command);
cli::AdminReply commandReply(const Answer& answer);

} // namespace hub::app
