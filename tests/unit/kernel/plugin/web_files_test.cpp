// Goal: browsers are given what a plugin means to give, and nothing else of its folder.
// Method: folders made for each test.

#include "base/exception.hpp"
#include "plugin/web_files.hpp"
#include "support/suite.hpp"

#include <filesystem>
#include <fstream>
#include <string>

#include <stdlib.h>

namespace {

using hub::plugin::readWebFiles;

class WebFilesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(WebFilesTest);
    CPPUNIT_TEST(readsFilesByName);
    CPPUNIT_TEST(leavesFoldersAlone);
    CPPUNIT_TEST(refusesOtherTypes);
    CPPUNIT_TEST(refusesWhatIsTooLarge);
    CPPUNIT_TEST(isFineWithoutAFolder);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override
    {
        std::string pattern = (std::filesystem::temp_directory_path() / "hub-web-XXXXXX").string();
        folder_ = ::mkdtemp(pattern.data());
    }
    void tearDown() override { std::filesystem::remove_all(folder_); }

    void readsFilesByName()
    {
        write("b.js", "1");
        write("a.css", "p{}");

        const auto files = readWebFiles(folder_);

        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, files.size());
        CPPUNIT_ASSERT_EQUAL(std::string("a.css"), files[0].name);
        CPPUNIT_ASSERT_EQUAL(std::string("text/css; charset=utf-8"), files[0].media_type);
        CPPUNIT_ASSERT_EQUAL(std::string("p{}"), files[0].bytes);
        CPPUNIT_ASSERT_EQUAL(std::string("text/javascript; charset=utf-8"), files[1].media_type);
    }

    void leavesFoldersAlone()
    {
        std::filesystem::create_directory(folder_ / "deeper");
        std::ofstream(folder_ / "deeper" / "secret.txt") << "x";

        CPPUNIT_ASSERT(readWebFiles(folder_).empty());
    }

    void refusesOtherTypes()
    {
        write("page.html", "<script>");

        const std::string said = refusal();

        CPPUNIT_ASSERT_MESSAGE(said, said.find("page.html\" can't be served") != std::string::npos);
    }

    void refusesWhatIsTooLarge()
    {
        write("a.css", std::string(1024UL * 1024 + 1, ' '));

        const std::string said = refusal();

        CPPUNIT_ASSERT_MESSAGE(said, said.find("more than 1048576 bytes") != std::string::npos);
    }

    void isFineWithoutAFolder() { CPPUNIT_ASSERT(readWebFiles(folder_ / "none").empty()); }

private:
    void write(const std::string& name, const std::string& bytes) const
    {
        std::ofstream(folder_ / name, std::ios::binary) << bytes;
    }

    std::string refusal() const
    {
        try {
            (void)readWebFiles(folder_);
        } catch (const hub::base::Failure& failure) {
            return failure.message();
        }
        return "";
    }

    std::filesystem::path folder_;
};

HUB_TEST_SUITE_REGISTRATION(WebFilesTest, "web_files");

} // namespace
