// Goal: what can't be served is refused at the start with a sentence that says what to do; one
// library that does not fit keeps nobody else from being served. Method: the real hub with one
// defect per row.
#include "support/hub_process.hpp"
#include "support/postgres.hpp"
#include "support/suite.hpp"

#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

namespace hub::test {

namespace {

namespace fs = std::filesystem;

constexpr int kRefused = 1;
constexpr int kWrongConfiguration = 78;

fs::path environment(const char* name)
{
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

void assertContains(const std::string& name, const std::string& text, const std::string& part)
{
    CPPUNIT_ASSERT_MESSAGE(name + ": \"" + part + "\" is not in: " + text,
                           text.find(part) != std::string::npos);
}

void assertLacks(const std::string& name, const std::string& text, const std::string& part)
{
    CPPUNIT_ASSERT_MESSAGE(name + ": \"" + part + "\" is in: " + text,
                           text.find(part) == std::string::npos);
}

class StartTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(StartTest);
    CPPUNIT_TEST(aSecondHubOnTheSameStoreIsRefused);
    CPPUNIT_TEST(aSecondHubOnTheSamePostgresIsRefused);
    CPPUNIT_TEST(wrongConfigurationStopsTheStart);
    CPPUNIT_TEST(aLibraryThatDoesNotFitIsRefusedAlone);
    CPPUNIT_TEST(everyStepNamesItsConfiguration);
    CPPUNIT_TEST_SUITE_END();

    std::unique_ptr<PostgresSchema> schema_;
    std::unique_ptr<HubProcess> hub_;
    fs::path libraries_;

    void refuseASecond(std::vector<std::string> settings, const std::string& store)
    {
        HubOptions options;
        options.settings = settings;
        hub_ = std::make_unique<HubProcess>(options);
        hub_->startSimulator();
        hub_->start();
        if (settings.empty()) {
            settings = {"store.folder = " + (hub_->folder() / "hub/store").string()};
        }
        options.settings = settings;
        HubProcess second(options);

        const ProgramEnd end = second.startRefused();

        CPPUNIT_ASSERT_EQUAL_MESSAGE(end.error, kRefused, end.code);
        assertLacks("second hub", end.output + end.error, "hub::base::Failure");
        assertContains("second hub", end.output + end.error + second.log(), store);
        CPPUNIT_ASSERT_EQUAL(200, hub_->request("GET", "/readyz").status);
        hub_->codeNumber(hub_->pay("the first goes on"));
    }

    struct Defect {
        std::string name;
        std::string kind;     ///< "subscriber" runs in a process of its own, "plugin" in the hub's
        std::string manifest; ///< member to change, if any
        Json value;
        std::string sentence;
    };

    /// A package of the library `name` of tests/abi, as its build would make it but for the defect.
    void install(const Defect& defect)
    {
        const fs::path package = libraries_ / "fixture";
        fs::remove_all(package);
        fs::create_directories(package);
        const fs::path built = environment("HUB_BUILD_DIR") / "tests/abi/libraries";
        fs::copy_file(built / (defect.name + ".so"), package / "libfixture.so");
        const fs::path pattern = environment("HUB_SOURCE_DIR") / "sdk/templates" /
                                 (defect.kind == "plugin" ? "plugin" : "subscriber") /
                                 "manifest.json";
        Json manifest = Json::parse(readFile(pattern));
        manifest["id"] = "fixture";
        manifest["publishes"] = Json::array();
        manifest["extensions"] = Json::array();
        manifest["commands"] = Json::array();
        manifest["library"] = "libfixture.so";
        const ProgramEnd digest = runProgram({"sha256sum", (package / "libfixture.so").string()});
        manifest["sha256"] = digest.output.substr(0, 64);
        if (!defect.manifest.empty()) {
            manifest[Json::json_pointer(defect.manifest)] = defect.value;
        }
        writeFile(package / "manifest.json", manifest.dump(2));
    }

    void refuseAlone(const Defect& defect)
    {
        install(defect);
        HubOptions options;
        options.settings = {"plugins.folder = " + libraries_.string()};
        hub_ = std::make_unique<HubProcess>(options);
        hub_->configure("fixture", {{"library", "fixture"}, {"enabled", true}});
        hub_->startSimulator();
        hub_->start();

        Json fixture;
        const bool refused = becomesTrue([&] {
            for (const Json& library : hub_->ask({"plugin", "list"})) {
                if (library.at("library") == "fixture") {
                    fixture = library;
                }
            }
            const std::string state = fixture.is_null() ? "" : fixture.value("state", "");
            return state == "faulted" || state == "refused";
        });
        CPPUNIT_ASSERT_MESSAGE(defect.name + ": " + fixture.dump() + hub_->log(), refused);
        assertContains(defect.name, fixture.at("reason").get<std::string>(), defect.sentence);
        hub_->codeNumber(hub_->pay("others are served"));
        hub_.reset();
    }

public:
    void setUp() override
    {
        std::string name = (fs::temp_directory_path() / "hub-libraries-XXXXXX").string();
        CPPUNIT_ASSERT(::mkdtemp(name.data()) != nullptr);
        libraries_ = name;
        for (const auto& entry : fs::directory_iterator(environment("HUB_BUILD_DIR") / "lib")) {
            fs::create_directory_symlink(entry.path(), libraries_ / entry.path().filename());
        }
    }

    void tearDown() override
    {
        hub_.reset();
        schema_.reset();
        fs::remove_all(libraries_);
    }

    void aSecondHubOnTheSameStoreIsRefused() { refuseASecond({}, "another hub"); }

    void aSecondHubOnTheSamePostgresIsRefused()
    {
        schema_ = std::make_unique<PostgresSchema>();
        refuseASecond({"store.backend = postgresql",
                       "store.postgres = " + schema_->connection(),
                       "store.postgres_schema = " + schema_->name()},
                      "another hub");
    }

    void wrongConfigurationStopsTheStart()
    {
        struct Row {
            std::string name;
            std::string setting; ///< a line more in hub.properties
            Json library;        ///< or a change of plugins.d/payments.json
            std::vector<std::string> said;
        };
        const std::vector<Row> rows = {
            {"unknown key", "gatway.http_port = 1", {}, {"hub.properties", "gatway.http_port"}},
            {"ill-typed value",
             "lane.queue_max = many",
             {},
             {"hub.properties", "lane.queue_max", "many", "integer from 16"}},
            {"unknown member of a library",
             "",
             {{"amount_maximum", 5}},
             {"payments.json", "amount_maximum"}},
            {"ill-typed member of a library",
             "",
             {{"amount_max_minor", "5"}},
             {"payments.json", "amount_max_minor", "integer"}},
            {"half of a library's file", "", "{", {"payments.json"}},
        };
        for (const Row& row : rows) {
            HubOptions options;
            hub_ = std::make_unique<HubProcess>(options);
            if (!row.setting.empty()) {
                std::ofstream(hub_->properties(), std::ios::app) << row.setting << "\n";
            }
            if (row.library.is_string()) {
                writeFile(hub_->folder() / "hub/plugins.d/payments.json",
                          row.library.get<std::string>());
            } else if (!row.library.is_null()) {
                Json payments =
                    Json::parse(readFile(hub_->folder() / "hub/plugins.d/payments.json"));
                payments["config"].update(row.library);
                hub_->configure("payments", payments);
            }
            const ProgramEnd end = hub_->startRefused();
            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.name + end.error, kWrongConfiguration, end.code);
            assertContains(row.name, end.error, "expohub: ");
            assertLacks(row.name, end.output + end.error, "hub::base::Failure");
            for (const std::string& part : row.said) {
                assertContains(row.name, end.output + end.error, part);
            }
        }
    }

    void everyStepNamesItsConfiguration()
    {
        hub_ = std::make_unique<HubProcess>();
        hub_->startSimulator();
        const auto versionOfAPayment = [&] {
            hub_->start();
            const std::string payment = hub_->pay("configured");
            const Json steps =
                hub_->get("/api/v1/payments/" + payment + "/timeline").body.at("steps");
            CPPUNIT_ASSERT_EQUAL(0, hub_->stop());
            return steps.at(0).at("configuration_version").get<int>();
        };
        CPPUNIT_ASSERT_EQUAL(1, versionOfAPayment());
        CPPUNIT_ASSERT_EQUAL_MESSAGE("unchanged", 1, versionOfAPayment());
        Json payments = Json::parse(readFile(hub_->folder() / "hub/plugins.d/payments.json"));
        payments["config"]["amount_max_minor"] = 4000000;
        hub_->configure("payments", payments);
        CPPUNIT_ASSERT_EQUAL(2, versionOfAPayment());
    }

    void aLibraryThatDoesNotFitIsRefusedAlone()
    {
        const std::string other_digest(64, '0');
        const std::vector<Defect> defects = {
            {"sound",
             "subscriber",
             "/sha256",
             other_digest,
             "install the library and the manifest"},
            {"sound", "plugin", "/sha256", other_digest, "install the library and the manifest"},
            {"sound", "plugin", "/abi/major", 2, "build the library for this hub"},
            {"wrong_major", "subscriber", "", {}, "is built for ABI major 2, this hub has 1"},
            {"wrong_major", "plugin", "", {}, "is built for ABI major 2, this hub has 1"},
            {"no_entry", "subscriber", "", {}, "exports no hub_plugin_entry"},
            {"extra_export", "plugin", "", {}, "exports \"helper\" beside hub_plugin_entry"},
            {"throwing_constructor", "subscriber", "", {}, "the constructor had enough"},
            {"throwing_constructor", "plugin", "", {}, "the constructor had enough"},
        };
        for (const Defect& defect : defects) {
            refuseAlone(defect);
        }
    }
};

HUB_TEST_SUITE_REGISTRATION(StartTest, "start");

} // namespace

} // namespace hub::test
