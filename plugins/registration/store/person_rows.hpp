// What only the organization's side asks of the tables: its persons page by page, whom it brought
// from past editions, its addresses and exceptions, and all that is kept about one person.
#pragma once

#include "domain/records.hpp"

#include <hub/plugin.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace registration {

/// '' matches everything.
struct OwnPersonFilter {
    std::string state;
    std::string kind;
    std::string admission_period;
    std::string reuse;              // "0" or "1"
    std::vector<std::string> terms; // blind indexes; all must be there
};

/// A place in the list: in the order of their making.
struct PersonCursor {
    std::int64_t created_ms = 0;
    std::string person_id;
};

/// Ids behind `after`; one more than `limit` when there are more.
std::vector<std::string> findOwnPersons(const hub::Snapshot& snapshot,
                                        std::string_view organization_id,
                                        std::string_view edition,
                                        const OwnPersonFilter& filter,
                                        const PersonCursor& after,
                                        std::size_t limit);

/// What a line of a list needs: one value is opened for each.
struct PersonLine {
    std::string person_id;
    std::string edition;
    std::string kind;
    PersonState state = PersonState::Saved;
    std::string reason;
    std::string category;
    std::string order_id;
    std::string admission_period;
    std::string delivery_method;
    bool reuse = false;
    bool has_photo = false;
    std::int64_t created_ms = 0;
    requests::Json summary; // personal
};
std::optional<PersonLine> personLine(const hub::Snapshot& snapshot, std::string_view person_id);

/// Whose badge or data the person brought.
struct BroughtPerson {
    std::string past_person_id;
    std::string person_id;
    PersonState state = PersonState::Saved;
    bool reuse = false;
};
/// The newest last; of one past person, or with '' of all.
std::vector<BroughtPerson> broughtPersons(const hub::Snapshot& snapshot,
                                          std::string_view organization_id,
                                          std::string_view past_person_id = "");

bool hasAddress(const hub::Snapshot& snapshot,
                std::string_view organization_id,
                std::string_view address_id);

/// Until when the organization may do what the deadline closes; 0 without an exception.
std::int64_t exceptionUntil(const hub::Snapshot& snapshot,
                            std::string_view organization_id,
                            std::string_view deadline);

/// What happened to a person, with what somebody wrote about it; the words of who was erased are
/// gone.
requests::Json historyAsJson(const hub::Snapshot& snapshot, std::string_view person_id);
/// What a person or organization consented to; no personal data.
requests::Json consentsAsJson(const hub::Snapshot& snapshot, std::string_view subject);

} // namespace registration
