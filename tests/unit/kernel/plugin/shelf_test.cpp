// Goal: what is kept of a library is that library or nothing, stays as long as somebody may go back
// to it, and stands in for a version that was rolled back. Method: packages made here, a real
// folder.

#include "base/encoding.hpp"
#include "base/exception.hpp"
#include "plugin/shelf.hpp"
#include "support/suite.hpp"

#include <Poco/TemporaryFile.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
using hub::base::Json;
using hub::plugin::Package;
using hub::plugin::Shelf;

class ShelfTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ShelfTest);
    CPPUNIT_TEST(keepsALibraryWithItsManifest);
    CPPUNIT_TEST(keepsNothingOfAHalfCopiedLibrary);
    CPPUNIT_TEST(makesADamagedCopyAnew);
    CPPUNIT_TEST(prunesWhatNobodyGoesBackTo);
    CPPUNIT_TEST(aRolledBackVersionIsReplacedByItsFormerOne);
    CPPUNIT_TEST(withoutTheFormerCopyARolledBackVersionIsRefused);
    CPPUNIT_TEST(aDamagedNoteRefusesItsLibraryAlone);
    CPPUNIT_TEST_SUITE_END();

public:
    void tearDown() override { fs::remove_all(folder_); }

    void keepsALibraryWithItsManifest()
    {
        const Package package = install("1.0.0", "first");

        const fs::path copy = shelf().keep(package.folder, package.manifest);

        CPPUNIT_ASSERT_EQUAL(std::string("first"), textOf(copy / "lib.so"));
        CPPUNIT_ASSERT(copy == shelf().find(package.manifest.sha256));
    }

    void keepsNothingOfAHalfCopiedLibrary()
    {
        const Package package = install("1.0.0", "first");
        std::ofstream(package.folder / "lib.so") << "fir";
        try {
            shelf().keep(package.folder, package.manifest);
            CPPUNIT_FAIL("a library that is not the manifest's was kept");
        } catch (const hub::base::Failure& failure) {
            CPPUNIT_ASSERT_EQUAL(hub_status{HUB_REJECTED}, failure.status());
        }
        CPPUNIT_ASSERT(shelf().find(package.manifest.sha256).empty());

        std::ofstream(package.folder / "lib.so") << "first"; // completed
        const fs::path copy = shelf().keep(package.folder, package.manifest);
        CPPUNIT_ASSERT_EQUAL(std::string("first"), textOf(copy / "lib.so"));
    }

    void makesADamagedCopyAnew()
    {
        const Package package = install("1.0.0", "first");
        const fs::path copy = shelf().keep(package.folder, package.manifest);
        std::ofstream(copy / "lib.so") << "rotten";

        shelf().keep(package.folder, package.manifest);

        CPPUNIT_ASSERT_EQUAL(std::string("first"), textOf(copy / "lib.so"));
    }

    void prunesWhatNobodyGoesBackTo()
    {
        std::vector<std::string> digests;
        for (const char* bytes : {"used", "former", "rejected", "old"}) {
            const Package package = install("1.0.0", bytes);
            shelf().keep(package.folder, package.manifest);
            digests.push_back(package.manifest.sha256);
        }
        shelf().reject(digests[2], {digests[1], "its process ended", 7});

        shelf().prune({digests[0]});

        CPPUNIT_ASSERT(!shelf().find(digests[0]).empty());
        CPPUNIT_ASSERT(!shelf().find(digests[1]).empty());
        CPPUNIT_ASSERT(shelf().find(digests[2]).empty());
        CPPUNIT_ASSERT(shelf().find(digests[3]).empty());
        CPPUNIT_ASSERT(shelf().rejection(digests[2]).value().has_value());
    }

    void aRolledBackVersionIsReplacedByItsFormerOne()
    {
        const Package second = rolledBack();

        const auto used = hub::plugin::inUse(shelf(), second);

        CPPUNIT_ASSERT(used.ok());
        CPPUNIT_ASSERT_EQUAL(std::string("1.0.0"), used.value().manifest.version);
        CPPUNIT_ASSERT_EQUAL(std::string("1.1.0"), used.value().set_aside->manifest.version);
        CPPUNIT_ASSERT_EQUAL(std::string("first"), textOf(used.value().libraryPath()));
        shelf().admit(second.manifest.sha256);
        CPPUNIT_ASSERT_EQUAL(std::string("1.1.0"),
                             hub::plugin::inUse(shelf(), second).value().manifest.version);
    }

    void withoutTheFormerCopyARolledBackVersionIsRefused()
    {
        const Package second = rolledBack();
        fs::remove_all(shelf().find(hub::base::sha256Hex("first")));

        const auto used = hub::plugin::inUse(shelf(), second);

        CPPUNIT_ASSERT(!used.ok());
        CPPUNIT_ASSERT_MESSAGE(used.error().message,
                               used.error().message.find("plugin admit sample") !=
                                   std::string::npos);
    }

    void aDamagedNoteRefusesItsLibraryAlone()
    {
        const Package second = rolledBack();
        std::ofstream(folder_ / "shelf" / (second.manifest.sha256 + ".rejected.json")) << "{";

        CPPUNIT_ASSERT(!hub::plugin::inUse(shelf(), second).ok());
        CPPUNIT_ASSERT(hub::plugin::inUse(shelf(), install("1.0.0", "first")).ok());
    }

private:
    Shelf shelf() const { return Shelf(folder_ / "shelf"); }

    static std::string textOf(const fs::path& file)
    {
        std::ostringstream text;
        text << std::ifstream(file).rdbuf();
        return text.str();
    }

    Package install(const std::string& version, const std::string& bytes) const
    {
        Package package;
        package.folder = folder_ / "installed";
        fs::create_directories(package.folder);
        std::ofstream(package.folder / "lib.so") << bytes;
        const Json json = {{"id", "sample"},
                           {"version", version},
                           {"kind", "connector"},
                           {"title", {{"en", "Sample"}, {"zh", "样例"}}},
                           {"library", "lib.so"},
                           {"sha256", hub::base::sha256Hex(bytes)},
                           {"abi", {{"major", 1}, {"minor_required", 0}}},
                           {"isolation", "process"},
                           {"concurrency_max", 1},
                           {"implements",
                            {{{"contract", "payment"},
                              {"version", 1},
                              {"operations", {"create"}},
                              {"products", {"qr"}}}}},
                           {"owns", Json::array()},
                           {"calls", Json::array()},
                           {"asks", Json::array()},
                           {"subscribes", Json::array()},
                           {"publishes", Json::array()},
                           {"extensions", Json::array()},
                           {"keys", Json::array()},
                           {"secrets", Json::array()},
                           {"configuration", {{"type", "object"}}},
                           {"account_configuration", {{"type", "object"}}},
                           {"commands", Json::array()}};
        std::vector<std::string> problems;
        auto manifest = hub::plugin::parseManifest(json, "sample", problems);
        CPPUNIT_ASSERT_MESSAGE(problems.empty() ? "" : problems.front(), manifest.has_value());
        package.manifest = std::move(*manifest);
        return package;
    }

    /// Version 1.1.0, after which 1.0.0 took the work again.
    Package rolledBack() const
    {
        const Package first = install("1.0.0", "first");
        shelf().keep(first.folder, first.manifest);
        Package second = install("1.1.0", "second");
        shelf().reject(second.manifest.sha256, {first.manifest.sha256, "its process ended", 7});
        return second;
    }

    fs::path folder_ = Poco::TemporaryFile::tempName();
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(ShelfTest, "shelf");
