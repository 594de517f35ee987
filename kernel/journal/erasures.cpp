#include "journal/erasures.hpp"

namespace hub::journal {

bool Erasures::record(Group& group,
                      const std::string& person,
                      const std::string& library,
                      const std::string& trace)
{
    return group.connection()
               .prepare("INSERT INTO hub_erasure (partition, person, library, trace, erased_ms) "
                        "VALUES (0, ?, ?, ?, ?) ON CONFLICT (partition, person) DO NOTHING")
               .bindText(1, person)
               .bindText(2, library)
               .bindText(3, trace)
               .bind(4, group.nowMs())
               .run() != 0;
}

std::vector<std::string> Erasures::all(store::Connection& connection)
{
    auto& query =
        connection.prepare("SELECT person FROM hub_erasure WHERE partition = 0 ORDER BY person");
    std::vector<std::string> persons;
    while (query.step()) {
        persons.push_back(query.text(0));
    }
    return persons;
}

} // namespace hub::journal
