#include "journal/quarantine.hpp"

#include "base/json.hpp"

namespace hub::journal {

namespace {

constexpr const char* kRow = "quarantine";

} // namespace

const Quarantine& Quarantine::none()
{
    static const Quarantine kNone;
    return kNone;
}

std::optional<QuarantineState> Quarantine::read(store::Connection& connection)
{
    auto& query = connection.prepare("SELECT value FROM hub_meta WHERE name = ?");
    query.bindText(1, kRow);
    if (!query.step()) {
        return std::nullopt;
    }
    const auto json = base::parseJson(query.text(0));
    query.run();
    if (!json.ok()) {
        throw base::Failure(HUB_INTERNAL,
                            "hub_meta: the row \"{}\" is damaged: {}; restore the backup again",
                            kRow,
                            json.error().message);
    }
    QuarantineState state;
    state.epoch = json.value().value("epoch", std::int64_t{0});
    state.backup_ms = json.value().value("backup_ms", std::int64_t{0});
    state.restored_ms = json.value().value("restored_ms", std::int64_t{0});
    state.last_call = json.value().value("last_call", std::int64_t{0});
    state.fenced = json.value().value("fenced", false);
    state.announced = json.value().value("announced", false);
    return state;
}

void Quarantine::write(store::Connection& connection, const QuarantineState& state)
{
    const base::Json json = {{"epoch", state.epoch},
                             {"backup_ms", state.backup_ms},
                             {"restored_ms", state.restored_ms},
                             {"last_call", state.last_call},
                             {"fenced", state.fenced},
                             {"announced", state.announced}};
    connection
        .prepare("INSERT INTO hub_meta (name, value) VALUES (?, ?) "
                 "ON CONFLICT (name) DO UPDATE SET value = excluded.value")
        .bindText(1, kRow)
        .bindText(2, json.dump())
        .run();
}

void Quarantine::load(store::Connection& connection)
{
    on_ = read(connection).has_value();
}

void Quarantine::release(Group& group)
{
    group.connection().prepare("DELETE FROM hub_meta WHERE name = ?").bindText(1, kRow).run();
    group.effects().before_answers.push_back([this] { on_ = false; });
}

} // namespace hub::journal
