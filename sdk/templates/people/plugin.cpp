// A plugin that knows people, to copy: guests are invited, log in by a pass, see what is kept of
// them, and are forgotten. Badges for all of them are made by a job.

#include <hub/job.hpp>
#include <hub/person.hpp>
#include <hub/plugin.hpp>
#include <hub/session.hpp>

#include <algorithm>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace example_people {
namespace {

using Json = nlohmann::json;

constexpr std::int64_t kRowsMax = 500; // of one step of a job
constexpr std::string_view kPerson = "person:";

hub::Answer answered(const Json& body)
{
    return {HUB_OK, {}, Json{{"status", 200}, {"body", body}}.dump(), 0};
}

std::string toHex(std::string_view bytes)
{
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    for (const char c : bytes) {
        text += kDigits[static_cast<unsigned char>(c) >> 4U];
        text += kDigits[static_cast<unsigned char>(c) & 15U];
    }
    return text;
}

class PeoplePlugin : public hub::Plugin {
public:
    PeoplePlugin(hub::Host host, std::string_view)
        : hub::Plugin(host)
    {}

    hub::Answer unit(hub::Unit& unit, const hub::Event& event) override
    {
        const Json payload = Json::parse(event.payload());
        if (event.source() == HUB_SOURCE_JOB) {
            return step(unit, event.operation(), payload);
        }
        const Json& body = payload.at("body");
        if (event.operation() == "guest.add") {
            return add(unit, body.at("guest"), body.at("phone"));
        }
        if (event.operation() == "guest.enter") {
            return enter(unit, body.at("pass"));
        }
        if (event.operation() == "guest.erase") {
            return erase(unit, body.at("guest"));
        }
        return makeBadges(unit); // the manifest's routes let nothing else in
    }

    hub::Answer read(const hub::Snapshot& snapshot, const hub::Event& event) override
    {
        if (event.source() == HUB_SOURCE_COMMAND) {
            return count(snapshot);
        }
        if (event.operation() == "guest.me") {
            return me(snapshot, event.principal());
        }
        const Json path = Json::parse(event.payload()).at("path");
        const auto job = hub::job::show(snapshot, path.at("job").get<std::string>());
        return job ? answered(Json::parse(*job)) : hub::Answer{HUB_NOT_FOUND, "no such job", {}, 0};
    }

    /// A job's first step. It has no store; an input, if there were one, would be read here.
    void task(const hub::Event& event, hub::Reply reply) override
    {
        const Json job = Json::parse(event.payload());
        reply.send(HUB_OK, {}, Json{{"total", job.at("parameters").at("last")}}.dump());
    }

private:
    /// The phone can be read for this guest only; of the pass nothing is kept but an index, so
    /// that who reads the table can't log in.
    static hub::Answer
    add(const hub::Unit& unit, const std::string& guest, const std::string& phone)
    {
        const std::string pass = toHex(unit.random(16));
        unit.execute(
            "INSERT INTO people_example_guest (n, guest, phone, pass_index) VALUES (?, ?, ?, ?)",
            {lastOf(unit) + 1,
             guest,
             hub::Blob{hub::person::seal(unit, guest, "phone", phone)},
             hub::Blob{hub::person::blindIndex(unit, "pass", pass)}});
        return answered({{"pass", pass}});
    }

    static hub::Answer enter(const hub::Unit& unit, const std::string& pass)
    {
        hub::SessionGrant grant;
        unit.query("SELECT guest FROM people_example_guest WHERE pass_index = ?",
                   {hub::Blob{hub::person::blindIndex(unit, "pass", pass)}},
                   [&](const hub::Row& row) { grant.subject = row.text(0); });
        if (grant.subject.empty()) {
            return {HUB_UNAUTHENTICATED, "no guest has this pass", {}, 0};
        }
        grant.scopes = R"(["guest:self"])";
        grant.expires_unix_ms = unit.nowMs() + 12 * 3'600'000;
        grant.idle_ms = 30 * 60'000;
        const auto session = hub::grantSession(unit, grant);
        return session.ok() ? answered(Json::object()) // the cookie leaves after the commit
                            : hub::Answer{session.error().code, session.error().message, {}, 0};
    }

    static hub::Answer me(const hub::Snapshot& snapshot, std::string_view principal)
    {
        if (!principal.starts_with(kPerson)) {
            return {HUB_REJECTED, "only a guest may ask this", {}, 0};
        }
        const std::string guest{principal.substr(kPerson.size())};
        const hub::Answer order = snapshot.ask("payment", "status", guest, "{}");
        Json body{
            {"guest", guest},
            {"phone", nullptr},
            {"paid", order.status == HUB_OK && Json::parse(order.payload).value("paid", false)}};
        snapshot.query("SELECT phone FROM people_example_guest WHERE guest = ?",
                       {guest},
                       [&](const hub::Row& row) {
                           if (const auto phone =
                                   hub::person::open(snapshot, guest, "phone", row.text(0))) {
                               body["phone"] = *phone;
                           }
                       });
        return answered(body);
    }

    /// The key goes first of all: what copies and backups hold of the guest is unreadable with it.
    static hub::Answer erase(const hub::Unit& unit, const std::string& guest)
    {
        const bool is_fresh = hub::person::erase(unit, guest);
        unit.execute("DELETE FROM people_example_badge WHERE n IN "
                     "(SELECT n FROM people_example_guest WHERE guest = ?)",
                     {guest});
        unit.execute("DELETE FROM people_example_guest WHERE guest = ?", {guest});
        hub::endSessions(unit, guest);
        return answered({{"erased", is_fresh}});
    }

    static hub::Answer makeBadges(const hub::Unit& unit)
    {
        const Json parameters{{"last", lastOf(unit)}};
        return answered({{"job", hub::job::begin(unit, "badges", "", parameters.dump())}});
    }

    /// Rows are staged aside and count at one stroke; the hub moves the position in their commit.
    static hub::Answer step(const hub::Unit& unit, std::string_view operation, const Json& job)
    {
        const std::string id = job.at("job");
        if (operation == "stage") {
            const std::int64_t position = job.at("position");
            const std::int64_t total = job.at("total");
            const std::int64_t end = std::min(total, position + kRowsMax);
            unit.execute("INSERT INTO people_example_staged (job, n) "
                         "SELECT ?, n FROM people_example_guest WHERE n > ? AND n <= ?",
                         {id, position, end});
            return {HUB_OK, {}, Json{{"position", end}, {"finished", end == total}}.dump(), 0};
        }
        if (operation == "activate") {
            unit.execute("INSERT INTO people_example_badge (n) SELECT n FROM people_example_staged "
                         "WHERE job = ? ON CONFLICT (n) DO NOTHING",
                         {id});
        }
        unit.execute("DELETE FROM people_example_staged WHERE job = ?", {id}); // also "discard"
        return {};
    }

    static hub::Answer count(const hub::Snapshot& snapshot)
    {
        Json data;
        snapshot.query(
            "SELECT guests, badges FROM people_example_total_v1", {}, [&](const hub::Row& row) {
                data = {{"guests", row.integer(0)}, {"badges", row.integer(1)}};
            });
        const Json table{{"title", "Guests"},
                         {"columns", {"guests", "badges"}},
                         {"rows", Json::array({{data["guests"].dump(), data["badges"].dump()}})}};
        const Json answer{{"data", data}, {"sections", Json::array({table})}, {"exit", 0}};
        return {HUB_OK, {}, answer.dump(), 0};
    }

    static std::int64_t lastOf(const hub::Snapshot& snapshot)
    {
        std::int64_t last = 0;
        snapshot.query("SELECT COALESCE(MAX(n), 0) FROM people_example_guest",
                       {},
                       [&](const hub::Row& row) { last = row.integer(0); });
        return last;
    }
};

} // namespace
} // namespace example_people

HUB_PLUGIN(example_people::PeoplePlugin, "people_example", "1.0.0")
