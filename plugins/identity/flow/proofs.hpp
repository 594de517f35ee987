// Proofs that whoever asks owns a phone or a mail address: messaging sent a code and saw it come
// back; here it counts once.
#pragma once

#include "flow/work.hpp"

#include <string>
#include <string_view>
#include <variant>

namespace identity {

/// Whether the proven phone or mailbox is the login's.
bool owns(const Login& login, const Proof& proof);

/// Whether `verification` ({"id", "proof"}) proves something for this purpose, or why not.
std::variant<Proof, Refusal>
checkProof(const Work& work, const Json& verification, std::string_view purpose);

} // namespace identity
