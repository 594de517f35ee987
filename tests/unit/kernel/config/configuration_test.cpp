// Goal: a hub starts only with settings that it knows and understands, and says what is wrong
// with the others. Method: layers and refusals by table on files in a temporary folder.

#include "base/exception.hpp"
#include "config/configuration.hpp"
#include "config/setting_table.hpp"
#include "support/suite.hpp"

#include <Poco/TemporaryFile.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <ostream>
#include <sstream>
#include <string>
#include <vector>

namespace {

using hub::config::Configuration;
using hub::config::Profile;
using hub::config::Sources;

const std::string kBase = "profile = production\n"
                          "public_url = https://fair.example.com/\n"
                          "edition = 2026\n";

struct Row {
    std::string name;
    std::string lines; // added to kBase
    std::string problem;
};

std::ostream& operator<<(std::ostream& out, const Row& row)
{
    return out << row.name;
}

std::vector<Row> rows()
{
    return {
        {"unknown key",
         "gateway.prot = 1",
         R"("gateway.prot" is "1", must be the name of a setting)"},
        {"word for number",
         "gateway.http_port = http",
         R"("gateway.http_port" is "http", must be an integer from 0 to 65535)"},
        {"number out of range",
         "gateway.http_port = 65536",
         R"("gateway.http_port" is "65536", must be an integer from 0 to 65535)"},
        {"number with a unit",
         "lane.queue_max = 10k",
         R"("lane.queue_max" is "10k", must be an integer)"},
        {"unknown choice",
         "store.backend = mysql",
         R"("store.backend" is "mysql", must be one of sqlite, postgresql)"},
        {"short site", "site = 123", R"("site" is "123", must be five digits)"},
        {"empty path", "store.folder =", R"("store.folder" is "", must be a path)"},
        {"any port in production",
         "gateway.http_port = 0",
         R"("gateway.http_port" is "0", must be a fixed port)"},
        {"cookies in the clear in production",
         "gateway.plain_cookie = yes",
         R"("gateway.plain_cookie" is "yes", must be no in profile production)"},
        {"cookies in the clear in demo", "profile = demo\ngateway.plain_cookie = yes", ""},
        {"any port in demo", "profile = demo\ngateway.http_port = 0", ""},
        {"https without certificate",
         "gateway.https_port = 443\ngateway.private_key_file = k",
         R"("gateway.certificate_file" is "", must be a path)"},
        {"postgresql without connection",
         "store.backend = postgresql",
         R"("store.postgres" is "", must be a libpq connection string)"},
        {"plain address in production",
         "public_url = http://fair.example.com",
         R"("public_url" is "http://fair.example.com", must be an https)"},
        {"loopback in production",
         "public_url = https://127.1",
         R"("public_url" is "https://127.1", must be an https)"},
        {"plain HTTP to the world",
         "gateway.address = 0.0.0.0",
         R"("gateway.address" is "0.0.0.0", must be a loopback)"},
        {"plain HTTP on a public address",
         "gateway.address = 192.0.2.1",
         R"("gateway.address" is "192.0.2.1", must be a loopback)"},
        {"reference to nothing", "edition = ${a.b}", R"("edition" is "${a.b}", must be 1 to 32)"},
        {"reference to itself", "edition = ${edition}", R"("edition" can't be expanded)"},
    };
}

class ConfigurationTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ConfigurationTest);
    CPPUNIT_TEST_PARAMETERIZED(namesFileKeyValueAndRemedy, rows());
    CPPUNIT_TEST(laterLayersWin);
    CPPUNIT_TEST(pathsBeginWhereTheyAreWritten);
    CPPUNIT_TEST(hidesWhatIsSensitive);
    CPPUNIT_TEST(refusesUnknownVariablesButNotTheMasterKey);
    CPPUNIT_TEST(refusesAMissingFile);
    CPPUNIT_TEST(reportsEveryProblemAtOnce);
    CPPUNIT_TEST(everyDefaultButTheRequiredOnesFits);
    CPPUNIT_TEST(theDocumentIsMadeFromTheTable);
    CPPUNIT_TEST(theShippedFileIsAccepted);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override { std::filesystem::create_directories(folder_); }
    void tearDown() override { std::filesystem::remove_all(folder_); }

    void namesFileKeyValueAndRemedy(const Row& row)
    {
        const Configuration read = readConfiguration(sources(kBase + row.lines + "\n"));

        if (row.problem.empty()) {
            CPPUNIT_ASSERT_EQUAL(std::string(), joined(read));
            return;
        }
        CPPUNIT_ASSERT_EQUAL_MESSAGE(joined(read), std::size_t{1}, read.problems.size());
        CPPUNIT_ASSERT_MESSAGE(joined(read), joined(read).find(row.problem) != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(joined(read), joined(read).find("; ") != std::string::npos);
    }

    void laterLayersWin()
    {
        Sources all =
            sources(kBase + "gateway.http_port = 1\nlane.queue_max = 101\nsite = 00001\n");
        all.environment = {{"EXPOHUB_GATEWAY_HTTP_PORT", "2"}, {"EXPOHUB_LANE_QUEUE_MAX", "102"}};
        all.overrides = {"gateway.http_port=3"};

        const Configuration read = readConfiguration(all);

        CPPUNIT_ASSERT_EQUAL(std::string(), joined(read));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, read.settings.gateway.http_port);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{102}, read.settings.lane.queue_max);
        CPPUNIT_ASSERT_EQUAL(std::string("00001"), read.settings.site);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{256}, read.settings.lane.group_units_max);
        CPPUNIT_ASSERT_EQUAL(std::string("command line"),
                             read.origins.at("gateway.http_port").source);
        CPPUNIT_ASSERT_EQUAL(std::string("environment"), read.origins.at("lane.queue_max").source);
        CPPUNIT_ASSERT_EQUAL(std::string("default"),
                             read.origins.at("lane.group_units_max").source);
        CPPUNIT_ASSERT_EQUAL(std::string("https://fair.example.com"), read.settings.public_url);
    }

    void pathsBeginWhereTheyAreWritten()
    {
        Sources all = sources(kBase + "store.folder = data\nsecrets.folder = /etc/secrets\n");
        all.overrides = {"run.folder=here/../there"};

        const auto settings = hub::config::loadSettings(all);

        CPPUNIT_ASSERT_EQUAL((folder_ / "data").string(), settings.store.folder.string());
        CPPUNIT_ASSERT_EQUAL(std::string("/etc/secrets"), settings.secrets.folder.string());
        CPPUNIT_ASSERT_EQUAL(std::string("/base/there"), settings.run_folder.string());
        CPPUNIT_ASSERT_EQUAL(std::string("/base/lib"), settings.plugins.folder.string());
    }

    void hidesWhatIsSensitive()
    {
        const Configuration read = readConfiguration(
            sources(kBase + "store.backend = postgresql\nstore.postgres = password=hunter2\n"));

        CPPUNIT_ASSERT_EQUAL(std::string(), joined(read));
        CPPUNIT_ASSERT_EQUAL(std::string("(hidden)"), read.origins.at("store.postgres").value);
        CPPUNIT_ASSERT_EQUAL(std::string("password=hunter2"), read.settings.store.postgres);
    }

    void refusesUnknownVariablesButNotTheMasterKey()
    {
        Sources all = sources(kBase);
        all.environment = {{"EXPOHUB_MASTER_KEY", "00"},
                           {"EXPOHUB_HOST_TOKEN", "00"},
                           {"EXPOHUB_GATEWAY_PORT", "hunter2"}};

        const Configuration read = readConfiguration(all);

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, read.problems.size());
        CPPUNIT_ASSERT(joined(read).find("EXPOHUB_GATEWAY_PORT") != std::string::npos);
        CPPUNIT_ASSERT(joined(read).find("hunter2") == std::string::npos);
    }

    void refusesAMissingFile()
    {
        Sources all;
        all.file = folder_ / "none.properties";

        CPPUNIT_ASSERT(joined(readConfiguration(all)).find("none.properties: can't be read") !=
                       std::string::npos);
    }

    void reportsEveryProblemAtOnce()
    {
        Sources all = sources(kBase + "a = 1\nsite = x\n");
        all.overrides = {"b=1", "c"};

        CPPUNIT_ASSERT_EQUAL(std::size_t{4}, readConfiguration(all).problems.size());
        CPPUNIT_ASSERT_THROW(hub::config::loadSettings(all), hub::base::Failure);
    }

    void everyDefaultButTheRequiredOnesFits()
    {
        hub::config::Settings settings;
        for (const auto& setting : hub::config::settingTable()) {
            const std::string key = setting.key;
            const bool required = key == "public_url" || key == "edition";
            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                key, !required, assign(setting, setting.default_value, "/", settings));
        }
    }

    void theDocumentIsMadeFromTheTable()
    {
        const auto path = source("config/hub.schema.md");
        if (std::getenv("HUB_UPDATE_GOLDEN") != nullptr) {
            std::ofstream(path) << hub::config::settingsDocument();
        }

        CPPUNIT_ASSERT_EQUAL_MESSAGE("run this test with HUB_UPDATE_GOLDEN=1 to write it anew",
                                     hub::config::settingsDocument(),
                                     text(path));
    }

    void theShippedFileIsAccepted()
    {
        Sources all;
        all.file = source("config/hub.properties");
        all.overrides = {"public_url=https://fair.example.com", "edition=2026"};

        CPPUNIT_ASSERT_EQUAL(std::string(), joined(readConfiguration(all)));
    }

private:
    static std::filesystem::path source(const std::string& path)
    {
        return std::filesystem::path(std::getenv("HUB_SOURCE_DIR")) / path;
    }

    static std::string text(const std::filesystem::path& path)
    {
        std::ostringstream all;
        all << std::ifstream(path).rdbuf();
        return all.str();
    }

    static std::string joined(const Configuration& read)
    {
        std::string all;
        for (const std::string& problem : read.problems) {
            all += problem + "\n";
        }
        return all;
    }

    Sources sources(const std::string& properties) const
    {
        Sources all;
        all.file = folder_ / "hub.properties";
        std::ofstream(all.file) << properties;
        all.working_folder = "/base";
        return all;
    }

    std::filesystem::path folder_ = Poco::TemporaryFile::tempName();
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(ConfigurationTest, "configuration");
