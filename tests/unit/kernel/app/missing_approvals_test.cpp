// Goal: who only looks (config check, doctor) learns which libraries production would not load, and
// leaves nothing behind. Method: a small installation in a temporary folder, a step further per
// test; what lies in the folder is compared before and after.

#include "app/approval.hpp"
#include "app/doctor.hpp"
#include "base/exception.hpp"
#include "config/settings.hpp"
#include "plugin/manifest.hpp"
#include "support/suite.hpp"

#include <hub/plugin.h>

#include <Poco/TemporaryFile.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace {

using hub::app::missingApprovals;
using hub::base::Json;
using Sentences = std::vector<std::string>;

const std::string kSha256(64, '0');

class MissingApprovalsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(MissingApprovalsTest);
    CPPUNIT_TEST(demoAsksForNone);
    CPPUNIT_TEST(withoutMasterKeyThereIsNoApprovalKey);
    CPPUNIT_TEST(whoLooksMakesNoApprovalKey);
    CPPUNIT_TEST(onlyEnabledPartnersNeedOne);
    CPPUNIT_TEST(whatIsApprovedIsNotMissing);
    CPPUNIT_TEST(anUnreadableKeyIsNoMissingKey);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override
    {
        folder_ = Poco::TemporaryFile::tempName();
        for (const char* name : {"lib", "plugins.d", "contracts", "store", "secrets"}) {
            std::filesystem::create_directories(folder_ / name);
        }
        settings_.profile = hub::config::Profile::Production;
        settings_.store.folder = folder_ / "store";
        settings_.secrets.folder = folder_ / "secrets";
        settings_.secrets.master_key_file = folder_ / "master.key";
        settings_.plugins.folder = folder_ / "lib";
        settings_.plugins.config_folder = folder_ / "plugins.d";
        settings_.contracts_folder = folder_ / "contracts";
        std::filesystem::copy_file(std::filesystem::path(std::getenv("HUB_SOURCE_DIR")) /
                                       "sdk/contracts/payment.json",
                                   folder_ / "contracts/payment.json");
        install("desk", "plugin", true);
        install("partner", "subscriber", true);
        install("sleeper", "subscriber", false);
    }

    void tearDown() override { std::filesystem::remove_all(folder_); }

    void demoAsksForNone()
    {
        settings_.profile = hub::config::Profile::Demo;
        CPPUNIT_ASSERT(missing().empty());
    }

    void withoutMasterKeyThereIsNoApprovalKey() { assertNoKeyYet(); }

    void whoLooksMakesNoApprovalKey()
    {
        makeMasterKey();
        assertNoKeyYet();
        const Sentences before = files();
        std::string said;
        for (const hub::app::Finding& finding : hub::app::examineOffline(settings_)) {
            said += finding.subject == "approvals" ? finding.text : "";
        }
        CPPUNIT_ASSERT_MESSAGE(said, said.starts_with("no approval key yet"));
        CPPUNIT_ASSERT(before == files());
    }

    void onlyEnabledPartnersNeedOne()
    {
        makeMasterKey();
        (void)approvals(); // as the hub's start does
        const Sentences said = missing();
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, said.size());
        CPPUNIT_ASSERT_MESSAGE(said[0], said[0].starts_with("library \"partner\" is not approved"));
    }

    void whatIsApprovedIsNotMissing()
    {
        makeMasterKey();
        hub::plugin::Manifest manifest;
        manifest.id = "partner";
        manifest.version = "1.0.0";
        manifest.sha256 = kSha256;
        const Json report = {{"library", "partner"},
                             {"version", "1.0.0"},
                             {"sha256", kSha256},
                             {"abi", {{"major", HUB_ABI_MAJOR}, {"minor", HUB_ABI_MINOR}}},
                             {"contracts", Json::array()},
                             {"only_rule", ""},
                             {"passed", 40},
                             {"failed", 0}};
        const hub::plugin::Approvals kept = approvals();
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, missing().size());
        const auto approved = kept.approve(manifest, report, "os:operator", 1);
        CPPUNIT_ASSERT_MESSAGE(approved.ok() ? "" : approved.error().message, approved.ok());
        CPPUNIT_ASSERT(missing().empty());
    }

    void anUnreadableKeyIsNoMissingKey()
    {
        makeMasterKey();
        (void)approvals();
        std::filesystem::remove(settings_.secrets.master_key_file);
        makeMasterKey(); // another one
        CPPUNIT_ASSERT_THROW(missingApprovals(settings_), hub::base::Failure);
    }

private:
    void install(const std::string& id, const std::string& kind, bool enabled) const
    {
        std::filesystem::create_directories(folder_ / "lib" / id);
        Json manifest = {{"id", id},
                         {"version", "1.0.0"},
                         {"kind", kind},
                         {"title", {{"en", "e"}, {"zh", "z"}}},
                         {"abi", {{"major", 1}, {"minor_required", 0}}},
                         {"library", "lib.so"},
                         {"sha256", kSha256}};
        if (kind == "subscriber") {
            manifest["subscribes"] = {{{"type", "payment.paid"}, {"versions", {1, 1}}}};
        }
        std::ofstream(folder_ / "lib" / id / "manifest.json") << manifest.dump();
        std::ofstream(folder_ / "lib" / id / "lib.so") << "not looked at";
        std::ofstream(folder_ / "plugins.d" / (id + ".json"))
            << Json{{"library", id}, {"enabled", enabled}}.dump();
    }

    void makeMasterKey() const
    {
        hub::security::createMasterKey(settings_.secrets.master_key_file);
    }

    hub::plugin::Approvals approvals() const
    {
        hub::security::Secrets secrets(
            settings_.secrets.folder,
            hub::security::loadMasterKey(settings_.secrets.master_key_file));
        return hub::app::approvals(settings_, secrets);
    }

    /// Fails when asking changed what lies in the folder.
    Sentences missing() const
    {
        const Sentences before = files();
        Sentences said = missingApprovals(settings_);
        CPPUNIT_ASSERT(before == files());
        return said;
    }

    void assertNoKeyYet() const
    {
        const Sentences said = missing();
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, said.size());
        CPPUNIT_ASSERT_MESSAGE(said[0], said[0].starts_with("no approval key yet"));
    }

    Sentences files() const
    {
        Sentences list;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_)) {
            list.push_back(entry.path().string());
        }
        std::sort(list.begin(), list.end());
        return list;
    }

    std::filesystem::path folder_;
    hub::config::Settings settings_;
};

HUB_TEST_SUITE_REGISTRATION(MissingApprovalsTest, "missing_approvals");

} // namespace
