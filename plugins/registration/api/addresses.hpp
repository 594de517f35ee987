// Addresses to which badges go by courier.
#pragma once

#include "flow/work.hpp"

#include <hub/plugin.hpp>

namespace registration {

/// GET /organizations/{organization_id}/addresses
hub::Answer listAddresses(const hub::Snapshot& snapshot, const hub::Event& event);
/// POST /organizations/{organization_id}/addresses
hub::Answer addAddress(const Work& work);
/// PUT /organizations/{organization_id}/addresses/{address_id}, with If-Match.
hub::Answer putAddress(const Work& work);
/// DELETE of the same.
hub::Answer deleteAddress(const Work& work);

} // namespace registration
