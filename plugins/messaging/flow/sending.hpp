// Sending: a message goes to one account after the other until one has it. What may have left is
// never handed to another account: only the provider's word ends the doubt.
#pragma once

#include "flow/work.hpp"

namespace messaging {

/// Hands a message in state sending to the best account that it was not handed to yet; it fails
/// when there is none. A code is drawn anew for every account, because none is kept.
void sendOn(const Work& work, Message& message);

/// The outcome of a call, or of the hub's own query after it.
hub::Answer takeOutcome(const Work& work, const hub::Event& event);

/// The quiet hours of a message are over.
void onQuietTimer(const Work& work, const std::string& message_id);

} // namespace messaging
