// Goal: a library that does not fit is refused with one sentence that says which, what and what
// to do, and the hub goes on. Method: one library per defect (libraries/), one row each.

#include "plugin/loader.hpp"
#include "support/suite.hpp"

#include <hub/event.hpp>

#include <filesystem>
#include <string>

#include <sys/stat.h>

namespace {

using hub::plugin::DigestRule;
using hub::plugin::LibraryFile;

LibraryFile fileOf(const std::string& path)
{
    return {path, "", "fixture", "1.0.0"};
}

LibraryFile builtFile(const std::string& name)
{
    return fileOf(std::string(HUB_ABI_LIBRARIES) + "/" + name + ".so");
}

void ignoreAnswer(hub_context*, hub_call_id, const hub_result*) noexcept {}
void ignoreLog(hub_context*, std::int32_t, hub_text) noexcept {}
const void* noExtension(hub_context*, const char*) noexcept
{
    return nullptr;
}

class LoaderRefusalsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(LoaderRefusalsTest);
    CPPUNIT_TEST(brokenLibrariesAreRefusedWithTheirSentence);
    CPPUNIT_TEST(soundLibrariesOfOtherMinorsAreTaken);
    CPPUNIT_TEST(theDigestIsThatOfTheBytesThatAreLoaded);
    CPPUNIT_TEST(filesThatAreNoLibrariesAreRefused);
    CPPUNIT_TEST(aLibraryThatCanNotBeCreatedSaysWhy);
    CPPUNIT_TEST_SUITE_END();

public:
    void brokenLibrariesAreRefusedWithTheirSentence()
    {
        struct Row {
            const char* library;
            const char* sentence;
        };
        const Row rows[] = {
            {"wrong_major",
             "is built for ABI major 2, this hub has 1; build it against this hub's SDK"},
            {"newer_minor",
             "needs ABI 1.2, this hub has 1.1; install a newer hub or an older build"},
            {"no_entry",
             "exports no hub_plugin_entry; end its main source with HUB_CONNECTOR, HUB_SUBSCRIBER "
             "or HUB_PLUGIN"},
            {"extra_export",
             "exports \"helper\" beside hub_plugin_entry; link it with the SDK's version script "
             "hub_plugin.map"},
            {"entry_null", "refuses this hub's ABI 1.1; ask its maker for a build for this hub"},
            {"missing_handle", "leaves the required function \"handle\" empty; implement it"},
            {"cut_before_destroy", "leaves the required function \"destroy\" empty; implement it"},
            {"truncated",
             "gives a hub_plugin_api of 23 bytes, must have at least 24; set struct_size to "
             "sizeof(hub_plugin_api)"},
            {"wrong_id",
             "calls itself \"somebody_else\", its manifest says \"fixture\"; make them equal"},
            {"null_id", "calls itself \"\", its manifest says \"fixture\"; make them equal"},
            {"wrong_version",
             "has version \"1.0.1\", its manifest says \"1.0.0\"; make them equal"},
        };
        for (const Row& row : rows) {
            const LibraryFile file = builtFile(row.library);
            const auto loaded = hub::plugin::load(file, DigestRule::Optional);
            CPPUNIT_ASSERT_MESSAGE(row.library, !loaded.ok());
            CPPUNIT_ASSERT_EQUAL(file.path.string() + ": " + row.sentence, loaded.error().message);
        }
        const auto undefined =
            hub::plugin::load(builtFile("undefined_symbol"), DigestRule::Optional);
        CPPUNIT_ASSERT(!undefined.ok());
        CPPUNIT_ASSERT_MESSAGE(undefined.error().message,
                               undefined.error().message.find("provided_by_nobody") !=
                                   std::string::npos);
    }

    void soundLibrariesOfOtherMinorsAreTaken()
    {
        const auto sound = hub::plugin::load(builtFile("sound"), DigestRule::Optional);
        CPPUNIT_ASSERT_MESSAGE(sound.ok() ? "" : sound.error().message, sound.ok());
        CPPUNIT_ASSERT(sound.value().api.get_extension != nullptr);
        const auto older = hub::plugin::load(builtFile("older_shorter"), DigestRule::Optional);
        CPPUNIT_ASSERT(older.ok());
        CPPUNIT_ASSERT_MESSAGE("what is past the peer's struct counts as not set",
                               older.value().api.get_extension == nullptr);
        CPPUNIT_ASSERT(older.value().api.destroy != nullptr);
        const auto newer = hub::plugin::load(builtFile("newer_longer"), DigestRule::Optional);
        CPPUNIT_ASSERT(newer.ok());
        CPPUNIT_ASSERT_EQUAL(std::uint32_t{sizeof(hub_plugin_api)}, newer.value().api.struct_size);
    }

    void theDigestIsThatOfTheBytesThatAreLoaded()
    {
        LibraryFile file = builtFile("sound");
        const auto unnamed = hub::plugin::load(file);
        CPPUNIT_ASSERT(!unnamed.ok());
        CPPUNIT_ASSERT(unnamed.error().message.find("names no sha256") != std::string::npos);
        file.sha256 = hub::plugin::load(file, DigestRule::Optional).value().sha256;
        CPPUNIT_ASSERT_EQUAL(std::size_t{64}, file.sha256.size());
        CPPUNIT_ASSERT(hub::plugin::load(file).ok());
        const std::string digest = file.sha256;
        file.sha256[0] = digest[0] == '0' ? '1' : '0';
        for (const DigestRule rule : {DigestRule::Required, DigestRule::Optional}) {
            const auto wrong = hub::plugin::load(file, rule);
            CPPUNIT_ASSERT(!wrong.ok());
            CPPUNIT_ASSERT_EQUAL(file.path.string() + ": has the SHA-256 " + digest +
                                     ", its manifest says " + file.sha256 +
                                     "; install the library and the manifest of one build",
                                 wrong.error().message);
        }
    }

    void filesThatAreNoLibrariesAreRefused()
    {
        const std::string fixtures = HUB_ABI_FIXTURES;
        assertRefused(fixtures + "/not_elf.txt", "is no ELF file; install the shared object");
        assertRefused(fixtures, "is no regular file");
        assertRefused(fixtures + "/missing.so", "can't be opened: No such file");
        assertRefused(HUB_ABI_OFFSETS, "exports");
        const auto open = std::filesystem::path(HUB_ABI_LIBRARIES) / "writable.so";
        std::filesystem::copy_file(
            builtFile("sound").path, open, std::filesystem::copy_options::overwrite_existing);
        ::chmod(open.c_str(), 0777);
        assertRefused(open, "may be written by everybody; run chmod o-w on it");
        std::filesystem::resize_file(open, 1500);
        ::chmod(open.c_str(), 0755);
        assertRefused(open, "is cut off");
        std::filesystem::remove(open);
    }

    void aLibraryThatCanNotBeCreatedSaysWhy()
    {
        struct Row {
            const char* library;
            const char* sentence;
        };
        const Row rows[] = {{"create_fails", "\"app_id\" is missing"},
                            {"throwing_constructor", "the constructor had enough"}};
        for (const Row& row : rows) {
            const auto loaded = hub::plugin::load(builtFile(row.library), DigestRule::Optional);
            CPPUNIT_ASSERT_MESSAGE(loaded.ok() ? "" : loaded.error().message, loaded.ok());
            hub_host_api host = {};
            host.struct_size = sizeof host;
            host.complete = &ignoreAnswer;
            host.log = &ignoreLog;
            host.get_extension = &noExtension;
            hub_result error = {};
            error.struct_size = sizeof error;
            CPPUNIT_ASSERT(loaded.value().api.create(nullptr, &host, hub::toText("{}"), &error) ==
                           nullptr);
            CPPUNIT_ASSERT_EQUAL(hub_status{HUB_BAD_REQUEST}, error.status);
            CPPUNIT_ASSERT_EQUAL(std::string(row.sentence), std::string(hub::view(error.message)));
        }
    }

private:
    static void assertRefused(const std::string& path, const std::string& what)
    {
        const auto loaded = hub::plugin::load(fileOf(path), DigestRule::Optional);
        CPPUNIT_ASSERT_MESSAGE(path, !loaded.ok());
        CPPUNIT_ASSERT_MESSAGE(loaded.error().message,
                               loaded.error().message.starts_with(path + ": ") &&
                                   loaded.error().message.find(what) != std::string::npos);
    }
};

HUB_TEST_SUITE_REGISTRATION(LoaderRefusalsTest, "loader_refusals");

} // namespace
