// Reading of licences: asks whoever reads them, compares what was read with what was typed. What
// nobody could read is left to the reviewer.
#pragma once

#include "flow/work.hpp"

#include <hub/plugin.hpp>

#include <requests/answers.hpp>

namespace registration {

/// What is known of a licence, sealed as the page of that name.
struct Licence {
    std::string file; // a blob that `key` opens; '' when there is none
    std::string key;  // in Base64; personal
    std::string copy; // the same in clear, for the reader; '' when there is none
    std::string media_type;
    std::int64_t bytes = 0;
    std::string reading = "none"; // 'none', 'waiting', 'read', 'unreadable' or 'unavailable'
    std::int64_t call = 0;        // of the reading that counts
    Json result = Json::object(); // of the contract; personal
    std::vector<std::string> differences;
};

Licence licenceOf(const hub::Snapshot& snapshot, std::string_view organization_id);
void putLicence(const Work& work, std::string_view organization_id, const Licence& licence);

/// Whether anybody reads licences for this edition.
bool hasReader(const hub::Unit& unit, const Edition& edition);

/// Asks for the reading; the organization's licence is 'uploaded' until it comes.
void beginReading(const Work& work,
                  Organization& organization,
                  const Edition& edition,
                  Licence& licence);

/// Outcome of licence.read. Of a picture that was replaced since: nothing.
hub::Answer takeReading(const Work& work);

/// The name or the code was typed anew: compares once more.
void judgeAgain(const Work& work, Organization& organization);

} // namespace registration
