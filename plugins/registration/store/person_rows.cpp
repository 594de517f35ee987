#include "store/person_rows.hpp"

#include <hub/person.hpp>

#include <algorithm>

namespace registration {

namespace {

using requests::Json;

bool hasTerms(const hub::Snapshot& snapshot,
              std::string_view edition,
              const std::string& person_id,
              const std::vector<std::string>& terms)
{
    return std::all_of(terms.begin(), terms.end(), [&](const std::string& term) {
        bool found = false;
        snapshot.query("SELECT 1 FROM registration_search WHERE partition = 0 AND edition = ? "
                       "AND term = ? AND person_id = ?",
                       {edition, hub::Blob{term}, person_id},
                       [&found](const hub::Row&) { found = true; });
        return found;
    });
}

/// Empty of an erased person.
Json openSummary(const hub::Snapshot& snapshot,
                 const std::string& person_id,
                 const std::string& bytes)
{
    const std::string text =
        bytes.empty() ? "" : hub::person::open(snapshot, person_id, "summary", bytes).value_or("");
    return text.empty() ? Json::object() : Json::parse(text);
}

std::string
openWords(const hub::Snapshot& snapshot, std::string_view person_id, const std::string& bytes)
{
    return hub::person::open(snapshot, person_id, "words", bytes).value_or("");
}

/// Who was erased is found by no value, also where a restored backup still has the indexes.
bool isFoundBy(const hub::Snapshot& snapshot,
               std::string_view edition,
               const std::string& person_id,
               const std::vector<std::string>& terms)
{
    if (terms.empty()) {
        return true;
    }
    const auto line = hasTerms(snapshot, edition, person_id, terms)
                          ? personLine(snapshot, person_id)
                          : std::nullopt;
    return line && !line->summary.empty();
}

} // namespace

std::vector<std::string> findOwnPersons(const hub::Snapshot& snapshot,
                                        std::string_view organization_id,
                                        std::string_view edition,
                                        const OwnPersonFilter& filter,
                                        const PersonCursor& after,
                                        std::size_t limit)
{
    std::vector<std::string> candidates;
    snapshot.query("SELECT person_id FROM registration_person WHERE partition = 0 "
                   "AND organization_id = ? AND (? = '' OR state = ?) AND (? = '' OR kind = ?) "
                   "AND (? = '' OR admission_period = ?) AND (? = '' OR reuse = ?) "
                   "AND (created_ms > ? OR (created_ms = ? AND person_id > ?)) "
                   "ORDER BY created_ms, person_id",
                   {organization_id,
                    filter.state,
                    filter.state,
                    filter.kind,
                    filter.kind,
                    filter.admission_period,
                    filter.admission_period,
                    filter.reuse,
                    std::int64_t{filter.reuse == "1"},
                    after.created_ms,
                    after.created_ms,
                    after.person_id},
                   [&](const hub::Row& row) { candidates.push_back(row.text(0)); });
    std::vector<std::string> found;
    for (const std::string& id : candidates) {
        if (found.size() <= limit && isFoundBy(snapshot, edition, id, filter.terms)) {
            found.push_back(id);
        }
    }
    return found;
}

std::optional<PersonLine> personLine(const hub::Snapshot& snapshot, std::string_view person_id)
{
    std::optional<PersonLine> line;
    snapshot.query("SELECT person_id, edition, kind, state, reason, category, order_id, "
                   "admission_period, delivery_method, reuse, photo, created_ms, summary "
                   "FROM registration_person WHERE partition = 0 AND person_id = ?",
                   {person_id},
                   [&](const hub::Row& row) {
                       Json summary = openSummary(snapshot, row.text(0), row.text(12));
                       const bool is_erased = !row.text(12).empty() && summary.empty();
                       line = PersonLine{row.text(0),
                                         row.text(1),
                                         row.text(2),
                                         parsePersonState(row.text(3)),
                                         row.text(4),
                                         row.text(5),
                                         row.text(6),
                                         row.text(7),
                                         row.text(8),
                                         row.integer(9) != 0,
                                         !row.text(10).empty() && !is_erased,
                                         row.integer(11),
                                         std::move(summary)};
                   });
    return line;
}

std::vector<BroughtPerson> broughtPersons(const hub::Snapshot& snapshot,
                                          std::string_view organization_id,
                                          std::string_view past_person_id)
{
    std::vector<BroughtPerson> brought;
    const auto take = [&brought](const hub::Row& row) {
        brought.push_back(
            {row.text(0), row.text(1), parsePersonState(row.text(2)), row.integer(3) != 0});
    };
    // "<> ''" is what the index holds.
    const std::string select =
        "SELECT past_person_id, person_id, state, reuse FROM registration_person "
        "WHERE partition = 0 AND organization_id = ? AND past_person_id <> '' ";
    const std::string order = "ORDER BY created_ms, person_id";
    if (past_person_id.empty()) {
        snapshot.query(select + order, {organization_id}, take);
    } else {
        snapshot.query(
            select + "AND past_person_id = ? " + order, {organization_id, past_person_id}, take);
    }
    return brought;
}

bool hasAddress(const hub::Snapshot& snapshot,
                std::string_view organization_id,
                std::string_view address_id)
{
    bool found = false;
    snapshot.query("SELECT 1 FROM registration_address WHERE partition = 0 AND address_id = ? "
                   "AND organization_id = ?",
                   {address_id, organization_id},
                   [&found](const hub::Row&) { found = true; });
    return found;
}

std::int64_t exceptionUntil(const hub::Snapshot& snapshot,
                            std::string_view organization_id,
                            std::string_view deadline)
{
    std::int64_t until_ms = 0;
    snapshot.query("SELECT until_ms FROM registration_exception WHERE partition = 0 "
                   "AND organization_id = ? AND deadline = ?",
                   {organization_id, deadline},
                   [&until_ms](const hub::Row& row) { until_ms = row.integer(0); });
    return until_ms;
}

Json historyAsJson(const hub::Snapshot& snapshot, std::string_view person_id)
{
    Json steps = Json::array();
    snapshot.query("SELECT event, state_before, state_after, reason, words, actor, at_ms "
                   "FROM registration_history WHERE partition = 0 AND subject = ? ORDER BY seq",
                   {person_id},
                   [&](const hub::Row& row) {
                       const std::string words =
                           row.isNull(4) ? "" : openWords(snapshot, person_id, row.text(4));
                       steps.push_back({{"event", row.text(0)},
                                        {"state_before", row.text(1)},
                                        {"state_after", row.text(2)},
                                        {"reason", words.empty() ? row.text(3) : words},
                                        {"actor", row.text(5)},
                                        {"at_ms", row.integer(6)}});
                   });
    return steps;
}

Json consentsAsJson(const hub::Snapshot& snapshot, std::string_view subject)
{
    Json consents = Json::array();
    snapshot.query("SELECT kind, version, given_by, given_ms, withdrawn_ms "
                   "FROM registration_consent WHERE partition = 0 AND subject = ? "
                   "ORDER BY given_ms, kind, version",
                   {subject},
                   [&consents](const hub::Row& row) {
                       consents.push_back({{"kind", row.text(0)},
                                           {"version", row.text(1)},
                                           {"given_by", row.text(2)},
                                           {"given_ms", row.integer(3)},
                                           {"withdrawn_ms", row.integer(4)}});
                   });
    return consents;
}

} // namespace registration
