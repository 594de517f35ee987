// Goal: what a person types is understood, or refused with a word on how to go on. Method: tables
// of command lines.

#include "app/cli/command_line.hpp"
#include "support/suite.hpp"

#include <ostream>
#include <set>
#include <string>
#include <vector>

namespace {

using hub::cli::CommandLine;
using hub::cli::parseCommandLine;

struct Row {
    std::string name;
    std::vector<std::string> arguments;
    std::string request; // {"words": …, "options": …}; empty: refused
    std::string problem;
};

std::ostream& operator<<(std::ostream& out, const Row& row)
{
    return out << row.name;
}

std::vector<Row> rows()
{
    return {
        {"two words", {"plugin", "list"}, R"({"options":{},"words":["plugin","list"]})", ""},
        {"with argument",
         {"event", "show", "17"},
         R"({"options":{},"words":["event","show","17"]})",
         ""},
        {"optional argument left out",
         {"event", "replay", "books", "5"},
         R"({"options":{},"words":["event","replay","books","5"]})",
         ""},
        {"option before the command",
         {"--key", "a", "event", "tail"},
         R"({"options":{"key":"a"},"words":["event","tail"]})",
         ""},
        {"option with equals sign",
         {"event", "tail", "--key=a=b"},
         R"({"options":{"key":"a=b"},"words":["event","tail"]})",
         ""},
        {"repeated option",
         {"event", "tail", "--type", "a", "--type", "b"},
         R"({"options":{"type":["a","b"]},"words":["event","tail"]})",
         ""},
        {"switch",
         {"config", "check", "--origins"},
         R"({"options":{"origins":true},"words":["config","check"]})",
         ""},
        {"global options stay here",
         {"doctor", "--json", "--config", "f", "--set", "a=b"},
         R"({"options":{},"words":["doctor"]})",
         ""},
        {"command of a plugin",
         {"payment", "show", "p1"},
         R"({"options":{},"words":["payment","show","p1"]})",
         ""},
        {"half a command", {"plugin"}, "", "`plugin` is no command; see `expohub --help`"},
        {"wrong second word", {"plugin", "start", "x"}, "", "`plugin start x` is no command"},
        {"argument left out",
         {"plugin", "enable"},
         "",
         "`plugin enable` must be followed by library"},
        {"argument too many",
         {"plugin", "enable", "a", "b"},
         "",
         R"("b" is one argument too many for `plugin enable`)"},
        {"unknown option",
         {"plugin", "list", "--all"},
         "",
         R"("--all" is no option of `plugin list`)"},
        {"option of another command",
         {"plugin", "list", "--type", "a"},
         "",
         R"("--type" is no option of `plugin list`)"},
        {"option without value",
         {"event", "tail", "--key"},
         "",
         R"("--key" must be followed by KEY)"},
        {"switch with value", {"doctor", "--json=yes"}, "", R"("--json" takes no value)"},
        {"option twice",
         {"event", "tail", "--key", "a", "--key", "b"},
         "",
         R"("--key" is there twice)"},
    };
}

class CommandLineTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(CommandLineTest);
    CPPUNIT_TEST_PARAMETERIZED(understandsOrRefuses, rows());
    CPPUNIT_TEST(keepsGlobalOptions);
    CPPUNIT_TEST(helpsWithoutAskingForArguments);
    CPPUNIT_TEST(everyCommandHasHelp);
    CPPUNIT_TEST(noCommandHidesAnother);
    CPPUNIT_TEST_SUITE_END();

public:
    void understandsOrRefuses(const Row& row)
    {
        const auto line = parseCommandLine(row.arguments);

        if (row.request.empty()) {
            CPPUNIT_ASSERT(!line.ok());
            CPPUNIT_ASSERT_MESSAGE(line.error().message,
                                   line.error().message.find(row.problem) != std::string::npos);
            return;
        }
        CPPUNIT_ASSERT_MESSAGE(line.ok() ? "" : line.error().message, line.ok());
        CPPUNIT_ASSERT_EQUAL(row.request + "\n", toLine(line.value().request));
    }

    void keepsGlobalOptions()
    {
        const auto line =
            parseCommandLine({"serve", "--set", "a=b", "--config=f", "--set=c=d", "--json"});

        CPPUNIT_ASSERT_EQUAL(std::string("f"), line.value().global.config_file);
        CPPUNIT_ASSERT(std::vector<std::string>({"a=b", "c=d"}) == line.value().global.overrides);
        CPPUNIT_ASSERT(line.value().global.json);
    }

    void helpsWithoutAskingForArguments()
    {
        CPPUNIT_ASSERT(parseCommandLine({"plugin", "enable", "--help"}).value().wish ==
                       CommandLine::Wish::Help);
        CPPUNIT_ASSERT(parseCommandLine({"plugin", "--help"}).value().wish ==
                       CommandLine::Wish::Help);
        CPPUNIT_ASSERT(parseCommandLine({}).value().wish == CommandLine::Wish::Help);
        CPPUNIT_ASSERT(parseCommandLine({"--version"}).value().wish == CommandLine::Wish::Version);
    }

    void everyCommandHasHelp()
    {
        const std::string all =
            helpText(parseCommandLine({}).value(), {{"payment show", {"payment"}, "Shows one."}});

        CPPUNIT_ASSERT(all.find("payment show <payment>") != std::string::npos);
        for (const auto& spec : hub::cli::commandTable()) {
            CPPUNIT_ASSERT_MESSAGE(spec.words, all.find("  " + spec.words) != std::string::npos);
            CommandLine line;
            line.spec = &spec;
            const std::string one = helpText(line, {});
            CPPUNIT_ASSERT_MESSAGE(one, one.find("expohub " + spec.words) == 0);
            for (const auto& option : spec.options) {
                CPPUNIT_ASSERT_MESSAGE(one, one.find("--" + option.name) != std::string::npos);
            }
        }
    }

    void noCommandHidesAnother()
    {
        std::set<std::string> words;
        for (const auto& spec : hub::cli::commandTable()) {
            CPPUNIT_ASSERT_MESSAGE(spec.words, words.insert(spec.words).second);
            for (const auto& other : hub::cli::commandTable()) {
                CPPUNIT_ASSERT_MESSAGE(spec.words, other.words.find(spec.words + " ") != 0);
            }
        }
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(CommandLineTest, "command_line");
