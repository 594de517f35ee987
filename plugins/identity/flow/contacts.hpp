// The people who act for an organization: at most two, each with a log-in of their own, so that the
// records tell who did what and a leaver takes nothing along.
#pragma once

#include "flow/work.hpp"

#include <string>
#include <vector>

namespace identity {

inline constexpr std::size_t kContactsMax = 2;

std::vector<Login> activeContacts(const Work& work, std::string_view organization_id);

/// The account of the first contact, and that of the second: "-2" behind it.
std::string secondAccount(const std::string& account);
std::string firstAccount(const std::string& account);

/// A new contact with this account; the phone or mailbox of `proof` is theirs. Without a password:
/// they set one by a code. Uses the proof up and publishes contact.added.
Login addContact(const Work& work,
                 const Organization& organization,
                 const std::string& account,
                 const Proof& proof,
                 const Json& body);

/// Locks out at once, and publishes contact.left.
void dropContact(const Work& work, const Login& login);

/// Frees the code for whom it belongs to; all log-ins of the organization end. `told` are further
/// members of organization.code_released.
void releaseCodeOf(const Work& work,
                   Organization organization,
                   const std::string& note,
                   const Json& told = Json::object());

} // namespace identity
