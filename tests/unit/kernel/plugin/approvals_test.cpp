// Goal: production loads a partner's library only when this very build was judged by this hub, by
// the contracts that it has now. Method: reports as the suite writes them, with one thing changed.

#include "base/encoding.hpp"
#include "plugin/approvals.hpp"
#include "security/durable_file.hpp"
#include "support/suite.hpp"

#include <hub/plugin.h>

#include <Poco/TemporaryFile.h>

#include <filesystem>
#include <fstream>
#include <memory>

namespace {

using hub::base::Json;
using hub::plugin::Approvals;
using hub::plugin::Manifest;

constexpr const char* kContract = R"({"contract":"parcel","version":1})";

class ApprovalsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ApprovalsTest);
    CPPUNIT_TEST(nothingIsApprovedByItself);
    CPPUNIT_TEST(whatKeepsEveryRuleIsApproved);
    CPPUNIT_TEST(whatBreaksARuleIsNot);
    CPPUNIT_TEST(anApprovalIsForOneBuildAndOneContract);
    CPPUNIT_TEST(onlyThisHubsApprovalsCount);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override
    {
        folder_ = Poco::TemporaryFile::tempName();
        std::filesystem::create_directories(folder_ / "contracts");
        std::ofstream(folder_ / "contracts/parcel.json") << kContract;
        manifest_.id = "partner";
        manifest_.version = "1.0.0";
        manifest_.sha256 = std::string(64, 'a');
        manifest_.implements.resize(1);
        manifest_.implements[0].contract = "parcel";
        manifest_.implements[0].version = 1;
        report_ = {{"library", "partner"},
                   {"version", "1.0.0"},
                   {"sha256", manifest_.sha256},
                   {"abi", {{"major", HUB_ABI_MAJOR}, {"minor", HUB_ABI_MINOR}}},
                   {"contracts",
                    {{{"contract", "parcel"},
                      {"version", 1},
                      {"sha256", hub::base::sha256Hex(kContract)}}}},
                   {"only_rule", ""},
                   {"passed", 40},
                   {"failed", 0}};
    }

    void tearDown() override { std::filesystem::remove_all(folder_); }

    void nothingIsApprovedByItself()
    {
        CPPUNIT_ASSERT_EQUAL(
            std::string("library \"partner\" is not approved, which profile production demands; "
                        "judge it by the conformance suite: expohub plugin approve partner"),
            hubWith("key").findObjection(manifest_));
    }

    void whatKeepsEveryRuleIsApproved()
    {
        approve(report_);
        CPPUNIT_ASSERT_EQUAL(std::string(), hubWith("key").findObjection(manifest_));
        approve(report_); // again, in place of the first
        CPPUNIT_ASSERT_EQUAL(std::string(), hubWith("key").findObjection(manifest_));
    }

    void whatBreaksARuleIsNot()
    {
        for (const char* change : {R"({"failed":1})",
                                   R"({"passed":0})",
                                   R"({"only_rule":"start.ready"})",
                                   R"({"library":"other"})",
                                   R"({"sha256":"bb"})",
                                   R"({"contracts":[]})",
                                   R"({"abi":{"major":0,"minor":0}})",
                                   R"({"failed":"none"})"}) {
            Json report = report_;
            report.update(Json::parse(change));
            CPPUNIT_ASSERT_MESSAGE(
                change, !hubWith("key").approve(manifest_, report, "os:operator", 1).ok());
        }
        CPPUNIT_ASSERT(!hubWith("key").findObjection(manifest_).empty());
    }

    void anApprovalIsForOneBuildAndOneContract()
    {
        approve(report_);
        Manifest other = manifest_;
        other.sha256 = std::string(64, 'b');
        assertObjects(other, "it was judged in another build");
        std::ofstream(folder_ / "contracts/parcel.json") << R"({"contract":"parcel","version":1} )";
        assertObjects(manifest_, "it was judged by another text of contract \"parcel\"");
    }

    void onlyThisHubsApprovalsCount()
    {
        approve(report_);
        CPPUNIT_ASSERT(hubWith("another key").findObjection(manifest_).find("did not make") !=
                       std::string::npos);
        const std::filesystem::path file = folder_ / "approvals/partner.json";
        std::string text = hub::security::readFile(file);
        text.replace(text.find("\"passed\": 40"), 12, "\"passed\": 41");
        std::ofstream(file) << text;
        assertObjects(manifest_, "has an approval that this hub did not make");
        std::ofstream(file) << "no JSON";
        assertObjects(manifest_, "has an approval that this hub did not make");
    }

private:
    Approvals hubWith(const std::string& key) const
    {
        return {folder_ / "approvals", folder_ / "contracts", hub::security::SecretBytes(key)};
    }

    void approve(const Json& report) const
    {
        const auto approved = hubWith("key").approve(manifest_, report, "os:operator", 1);
        CPPUNIT_ASSERT_MESSAGE(approved.ok() ? "" : approved.error().message, approved.ok());
    }

    void assertObjects(const Manifest& manifest, const std::string& part) const
    {
        const std::string objection = hubWith("key").findObjection(manifest);
        CPPUNIT_ASSERT_MESSAGE(objection, objection.find(part) != std::string::npos);
    }

    std::filesystem::path folder_;
    Manifest manifest_;
    Json report_;
};

HUB_TEST_SUITE_REGISTRATION(ApprovalsTest, "approvals");

} // namespace
