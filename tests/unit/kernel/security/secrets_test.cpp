// Goal: secrets rest encrypted, come back exact, and every way of spoiling them is told apart.
// Method: real files in a folder of the test, spoiled one by one.

#include "base/exception.hpp"
#include "security/secrets.hpp"
#include "support/suite.hpp"
#include "temporary_folder.hpp"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include <sys/stat.h>

namespace {

using hub::security::SecretBytes;
using hub::security::Secrets;
using hub::testing::readText;
using hub::testing::writeText;

SecretBytes keyOf(char fill)
{
    return SecretBytes(std::string(32, fill));
}

unsigned int modeOf(const std::filesystem::path& file)
{
    struct stat status {};
    CPPUNIT_ASSERT_EQUAL(0, ::stat(file.c_str(), &status));
    return status.st_mode & 07777U;
}

class SecretsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SecretsTest);
    CPPUNIT_TEST(bytesComeBackExactAndRestEncrypted);
    CPPUNIT_TEST(theNewestVersionWinsUntilItIsRetired);
    CPPUNIT_TEST(namesThatCouldLeaveTheFolderAreRefused);
    CPPUNIT_TEST(aDamagedFileIsToldApartFromAWrongMasterKey);
    CPPUNIT_TEST(aFileCannotStandInForAnother);
    CPPUNIT_TEST(aWrongMasterKeyAddsNothingToAFolder);
    CPPUNIT_TEST(twoHoldersOfAFolderNeverTakeTheSameVersion);
    CPPUNIT_TEST(whatAnotherHolderChangesIsSeenAtOnce);
    CPPUNIT_TEST(movedSecretsLeaveNoBytesBehind);
    CPPUNIT_TEST(derivedKeysDifferByPurpose);
    CPPUNIT_TEST_SUITE_END();

public:
    void bytesComeBackExactAndRestEncrypted()
    {
        Secrets secrets(folder(), keyOf('k'));
        const std::string bytes("sample-canary\0\xff tail", 20);

        CPPUNIT_ASSERT_EQUAL(1U, secrets.put("pay/demo/app_key", bytes).value());

        CPPUNIT_ASSERT(secrets.newest("pay/demo/app_key").value().view() == bytes);
        const auto file = folder() / "pay.demo.app_key.1.secret";
        CPPUNIT_ASSERT_EQUAL(0600U, modeOf(file));
        CPPUNIT_ASSERT_EQUAL(0700U, modeOf(folder()));
        for (const auto& entry : std::filesystem::directory_iterator(folder())) {
            CPPUNIT_ASSERT(readText(entry.path()).find("canary") == std::string::npos);
            CPPUNIT_ASSERT(entry.path().filename().string().front() != '.');
        }
        // The same bytes never rest as the same file: the nonce is drawn.
        (void)secrets.put("pay/demo/app_key", bytes);
        CPPUNIT_ASSERT(readText(file) != readText(folder() / "pay.demo.app_key.2.secret"));
    }

    void theNewestVersionWinsUntilItIsRetired()
    {
        Secrets secrets(folder(), keyOf('k'));
        for (const char* bytes : {"one", "two", "three"}) {
            CPPUNIT_ASSERT(secrets.put("a", bytes).ok());
        }
        CPPUNIT_ASSERT(secrets.retire("a", 3).ok());
        CPPUNIT_ASSERT(secrets.retire("a", 3).ok());

        CPPUNIT_ASSERT(secrets.newest("a").value().view() == "two");
        const auto usable = secrets.usable("a");
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, usable.value().size());
        CPPUNIT_ASSERT(usable.value()[0].view() == "two" && usable.value()[1].view() == "one");
        CPPUNIT_ASSERT(secrets.read("a", 3).value().view() == "three");
        CPPUNIT_ASSERT_EQUAL(4U, secrets.put("a", "four").value());
        CPPUNIT_ASSERT_EQUAL(std::size_t{4}, secrets.versions("a").size());
        CPPUNIT_ASSERT(secrets.versions("a")[2].retired);

        CPPUNIT_ASSERT_EQUAL(HUB_NOT_FOUND + 0, secrets.retire("a", 9).error().code + 0);
        CPPUNIT_ASSERT_EQUAL(HUB_NOT_FOUND + 0, secrets.newest("b").error().code + 0);
        CPPUNIT_ASSERT(secrets.names() == std::vector<std::string>{"a"});
    }

    void namesThatCouldLeaveTheFolderAreRefused()
    {
        Secrets secrets(folder(), keyOf('k'));
        for (const char* name : {"", "/a", "a/", "a//b", "../a", "a.b", "A", "a b", "a\nb", "ä"}) {
            CPPUNIT_ASSERT_MESSAGE(name, !secrets.put(name, "bytes").ok());
        }
        CPPUNIT_ASSERT(!secrets.put(std::string(201, 'a'), "bytes").ok());
        CPPUNIT_ASSERT(!secrets.put("empty", "").ok());
    }

    void aDamagedFileIsToldApartFromAWrongMasterKey()
    {
        (void)Secrets(folder(), keyOf('k')).put("a", "bytes");
        const Secrets stranger(folder(), keyOf('x'));
        const auto wrong = stranger.newest("a");
        CPPUNIT_ASSERT_EQUAL(HUB_INTERNAL + 0, wrong.error().code + 0);
        CPPUNIT_ASSERT(wrong.error().message.find("master key") != std::string::npos);

        const Secrets holder(folder(), keyOf('k'));
        const auto file = folder() / "a.1.secret";
        const std::string good = readText(file);
        for (const std::size_t position : {std::size_t{0}, std::size_t{20}, good.size() - 1}) {
            std::string bad = good;
            bad[position] = static_cast<char>(bad[position] ^ 1);
            writeText(file, bad);
            const auto damaged = holder.newest("a");
            CPPUNIT_ASSERT(!damaged.ok());
            CPPUNIT_ASSERT(damaged.error().message.find("a.1.secret") != std::string::npos);
            CPPUNIT_ASSERT(damaged.error().message.find("damaged") != std::string::npos);
        }
        for (const std::size_t size : {std::size_t{0}, std::size_t{20}, good.size() - 1}) {
            writeText(file, good.substr(0, size));
            CPPUNIT_ASSERT(!holder.newest("a").ok());
        }
        writeText(file, good);
        CPPUNIT_ASSERT(holder.newest("a").ok());
    }

    void aFileCannotStandInForAnother()
    {
        Secrets secrets(folder(), keyOf('k'));
        (void)secrets.put("a", "of a");
        (void)secrets.put("b", "of b");

        std::filesystem::copy_file(folder() / "a.1.secret",
                                   folder() / "b.1.secret",
                                   std::filesystem::copy_options::overwrite_existing);
        std::filesystem::copy_file(folder() / "a.1.secret", folder() / "a.2.secret");

        CPPUNIT_ASSERT(!secrets.newest("b").ok());
        CPPUNIT_ASSERT(!secrets.newest("a").ok());
        CPPUNIT_ASSERT(secrets.read("a", 1).ok());
    }

    void aWrongMasterKeyAddsNothingToAFolder()
    {
        (void)Secrets(folder(), keyOf('k')).put("a", "bytes");
        CPPUNIT_ASSERT(!Secrets(folder(), keyOf('x')).put("b", "bytes").ok());
        std::filesystem::remove(folder() / "master.check");
        CPPUNIT_ASSERT(!Secrets(folder(), keyOf('x')).put("b", "bytes").ok());
        CPPUNIT_ASSERT(Secrets(folder(), keyOf('k')).put("b", "bytes").ok());
        CPPUNIT_ASSERT(std::filesystem::exists(folder() / "master.check"));
        CPPUNIT_ASSERT_THROW(Secrets(folder(), SecretBytes("short")), hub::base::Failure);
    }

    void twoHoldersOfAFolderNeverTakeTheSameVersion()
    {
        constexpr int kEach = 20;
        std::vector<std::thread> writers;
        for (int i = 0; i < 2; ++i) {
            writers.emplace_back([this] {
                Secrets secrets(folder(), keyOf('k'));
                for (int k = 0; k < kEach; ++k) {
                    (void)secrets.put("a", "bytes");
                }
            });
        }
        for (std::thread& writer : writers) {
            writer.join();
        }
        const auto versions = Secrets(folder(), keyOf('k')).versions("a");
        CPPUNIT_ASSERT_EQUAL(std::size_t{2 * kEach}, versions.size());
        CPPUNIT_ASSERT_EQUAL(2U * kEach, versions.back().version);
    }

    /// Also after a look that may be remembered, because the folder had been at rest for long.
    void whatAnotherHolderChangesIsSeenAtOnce()
    {
        Secrets hub(folder(), keyOf('k'));
        Secrets command(folder(), keyOf('k'));
        const auto rest = [this] {
            std::filesystem::last_write_time(
                folder(), std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
        };
        (void)command.put("a", "one");
        rest();
        CPPUNIT_ASSERT(hub.newest("a").value().view() == "one");

        (void)command.put("a", "two");
        CPPUNIT_ASSERT(hub.newest("a").value().view() == "two");
        rest();
        CPPUNIT_ASSERT(hub.newest("a").value().view() == "two");

        CPPUNIT_ASSERT(command.retire("a", 2).ok());
        CPPUNIT_ASSERT(hub.newest("a").value().view() == "one");

        // Two changes within one tick of the file system's clock can't be told by their time.
        (void)command.put("b", "one");
        CPPUNIT_ASSERT(hub.newest("b").value().view() == "one");
        const auto time = std::filesystem::last_write_time(folder());
        (void)command.put("b", "two");
        std::filesystem::last_write_time(folder(), time);
        CPPUNIT_ASSERT(hub.newest("b").value().view() == "two");
    }

    void movedSecretsLeaveNoBytesBehind()
    {
        SecretBytes short_one(std::string("short"));
        const char* place = short_one.view().data();
        const SecretBytes taken(std::move(short_one));
        CPPUNIT_ASSERT(taken.view() == "short");
        // Short strings live inside the object, which is still there.
        CPPUNIT_ASSERT_EQUAL(std::string(5, '\0'), std::string(place, 5));
    }

    void derivedKeysDifferByPurpose()
    {
        const SecretBytes master = keyOf('k');
        const auto audit = hub::security::deriveKey(master, "audit");
        CPPUNIT_ASSERT_EQUAL(std::size_t{32}, audit.view().size());
        CPPUNIT_ASSERT(audit.view() == hub::security::deriveKey(master, "audit").view());
        CPPUNIT_ASSERT(audit.view() != hub::security::deriveKey(master, "other").view());
        CPPUNIT_ASSERT(audit.view() != hub::security::deriveKey(keyOf('x'), "audit").view());
    }

private:
    std::filesystem::path folder() const { return temporary_.path() / "secrets"; }

    hub::testing::TemporaryFolder temporary_;
};

class MasterKeyTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(MasterKeyTest);
    CPPUNIT_TEST(theEnvironmentWinsOverCredentialAndFile);
    CPPUNIT_TEST(whatIsThereButWrongIsRefusedNotSkipped);
    CPPUNIT_TEST(aFileThatOthersCanReadIsRefused);
    CPPUNIT_TEST(withoutAnyTheThreePlacesAreNamed);
    CPPUNIT_TEST(aNewKeyNeverReplacesAnOldOne);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override { clear(); }
    void tearDown() override { clear(); }

    void theEnvironmentWinsOverCredentialAndFile()
    {
        const auto file = temporary_.path() / "master.key";
        hub::security::createMasterKey(file);
        CPPUNIT_ASSERT_EQUAL(std::size_t{32}, hub::security::loadMasterKey(file).view().size());

        writeText(temporary_.path() / "expohub-master-key", std::string(64, 'b') + "\n");
        ::setenv("CREDENTIALS_DIRECTORY", temporary_.path().c_str(), 1);
        CPPUNIT_ASSERT(hub::security::loadMasterKey(file).view() == std::string(32, '\xbb'));

        ::setenv("EXPOHUB_MASTER_KEY", std::string(64, 'a').c_str(), 1);
        CPPUNIT_ASSERT(hub::security::loadMasterKey(file).view() == std::string(32, '\xaa'));
    }

    void whatIsThereButWrongIsRefusedNotSkipped()
    {
        const auto file = temporary_.path() / "master.key";
        hub::security::createMasterKey(file);
        for (const std::string& text :
             {std::string(), std::string(62, 'a'), std::string(64, 'g')}) {
            ::setenv("EXPOHUB_MASTER_KEY", text.c_str(), 1);
            CPPUNIT_ASSERT_THROW(hub::security::loadMasterKey(file), hub::base::Failure);
        }
    }

    void aFileThatOthersCanReadIsRefused()
    {
        const auto file = temporary_.path() / "master.key";
        hub::security::createMasterKey(file);
        CPPUNIT_ASSERT_EQUAL(0600U, modeOf(file));
        for (const mode_t mode : {0640U, 0604U, 0660U}) {
            CPPUNIT_ASSERT_EQUAL(0, ::chmod(file.c_str(), mode));
            CPPUNIT_ASSERT_THROW(hub::security::loadMasterKey(file), hub::base::Failure);
        }
        CPPUNIT_ASSERT_EQUAL(0, ::chmod(file.c_str(), 0400));
        CPPUNIT_ASSERT_NO_THROW(hub::security::loadMasterKey(file));
    }

    void withoutAnyTheThreePlacesAreNamed()
    {
        try {
            hub::security::loadMasterKey(temporary_.path() / "none.key");
            CPPUNIT_FAIL("a master key came from nowhere");
        } catch (const hub::base::Failure& failure) {
            const std::string text = failure.displayText();
            for (const char* place : {"EXPOHUB_MASTER_KEY", "expohub-master-key", "none.key"}) {
                CPPUNIT_ASSERT_MESSAGE(text, text.find(place) != std::string::npos);
            }
        }
    }

    void aNewKeyNeverReplacesAnOldOne()
    {
        const auto file = temporary_.path() / "master.key";
        hub::security::createMasterKey(file);
        const std::string before = readText(file);
        CPPUNIT_ASSERT_THROW(hub::security::createMasterKey(file), hub::base::Failure);
        CPPUNIT_ASSERT_EQUAL(before, readText(file));
    }

private:
    static void clear()
    {
        ::unsetenv("EXPOHUB_MASTER_KEY");
        ::unsetenv("CREDENTIALS_DIRECTORY");
    }

    hub::testing::TemporaryFolder temporary_;
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(SecretsTest, "secrets");
HUB_TEST_SUITE_REGISTRATION(MasterKeyTest, "secrets");
