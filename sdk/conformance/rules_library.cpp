// What every library keeps, whatever it is for.
#include "bench.hpp"
#include "schema.hpp"

#include <array>

namespace hub::conformance {

namespace {

constexpr auto kRefusalPatience = Milliseconds(10000);
constexpr auto kStopGrace = Milliseconds(4000);
constexpr std::int64_t kHeldMs = 600;
constexpr int kLibraryRefused = static_cast<int>(hubp::HostExit::LibraryRefused);

void starts(Bench& bench)
{
    (void)bench.start();
}

/// The library itself must refuse this, and name the key.
void mustRefuse(Bench& bench, const Json& configuration, const std::string& key)
{
    const auto stage = bench.attempt(configuration);
    require(!stage->session.begin(kRefusalPatience),
            "it started although \"" + key + "\" is wrong, and the manifest's schema allows it");
    const std::string why = stage->session.why();
    require(why.find("exit code " + std::to_string(kLibraryRefused)) != std::string::npos,
            "with a wrong \"" + key + "\" it did not refuse in good order: " + why);
    require(why.find(key) != std::string::npos,
            "it refused a wrong \"" + key + "\" without naming it: " + why);
}

Json wrongType(const Json& value)
{
    return value.is_string() ? Json(4711) : Json("not of this type");
}

/// Either the manifest's schema refuses a broken value, which the hub then names, or the library.
void judgeKeys(Bench& bench, const Json& schema, const std::string& at, const Json& valid)
{
    Json broken = valid;
    broken["conformance_unknown_key"] = 1;
    require(!findViolation(schema, broken).empty(),
            "the manifest's schema of " + at +
                " takes unknown keys: \"additionalProperties\" must be false");
    for (const auto& [key, value] : valid.items()) {
        broken = valid;
        broken[key] = wrongType(value);
        if (findViolation(schema, broken).empty()) {
            Json configuration = bench.configuration();
            configuration[Json::json_pointer(at)] = broken;
            mustRefuse(bench, configuration, key);
        }
    }
}

void namesBadConfiguration(Bench& bench)
{
    const Json none{{"type", "object"}, {"additionalProperties", false}};
    const auto schemaOf = [&](const char* name) {
        const Json schema = objectOf(bench.description().manifest, name);
        return schema.empty() ? none : schema;
    };
    const Json valid = bench.configuration();
    judgeKeys(bench, schemaOf("configuration"), "/config", valid.at("config"));
    for (const auto& [name, account] : valid.at("accounts").items()) {
        judgeKeys(bench,
                  schemaOf("account_configuration"),
                  "/accounts/" + name + "/config",
                  account.at("config"));
    }
    // What a schema can't say, conformance.json lists.
    for (const Json& bad : bench.description().text.value("bad", Json::array())) {
        Json configuration = bench.configuration();
        configuration["config"].update(objectOf(bad, "config"));
        for (auto& account : configuration["accounts"]) {
            account["config"].update(objectOf(bad, "account"));
        }
        mustRefuse(bench, configuration, textOf(bad, "names"));
    }
}

void mustHaveEndedWell(const Ending& ending)
{
    require(ending.in_time,
            "it was still there after the deadline of STOP; its process had to be killed");
    require(ending.said_bye && ending.exit_code == 0,
            "its process " + ending.text + (ending.said_bye ? "" : " without BYE"));
}

void stopsInTime(Bench& bench)
{
    const auto stage = bench.start();
    mustHaveEndedWell(stage->session.stop(kStopGrace));
    if (!bench.description().isConnector()) {
        return;
    }
    // Once more with calls in flight, whose exchanges end while the library stops.
    Request first;
    Request second;
    try {
        first = bench.probe();
        second = bench.probe();
    } catch (const DoesNotApply&) {
        return;
    }
    const auto busy = bench.start();
    busy->desk.setFate(Fate::Hold);
    busy->desk.setHoldEnd(unixNowMs() + kHeldMs);
    const hub_call_id one = bench.send(*busy, first);
    const hub_call_id two = bench.send(*busy, second);
    (void)busy->desk.waitForSent(1, kStopGrace);
    mustHaveEndedWell(busy->session.stop(kStopGrace));
    for (const hub_call_id id : {one, two}) {
        require(busy->session.await(id, Milliseconds(0)).arrived,
                "a call that was in flight at STOP got no answer before BYE");
    }
}

void leavesNoThread(Bench& bench)
{
    const auto stage = bench.start();
    if (bench.description().isConnector()) {
        try {
            (void)bench.ask(*stage, bench.probe());
        } catch (const DoesNotApply&) {
            bench.description(); // judged without a call
        }
    }
    const Ending ending = stage->session.stopWatched(kStopGrace);
    // A host that gives up on its library ends with what still runs in it, seen or not.
    if (!ending.in_time || ending.exit_code != 0) {
        throw DoesNotApply("it did not stop, see stop.in_time");
    }
    if (!ending.threads_left) {
        throw DoesNotApply("its end could not be watched; judge it again on a calmer machine");
    }
    std::string names;
    for (const std::string& name : *ending.threads_left) {
        names += " \"" + name + "\"";
    }
    require(ending.threads_left->empty(),
            std::to_string(ending.threads_left->size()) +
                " threads ran on after stop() had returned, named" + names);
}

std::string findSecret(const std::set<std::string>& texts, const std::vector<std::string>& secrets)
{
    for (const std::string& text : texts) {
        for (const std::string& secret : secrets) {
            if (text.find(secret) != std::string::npos) {
                return text;
            }
        }
    }
    return {};
}

void saysNoSecret(Bench& bench)
{
    bench.exercise();
    const std::vector<std::string> secrets = bench.keys().canaries();
    require(findSecret(bench.said(), secrets).empty(),
            "a key or secret of the account stands in a log line, message or publication");
    require(findSecret(bench.payloads(), secrets).empty(),
            "a key or secret of the account stands in an answer");
    const std::string personal = findSecret(bench.said(), bench.personal());
    require(personal.empty(),
            "who pays stands where operators read: \"" + personal.substr(0, 200) + "\"");
}

void asksForWhatItListed(Bench& bench)
{
    bench.exercise();
    require(bench.trespasses().empty(),
            bench.trespasses().empty() ? "" : *bench.trespasses().begin());
}

void resultsFitTheSchema(Bench& bench)
{
    (void)bench.contract();
    bench.exercise();
    require(bench.misfits().empty(), bench.misfits().empty() ? "" : *bench.misfits().begin());
}

constexpr std::array<Rule, 4> kLibraryRules = {{
    {"start.ready",
     "With a valid configuration it is ready within 30 seconds.",
     "Read the sentence of the refusal; build with hub_loadable(), which writes the digest into "
     "the manifest.",
     starts},
    {"start.names_bad_configuration",
     "A bad configuration is refused with a sentence that names the key.",
     "Say in the manifest's schemas what a value must be; check in the constructor what they can't "
     "say, and throw with the key's name.",
     namesBadConfiguration},
    {"stop.in_time",
     "It stops before the deadline of STOP, also with calls in flight, and answers those first.",
     "Let stop() wake what waits and return; start nothing that nobody can end.",
     stopsInTime},
    {"stop.no_thread_left",
     "After stop() has returned no thread of the library runs.",
     "Join every thread in stop(); detach none.",
     leavesNoThread},
}};

constexpr std::array<Rule, 3> kClosingRules = {{
    {"results.fit_schema",
     "Every answer has a known status, and every result fits the contract's schema.",
     "Compare the payload with \"result\" in the contract's document.",
     resultsFitTheSchema},
    {"privacy.no_secret",
     "No key, secret or payer's identity stands in a log line, a message or a publication.",
     "Write codes and numbers of your own into messages, never what was revealed or received.",
     saysNoSecret},
    {"manifest.asks_for_what_it_lists",
     "It uses the extensions, keys, hosts, methods and event types of its manifest only, within "
     "live calls.",
     "List it in the manifest, or don't use it.",
     asksForWhatItListed},
}};

} // namespace

std::span<const Rule> libraryRules()
{
    return kLibraryRules;
}

std::span<const Rule> closingRules()
{
    return kClosingRules;
}

} // namespace hub::conformance
