// What other plugins ask (contract identity). All of it comes from this plugin's own tables: the
// contract is a leaf.
#pragma once

#include "flow/look.hpp"

namespace identity {

/// Whom to write to about an organization.
hub::Answer askContacts(const Look& look);
/// To whom an invitation of staff goes, and its link; only as long as it can be accepted.
hub::Answer askInvitation(const Look& look);
/// Whom to tell how a claim was decided.
hub::Answer askClaimContact(const Look& look);
hub::Answer askOrganization(const Look& look);
/// Whether and how the organization was proven to be one of a past edition.
hub::Answer askPastVerification(const Look& look);
/// Everything about one person, for who asks what is kept about them.
hub::Answer askPersonData(const Look& look);

} // namespace identity
