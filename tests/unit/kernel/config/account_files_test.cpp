// Goal: the hub changes a file of plugins.d as an operator would, and leaves its rights as they
// were. Method: a real folder.

#include "config/account_files.hpp"
#include "config/library_file.hpp"
#include "support/suite.hpp"

#include <Poco/TemporaryFile.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <sys/stat.h>

namespace {

namespace fs = std::filesystem;
using hub::base::Json;

class AccountFilesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(AccountFilesTest);
    CPPUNIT_TEST(keepsTheRightsOfAFile);
    CPPUNIT_TEST(aNewFileIsNotForEverybody);
    CPPUNIT_TEST(writingNothingRemovesTheFile);
    CPPUNIT_TEST(tokensOfBothStayValid);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override { fs::create_directories(folder_); }
    void tearDown() override { fs::remove_all(folder_); }

    void keepsTheRightsOfAFile()
    {
        for (const mode_t mode : {0600U, 0640U, 0644U}) {
            std::ofstream(folder_ / "a.json") << "{}";
            ::chmod((folder_ / "a.json").c_str(), mode);

            files_.write("a.json", Json{{"library", "a"}});

            CPPUNIT_ASSERT_EQUAL(mode, modeOf("a.json"));
            CPPUNIT_ASSERT(files_.read("a.json") == Json({{"library", "a"}}));
        }
    }

    void aNewFileIsNotForEverybody()
    {
        files_.write("a.json", Json::object());

        CPPUNIT_ASSERT_EQUAL(mode_t{0}, modeOf("a.json") & 0007U);
    }

    void writingNothingRemovesTheFile()
    {
        files_.write("a.json", Json::object());
        files_.write("a.json", std::nullopt);

        CPPUNIT_ASSERT(!files_.read("a.json"));
        files_.write("a.json", std::nullopt); // nothing to do
    }

    void tokensOfBothStayValid()
    {
        using Tokens = std::vector<std::string>;
        CPPUNIT_ASSERT(hub::config::unitedTokens({"a", "b"}, {"c", "a"}) ==
                       (Tokens{"a", "c", "b"}));
        CPPUNIT_ASSERT(hub::config::unitedTokens({}, {"c"}) == Tokens{"c"});
        CPPUNIT_ASSERT(hub::config::unitedTokens({"a"}, {}) == Tokens{"a"});
    }

private:
    mode_t modeOf(const std::string& name) const
    {
        struct stat known = {};
        CPPUNIT_ASSERT_EQUAL(0, ::stat((folder_ / name).c_str(), &known));
        return known.st_mode & 0777U;
    }

    fs::path folder_ = Poco::TemporaryFile::tempName();
    hub::config::AccountFiles files_{folder_};
};

HUB_TEST_SUITE_REGISTRATION(AccountFilesTest, "account_files");

} // namespace
