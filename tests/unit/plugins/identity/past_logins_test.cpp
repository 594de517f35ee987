// Goal: past log-ins come in by file, all of it or nothing, once; they let nobody in and prove a
// past organization by a code. Method: the command as the hub carries it out.
#include "api/past_logins.hpp"
#include "desk.hpp"
#include "support/suite.hpp"

namespace identity::test {

namespace {

const std::string kHeader = "账号,单位编号,手机号码,电子邮箱\n";

class PastLoginsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PastLoginsTest);
    CPPUNIT_TEST(theyComeInOnce);
    CPPUNIT_TEST(theyProveAPastOrganization);
    CPPUNIT_TEST(everyWrongCellIsNamedAndNothingComesIn);
    CPPUNIT_TEST(aDryRunWritesNothing);
    CPPUNIT_TEST(theRunningEditionTakesNone);
    CPPUNIT_TEST(anOrganizationHasTheIdOfRegistrationsImport);
    CPPUNIT_TEST_SUITE_END();

    Desk desk_;

    Json import(const std::string& file, const Json& arguments = {"6"})
    {
        hub::testing::PluginEvent event;
        event.source = HUB_SOURCE_COMMAND;
        event.operation = "import.logins";
        event.principal = "operator";
        Json payload = {{"arguments", arguments}, {"upload", {{"blob", desk_.fake.addBlob(file)}}}};
        event.payload = payload.dump();
        Json said = Json::parse(desk_.fake.deliver(event).payload);
        if (said.contains("task")) {
            hub::testing::PluginEvent task = event;
            task.kind = HUB_KIND_TASK;
            task.payload = said["task"].dump();
            payload["task"] = Json::parse(desk_.fake.deliver(task).payload);
            event.payload = payload.dump();
            said = Json::parse(desk_.fake.deliver(event).payload);
        }
        return said.contains("data") ? said["data"] : said;
    }

    std::string places(const Json& said)
    {
        std::string all;
        for (const Json& error : said.at("errors")) {
            all += error.value("place", "") + " ";
        }
        return all;
    }

    Heard proven()
    {
        desk_.prove(kPhone);
        return desk_.post("past_visitor.verify",
                          {{"account", kCode}, {"verification", Desk::verification()}});
    }

public:
    void theyComeInOnce()
    {
        const std::string file =
            kHeader + kCode + ",," + kPhone + ",\n" + kCode + "-2,,,b@example.org\n";
        const Json first = import(file);
        const Json again = import(file);

        CPPUNIT_ASSERT_EQUAL_MESSAGE(first.dump(), Json(2), first.at("total"));
        CPPUNIT_ASSERT_EQUAL(Json(0), first.at("known"));
        CPPUNIT_ASSERT_EQUAL(Json(2), again.at("known"));
    }

    void theyProveAPastOrganization()
    {
        CPPUNIT_ASSERT_EQUAL(401, proven().status);
        import(kHeader + kCode + ",," + kPhone + ",\n");

        const Heard heard = proven();
        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 201, heard.status);
        CPPUNIT_ASSERT_EQUAL(Json(pastOrganizationId("6", kCode)),
                             heard.body.at("past").at("organization_id"));
    }

    void everyWrongCellIsNamedAndNothingComesIn()
    {
        const Json said =
            import(kHeader + kCode + ",," + kPhone + ",\n" + "X,,12,nowhere\n" + kCode + ",,,\n");

        CPPUNIT_ASSERT_EQUAL(std::string("A3 C3 D3 A4 C4 "), places(said));
        CPPUNIT_ASSERT_EQUAL(401, proven().status);
    }

    void aDryRunWritesNothing()
    {
        const Json said = import(kHeader + kCode + ",," + kPhone + ",\n", {"6", "dry-run"});

        CPPUNIT_ASSERT_EQUAL(Json(1), said.at("total"));
        CPPUNIT_ASSERT_EQUAL(401, proven().status);
    }

    void theRunningEditionTakesNone()
    {
        const Json said = import(kHeader + kCode + ",," + kPhone + ",\n", {"7"});

        CPPUNIT_ASSERT_EQUAL_MESSAGE(
            said.dump(), Json("import_usage"), said.at("problem").at("code"));
    }

    void anOrganizationHasTheIdOfRegistrationsImport()
    {
        CPPUNIT_ASSERT_EQUAL(std::string("00000000-0000-7f32-aa94-d3272570f941"),
                             pastOrganizationId("ciie-6", kCode));
    }
};

HUB_TEST_SUITE_REGISTRATION(PastLoginsTest, "past_logins");

} // namespace

} // namespace identity::test
