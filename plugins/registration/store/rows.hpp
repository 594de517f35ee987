// The tables of organizations and persons as values. What is personal is sealed on the way in and
// opened on the way out; an erased person's values come back empty.
#pragma once

#include "domain/records.hpp"

#include <hub/plugin.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace registration {

class ReadRows {
public:
    /// Borrowed; lives on the stack of one unit or read.
    explicit ReadRows(const hub::Snapshot& snapshot)
        : snapshot_(snapshot)
    {}

    std::optional<Organization> organization(std::string_view organization_id) const;
    std::optional<Page> page(std::string_view organization_id, std::string_view page) const;
    std::optional<Person> person(std::string_view person_id) const;
    /// In the order of their making; `state` '' for all.
    std::vector<std::string> personIds(std::string_view organization_id,
                                       std::string_view state = "") const;
    /// Somebody else's live application with this document; '' when there is none.
    std::string personWithDocument(std::string_view edition,
                                   std::string_view document_key,
                                   std::string_view except_person_id) const;

protected:
    const hub::Snapshot& snapshot_;
};

class Rows : public ReadRows {
public:
    explicit Rows(const hub::Unit& unit)
        : ReadRows(unit)
        , unit_(unit)
    {}

    void insert(const Organization& organization) const;
    /// All but its id, edition, region and class, which never change.
    void update(const Organization& organization) const;
    void put(std::string_view organization_id, const Page& page) const;
    void insert(const Person& person) const;
    void update(const Person& person) const;
    void remove(const Person& person) const;
    /// `words` are what somebody wrote about the person whose step it is; personal.
    void note(const Step& step, std::string_view words = {}) const;

private:
    const hub::Unit& unit_;
};

/// The sealed columns of a person, for whoever stages its row in a table of its own.
struct SealedPerson {
    SealedPerson(const hub::Unit& unit, const Person& person);

    std::string index; // of the document; '' when it is not sound
    std::string document;
    std::string summary;
    std::string photo_key;
};
/// The blind index of a document, as registration_person has it.
std::string documentIndex(const hub::Snapshot& snapshot, std::string_view document_key);

} // namespace registration
