// Goal: every paid payment counts once, on its day in China. Method: the built library under the
// SDK's fakes. Usage: plugin_example_test LIBRARY MIGRATIONS

#include <hub/testing/connector_fake.hpp>
#include <hub/testing/plugin_fake.hpp>

#include <iostream>
#include <string>

#include <nlohmann/json.hpp>

namespace {

using Json = nlohmann::json;

int failures = 0;

void check(bool condition, const std::string& sentence)
{
    failures += condition ? 0 : 1;
    std::cout << (condition ? "ok   " : "FAIL ") << sentence << "\n";
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 3) {
        std::cerr << "usage: plugin_example_test LIBRARY MIGRATIONS\n";
        return 2;
    }
    hub::testing::PluginFake fake;
    fake.start(hub::testing::loadEntry(argv[1]), "plugin_example", argv[2], R"({"config":{}})");

    const auto paid = [&](const std::string& key, int amount_minor) {
        hub::testing::PluginEvent event;
        event.type = "payment.paid";
        event.key = key;
        event.payload = Json{{"payment_id", key}, {"amount_minor", amount_minor}}.dump();
        return fake.deliver(event).status;
    };
    check(paid("p1", 20000) == HUB_OK && paid("p2", 500) == HUB_OK, "paid payments are taken");
    const Json body = Json::parse(fake.get("tally.get", "{}").payload).at("body");
    check(body.at("days").size() == 1, "two payments of one moment fall on one day");
    check(body.at("days").at(0).at("payments") == 2, "both are counted");
    check(body.at("days").at(0).at("amount_minor") == 20500, "their amounts are added");
    hub::testing::PluginEvent stranger;
    stranger.type = "payment.unheard_of";
    check(fake.deliver(stranger).status == HUB_UNSUPPORTED, "an unexpected event is refused");

    std::cout << (failures == 0 ? "1 passed, 0 failed" : "0 passed, 1 failed") << std::endl;
    return failures == 0 ? 0 : 1;
}
