// Goal: a manifest is taken whole or refused with pointer and remedy. Method: a good manifest and
// one JSON patch per row that spoils it.

#include "config/json_file.hpp"
#include "plugin/manifest.hpp"
#include "plugin/routes.hpp"
#include "support/suite.hpp"

#include <cstdlib>
#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

namespace {

using hub::base::Json;
using hub::plugin::Kind;
using hub::plugin::Manifest;

Json connector()
{
    return Json::parse(R"({
        "id": "payment_example", "version": "1.0.0", "kind": "connector",
        "title": {"en": "Example Pay", "zh": "示例支付"},
        "abi": {"major": 1, "minor_required": 0},
        "isolation": "process", "concurrency_max": 8,
        "implements": [{"contract": "payment", "version": 1, "operations": ["create", "query"], "products": ["qr"]}],
        "owns": [], "calls": [], "asks": [],
        "subscribes": [{"type": "payment.paid", "versions": [1, 2], "rule": "continue"}],
        "publishes": [{"type": "payment.example", "version": 1}],
        "extensions": ["hub.http/1", "hub.keys/1", "hub.clock/1"],
        "keys": [{"name": "app_key", "title": {"en": "e", "zh": "z"}, "uses": ["sign", "public_part"], "algorithms": ["rsa_sha256"]}],
        "secrets": [],
        "http": {"hosts": ["openapi.example.com"], "methods": ["POST"], "mask": {"request": ["sign"], "response": ["buyer"]}},
        "configuration": {"type": "object", "additionalProperties": false, "properties": {}},
        "account_configuration": {"type": "object"},
        "commands": [],
        "library": "libpayment_example.so",
        "sha256": "0000000000000000000000000000000000000000000000000000000000000000"})");
}

Json plugin()
{
    Json json = connector();
    json["kind"] = "plugin";
    json["isolation"] = "in_process";
    json["implements"] = Json::array();
    return json;
}

struct Row {
    std::string name;
    Json base;
    std::string patch; // RFC 6902
    std::string problem;
};

std::ostream& operator<<(std::ostream& out, const Row& row)
{
    return out << row.name;
}

std::vector<Row> rows()
{
    return {
        {"unknown member",
         connector(),
         R"([{"op":"add","path":"/extension","value":[]}])",
         R"("/extension" is not a known member)"},
        {"unknown mode of a command",
         plugin(),
         R"([{"op":"add","path":"/commands/0","value":{"name":"thing list",
              "operation":"thing.list","mode":"write","title":{"en":"e","zh":"z"}}}])",
         R"("/commands/0/mode" is "write", must be one of)"},
        {"unknown member inside",
         connector(),
         R"([{"op":"add","path":"/http/host","value":"a"}])",
         R"("/http/host" is "a", is not a known member)"},
        {"no id", connector(), R"([{"op":"remove","path":"/id"}])", R"(must have the member "id")"},
        {"capital in id",
         connector(),
         R"([{"op":"replace","path":"/id","value":"Pay"}])",
         R"("/id" is "Pay", must match)"},
        {"title in one language",
         connector(),
         R"([{"op":"remove","path":"/title/zh"}])",
         R"("/title" must have the member "zh")"},
        {"version without patch",
         connector(),
         R"([{"op":"replace","path":"/version","value":"1.0"}])",
         R"("/version" is "1.0", must match)"},
        {"unknown kind",
         connector(),
         R"([{"op":"replace","path":"/kind","value":"adapter"}])",
         R"("/kind" is "adapter", must be one of)"},
        {"unknown key use",
         connector(),
         R"([{"op":"replace","path":"/keys/0/uses/0","value":"steal"}])",
         R"(must be one of "sign")"},
        {"host with wildcard",
         connector(),
         R"([{"op":"replace","path":"/http/hosts/0","value":"*.example.com"}])",
         R"("/http/hosts/0" is "*.example.com", must match)"},
        {"host that is an address",
         connector(),
         R"([{"op":"replace","path":"/http/hosts/0","value":"example.com:443"}])",
         R"("/http/hosts/0")"},
        {"stream without extension",
         connector(),
         R"([{"op":"add","path":"/stream","value":{"hosts":[],"security":["tls"]}}])",
         R"("/stream" is used, so "/extensions" must name "hub.stream/1")"},
        {"stream extension without its member",
         connector(),
         R"([{"op":"add","path":"/extensions/-","value":"hub.stream/1"}])",
         R"("/extensions" names "hub.stream/1", so "/stream" must say what for)"},
        {"stream of a plugin",
         plugin(),
         R"([{"op":"add","path":"/extensions/-","value":"hub.stream/1"},
             {"op":"add","path":"/stream","value":{"hosts":[],"security":["tls"]}}])",
         R"("/stream" must be empty for a plugin)"},
        {"stream without security",
         connector(),
         R"([{"op":"add","path":"/stream","value":{"hosts":["smtp.example.com:465"]}}])",
         R"("/stream" must have the member "security")"},
        {"stream of unknown security",
         connector(),
         R"([{"op":"add","path":"/stream","value":{"hosts":[],"security":["ssl3"]}}])",
         R"("/stream/security/0" is "ssl3", must be one of)"},
        {"stream host without port",
         connector(),
         R"([{"op":"add","path":"/stream","value":{"hosts":["smtp.example.com"],"security":["tls"]}}])",
         R"("/stream/hosts/0" is "smtp.example.com", must match)"},
        {"stream with an unknown member",
         connector(),
         R"([{"op":"add","path":"/stream","value":{"hosts":[],"security":["tls"],"sesion":true}}])",
         R"("/stream/sesion")"},
        {"library outside its folder",
         connector(),
         R"([{"op":"replace","path":"/library","value":"../x.so"}])",
         R"("/library" is "../x.so", must match)"},
        {"unknown extension",
         connector(),
         R"([{"op":"add","path":"/extensions/-","value":"hub.disk/1"}])",
         R"("/extensions" names "hub.disk/1", must be among)"},
        {"keys without extension",
         connector(),
         R"([{"op":"remove","path":"/extensions/1"}])",
         R"("/keys" is used, so "/extensions" must name "hub.keys/1")"},
        {"http without extension",
         connector(),
         R"([{"op":"remove","path":"/extensions/0"}])",
         R"("/http" is used, so "/extensions" must name "hub.http/1")"},
        {"connector that owns",
         connector(),
         R"([{"op":"add","path":"/owns/-","value":"payment"}])",
         R"("/owns" must be empty for a connector)"},
        {"connector with tables",
         connector(),
         R"([{"op":"add","path":"/extensions/-","value":"hub.store/1"}])",
         R"("hub.store/1", which is for plugins only)"},
        {"connector that logs people in",
         connector(),
         R"([{"op":"add","path":"/extensions/-","value":"hub.session/1"}])",
         R"("hub.session/1", which is for plugins only)"},
        {"connector of nothing",
         connector(),
         R"([{"op":"replace","path":"/implements","value":[]}])",
         R"("/implements" is empty, must name a contract)"},
        {"subscriber of nothing",
         connector(),
         R"([{"op":"replace","path":"/kind","value":"subscriber"},{"op":"replace","path":"/implements","value":[]},{"op":"replace","path":"/subscribes","value":[]}])",
         R"("/subscribes" is empty)"},
        {"plugin in a process",
         plugin(),
         R"([{"op":"replace","path":"/isolation","value":"process"}])",
         R"("/isolation" is "process", must be "in_process" for a plugin)"},
        {"exports without store",
         plugin(),
         R"([{"op":"add","path":"/exports","value":[{"view":"total","version":1,"columns":["day"]}]}])",
         R"("/exports" is used, so "/extensions" must name "hub.store/1")"},
        {"export without columns",
         plugin(),
         R"([{"op":"add","path":"/exports","value":[{"view":"total","version":1,"columns":[]}]}])",
         R"("/exports/0/columns")"},
        {"a connector reads",
         connector(),
         R"([{"op":"add","path":"/reads","value":[{"library":"a","view":"b","version":1}]}])",
         R"("/reads" must be empty for a connector)"},
        {"asks without extension",
         plugin(),
         R"([{"op":"add","path":"/asks/-","value":"payment"}])",
         R"("/asks" is used, so "/extensions" must name "hub.ask/1")"},
        {"versions turned round",
         connector(),
         R"([{"op":"replace","path":"/subscribes/0/versions","value":[2,1]}])",
         R"(wants "payment.paid" in versions 2 to 1)"},
        {"an event of the hub's own",
         connector(),
         R"([{"op":"add","path":"/publishes","value":[{"type":"hub.restored","version":1}]}])",
         R"("/publishes" names "hub.restored", must not begin with "hub.")"},
        {"key named twice",
         connector(),
         R"([{"op":"copy","from":"/keys/0","path":"/keys/-"}])",
         R"("/keys" names "app_key" twice)"},
        {"configuration that is no schema",
         connector(),
         R"([{"op":"add","path":"/configuration/required","value":5}])",
         R"("/configuration" is no JSON Schema)"},
        {"account configuration that is no schema",
         connector(),
         R"([{"op":"add","path":"/account_configuration/pattern","value":"("}])",
         R"("/account_configuration" is no JSON Schema)"},
    };
}

class ManifestTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ManifestTest);
    CPPUNIT_TEST_PARAMETERIZED(refusesWithPointerAndRemedy, rows());
    CPPUNIT_TEST(takesEveryMember);
    CPPUNIT_TEST(choosesDefaultsByKind);
    CPPUNIT_TEST(refusesMembersOfAnOmittedConfiguration);
    CPPUNIT_TEST(aKeyAllowsWhatItLists);
    CPPUNIT_TEST(aCommandReadsUnlessItSaysOtherwise);
    CPPUNIT_TEST(aSecretForAddressesNeedsHttpOnly);
    CPPUNIT_TEST(theTreesOwnLibrariesAreSound);
    CPPUNIT_TEST_SUITE_END();

public:
    void refusesWithPointerAndRemedy(const Row& row)
    {
        std::vector<std::string> problems;

        const auto manifest =
            hub::plugin::parseManifest(row.base.patch(Json::parse(row.patch)), "x", problems);

        CPPUNIT_ASSERT(!manifest);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, problems.size());
        CPPUNIT_ASSERT_MESSAGE(problems[0], problems[0].find("x: ") == 0);
        CPPUNIT_ASSERT_MESSAGE(problems[0], problems[0].find(row.problem) != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(problems[0], problems[0].find("; ") != std::string::npos);
    }

    void takesEveryMember()
    {
        const Manifest manifest = good(connector());

        CPPUNIT_ASSERT_EQUAL(std::string("payment_example"), manifest.id);
        CPPUNIT_ASSERT(manifest.kind == Kind::Connector);
        CPPUNIT_ASSERT(manifest.isolation == hub::plugin::Isolation::Process);
        CPPUNIT_ASSERT_EQUAL(8U, manifest.concurrency_max);
        CPPUNIT_ASSERT_EQUAL(std::string("query"), manifest.implements.at(0).operations.at(1));
        CPPUNIT_ASSERT_EQUAL(std::string("qr"), manifest.implements.at(0).products.at(0));
        CPPUNIT_ASSERT_EQUAL(2U, manifest.subscribes.at(0).version_max);
        CPPUNIT_ASSERT(manifest.subscribes.at(0).rule == hub::plugin::Subscription::Rule::Continue);
        CPPUNIT_ASSERT(manifest.publishesType("payment.example", 1));
        CPPUNIT_ASSERT(!manifest.publishesType("payment.example", 2));
        CPPUNIT_ASSERT(manifest.wants("hub.http/1"));
        CPPUNIT_ASSERT_EQUAL(std::string("sign"), manifest.http.mask_request.at(0));
        CPPUNIT_ASSERT_EQUAL(std::string("buyer"), manifest.http.mask_response.at(0));
        CPPUNIT_ASSERT_EQUAL(std::string("libpayment_example.so"), manifest.library);
    }

    void choosesDefaultsByKind()
    {
        Json json = plugin();
        json.erase("isolation");
        CPPUNIT_ASSERT(good(json).isolation == hub::plugin::Isolation::InProcess);
        json = connector();
        json.erase("isolation");
        json["subscribes"][0].erase("rule");
        CPPUNIT_ASSERT(good(json).isolation == hub::plugin::Isolation::Process);
        CPPUNIT_ASSERT(good(json).subscribes.at(0).rule ==
                       hub::plugin::Subscription::Rule::BlockKey);
    }

    void refusesMembersOfAnOmittedConfiguration()
    {
        Json json = connector();
        json.erase("configuration");

        CPPUNIT_ASSERT_EQUAL(false,
                             good(json).configuration.at("additionalProperties").get<bool>());
    }

    void aKeyAllowsWhatItLists()
    {
        const Manifest manifest = good(connector());
        const auto* key = manifest.findKey("app_key");

        CPPUNIT_ASSERT(key->allows("sign", "rsa_sha256"));
        CPPUNIT_ASSERT(key->allows("public_part", ""));
        CPPUNIT_ASSERT(!key->allows("verify", "rsa_sha256"));
        CPPUNIT_ASSERT(!key->allows("sign", "rsa_sha1"));
        CPPUNIT_ASSERT(!key->allows("add_public", ""));
        CPPUNIT_ASSERT(manifest.findKey("other") == nullptr);
    }

    void aCommandReadsUnlessItSaysOtherwise()
    {
        Json with_commands = plugin();
        const Json looks = {{"name", "thing list"},
                            {"operation", "thing.list"},
                            {"title", {{"en", "e"}, {"zh", "z"}}}};
        Json changes = looks;
        changes.update({{"name", "thing stop"}, {"mode", "unit"}});
        with_commands["commands"] = {looks, changes};
        const Manifest manifest = good(with_commands);

        CPPUNIT_ASSERT(!manifest.commands.at(0).is_unit);
        CPPUNIT_ASSERT(manifest.commands.at(1).is_unit);
    }

    void aSecretForAddressesNeedsHttpOnly()
    {
        Json json = connector();
        json["secrets"] = {
            {{"name", "app_secret"}, {"title", {{"en", "e"}, {"zh", "z"}}}, {"in_url", true}}};
        CPPUNIT_ASSERT(good(json).findSecret("app_secret")->in_url);
        json["secrets"][0].erase("in_url");
        std::vector<std::string> problems;
        CPPUNIT_ASSERT(!hub::plugin::parseManifest(json, "x", problems).has_value());
    }

    void theTreesOwnLibrariesAreSound()
    {
        const std::filesystem::path root(std::getenv("HUB_SOURCE_DIR"));
        std::size_t found = 0;
        for (const char* group : {"plugins", "connectors", "sdk/templates"}) {
            for (const auto& entry : std::filesystem::directory_iterator(root / group)) {
                found += checkLibrary(entry.path()) ? 1U : 0U;
            }
        }
        CPPUNIT_ASSERT(found >= 2);
    }

private:
    /// False when the folder is no library's.
    static bool checkLibrary(const std::filesystem::path& folder)
    {
        if (!std::filesystem::exists(folder / "manifest.json")) {
            return false;
        }
        const std::string name = folder.filename().string();
        std::vector<std::string> problems;
        const auto json = hub::config::readJsonFile(folder / "manifest.json", name);
        CPPUNIT_ASSERT_MESSAGE(name, json.ok());
        hub::plugin::parseManifest(json.value(), name, problems);
        if (std::filesystem::exists(folder / "routes.json")) {
            const auto routes = hub::config::readJsonFile(folder / "routes.json", name);
            CPPUNIT_ASSERT_MESSAGE(name, routes.ok());
            hub::plugin::parseRoutes(routes.value(), name, name, problems);
        }
        CPPUNIT_ASSERT_MESSAGE(problems.empty() ? "" : problems[0], problems.empty());
        return true;
    }

    static Manifest good(const Json& json)
    {
        std::vector<std::string> problems;
        auto manifest = hub::plugin::parseManifest(json, "x", problems);
        CPPUNIT_ASSERT_MESSAGE(problems.empty() ? "" : problems[0], manifest.has_value());
        return *manifest;
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(ManifestTest, "manifest");
