// Goal: a licence is kept so that only its key opens it, read by whoever reads licences, and
// compared with what was typed; what nobody can read is left to the reviewer and says so. Method:
// the plugin on the fake hub, whose tasks write blobs; outcomes as the contract licence has them.
#include "applicant.hpp"
#include "domain/licences.hpp"
#include "flow/licence_files.hpp"
#include "support/suite.hpp"

#include <uploads/picture.hpp>

namespace registration::test {

namespace {

const Json kReader = {{{"account", "reader"},
                       {"connector", "licence_reader_demo"},
                       {"state", "enabled"},
                       {"operations", {"read"}},
                       {"breaker", "closed"}}};

std::string picture(std::uint32_t side = 8)
{
    uploads::Picture made{uploads::PictureFormat::Png, 0, false, {side, side, {}}};
    for (std::uint32_t i = 0; i < side * side * 3; ++i) {
        made.pixels.rgb.push_back(static_cast<std::uint8_t>(i * 37 % 251));
    }
    return uploads::clean(made, uploads::PictureFormat::Png);
}

Json readAs(const std::string& name, const std::string& code, const char* state = "found")
{
    return {
        {"state", "read"},
        {"fields", {{"name", name}, {"social_credit_code", code}, {"representative", "样本丁"}}},
        {"register", {{"state", state}}}};
}

class LicencesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(LicencesTest);
    CPPUNIT_TEST(aPictureIsKeptForItsKeyAlone);
    CPPUNIT_TEST(whatIsNoPictureIsRefused);
    CPPUNIT_TEST(whatIsTooLargeIsRefused);
    CPPUNIT_TEST(withoutAReaderNothingIsKeptInClear);
    CPPUNIT_TEST(aReaderIsAskedAndItsAnswerCompared);
    CPPUNIT_TEST(aDifferenceIsNamed);
    CPPUNIT_TEST(theEmptyFormIsFilledIn);
    CPPUNIT_TEST(whatIsUnreadableIsLeftToTheReviewer);
    CPPUNIT_TEST(aFailedReadingIsLeftToTheReviewer);
    CPPUNIT_TEST(anOldPicturesReadingCountsForNothing);
    CPPUNIT_TEST(typingAnewComparesAnew);
    CPPUNIT_TEST(aLateReadingStillPasses);
    CPPUNIT_TEST(theLookIsNoted);
    CPPUNIT_TEST(theRegisterIsHeard);
    CPPUNIT_TEST_SUITE_END();

    static void
    answer(Applicant& applicant, const Json& result, std::uint32_t outcome = HUB_OUTCOME_SUCCEEDED)
    {
        auto& fake = applicant.desk.fake;
        const hub::Answer said = fake.outcome(fake.lastCall("read").id, outcome, result.dump());
        CPPUNIT_ASSERT_EQUAL_MESSAGE(said.message, hub_status{HUB_OK}, said.status);
    }

    static void uploaded(Applicant& applicant)
    {
        applicant.desk.fake.accounts = kReader.dump();
        applicant.registered();
        applicant.save("organization", Applicant::organizationPage());
        const Heard heard = applicant.upload(picture());
        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 200, heard.status);
    }

public:
    void aPictureIsKeptForItsKeyAlone()
    {
        Applicant applicant;
        applicant.registered();
        const std::string bytes = picture();
        const Heard heard = applicant.upload(bytes);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 200, heard.status);
        CPPUNIT_ASSERT(heard.body["licence"] == "uploaded");
        CPPUNIT_ASSERT(heard.body["media_type"] == "image/png");
        CPPUNIT_ASSERT(heard.body.dump().find("key") == std::string::npos);
        applicant.blobs.contents.erase("upload");
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, applicant.blobs.contents.size());
        CPPUNIT_ASSERT(applicant.blobs.contents.begin()->second.find(bytes.substr(0, 8)) ==
                       std::string::npos);
    }

    void whatIsNoPictureIsRefused()
    {
        Applicant applicant;
        applicant.registered();
        for (const std::string& bytes : {std::string("%PDF-1.7 sample"),
                                         std::string("<html></html>"),
                                         std::string(),
                                         picture() + "appended"}) {
            const Heard heard = applicant.upload(bytes);
            CPPUNIT_ASSERT_EQUAL(422, heard.status);
            CPPUNIT_ASSERT(heard.body["violations"][0]["message"].contains("zh"));
        }
        CPPUNIT_ASSERT_EQUAL(std::string("none"), applicant.organization().licence);
    }

    void whatIsTooLargeIsRefused()
    {
        Applicant applicant;
        applicant.registered();
        CPPUNIT_ASSERT_EQUAL(422, applicant.upload(std::string(kLicenceBytesMax + 1, 'x')).status);
    }

    void withoutAReaderNothingIsKeptInClear()
    {
        Applicant applicant;
        applicant.registered();
        const Heard heard = applicant.upload(picture());
        CPPUNIT_ASSERT(heard.body["reading"] == "unavailable");
        CPPUNIT_ASSERT(heard.body["message"].contains("zh"));
        CPPUNIT_ASSERT_EQUAL(0, applicant.desk.fake.countCalls("read"));
    }

    void aReaderIsAskedAndItsAnswerCompared()
    {
        Applicant applicant;
        uploaded(applicant);
        CPPUNIT_ASSERT(applicant.page("licence").body["reading"] == "waiting");
        const auto call = applicant.desk.fake.lastCall("read");
        const Json request = Json::parse(call.payload);
        CPPUNIT_ASSERT(request["kind"] == "business_licence");
        const Json blob = request["document"]["blob"];
        CPPUNIT_ASSERT(applicant.blobs.contents[blob.get_ref<const std::string&>()] == picture());
        answer(applicant, readAs("样本单位甲", kCode));
        const Heard heard = applicant.page("licence");
        CPPUNIT_ASSERT(heard.body["licence"] == "verified");
        CPPUNIT_ASSERT(heard.body["read"]["representative"] == "样本丁");
        CPPUNIT_ASSERT(applicant.desk.fake.storeBytes().find("样本丁") == std::string::npos);
    }

    void aDifferenceIsNamed()
    {
        Applicant applicant;
        uploaded(applicant);
        answer(applicant, readAs("样本单位乙", kCode));
        const Heard heard = applicant.page("licence");
        CPPUNIT_ASSERT(heard.body["licence"] == "mismatch");
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, heard.body["differences"].size());
        CPPUNIT_ASSERT(heard.body["differences"][0]["field"] == "name");
        CPPUNIT_ASSERT(heard.body["differences"][0]["message"].contains("zh"));
    }

    void theEmptyFormIsFilledIn()
    {
        Applicant applicant;
        applicant.desk.fake.accounts = kReader.dump();
        applicant.registered();
        applicant.upload(picture());
        answer(applicant, readAs("样本单位甲", kCode));
        const Heard page = applicant.page("organization");
        CPPUNIT_ASSERT(page.body["document"]["name"] == "样本单位甲");
        CPPUNIT_ASSERT(page.body["document"]["social_credit_code"] == kCode);
        // It counts when somebody has looked at it.
        CPPUNIT_ASSERT(page.body["revision"] == 0);
        CPPUNIT_ASSERT(applicant.page("licence").body["licence"] == "uploaded");
        applicant.save("organization", Applicant::organizationPage());
        CPPUNIT_ASSERT(applicant.page("licence").body["licence"] == "verified");
    }

    void whatIsUnreadableIsLeftToTheReviewer()
    {
        Applicant applicant;
        uploaded(applicant);
        answer(applicant, {{"state", "unreadable"}});
        const Heard heard = applicant.page("licence");
        CPPUNIT_ASSERT(heard.body["reading"] == "unreadable");
        CPPUNIT_ASSERT(heard.body["licence"] == "uploaded");
    }

    void aFailedReadingIsLeftToTheReviewer()
    {
        for (const std::uint32_t outcome : {HUB_OUTCOME_REJECTED, HUB_OUTCOME_NOT_SENT}) {
            Applicant applicant;
            uploaded(applicant);
            answer(applicant, Json::object(), HUB_OUTCOME_PENDING);
            CPPUNIT_ASSERT(applicant.page("licence").body["reading"] == "waiting");
            answer(applicant, Json::object(), outcome);
            CPPUNIT_ASSERT(applicant.page("licence").body["reading"] == "unavailable");
            CPPUNIT_ASSERT_EQUAL(std::string("uploaded"), applicant.organization().licence);
        }
    }

    void anOldPicturesReadingCountsForNothing()
    {
        Applicant applicant;
        uploaded(applicant);
        auto& fake = applicant.desk.fake;
        const auto first = fake.lastCall("read").id;
        applicant.upload(picture(9));
        CPPUNIT_ASSERT_EQUAL(2, fake.countCalls("read"));
        const hub::Answer said =
            fake.outcome(first, HUB_OUTCOME_SUCCEEDED, readAs("样本单位甲", kCode).dump());
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_ALREADY_DONE}, said.status);
        CPPUNIT_ASSERT(applicant.page("licence").body["reading"] == "waiting");
    }

    void typingAnewComparesAnew()
    {
        Applicant applicant;
        uploaded(applicant);
        answer(applicant, readAs("样本单位乙", kCode));
        Json page = Applicant::organizationPage();
        page["name"] = "样本单位乙";
        applicant.save("organization", page);
        CPPUNIT_ASSERT_EQUAL(std::string("verified"), applicant.organization().licence);
    }

    void aLateReadingStillPasses()
    {
        Applicant applicant;
        applicant.desk.fake.accounts = kReader.dump();
        applicant.complete();
        applicant.run([](const Work& work) {
            Organization changed = work.rows().organization(kOrganization).value();
            changed.past_organization_id = kPastOrganization;
            work.rows().update(changed);
        });
        applicant.upload(picture());
        CPPUNIT_ASSERT(applicant.submit().body["reason"] == "licence_not_verified");
        answer(applicant, readAs("样本单位甲", kCode));
        CPPUNIT_ASSERT(applicant.organization().state == OrganizationState::Approved);
        CPPUNIT_ASSERT_EQUAL(std::string("to_be_paid"),
                             applicant.personState("person-" + kOrganization));
    }

    void theLookIsNoted()
    {
        Applicant applicant;
        uploaded(applicant);
        const Heard heard = applicant.act("licence.view", clerkOf("shanghai"));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 200, heard.status);
        CPPUNIT_ASSERT(heard.body["bytes"] == picture().size());
        CPPUNIT_ASSERT_EQUAL(404, applicant.act("licence.view", clerkOf("guangdong")).status);
        const Heard history = applicant.look("organization.history", kOrganizer);
        CPPUNIT_ASSERT(!history.body["history"].empty());
        CPPUNIT_ASSERT(history.body["history"].back()["event"] == "view_licence");
        CPPUNIT_ASSERT(history.body["history"].back()["actor"] == "person:clerk");
    }

    void theRegisterIsHeard()
    {
        const auto judge = [](const Json& result) {
            return judgeLicence(result, "样本（上海）单位", kCode, "2026-05-01");
        };
        CPPUNIT_ASSERT_EQUAL(std::string("verified"),
                             judge(readAs("样本(上海)单位", kCode)).licence);
        CPPUNIT_ASSERT_EQUAL(std::string("mismatch"),
                             judge(readAs("样本(上海)单位", kCode, "revoked")).licence);
        CPPUNIT_ASSERT_EQUAL(std::string("verified"),
                             judge(readAs("样本(上海)单位", kCode, "unavailable")).licence);
        Json expired = readAs("样本(上海)单位", kCode);
        expired["fields"]["valid_until"] = "2026-04-30";
        CPPUNIT_ASSERT_EQUAL(std::string("validity"), judge(expired).differences.front());
        expired["fields"]["valid_until"] = "2026-05-01";
        CPPUNIT_ASSERT_EQUAL(std::string("verified"), judge(expired).licence);
        Json other = readAs("样本(上海)单位", kCode);
        other["register"]["name"] = "别的单位";
        CPPUNIT_ASSERT_EQUAL(std::string("register"), judge(other).differences.front());
        other.erase("fields");
        CPPUNIT_ASSERT_EQUAL(std::string("uploaded"), judge(other).licence);
    }
};

HUB_TEST_SUITE_REGISTRATION(LicencesTest, "licences");

} // namespace

} // namespace registration::test
