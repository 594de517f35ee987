// Addresses to which an organization has badges sent by courier (R-110…R-116).
#pragma once

#include "domain/forms.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace registration {

struct Address {
    std::string address_id;
    std::string organization_id;
    std::int64_t revision = 1;
    bool is_default = false;
    Json document; // personal
    std::int64_t created_ms = 0;
};

/// Everything that keeps a courier from finding the place.
std::vector<requests::Violation> checkAddress(const Json& document, const Edition& edition);

/// The members of an address, with their titles.
struct AddressField {
    std::string_view name;
    std::string_view en;
    std::string_view zh;
};
std::vector<AddressField> addressFields();

/// The document as it is kept: without what stands beside it.
Json addressOf(const Json& body);

} // namespace registration
