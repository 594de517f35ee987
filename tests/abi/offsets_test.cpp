// Goal: a released struct never changes but at its end. Method: the offsets that the C program
// prints today must begin, struct by struct, with those of every released minor (golden/).

#include "support/suite.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace {

/// Members of each struct, one line each, in order.
using Offsets = std::map<std::string, std::vector<std::string>>;

Offsets parse(std::istream& lines)
{
    Offsets offsets;
    for (std::string line; std::getline(lines, line);) {
        const std::string name = line.substr(0, line.find(' '));
        const std::size_t dot = name.find('.');
        std::vector<std::string>& members = offsets[name.substr(0, dot)];
        if (dot != std::string::npos) {
            members.push_back(line);
        }
    }
    return offsets;
}

Offsets current()
{
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(HUB_ABI_OFFSETS, "r"), &::pclose);
    CPPUNIT_ASSERT(pipe != nullptr);
    std::stringstream text;
    char buffer[4096];
    while (const std::size_t size = std::fread(buffer, 1, sizeof buffer, pipe.get())) {
        text.write(buffer, static_cast<std::streamsize>(size));
    }
    return parse(text);
}

/// Empty, or the first difference that a library built for `released` would notice.
std::string difference(const Offsets& released, const Offsets& now)
{
    for (const auto& [name, members] : released) {
        const auto found = now.find(name);
        if (found == now.end()) {
            return name + " is gone";
        }
        for (std::size_t i = 0; i < members.size(); ++i) {
            if (i >= found->second.size()) {
                return "released \"" + members[i] + "\" is gone";
            }
            if (members[i] != found->second[i]) {
                return "released \"" + members[i] + "\" is now \"" + found->second[i] + "\"";
            }
        }
    }
    return {};
}

class OffsetsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(OffsetsTest);
    CPPUNIT_TEST(everyReleasedMinorIsAPrefixOfTheHeaders);
    CPPUNIT_TEST(theComparisonSeesEveryKindOfChange);
    CPPUNIT_TEST_SUITE_END();

public:
    void everyReleasedMinorIsAPrefixOfTheHeaders()
    {
        const Offsets now = current();
        int files = 0;
        for (const auto& entry : std::filesystem::directory_iterator(HUB_ABI_GOLDEN)) {
            std::ifstream file(entry.path());
            const Offsets released = parse(file);
            CPPUNIT_ASSERT_MESSAGE(entry.path().string(), released.count("hub_event") == 1);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                entry.path().string(), std::string(), difference(released, now));
            ++files;
        }
        CPPUNIT_ASSERT(files > 0);
    }

    void theComparisonSeesEveryKindOfChange()
    {
        const Offsets released = {{"a", {"a.x 0 4", "a.y 8 8"}}};
        CPPUNIT_ASSERT(difference(released, {{"a", {"a.x 0 4", "a.y 8 8", "a.z 16 8"}}}).empty());
        CPPUNIT_ASSERT(!difference(released, {}).empty());
        CPPUNIT_ASSERT(!difference(released, {{"a", {"a.x 0 4"}}}).empty());
        CPPUNIT_ASSERT(!difference(released, {{"a", {"a.y 0 8", "a.x 8 4"}}}).empty());
        CPPUNIT_ASSERT(!difference(released, {{"a", {"a.x 0 8", "a.y 8 8"}}}).empty());
    }
};

HUB_TEST_SUITE_REGISTRATION(OffsetsTest, "offsets");

} // namespace
