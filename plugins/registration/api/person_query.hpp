// What a request for a list of persons asks for: its filters as rows, each with the rule that
// offers it, kept within what the request may see.
#pragma once

#include "domain/edition.hpp"
#include "flow/rule.hpp"
#include "store/person_list.hpp"

#include <hub/plugin.hpp>

#include <cstddef>
#include <string>

#include <requests/answers.hpp>

namespace registration {

struct PersonQuery {
    Edition edition;
    PersonFilter filter;
    ListPosition after;
    bool is_first_page = true; // it says how many there are
    std::size_t limit = 50;
};

/// Why the list can't be shown; else fills `query`.
Refused readPersonQuery(const hub::Snapshot& snapshot,
                        const hub::Event& event,
                        const requests::Request& request,
                        PersonQuery& query);

/// For the page that follows.
std::string cursorOf(const ListPosition& next);

} // namespace registration
