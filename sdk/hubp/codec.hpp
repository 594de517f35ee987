// HUBP/1 codec: bytes to values and back, nothing else. Pure, thread-safe; bad bytes become an
// error text, never an exception.
#pragma once

#include "hubp/frames.hpp"

#include <hub/result.hpp>

#include <span>
#include <string>
#include <string_view>

namespace hub::hubp {

/// One message as it travels, without the constant first frame.
struct Message {
    Command command = Command::Ping;
    std::string header;
    std::string payload;
};

/// Shortens `message` texts until the header fits. Refuses names and payloads that are too long.
Result<Message> encode(const Frame& frame);
/// `frames` are the parts of one message, the protocol name included. Unknown header members are
/// ignored; wrong types, doubled members, foreign commands and oversize are refused.
Result<Frame> decode(std::span<const std::string_view> frames);

/// "CALL" and so on, for texts.
std::string_view nameOf(Command command) noexcept;
Command commandOf(const Frame& frame) noexcept;

} // namespace hub::hubp
