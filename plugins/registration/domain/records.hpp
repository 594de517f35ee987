// What the tables hold, as values. Personal members are in clear here and sealed in the tables.
#pragma once

#include "domain/organization_states.hpp"
#include "domain/person_states.hpp"

#include <cstdint>
#include <string>
#include <vector>

#include <requests/answers.hpp>

namespace registration {

/// The organizer's group for whoever has no delegation (C-02).
inline constexpr const char* kNoDelegation = "none";

struct Delegation {
    std::string delegation_id;
    std::string parent_id; // '' of a delegation
    requests::Words name;
    std::string area; // two digits of the social credit codes that belong there; '' for none
};

struct Organization {
    std::string organization_id;
    std::string edition;
    std::string region;
    std::string organization_class;
    std::string name;
    std::string social_credit_code; // '' outside the mainland
    std::string delegation_id;      // '' until one was chosen
    std::string sub_delegation_id;
    std::string referral_code;
    std::vector<std::string> purposes;
    std::string past_organization_id; // '' for who is new
    std::string licence = "none";     // 'none', 'uploaded', 'verified' or 'mismatch'
    OrganizationState state = OrganizationState::Draft;
    std::string reason; // why it was returned, rejected, disabled, or passed by itself
    std::int64_t revision = 1;
    std::int64_t created_ms = 0;
    std::int64_t submitted_ms = 0;
    std::int64_t decided_ms = 0;
    std::string decided_by;
};

/// One page of an organization's form.
struct Page {
    std::string page;
    std::int64_t revision = 0;
    requests::Json document; // personal
    std::int64_t saved_ms = 0;
};

struct Person {
    std::string person_id;
    std::string edition;
    std::string organization_id;
    std::string delegation_id;
    std::string sub_delegation_id;
    std::string kind; // 'mainland', 'hongkong_macao_taiwan', 'overseas' or 'resident_abroad'
    PersonState state = PersonState::Saved;
    std::string reason; // a code: how an archived person's edition ended, or 'erased'
    std::string category;
    std::string order_id;
    std::string admission_period;
    std::string delivery_method;
    std::string address_id;
    bool reuse = false;
    bool upgraded = false;
    std::string past_person_id;
    std::string document_key; // what makes two documents the same; personal, '' when absent
    requests::Json document;  // the form; personal
    // What lists show: name, masked number, position, why somebody decided so; personal.
    requests::Json summary;
    std::string photo;            // a blob's digest; '' when there is none
    std::string photo_key;        // opens the blob; personal
    std::int64_t declared_ms = 0; // when the declaration was ticked
    std::int64_t revision = 1;
    std::int64_t created_ms = 0;
    std::int64_t submitted_ms = 0;
    std::int64_t changed_ms = 0;
};

inline PersonFacts factsOf(const Person& person, bool is_free)
{
    return {person.reuse && !person.upgraded, is_free, !person.order_id.empty()};
}

/// Who was erased: the key is gone, also where a restored backup still has what it sealed.
inline bool isErased(const Person& person)
{
    return person.document.empty();
}

/// Why a person is in its state: what somebody wrote, or a code.
inline std::string reasonOf(const std::string& code, const requests::Json& summary)
{
    const std::string words = requests::textOf(summary, "reason");
    return words.empty() ? code : words;
}

/// A step in an application's life; no personal data.
struct Step {
    std::string subject; // an organization's or a person's id
    std::string event;
    std::string before;
    std::string after;
    std::string reason;
    std::string actor;
};

} // namespace registration
