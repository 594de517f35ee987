// Goal: what an operator writes about a library is understood or refused with file, pointer and
// remedy. Method: one file per row in a temporary folder.

#include "config/library_file.hpp"
#include "support/suite.hpp"

#include <Poco/TemporaryFile.h>

#include <filesystem>
#include <fstream>
#include <ostream>
#include <string>
#include <vector>

namespace {

using hub::config::LibraryFiles;
using hub::config::Profile;

struct Row {
    std::string name;
    std::string json; // of payment_example.json
    Profile profile;
    std::string problem; // empty: accepted
};

std::ostream& operator<<(std::ostream& out, const Row& row)
{
    return out << row.name;
}

std::string account(const std::string& members)
{
    return R"({"library":"payment_example","accounts":{"main":{)" + members + "}}}";
}

std::vector<Row> rows()
{
    const auto demo = Profile::Demo;
    const auto production = Profile::Production;
    return {
        {"smallest", R"({"library":"payment_example"})", demo, ""},
        {"no JSON", "{", demo, "plugins.d/payment_example.json: is no JSON"},
        {"no library", "{}", demo, R"(must have the member "library")"},
        {"other library",
         R"({"library":"other"})",
         demo,
         R"("/library" is "other", must be "payment_example" like the file)"},
        {"unknown member",
         R"({"library":"payment_example","enable":true})",
         demo,
         R"("/enable" is true, is not a known member)"},
        {"word for a switch",
         R"({"library":"payment_example","enabled":"yes"})",
         demo,
         R"("/enabled" is "yes", must be true or false)"},
        {"unknown isolation",
         R"({"library":"payment_example","isolation":"thread"})",
         demo,
         R"("/isolation" is "thread", must be one of "in_process", "process")"},
        {"bad account name",
         R"({"library":"payment_example","accounts":{"A/b":{}}})",
         demo,
         "\"/accounts/A~1b\" has a name that must match"},
        {"key that is no secret name",
         account(R"("keys":{"app_key":"../x"})"),
         demo,
         R"("/accounts/main/keys/app_key" must match)"},
        {"short token",
         account(R"("callback_token":"abcdefghijklmnopqrstu")"),
         demo,
         "use at least 22 of"},
        {"good token", account(R"("callback_token":"abcdefghijklmnopqrstuv")"), demo, ""},
        {"two tokens",
         account(R"("callback_token":["abcdefghijklmnopqrstuv","bbcdefghijklmnopqrstuv"])"),
         demo,
         ""},
        {"same token twice",
         account(R"("callback_token":["abcdefghijklmnopqrstuv","abcdefghijklmnopqrstuv"])"),
         demo,
         "/callback_token/1\" repeats another item"},
        {"no token in the list",
         account(R"("callback_token":[])"),
         demo,
         "must have at least 1 item"},
        {"exact host in demo",
         account(R"("http_exact":["127.0.0.1:9443","[::1]:9443"])"),
         demo,
         ""},
        {"exact host without port",
         account(R"("http_exact":["127.0.0.1"])"),
         demo,
         R"("/accounts/main/http_exact/0" is "127.0.0.1", must match)"},
        {"exact host in production",
         account(R"("http_exact":["192.0.2.1:9443"])"),
         production,
         R"("/accounts/main/http_exact" is "192.0.2.1:9443", must be absent in profile production)"},
        {"exact streams in demo",
         account(R"("stream_exact":["127.0.0.1:2525","[::1]:2525"])"),
         demo,
         ""},
        {"exact stream without port",
         account(R"("stream_exact":["smtp.example.com"])"),
         demo,
         R"("/accounts/main/stream_exact/0" is "smtp.example.com", must match)"},
        {"exact stream in production",
         account(R"("stream_exact":["smtp.example.com:465"])"),
         production,
         ""},
        {"loopback stream in production",
         account(R"("stream_exact":["smtp.example.com:465","127.0.0.1:25"])"),
         production,
         R"("/accounts/main/stream_exact/1" names this machine)"},
        {"loopback in demo",
         account(R"("config":{"gateway":"https://127.0.0.1:9443/x"})"),
         demo,
         ""},
        {"loopback in production",
         account(R"("config":{"gateway":"https://127.0.0.1:9443/x"})"),
         production,
         R"("/accounts/main/config/gateway" names this machine)"},
        {"loopback inside a list",
         account(R"("config":{"hosts":["localhost:1"]})"),
         production,
         R"("/accounts/main/config/hosts/0" names this machine)"},
        {"provider in production",
         account(R"("config":{"gateway":"https://openapi.example.com/x"})"),
         production,
         ""},
        {"grant that is no role",
         R"({"library":"payment_example","grants":{"secrets":["A"]}})",
         demo,
         "\"/grants/secrets/0\" must match"},
    };
}

class LibraryFileTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(LibraryFileTest);
    CPPUNIT_TEST_PARAMETERIZED(namesFilePointerValueAndRemedy, rows());
    CPPUNIT_TEST(readsEveryMember);
    CPPUNIT_TEST(refusesAnAccountOfTwoLibraries);
    CPPUNIT_TEST(showsNoToken);
    CPPUNIT_TEST(ignoresExamplesAndRefusesAMissingFolder);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override { std::filesystem::create_directories(folder_); }
    void tearDown() override { std::filesystem::remove_all(folder_.parent_path()); }

    void namesFilePointerValueAndRemedy(const Row& row)
    {
        write("payment_example.json", row.json);

        const LibraryFiles read = readLibraryFiles(folder_, row.profile);

        if (row.problem.empty()) {
            CPPUNIT_ASSERT_EQUAL(std::string(), joined(read));
            CPPUNIT_ASSERT_EQUAL(std::size_t{1}, read.files.size());
            return;
        }
        CPPUNIT_ASSERT_MESSAGE(joined(read), joined(read).find(row.problem) != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(joined(read), joined(read).find("; ") != std::string::npos);
        CPPUNIT_ASSERT(read.files.empty());
    }

    void readsEveryMember()
    {
        write("payment_example.json", R"({
            "library": "payment_example", "enabled": false, "isolation": "process",
            "config": {"a": 1},
            "accounts": {"main": {"config": {"b": 2}, "keys": {"app_key": "main/app_key"},
                "secrets": {"pin": "main/pin"},
                "callback_token": ["newest0000000000000000", "older00000000000000000"],
                "http_exact": ["127.0.0.1:9443"], "stream_exact": ["smtp.example.com:465"]}},
            "grants": {"secrets": ["pin"]}})");

        const auto file = readLibraryFiles(folder_, Profile::Demo).files.at(0);

        CPPUNIT_ASSERT(!file.enabled);
        CPPUNIT_ASSERT(file.isolation == hub::config::Isolation::Process);
        CPPUNIT_ASSERT_EQUAL(1, file.config.at("a").get<int>());
        const auto& main = file.accounts.at("main");
        CPPUNIT_ASSERT_EQUAL(2, main.config.at("b").get<int>());
        CPPUNIT_ASSERT_EQUAL(std::string("main/app_key"), main.keys.at("app_key"));
        CPPUNIT_ASSERT_EQUAL(std::string("main/pin"), main.secrets.at("pin"));
        CPPUNIT_ASSERT_EQUAL(std::string("newest0000000000000000"), main.callback_tokens.at(0));
        CPPUNIT_ASSERT_EQUAL(std::string("127.0.0.1:9443"), main.http_exact.at(0));
        CPPUNIT_ASSERT_EQUAL(std::string("smtp.example.com:465"), main.stream_exact.at(0));
        CPPUNIT_ASSERT_EQUAL(std::string("pin"), file.granted_secrets.at(0));
    }

    void refusesAnAccountOfTwoLibraries()
    {
        write("a.json", R"({"library":"a","accounts":{"main":{}}})");
        write("b.json", R"({"library":"b","accounts":{"main":{}}})");

        CPPUNIT_ASSERT_EQUAL(
            std::string("plugins.d/b.json: \"/accounts/main\" is also an account of "
                        "plugins.d/a.json, must be unique; rename one\n"),
            joined(readLibraryFiles(folder_, Profile::Demo)));
    }

    void showsNoToken()
    {
        write("payment_example.json", account(R"("callback_token":"hunter2")"));

        const std::string problems = joined(readLibraryFiles(folder_, Profile::Demo));

        CPPUNIT_ASSERT(!problems.empty());
        CPPUNIT_ASSERT(problems.find("hunter2") == std::string::npos);
    }

    void ignoresExamplesAndRefusesAMissingFolder()
    {
        write("a.json.example", "{");

        CPPUNIT_ASSERT_EQUAL(std::string(), joined(readLibraryFiles(folder_, Profile::Demo)));
        CPPUNIT_ASSERT(
            joined(readLibraryFiles(folder_ / "none", Profile::Demo)).find("none: can't be read") !=
            std::string::npos);
    }

private:
    void write(const std::string& name, const std::string& text) const
    {
        std::ofstream(folder_ / name) << text;
    }

    static std::string joined(const LibraryFiles& read)
    {
        std::string all;
        for (const std::string& problem : read.problems) {
            all += problem + "\n";
        }
        return all;
    }

    std::filesystem::path folder_ = Poco::TemporaryFile::tempName() + "/plugins.d";
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(LibraryFileTest, "library_file");
