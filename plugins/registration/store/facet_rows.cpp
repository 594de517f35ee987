#include "store/facet_rows.hpp"

#include <array>
#include <tuple>
#include <utility>

namespace registration {

namespace {

bool isSame(const Person& one, const Person& other)
{
    const auto values = [](const Person& person) {
        return std::tie(person.edition,
                        person.delegation_id,
                        person.sub_delegation_id,
                        person.state,
                        person.category,
                        person.kind,
                        person.admission_period,
                        person.delivery_method,
                        person.reuse,
                        person.upgraded);
    };
    return values(one) == values(other);
}

void add(const hub::Unit& unit, const Person& person, std::int64_t n)
{
    const std::array<std::pair<std::string_view, std::string_view>, 3> nodes = {
        {{"edition", person.edition},
         {"delegation", person.delegation_id},
         {"sub_delegation", person.sub_delegation_id}}};
    for (const auto& [kind, id] : nodes) {
        if (!id.empty()) {
            unit.execute(
                "INSERT INTO registration_facet (partition, edition, node_kind, node_id, state, "
                "category, kind, admission_period, delivery_method, reuse, upgraded, n) "
                "VALUES (0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (partition, edition, node_kind, node_id, state, category, kind, "
                "admission_period, delivery_method, reuse, upgraded) "
                "DO UPDATE SET n = registration_facet.n + excluded.n",
                {person.edition,
                 kind,
                 id,
                 toText(person.state),
                 person.category,
                 person.kind,
                 person.admission_period,
                 person.delivery_method,
                 std::int64_t{person.reuse},
                 std::int64_t{person.upgraded},
                 n});
        }
    }
}

} // namespace

std::optional<Person> listedPerson(const hub::Snapshot& snapshot, std::string_view person_id)
{
    std::optional<Person> found;
    snapshot.query(
        "SELECT edition, delegation_id, sub_delegation_id, state, category, kind, "
        "admission_period, delivery_method, reuse, upgraded, submitted_ms FROM registration_person "
        "WHERE partition = 0 AND person_id = ? AND submitted_ms > 0",
        {person_id},
        [&](const hub::Row& row) {
            found.emplace();
            found->edition = row.text(0);
            found->delegation_id = row.text(1);
            found->sub_delegation_id = row.text(2);
            found->state = parsePersonState(row.text(3));
            found->category = row.text(4);
            found->kind = row.text(5);
            found->admission_period = row.text(6);
            found->delivery_method = row.text(7);
            found->reuse = row.integer(8) != 0;
            found->upgraded = row.integer(9) != 0;
            found->submitted_ms = row.integer(10);
        });
    return found;
}

void recountFacets(const hub::Unit& unit,
                   const std::optional<Person>& before,
                   const std::optional<Person>& after)
{
    if (before && after && isSame(*before, *after)) {
        return;
    }
    if (before) {
        add(unit, *before, -1);
    }
    if (after) {
        add(unit, *after, 1);
    }
}

} // namespace registration
