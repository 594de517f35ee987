// Goal: the hub starts the plugin, and every route that it describes is answered. Method: the files
// beside the code, against the plugin on the fake hub.
#include "desk.hpp"
#include "support/suite.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace registration::test {

namespace {

std::filesystem::path pluginFolder()
{
    const char* source = std::getenv("HUB_SOURCE_DIR"); // NOLINT(concurrency-mt-unsafe)
    return std::filesystem::path(source == nullptr ? "." : source) / "plugins/registration";
}

class DescriptionsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(DescriptionsTest);
    CPPUNIT_TEST(migrationsCountWithoutAGap);
    CPPUNIT_TEST(everyRouteIsAnswered);
    CPPUNIT_TEST_SUITE_END();

public:
    /// The hub refuses a plugin whose migrations don't; the fake hub does not look.
    void migrationsCountWithoutAGap()
    {
        std::vector<std::string> names;
        for (const auto& file :
             std::filesystem::directory_iterator(pluginFolder() / "migrations")) {
            names.push_back(file.path().filename().string());
        }
        std::sort(names.begin(), names.end());
        for (std::size_t i = 0; i < names.size(); ++i) {
            const std::string number = std::to_string(i + 1);
            const std::string padded = std::string(4 - number.size(), '0') + number + "_";
            CPPUNIT_ASSERT_MESSAGE(names[i], names[i].starts_with(padded));
        }
    }

    void everyRouteIsAnswered()
    {
        std::ifstream stream(pluginFolder() / "routes.json");
        const Json description = Json::parse(stream);
        Desk desk;
        for (const Json& route : description.at("routes")) {
            const std::string operation = route.at("operation");
            const std::uint32_t kind = route.at("mode") == "read" ? HUB_KIND_READ : HUB_KIND_UNIT;
            bool is_known = true;
            try {
                is_known = desk.fake.visit(kind, operation, "{}").status != HUB_UNSUPPORTED;
            } catch (const std::exception&) { // it is known, and wants its path
            }
            CPPUNIT_ASSERT_MESSAGE(operation, is_known);
        }
    }
};

HUB_TEST_SUITE_REGISTRATION(DescriptionsTest, "descriptions");

} // namespace

} // namespace registration::test
