// The public routes of verifications, and the question whether a proof is genuine. Nothing here
// tells whether a number is known to the hub.
#pragma once

#include "flow/work.hpp"

#include <hub/plugin.hpp>

namespace messaging {

hub::Answer createVerification(const Work& work, const hub::Event& event);
/// A wrong code is counted: that unit commits, and is answered 422.
hub::Answer confirmVerification(const Work& work, const hub::Event& event);

/// `proof` of the contract messaging. Whoever uses a proof sees to it that it is used once.
hub::Answer
askProof(const hub::Snapshot& snapshot, const hub::Event& event, const Settings& settings);

} // namespace messaging
