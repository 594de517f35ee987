// Codes and proofs at rest: a hash that needs the hub's key, over a salt of the verification's own.
#pragma once

#include "domain/records.hpp"

#include <hub/plugin.hpp>

#include <string>
#include <string_view>

namespace messaging {

/// Draws a new code and leaves its hash in the verification, which the caller saves. The code is
/// returned for the message and is nowhere else.
std::string drawCode(const hub::Unit& unit, Verification& verification);
bool isCodeOf(const hub::Snapshot& snapshot,
              const Verification& verification,
              std::string_view code);

/// The same for the proof of a confirmed verification: 64 hexadecimal digits.
std::string drawProof(const hub::Unit& unit, Verification& verification);
bool isProofOf(const hub::Snapshot& snapshot,
               const Verification& verification,
               std::string_view proof);

} // namespace messaging
