// Goal: a partner's connector begins with one name everywhere, or not at all. Method: a small
// template in a temporary folder, and the tree's own.

#include "app/connector_commands.hpp"
#include "support/suite.hpp"

#include <Poco/TemporaryFile.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
using hub::app::findTemplates;
using hub::app::makeConnector;

void write(const fs::path& path, const std::string& text)
{
    fs::create_directories(path.parent_path());
    std::ofstream(path) << text;
}

std::string read(const fs::path& path)
{
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

struct Row {
    std::string name;
    std::string id;
    std::string contract;
    std::string problem;
};

std::vector<Row> refusedRows()
{
    const std::string form = "must be 1 to 63 of a-z, 0-9 and _, beginning with a letter";
    const std::string cmake = "is a word of CMake's; name the connector after contract";
    const std::string contract = "must be one that a template implements: stamp";
    // name                  id                     contract  problem
    return {{"nothing", "", "", form},
            {"a capital", "stamp_Acme", "", form},
            {"a hyphen", "stamp-acme", "", form},
            {"a digit first", "1stamp", "", form},
            {"an underscore first", "_stamp", "", form},
            {"a way out", "../stamp", "", form},
            {"too long", std::string(64, 'a'), "", form},
            {"a target of CMake's", "install", "", cmake},
            {"an unknown contract", "stamp_acme", "coin", contract}};
}

class ConnectorCommandsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ConnectorCommandsTest);
    CPPUNIT_TEST(everyNameIsReplaced);
    CPPUNIT_TEST(whatCannotBeIsRefusedAndNothingIsLeft);
    CPPUNIT_TEST(whatIsThereStays);
    CPPUNIT_TEST(anUnwritablePlaceIsRefused);
    CPPUNIT_TEST(severalTemplatesAreToldApartByContract);
    CPPUNIT_TEST(templatesAreFoundInAnSdkAndInTheTree);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override
    {
        folder_ = Poco::TemporaryFile::tempName();
        templates_ = folder_ / "share/hub_sdk/templates";
        addTemplate("connector", "stamp_example", "connector", "stamp");
        addTemplate("plugin", "plugin_example", "plugin", "");
    }
    void tearDown() override { fs::remove_all(folder_); }

    void everyNameIsReplaced()
    {
        write(templates_ / "connector/src/stamp_example.cpp",
              "class StampExample; // Stamp Example, stamp_example and stamp_example_test\n");
        write(templates_ / "connector/try.sh", "run stamp_example\n");
        fs::permissions(templates_ / "connector/try.sh", fs::perms::owner_all);

        const fs::path made = folder_ / "made";
        const auto result = makeConnector(templates_, {"stamp_two__acme", made, ""});

        CPPUNIT_ASSERT_MESSAGE(result.ok() ? "" : result.error().message, result.ok());
        CPPUNIT_ASSERT_EQUAL(std::string("class StampTwoAcme; // Stamp Two Acme, stamp_two__acme "
                                         "and stamp_two__acme_test\n"),
                             read(made / "src/stamp_two__acme.cpp"));
        CPPUNIT_ASSERT_EQUAL(std::string("run stamp_two__acme\n"), read(made / "try.sh"));
        CPPUNIT_ASSERT(fs::status(made / "try.sh").permissions() == fs::perms::owner_all);
        CPPUNIT_ASSERT(!fs::exists(folder_ / "made.part"));
    }

    void whatCannotBeIsRefusedAndNothingIsLeft()
    {
        for (const Row& row : refusedRows()) {
            const auto result = makeConnector(templates_, {row.id, folder_ / "made", row.contract});
            CPPUNIT_ASSERT_MESSAGE(row.name, !result.ok());
            CPPUNIT_ASSERT_MESSAGE(row.name + ": " + result.error().message,
                                   result.error().message.find(row.problem) != std::string::npos);
            CPPUNIT_ASSERT_MESSAGE(row.name, !fs::exists(folder_ / "made"));
        }
    }

    void whatIsThereStays()
    {
        write(folder_ / "made/mine.txt", "mine");
        fs::create_symlink("nowhere", folder_ / "dangling");
        for (const char* name : {"made", "dangling"}) {
            const auto result = makeConnector(templates_, {"stamp_acme", folder_ / name, ""});
            CPPUNIT_ASSERT(!result.ok());
            CPPUNIT_ASSERT(result.error().message.find("is there already; name a new folder with "
                                                       "--folder") != std::string::npos);
        }
        CPPUNIT_ASSERT_EQUAL(std::string("mine"), read(folder_ / "made/mine.txt"));
        CPPUNIT_ASSERT(!fs::exists(folder_ / "made/manifest.json"));
    }

    void anUnwritablePlaceIsRefused()
    {
        write(folder_ / "file", "no folder");
        const auto result = makeConnector(templates_, {"stamp_acme", folder_ / "file/made", ""});
        CPPUNIT_ASSERT(!result.ok());
        CPPUNIT_ASSERT_MESSAGE(result.error().message,
                               result.error().message.find("can't be made") != std::string::npos);
    }

    void severalTemplatesAreToldApartByContract()
    {
        addTemplate("coins", "coin_example", "connector", "coin");

        const auto either = makeConnector(templates_, {"acme", folder_ / "either", ""});
        const auto coin = makeConnector(templates_, {"coin_acme", folder_ / "coin", "coin"});

        CPPUNIT_ASSERT(!either.ok());
        CPPUNIT_ASSERT_MESSAGE(either.error().message,
                               either.error().message.find("coin") != std::string::npos);
        CPPUNIT_ASSERT(coin.ok());
        CPPUNIT_ASSERT(read(folder_ / "coin/manifest.json").find("\"coin_acme\"") !=
                       std::string::npos);
    }

    void templatesAreFoundInAnSdkAndInTheTree()
    {
        CPPUNIT_ASSERT_EQUAL(templates_, findTemplates(folder_ / "bin/expohub"));
        const fs::path tree(std::getenv("HUB_SOURCE_DIR"));
        CPPUNIT_ASSERT_EQUAL(tree / "sdk/templates",
                             findTemplates(tree / ".build/preset/bin/expohub"));
        fs::create_directories(folder_ / "build/sdk/templates/connector"); // CMake's, empty
        CPPUNIT_ASSERT_EQUAL(templates_, findTemplates(folder_ / "build/bin/expohub"));
        CPPUNIT_ASSERT_EQUAL(fs::path(), findTemplates("/nowhere/bin/expohub"));
        const auto made = makeConnector(tree / "sdk/templates", {"p", folder_ / "made", ""});
        CPPUNIT_ASSERT_MESSAGE(made.ok() ? "" : made.error().message, made.ok());
    }

private:
    void addTemplate(const std::string& name,
                     const std::string& id,
                     const std::string& kind,
                     const std::string& contract) const
    {
        write(templates_ / name / "manifest.json",
              R"({"id": ")" + id + R"(", "kind": ")" + kind +
                  R"(", "implements": [{"contract": ")" + contract + R"("}]})");
    }

    fs::path folder_;
    fs::path templates_;
};

HUB_TEST_SUITE_REGISTRATION(ConnectorCommandsTest, "connector_commands");

} // namespace
