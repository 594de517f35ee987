// Addresses as values; what they say is sealed for their organization.
#pragma once

#include "domain/addresses.hpp"

#include <hub/plugin.hpp>

#include <optional>
#include <string_view>
#include <vector>

namespace registration {

/// The default one first, then in the order of their making.
std::vector<Address> addressesOf(const hub::Snapshot& snapshot, std::string_view organization_id);
std::optional<Address> findAddress(const hub::Snapshot& snapshot, std::string_view address_id);
void insertAddress(const hub::Unit& unit, const Address& address);
void updateAddress(const hub::Unit& unit, const Address& address);
void removeAddress(const hub::Unit& unit, std::string_view address_id);
/// No address is the default one any more: comes before another one becomes it.
void clearDefault(const hub::Unit& unit, std::string_view organization_id);
/// Persons whose badges go there.
bool isAddressUsed(const hub::Snapshot& snapshot, const Address& address);

} // namespace registration
