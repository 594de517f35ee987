#include "application_judge.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace chaos {

namespace {

Json read(Caller& caller, const std::string& path)
{
    return expect(200, caller.get(path), "GET " + path).body;
}

/// How far a person has come; nothing leads back in these runs, nor out of the way.
std::ptrdiff_t rankOf(const std::string& state)
{
    static constexpr std::array kWay = {
        "saved", "submitted", "to_be_categorized", "to_be_locked", "to_be_paid", "to_be_reviewed"};
    const auto found = std::find(kWay.begin(), kWay.end(), state);
    return found == kWay.end() ? -1 : std::distance(kWay.begin(), found);
}

/// What was sent is there; the hub may show more.
bool isIn(const Json& sent, const Json& shown)
{
    return std::all_of(sent.items().begin(), sent.items().end(), [&](const auto& one) {
        return shown.contains(one.key()) && shown.at(one.key()) == one.value();
    });
}

class ApplicationJudge {
public:
    ApplicationJudge(Caller& reader, const Application& known, Findings& findings)
        : reader_(reader)
        , known_(known)
        , findings_(findings)
        , path_("/api/v1/organizations/" + known.organization_id)
        , name_("organization " + known.organization_id)
    {}

    void judge()
    {
        judgeState();
        for (const auto& [name, page] : known_.pages) {
            judgePage(name, page);
        }
        judgeList();
        for (const auto& [id, person] : known_.persons) {
            judgePerson(id, person);
        }
        judgeOrders();
    }

private:
    void lost(const std::string& what) { findings_.lost.push_back(name_ + ": " + what); }
    void doubled(const std::string& what) { findings_.doubled.push_back(name_ + ": " + what); }

    /// Its one submission and its one decision are steps of the history.
    void judgeState()
    {
        const Json shown = read(reader_, path_);
        if (shown.at("state") != known_.state) {
            lost("was acknowledged as " + known_.state + " and is " + shown.at("state").dump());
        }
        const Json history =
            read(reader_, "/api/v1/applications/" + known_.organization_id + "/history");
        for (const char* state : {"submitted", "approved"}) {
            std::int64_t steps = 0;
            for (const Json& step : history.at("history")) {
                const bool is_here = step.at("after") == state && step.at("before") != state;
                steps += is_here ? 1 : 0;
            }
            const bool is_told = known_.state == state || known_.state == "approved";
            if (is_told && steps == 0) {
                lost("was acknowledged as " + std::string(state) + "; no step says so");
            } else if (steps > 1) {
                doubled("became " + std::string(state) + " " + std::to_string(steps) + " times");
            }
        }
    }

    void judgePage(const std::string& name, const SavedPage& page)
    {
        const Json shown = read(reader_, path_ + "/pages/" + name);
        const std::int64_t revision = shown.at("revision");
        const std::string told = "page " + name + ", revision " + std::to_string(page.revision);
        if (revision < page.revision || shown.at("document") != page.document) {
            lost(told + ": there is revision " + std::to_string(revision) + " " +
                 shown.at("document").dump());
        } else if (revision > page.revision) {
            doubled(told + ": there is revision " + std::to_string(revision));
        }
    }

    /// Nobody is there whom nobody was told of.
    void judgeList()
    {
        const Json shown = read(reader_, path_ + "/persons?limit=200");
        std::set<std::string> listed;
        for (const Json& person : shown.at("persons")) {
            const std::string id = person.at("person_id");
            if (!listed.insert(id).second || known_.persons.count(id) == 0) {
                doubled("person " + id + " is one too many");
            }
        }
        for (const auto& [id, person] : known_.persons) {
            if (listed.count(id) == 0) {
                lost("person " + id + " is not listed");
            }
        }
    }

    void judgePerson(const std::string& id, const EnteredPerson& person)
    {
        const HttpAnswer answer = reader_.get(path_ + "/persons/" + id);
        if (answer.status != 200) {
            lost("person " + id + " was answered " + std::to_string(answer.status));
            return;
        }
        const Json& shown = answer.body;
        if (shown.at("revision") < person.revision || !isIn(person.form, shown.at("form"))) {
            lost("person " + id + " was saved as revision " + std::to_string(person.revision) +
                 " and is " + shown.at("revision").dump() + ", with another form or an older one");
        }
        const std::string wanted = known_.is_paid ? "to_be_reviewed" : person.state;
        if (rankOf(shown.at("state")) < rankOf(wanted)) {
            lost("person " + id + " should be " + wanted + " and is " + shown.at("state").dump());
        }
        const bool is_decided = rankOf(person.state) >= rankOf("to_be_locked");
        if (is_decided && shown.at("category") != person.category) {
            lost("person " + id + " was made " + person.category + " and is " +
                 shown.at("category").dump());
        }
    }

    void judgeOrders()
    {
        const Json shown = read(
            reader_, "/api/v1/finance/orders?limit=200&organization_id=" + known_.organization_id);
        bool is_there = false;
        for (const Json& order : shown.at("items")) {
            if (order.at("number") == known_.order) {
                is_there = true;
            } else {
                doubled("order " + order.at("number").dump() + " is one too many");
            }
        }
        if (is_there) {
            judgeOrder();
        } else if (!known_.order.empty()) {
            lost("order " + known_.order + " is not there");
        }
    }

    void judgeOrder()
    {
        const Json shown = read(reader_, "/api/v1/finance/orders/" + known_.order);
        const std::string name = "order " + known_.order;
        if (shown.at("amount_minor") != known_.amount_minor) {
            lost(name + " costs " + shown.at("amount_minor").dump());
        }
        if (known_.is_paid && shown.at("state") != "paid") {
            lost(name + " was paid and is " + shown.at("state").dump());
        }
        for (const Json& money : shown.at("unapplied")) {
            doubled(name + " was paid by other money, too: " + money.dump());
        }
        std::set<std::string> lines;
        for (const Json& line : shown.at("lines")) {
            const std::string id = line.at("person_id");
            if (!lines.insert(id).second) {
                doubled(name + " has two lines for person " + id);
            }
        }
        for (const auto& [id, person] : known_.persons) {
            const bool pays = person.category == "visitor";
            if (pays && lines.count(id) == 0) {
                lost(name + " has no line for person " + id);
            }
        }
    }

    Caller& reader_;
    const Application& known_;
    Findings& findings_;
    std::string path_;
    std::string name_;
};

} // namespace

Findings judgeApplications(Caller& reader, const std::deque<Application>& applications)
{
    Findings findings;
    for (const Application& one : applications) {
        if (!one.organization_id.empty()) {
            ApplicationJudge(reader, one, findings).judge();
        }
    }
    return findings;
}

std::vector<std::string> findStrangers(const Enrolment& enrolment,
                                       const std::deque<Application>& applications)
{
    std::set<std::string> known;
    for (const Application& one : applications) {
        known.insert(one.organization_id);
    }
    std::vector<std::string> strangers;
    for (const auto& [id, group] : enrolment.organizations) {
        if (known.count(id) == 0) {
            strangers.push_back("organization " + id + " is there, and nobody was told of it");
        }
    }
    return strangers;
}

} // namespace chaos
