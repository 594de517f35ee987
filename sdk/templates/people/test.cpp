// Goal: a guest's data is the guest's alone, and gone when it is erased; badges come all at once.
// Method: the built library under the SDK's fakes. Usage: people_example_test LIBRARY MIGRATIONS

#include <hub/testing/connector_fake.hpp>
#include <hub/testing/plugin_fake.hpp>

#include <iostream>
#include <string>

#include <nlohmann/json.hpp>

namespace {

using hub::testing::PluginFake;
using Json = nlohmann::json;

int failures = 0;

void check(bool condition, const std::string& sentence)
{
    failures += condition ? 0 : 1;
    std::cout << (condition ? "ok   " : "FAIL ") << sentence << "\n";
}

std::string request(const Json& body)
{
    return Json{{"path", Json::object()}, {"query", Json::object()}, {"body", body}}.dump();
}

Json bodyOf(const hub::Answer& answer)
{
    return answer.status == HUB_OK ? Json::parse(answer.payload).at("body") : Json{answer.message};
}

std::string invite(PluginFake& fake, const std::string& guest)
{
    const Json body{{"guest", guest}, {"phone", "13800000000"}};
    return bodyOf(fake.request("guest.add", request(body))).at("pass");
}

hub::Answer enter(PluginFake& fake, const std::string& pass)
{
    return fake.visit(HUB_KIND_UNIT, "guest.enter", request({{"pass", pass}}));
}

Json countOf(PluginFake& fake)
{
    return Json::parse(fake.command("guest.count").payload).at("data");
}

void testPeople(PluginFake& fake)
{
    const std::string pass = invite(fake, "g-1");
    check(enter(fake, "guessed").status == HUB_UNAUTHENTICATED, "a guessed pass is refused");
    check(fake.sessions().empty(), "nobody has a session by it");
    check(enter(fake, pass).status == HUB_OK, "the pass logs in");
    check(fake.sessions().at(0).subject == "g-1", "the session is the guest's");

    fake.setAnswer("payment", "status", {HUB_OK, {}, R"({"paid":true})", 0});
    const auto me = [&] {
        return bodyOf(fake.visit(HUB_KIND_READ, "guest.me", "{}", "session-1"));
    };
    check(me().at("phone") == "13800000000", "the guest reads the own phone number");
    check(me().at("paid") == true, "and that it is paid, which another plugin knows");
    check(fake.get("guest.me", "{}").status == HUB_REJECTED, "an API key is no guest");

    const auto erased = fake.request("guest.erase", request({{"guest", "g-1"}}));
    check(bodyOf(erased).at("erased") == true, "the guest is erased");
    check(fake.erased().count("g-1") == 1, "so is the guest's key");
    check(fake.sessions().at(0).is_ended, "so is the session");
    check(enter(fake, pass).status == HUB_UNAUTHENTICATED, "the pass is worth nothing now");
}

void testBadges(PluginFake& fake)
{
    for (int i = 0; i < 501; ++i) {
        invite(fake, "g-" + std::to_string(i));
    }
    check(fake.request("badges.make", request(Json::object())).status == HUB_OK, "a job begins");
    const hub::testing::BegunJob job = fake.jobs().at(0);
    const Json parameters = Json::parse(job.parameters);
    check(parameters.at("last") == 501, "it knows its end");
    Json state{{"job", job.id}, {"kind", job.kind}, {"position", 0}, {"total", 501}};
    int steps = 0;
    for (bool is_finished = false; !is_finished && steps < 5; ++steps) {
        const Json staged = Json::parse(fake.jobStep(job, "stage", state.dump()).payload);
        state["position"] = staged.at("position");
        is_finished = staged.at("finished");
    }
    check(steps == 2, "501 badges are two steps");
    check(countOf(fake) == Json{{"guests", 501}, {"badges", 0}}, "none counts before the end");
    check(fake.jobStep(job, "activate", state.dump()).status == HUB_OK, "the end is taken");
    check(countOf(fake) == Json{{"guests", 501}, {"badges", 501}}, "all count at one stroke");
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 3) {
        std::cerr << "usage: people_example_test LIBRARY MIGRATIONS\n";
        return 2;
    }
    for (const auto& test : {testPeople, testBadges}) {
        PluginFake fake;
        fake.start(hub::testing::loadEntry(argv[1]), "people_example", argv[2], R"({"config":{}})");
        fake.rehearse(true); // every unit is rolled back once and runs again
        test(fake);
    }
    return failures == 0 ? 0 : 1;
}
