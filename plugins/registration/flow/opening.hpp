// Opening: what every request about one organization begins with: the organization that the address
// names, if it is anything to whoever asks, and the rules of its edition.
#pragma once

#include "domain/edition.hpp"
#include "domain/records.hpp"
#include "flow/access.hpp"
#include "flow/rule.hpp"

#include <hub/plugin.hpp>

#include <optional>
#include <string_view>
#include <utility>
#include <variant>

namespace registration {

struct Opened {
    requests::Request request;
    Access access;
    Organization organization;
    Edition edition;
};

/// 404 for what does not exist and for what is somebody else's, 409 when the edition is archived.
std::variant<Opened, requests::Refusal> openOrganization(const hub::Snapshot& snapshot,
                                                         const hub::Event& event);

/// A refusal by a rule of the requirements, which its parameters name.
requests::Refusal
broken(int status, std::string_view code, std::string_view rule, requests::Words words);

/// Whether the organization's own contact asks, who decides nothing about it.
bool isStaff(const Access& access);

template <typename Carry>
hub::Answer
withOrganization(const hub::Snapshot& snapshot, const hub::Event& event, const Carry& carry)
{
    auto opened = openOrganization(snapshot, event);
    if (const auto* refusal = std::get_if<requests::Refusal>(&opened)) {
        return requests::refuse(*refusal);
    }
    return carry(std::get<Opened>(opened));
}

} // namespace registration
