// Goal: the reader of exports tells what the dynamic linker would find, and no bytes bring it
// down. Method: real libraries, then the same bytes cut and mutated with a seed.

#include "plugin/elf_exports.hpp"
#include "plugin/loader.hpp"
#include "support/suite.hpp"

#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <string>

namespace {

std::string read(const std::string& name)
{
    std::ifstream file(std::string(HUB_ABI_LIBRARIES) + "/" + name + ".so", std::ios::binary);
    std::ostringstream bytes;
    bytes << file.rdbuf();
    return bytes.str();
}

class LoaderTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(LoaderTest);
    CPPUNIT_TEST(exportsAreThoseOfTheDynamicTable);
    CPPUNIT_TEST(otherMachinesAndKindsAreNamed);
    CPPUNIT_TEST(damagedFilesNeverBringTheReaderDown);
    CPPUNIT_TEST(twoLibrariesAreNeverMistakenForEachOther);
    CPPUNIT_TEST_SUITE_END();

public:
    void exportsAreThoseOfTheDynamicTable()
    {
        const auto sound = hub::plugin::readElfExports(read("sound"));
        CPPUNIT_ASSERT(sound.ok());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, sound.value().size());
        CPPUNIT_ASSERT_EQUAL(std::string("hub_plugin_entry"), sound.value().front());
        const auto extra = hub::plugin::readElfExports(read("extra_export"));
        CPPUNIT_ASSERT(extra.ok());
        CPPUNIT_ASSERT(extra.value().size() >= 2);
    }

    void otherMachinesAndKindsAreNamed()
    {
        std::string bytes = read("sound");
        std::string other = bytes;
        other[18] = '\x08'; // e_machine: MIPS
        CPPUNIT_ASSERT_EQUAL(std::string("is built for another machine"),
                             hub::plugin::readElfExports(other).error().message);
        other = bytes;
        other[4] = '\x01'; // 32 bits
        CPPUNIT_ASSERT_EQUAL(std::string("is built for another machine"),
                             hub::plugin::readElfExports(other).error().message);
        other = bytes;
        other[16] = '\x01'; // e_type: relocatable
        CPPUNIT_ASSERT_EQUAL(std::string("is no shared object"),
                             hub::plugin::readElfExports(other).error().message);
        CPPUNIT_ASSERT_EQUAL(std::string("is no ELF file"),
                             hub::plugin::readElfExports("").error().message);
    }

    void damagedFilesNeverBringTheReaderDown()
    {
        const std::string bytes = read("extra_export");
        std::mt19937 random(7);
        for (int round = 0; round < 20000; ++round) {
            std::string damaged =
                bytes.substr(0, round % 5 == 0 ? random() % bytes.size() : bytes.size());
            for (int i = 0; i < 4 && !damaged.empty(); ++i) {
                // Most of what matters is near the front.
                damaged[random() % std::min<std::size_t>(damaged.size(), 2048)] =
                    static_cast<char>(random());
            }
            const auto exports = hub::plugin::readElfExports(damaged);
            CPPUNIT_ASSERT(exports.ok() || !exports.error().message.empty());
        }
    }

    void twoLibrariesAreNeverMistakenForEachOther()
    {
        // A closed descriptor's number would name the next library, and the dynamic linker knows
        // libraries by that name.
        const std::filesystem::path folder = HUB_ABI_LIBRARIES;
        const hub::plugin::LibraryFile sound{folder / "sound.so", "", "fixture", "1.0.0"};
        const hub::plugin::LibraryFile other{folder / "wrong_id.so", "", "somebody_else", "1.0.0"};
        const auto first = hub::plugin::load(sound, hub::plugin::DigestRule::Optional);
        const auto second = hub::plugin::load(other, hub::plugin::DigestRule::Optional);
        CPPUNIT_ASSERT_MESSAGE(first.ok() ? "" : first.error().message, first.ok());
        CPPUNIT_ASSERT_MESSAGE(second.ok() ? "" : second.error().message, second.ok());
        CPPUNIT_ASSERT(first.value().api.create != second.value().api.create);
    }
};

HUB_TEST_SUITE_REGISTRATION(LoaderTest, "loader");

} // namespace
