// Goal: organizations register, are reviewed and pay on the real hub as people outside see it, on
// both back ends and in both editions, and what the hub keeps shows nobody. Method: an installation
// as `./hub up` makes it, and the demonstration's story, which checks each step that it tells.
#include "registration_fixture.hpp"

#include <filesystem>
#include <string>

namespace hub::test {

namespace {

class RegistrationTest : public RegistrationFixture {
    CPPUNIT_TEST_SUITE(RegistrationTest);
    CPPUNIT_TEST(anOrganizationGetsItsBadgesPaid);
    CPPUNIT_TEST(aDelegationCategorizesOnPostgres);
    CPPUNIT_TEST(anOrganizationChoosesOnPostgres);
    CPPUNIT_TEST(nobodyIsLeftInClear);
    CPPUNIT_TEST_SUITE_END();

    void start()
    {
        prepare();
        run();
    }

    void startOnPostgres()
    {
        prepareOnPostgres();
        run();
    }

    /// What the story said.
    std::string tell(const std::string& edition) const
    {
        const std::string build = variable("HUB_BUILD_DIR");
        const ProgramEnd end = runProgram({build + "/bin/expohub-demo",
                                           "--folder",
                                           hub().folder().string(),
                                           "--build",
                                           build,
                                           "registration",
                                           "--edition",
                                           edition});
        const std::string said = end.output + end.error;
        CPPUNIT_ASSERT_EQUAL_MESSAGE(said + hub().log(), 0, end.code);
        CPPUNIT_ASSERT_MESSAGE(said, end.output.ends_with("demo: ok\n"));
        const Json dead = hub().ask({"dead-letter", "list"});
        CPPUNIT_ASSERT_MESSAGE(dead.dump(), dead.empty());
        return end.output;
    }

    /// Of what the hub keeps and writes; the simulators are somebody else's.
    void assertNowhere(const std::string& text) const
    {
        std::size_t files = 0;
        for (const char* folder : {"hub", "log"}) {
            for (const auto& entry :
                 std::filesystem::recursive_directory_iterator(hub().folder() / folder)) {
                if (entry.is_regular_file() && entry.path().filename() != "simulator.out") {
                    CPPUNIT_ASSERT_MESSAGE(entry.path().string() + " holds " + text,
                                           readFile(entry.path()).find(text) == std::string::npos);
                    ++files;
                }
            }
        }
        CPPUNIT_ASSERT(files > 3);
    }

public:
    void anOrganizationGetsItsBadgesPaid()
    {
        start();
        tell("7");
        tell("7"); // on the same hub once more: what the organizer puts is there already
    }

    void aDelegationCategorizesOnPostgres()
    {
        startOnPostgres();
        tell("4");
    }

    void anOrganizationChoosesOnPostgres()
    {
        startOnPostgres();
        tell("7");
    }

    void nobodyIsLeftInClear()
    {
        start();
        const std::string said = tell("4");
        const std::string before = "asked for a code to +86";
        constexpr std::size_t kDigits = 11;
        const auto at = said.find(before);
        CPPUNIT_ASSERT_MESSAGE(said, at != std::string::npos);
        const std::string phone = said.substr(at + before.size(), kDigits);
        hub().stop();
        for (const std::string& text :
             {phone, std::string("样本丙"), std::string("110000190"), std::string("样本路1号")}) {
            assertNowhere(text);
        }
    }
};

HUB_TEST_SUITE_REGISTRATION(RegistrationTest, "registration");

} // namespace

} // namespace hub::test
