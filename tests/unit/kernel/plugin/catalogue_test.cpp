// Goal: what is installed and configured fits together, or one sentence says what does not; a bad
// library alone never stops the hub. Method: small packages written into a temporary folder, the
// SDK's own contract, and one change per row.

#include "plugin/catalogue.hpp"
#include "support/suite.hpp"

#include <Poco/TemporaryFile.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <ostream>
#include <string>
#include <vector>

namespace {

using hub::base::Json;
using hub::plugin::Catalogue;

const std::string kToken = "newest0000000000000000";

Json manifest(const std::string& id, const std::string& kind)
{
    return {{"id", id},
            {"version", "1.0.0"},
            {"kind", kind},
            {"title", {{"en", "e"}, {"zh", "z"}}},
            {"abi", {{"major", 1}, {"minor_required", 0}}},
            {"library", "lib.so"},
            {"sha256", std::string(64, '0')}};
}

/// The tree that a row changes before it is read: files by path.
struct Tree {
    Json desk = manifest("desk", "plugin");
    Json pay = manifest("pay", "connector");
    Json desk_file = {{"library", "desk"}};
    Json pay_file = {{"library", "pay"}};
    Json routes = Json::parse(R"({"routes": [{"operation": "desk.get", "method": "GET",
        "path": "/desks/{id}", "mode": "read", "scope": "desk:read",
        "title": {"en": "e", "zh": "z"}, "answers": {"200": {}}}]})");
    Json events =
        Json::parse(R"({"events": [{"type": "payment.paid", "version": 2, "key": "payment",
        "title": {"en": "e", "zh": "z"},
        "payload": {"type": "object", "required": ["amount_minor"],
                    "properties": {"amount_minor": {"type": "integer"}}},
        "examples": [{"amount_minor": 1}]}]})");
    std::vector<Json> more; // further manifests, enabled

    Tree()
    {
        desk["owns"] = {"payment"};
        desk["calls"] = {"payment"};
        desk["publishes"] = {{{"type", "payment.paid"}, {"version", 2}}};
        pay["implements"] = {{{"contract", "payment"},
                              {"version", 1},
                              {"operations", {"create", "query", "callback"}},
                              {"products", {"qr"}}}};
        pay["extensions"] = {"hub.keys/1"};
        pay["keys"] = {{{"name", "app_key"},
                        {"title", {{"en", "e"}, {"zh", "z"}}},
                        {"uses", {"sign"}},
                        {"algorithms", {"rsa_sha256"}}}};
        pay["account_configuration"] = Json::parse(R"({"type": "object", "required": ["app_id"],
            "additionalProperties": false, "properties": {"app_id": {"type": "string"}}})");
        pay_file["accounts"]["main"] = {{"config", {{"app_id", "1"}}},
                                        {"keys", {{"app_key", "main/app_key"}}},
                                        {"callback_token", {kToken, "older00000000000000000"}}};
    }
};

struct Row {
    std::string name;
    std::function<void(Tree&)> change;
    std::string problem; // stops the start
    std::string refusal; // of a library
};

std::ostream& operator<<(std::ostream& out, const Row& row)
{
    return out << row.name;
}

Json second(const std::string& member, const Json& value)
{
    Json json = manifest("other", "plugin");
    json[member] = value;
    return json;
}

/// Sound ones but for the member that `pointer` names.
Json traits(const std::string& pointer = "/wallet", const Json& value = "purse")
{
    Json json = Json::parse(R"({"wallet": "purse", "title": {"en": "Purse", "zh": "钱包"},
        "sign": "钱", "color": "#1a2b3c", "agents": ["PurseClient"], "inside": "qr",
        "phone": "wap", "desk": "qr"})");
    json[Json::json_pointer(pointer)] = value;
    return json;
}

std::vector<Row> conflicts()
{
    return {
        {"sound tree", [](Tree&) {}, "", ""},
        {"second owner",
         [](Tree& tree) { tree.more = {second("owns", {"payment"})}; },
         R"(the contract "payment" is claimed by desk and other)",
         ""},
        {"second publisher",
         [](Tree& tree) {
             tree.more = {second("publishes", {{{"type", "payment.paid"}, {"version", 1}}})};
         },
         R"(the event type "payment.paid" is claimed by desk and other)",
         ""},
        {"second plugin with sessions",
         [](Tree& tree) {
             tree.desk["extensions"] = {"hub.session/1"};
             tree.more = {second("extensions", {"hub.session/1"})};
         },
         R"(the extension "hub.session/1" is claimed by desk and other)",
         ""},
        {"view that nobody exports",
         [](Tree& tree) {
             Json reader =
                 second("reads", {{{"library", "desk"}, {"view", "total"}, {"version", 2}}});
             reader["extensions"] = {"hub.store/1"};
             tree.desk["exports"] = {{{"view", "total"}, {"version", 1}, {"columns", {"day"}}}};
             tree.desk["extensions"] = {"hub.store/1"};
             tree.more = {reader};
         },
         "",
         R"("/reads" names version 2 of the view "total" of desk, must be one that another)"},
        {"circle of asks",
         [](Tree& tree) {
             tree.desk["asks"] = {"payment"};
             tree.desk["extensions"] = {"hub.ask/1"};
         },
         "the libraries desk -> desk ask each other in a circle",
         ""},
        {"wrong value in plugins.d",
         [](Tree& tree) { tree.pay_file["accounts"]["main"]["config"]["app_id"] = 5; },
         R"(plugins.d/pay.json: "/accounts/main/config/app_id" is 5, must be a string; correct it)",
         ""},
        {"missing value in plugins.d",
         [](Tree& tree) { tree.pay_file["accounts"]["main"]["config"].erase("app_id"); },
         R"(plugins.d/pay.json: "/accounts/main/config" must have the member "app_id"; correct it)",
         ""},
        {"unknown value in plugins.d",
         [](Tree& tree) { tree.desk_file["config"]["limit"] = 1; },
         R"(plugins.d/desk.json: "/config/limit" is 1, is not a known member; correct it)",
         ""},
        {"value of a disabled library",
         [](Tree& tree) {
             tree.desk_file["config"]["limit"] = 1;
             tree.desk_file["enabled"] = false;
         },
         "",
         ""},
        {"unknown key role",
         [](Tree& tree) { tree.pay_file["accounts"]["main"]["keys"]["tls"] = "x"; },
         R"("/accounts/main/keys" names "tls", must be among "keys" of the manifest)",
         ""},
        {"grant of nothing",
         [](Tree& tree) { tree.pay_file["grants"]["secrets"] = {"pin"}; },
         R"("/grants/secrets" names "pin", must be among "secrets" of the manifest)",
         ""},
        {"plugin in a process",
         [](Tree& tree) { tree.desk_file["isolation"] = "process"; },
         R"(plugins.d/desk.json: "/isolation" is "process", must be "in_process" for a plugin)",
         ""},
        {"library that is not there",
         [](Tree& tree) {
             tree.more = {};
             tree.pay["id"] = "paid";
             tree.pay_file["library"] = "paid";
         },
         "",
         R"(pay/manifest.json: "/id" is "paid", must be the name of its folder, "pay")"},
        {"wrong ABI",
         [](Tree& tree) { tree.pay["abi"]["major"] = 2; },
         "",
         R"(pay/manifest.json: "/abi/major" is 2, must be 1; build the library for this hub)"},
        {"newer ABI",
         [](Tree& tree) { tree.pay["abi"]["minor_required"] = 9; },
         "",
         R"("/abi/minor_required" is 9, must be at most)"},
        {"source folder",
         [](Tree& tree) { tree.pay.erase("sha256"); },
         "",
         R"(must have the members "library" and "sha256")"},
        {"no shared object",
         [](Tree& tree) { tree.pay["library"] = "gone.so"; },
         "",
         R"("/library" is "gone.so", must be a file beside it)"},
        {"broken manifest",
         [](Tree& tree) { tree.pay["kind"] = 5; },
         "",
         R"(pay/manifest.json: "/kind" is 5, must be one of)"},
        {"broken routes",
         [](Tree& tree) { tree.routes["routes"][0]["mode"] = "unit"; },
         "",
         R"(desk/routes.json: "/routes/0/mode" is "unit")"},
        {"file for a read",
         [](Tree& tree) {
             tree.routes["routes"][0]["upload"] = {{"bytes_max", 1},
                                                   {"media_types", {"image/png"}}};
         },
         "",
         R"(desk/routes.json: "/routes/0/upload" is there, must be absent unless)"},
        {"broken events",
         [](Tree& tree) { tree.events["events"][0].erase("key"); },
         "",
         R"(desk/events.json: "/events/0)"},
        {"publication that is not described",
         [](Tree& tree) {
             tree.desk["publishes"].push_back({{"type", "payment.closed"}, {"version", 1}});
         },
         "",
         R"(must describe "payment.closed" in version 1, because the manifest publishes it)"},
        {"description of what is not published",
         [](Tree& tree) { tree.events["events"][0]["version"] = 3; },
         "",
         R"("/events/0/type" is "payment.paid" in version 3, must be among "publishes")"},
        {"description twice",
         [](Tree& tree) { tree.events["events"].push_back(tree.events["events"][0]); },
         "",
         R"("/events/1" describes "payment.paid" once more)"},
        {"example that is none",
         [](Tree& tree) { tree.events["events"][0]["examples"][0]["amount_minor"] = "1"; },
         "",
         R"("/events/0/examples/0/amount_minor" must be)"},
        {"schema that is none",
         [](Tree& tree) { tree.events["events"][0]["payload"]["type"] = "number of"; },
         "",
         R"("/events/0/payload")"},
        {"unknown contract",
         [](Tree& tree) { tree.pay["implements"][0]["contract"] = "gift"; },
         "",
         R"("/implements" names the contract "gift")"},
        {"other version of a contract",
         [](Tree& tree) { tree.pay["implements"][0]["version"] = 2; },
         "",
         R"(names payment in version 2, must be version 1)"},
        {"unknown operation",
         [](Tree& tree) { tree.pay["implements"][0]["operations"] = {"pay"}; },
         "",
         R"(names the operation "payment.pay")"},
        {"call that nothing resolves",
         [](Tree& tree) { tree.pay["implements"][0]["operations"] = {"create"}; },
         "",
         R"(names "payment.create" without "query")"},
        {"unknown product",
         [](Tree& tree) { tree.pay["implements"][0]["products"] = {"coin"}; },
         "",
         R"(names the product "coin" of payment)"},
        {"all that is known of a wallet",
         [](Tree& tree) { tree.pay["implements"][0]["traits"] = traits(); },
         "",
         ""},
        {"wallet without names and look",
         [](Tree& tree) {
             tree.pay["implements"][0]["traits"] = {{"wallet", "purse"}};
         },
         "",
         ""},
        {"unknown trait",
         [](Tree& tree) { tree.pay["implements"][0]["traits"] = traits("/logo", "purse.svg"); },
         "",
         R"(has traits of payment that do not fit: /logo is not a known member)"},
        {"wallet named in one language",
         [](Tree& tree) {
             tree.pay["implements"][0]["traits"] = traits("/title", {{"en", "e"}});
         },
         "",
         R"(has traits of payment that do not fit: /title must have the member "zh")"},
        {"long name of a wallet",
         [](Tree& tree) {
             tree.pay["implements"][0]["traits"] = traits("/title/en", std::string(33, 'e'));
         },
         "",
         R"(has traits of payment that do not fit: /title/en must be at most 32 characters long)"},
        {"sign of two characters",
         [](Tree& tree) { tree.pay["implements"][0]["traits"] = traits("/sign", "钱包"); },
         "",
         R"(has traits of payment that do not fit: /sign must be at most 1 character long)"},
        {"color by its name",
         [](Tree& tree) { tree.pay["implements"][0]["traits"] = traits("/color", "red"); },
         "",
         R"(has traits of payment that do not fit: /color must match)"},
        {"event of another version",
         [](Tree& tree) {
             tree.more = {second("subscribes", {{{"type", "payment.paid"}, {"versions", {1, 1}}}})};
         },
         "",
         R"(other/manifest.json: "/subscribes" wants "payment.paid" in versions 1 to 1, must include one of 2)"},
        {"event that nobody publishes",
         [](Tree& tree) {
             tree.more = {second("subscribes", {{{"type", "order.made"}, {"versions", {1, 1}}}})};
         },
         "",
         ""},
    };
}

class CatalogueTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(CatalogueTest);
    CPPUNIT_TEST_PARAMETERIZED(saysWhatDoesNotFit, conflicts());
    CPPUNIT_TEST(findsWhoDoesWhat);
    CPPUNIT_TEST(makesTheConfigurationOfALibrary);
    CPPUNIT_TEST(leavesOutWhatIsNotEnabled);
    CPPUNIT_TEST(aFormerVersionStandsIn);
    CPPUNIT_TEST(refusesWhatNothingStandsInFor);
    CPPUNIT_TEST(refusesAFileWithoutLibrary);
    CPPUNIT_TEST(stopsWithoutContracts);
    CPPUNIT_TEST(findsALongCircle);
    CPPUNIT_TEST(refusesWhatIsNotApproved);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override
    {
        std::filesystem::create_directories(folder_ / "contracts");
        std::filesystem::create_directories(folder_ / "plugins.d");
        std::filesystem::copy_file(std::filesystem::path(std::getenv("HUB_SOURCE_DIR")) /
                                       "sdk/contracts/payment.json",
                                   folder_ / "contracts/payment.json");
    }

    void tearDown() override { std::filesystem::remove_all(folder_); }

    void saysWhatDoesNotFit(const Row& row)
    {
        Tree tree;
        row.change(tree);

        const Catalogue catalogue = read(tree);

        const std::string problems = joined(catalogue.problems());
        const std::string refusals = refused(catalogue);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(problems, row.problem.empty(), problems.empty());
        CPPUNIT_ASSERT_MESSAGE(problems, problems.find(row.problem) != std::string::npos);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(refusals, row.refusal.empty(), refusals.empty());
        CPPUNIT_ASSERT_MESSAGE(refusals, refusals.find(row.refusal) != std::string::npos);
    }

    void findsWhoDoesWhat()
    {
        const Catalogue catalogue = read(Tree());

        CPPUNIT_ASSERT_EQUAL(std::string("desk"), catalogue.ownerOf("payment")->manifest.id);
        CPPUNIT_ASSERT(catalogue.ownerOf("gift") == nullptr);
        CPPUNIT_ASSERT_EQUAL(std::string("pay"), catalogue.libraryOf("main")->manifest.id);
        CPPUNIT_ASSERT(catalogue.libraryOf("other") == nullptr);
        CPPUNIT_ASSERT(catalogue.connectorFor("main", "payment", "create", "qr") != nullptr);
        CPPUNIT_ASSERT(catalogue.connectorFor("main", "payment", "query", "") != nullptr);
        CPPUNIT_ASSERT(catalogue.connectorFor("main", "payment", "create", "h5") == nullptr);
        CPPUNIT_ASSERT(catalogue.connectorFor("main", "payment", "refund", "") == nullptr);
        CPPUNIT_ASSERT_EQUAL(std::string("main/app_key"),
                             catalogue.findAccount("main")->keys.at("app_key"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, catalogue.findPackage("desk")->routes.size());
    }

    void makesTheConfigurationOfALibrary()
    {
        const Catalogue catalogue = read(Tree());

        CPPUNIT_ASSERT_EQUAL(
            std::string(
                R"({"accounts":{"main":{"callback_url":"https://fair.example.com/callback/pay/main/newest0000000000000000","config":{"app_id":"1"}}},"config":{}})"),
            catalogue.configFor("pay").dump());
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"accounts":{},"config":{}})"),
                             catalogue.configFor("desk").dump());
    }

    void leavesOutWhatIsNotEnabled()
    {
        Tree tree;
        tree.pay_file["enabled"] = false;

        const Catalogue catalogue = read(tree);

        CPPUNIT_ASSERT(catalogue.findPackage("pay") != nullptr);
        CPPUNIT_ASSERT(catalogue.libraryOf("main") == nullptr);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, catalogue.enabled().size());
    }

    void refusesWhatIsNotApproved()
    {
        objection_ = [](const hub::plugin::Manifest& manifest) {
            return "library \"" + manifest.id + "\" is not approved";
        };

        const Catalogue catalogue = read(Tree());

        // The connector, but not the plugin that the operator installed by name.
        CPPUNIT_ASSERT_EQUAL(std::string("library \"pay\" is not approved\n"), refused(catalogue));
        CPPUNIT_ASSERT(catalogue.findPackage("pay") == nullptr);
        CPPUNIT_ASSERT(catalogue.findPackage("desk") != nullptr);
    }

    /// A former version of "pay" that knows no accounts' settings.
    static hub::Result<hub::plugin::Package> standIn(hub::plugin::Package installed)
    {
        if (installed.manifest.id != "pay") {
            return installed;
        }
        hub::plugin::Package former = installed;
        former.manifest.version = "0.9.0";
        former.manifest.account_configuration = {{"type", "object"}, {"maxProperties", 0}};
        former.set_aside = {installed.manifest, "its process ended"};
        return former;
    }

    void aFormerVersionStandsIn()
    {
        in_use_ = &standIn;
        objection_ = [](const hub::plugin::Manifest& manifest) {
            return manifest.version == "0.9.0" ? std::string("not the newest") : std::string();
        };
        Tree fits_former;
        fits_former.pay_file["accounts"]["main"]["config"] = Json::object();
        for (const Tree& tree : {Tree(), fits_former}) {
            const Catalogue catalogue = read(tree);

            CPPUNIT_ASSERT_EQUAL(std::string(), joined(catalogue.problems()) + refused(catalogue));
            CPPUNIT_ASSERT_EQUAL(std::string("0.9.0"),
                                 catalogue.libraryOf("main")->manifest.version);
        }
        Tree fits_none;
        fits_none.pay_file["accounts"]["main"]["config"] = {{"other", 1}};
        CPPUNIT_ASSERT(!read(fits_none).problems().empty());
    }

    void refusesWhatNothingStandsInFor()
    {
        in_use_ = [](const hub::plugin::Package& installed) -> hub::Result<hub::plugin::Package> {
            return installed.manifest.id == "pay"
                       ? hub::Result<hub::plugin::Package>(hub::Error{HUB_REJECTED, "rolled back"})
                       : hub::Result<hub::plugin::Package>(installed);
        };

        const Catalogue catalogue = read(Tree());

        CPPUNIT_ASSERT(catalogue.problems().empty());
        CPPUNIT_ASSERT(catalogue.findPackage("pay") == nullptr);
        CPPUNIT_ASSERT_EQUAL(std::string("rolled back"),
                             catalogue.findRefusal("pay")->reasons.front());
    }

    void refusesAFileWithoutLibrary()
    {
        write("plugins.d/gone.json", {{"library", "gone"}});
        write("plugins.d/off.json", {{"library", "off"}, {"enabled", false}});

        const Catalogue catalogue = read(Tree());

        CPPUNIT_ASSERT(catalogue.problems().empty());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, catalogue.refusals().size());
        CPPUNIT_ASSERT(refused(catalogue).find("must be an installed library") !=
                       std::string::npos);
    }

    void stopsWithoutContracts()
    {
        std::filesystem::remove_all(folder_ / "contracts");

        CPPUNIT_ASSERT(joined(read(Tree()).problems()).find("correct contracts.folder") !=
                       std::string::npos);
    }

    void findsALongCircle()
    {
        Json gift =
            Json::parse(R"({"contract": "gift", "version": 1, "title": {"en": "e", "zh": "z"},
            "operations": {"get": {"safe": true, "after_unknown": "resend_same_key", "timeout_ms": 1,
            "deliveries_max": 1, "request": {}, "result": {},
            "examples": [{"request": {}, "result": {}}]}}})");
        write("contracts/gift.json", gift);
        Tree tree;
        tree.desk["asks"] = {"gift"};
        tree.desk["extensions"] = {"hub.ask/1"};
        Json other = second("owns", {"gift"});
        other["asks"] = {"payment"};
        other["extensions"] = {"hub.ask/1"};
        tree.more = {other};

        CPPUNIT_ASSERT(joined(read(tree).problems()).find("desk -> other -> desk") !=
                       std::string::npos);

        gift["leaf"] = true; // nobody asks on from here
        write("contracts/gift.json", gift);
        CPPUNIT_ASSERT_EQUAL(std::string(), joined(read(tree).problems()));
        tree.more = {second("owns", {"gift"})};
        tree.more[0]["asks"] = {"gift"}; // oneself is never asked
        tree.more[0]["extensions"] = {"hub.ask/1"};
        CPPUNIT_ASSERT(joined(read(tree).problems()).find("other -> other") != std::string::npos);
    }

private:
    void write(const std::string& path, const Json& json) const
    {
        std::filesystem::create_directories((folder_ / path).parent_path());
        std::ofstream(folder_ / path) << json.dump();
    }

    void install(const std::string& id, const Json& json) const
    {
        write("lib/" + id + "/manifest.json", json);
        std::ofstream(folder_ / "lib" / id / "lib.so") << "not looked at";
    }

    Catalogue read(const Tree& tree) const
    {
        install("desk", tree.desk);
        install("pay", tree.pay);
        write("lib/desk/routes.json", tree.routes);
        write("lib/desk/events.json", tree.events);
        write("plugins.d/desk.json", tree.desk_file);
        write("plugins.d/" + tree.pay_file.at("library").get<std::string>() + ".json",
              tree.pay_file);
        for (const Json& json : tree.more) {
            install(json.at("id"), json);
            write("plugins.d/" + json.at("id").get<std::string>() + ".json",
                  {{"library", json.at("id")}});
        }
        return Catalogue::read({folder_ / "lib",
                                folder_ / "plugins.d",
                                folder_ / "contracts",
                                "https://fair.example.com",
                                hub::config::Profile::Production,
                                objection_,
                                in_use_});
    }

    static std::string joined(const std::vector<std::string>& sentences)
    {
        std::string all;
        for (const std::string& sentence : sentences) {
            all += sentence + "\n";
        }
        return all;
    }

    static std::string refused(const Catalogue& catalogue)
    {
        std::string all;
        for (const auto& refusal : catalogue.refusals()) {
            all += joined(refusal.reasons);
        }
        return all;
    }

    std::filesystem::path folder_ = Poco::TemporaryFile::tempName();
    std::function<std::string(const hub::plugin::Manifest&)> objection_;
    std::function<hub::Result<hub::plugin::Package>(hub::plugin::Package)> in_use_;
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(CatalogueTest, "catalogue");
