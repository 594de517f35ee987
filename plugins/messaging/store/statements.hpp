// Statements whose plans are tested, since their table grows with the messages.
#pragma once

#include <string>
#include <vector>

namespace messaging {

std::vector<std::string> listStatements();
std::vector<std::string> retentionStatements();

} // namespace messaging
