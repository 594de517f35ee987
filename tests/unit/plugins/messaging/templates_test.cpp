// Goal: templates change by new versions, never behind somebody's back, and never so that they
// can't be filled. Method: requests on the fake hub.

#include "desk.hpp"
#include "support/suite.hpp"

#include <fstream>
#include <iterator>

namespace {

using namespace messaging::test; // NOLINT(google-build-using-namespace): the words of the scenarios

class TemplatesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(TemplatesTest);
    CPPUNIT_TEST(aChangeIsANewVersionInForceAtOnce);
    CPPUNIT_TEST(whoeverReadAnotherVersionIsRefused);
    CPPUNIT_TEST(whatCantBeFilledIsRefused);
    CPPUNIT_TEST(aTemplateThatIsOffIsReplacedByTheOtherLanguage);
    CPPUNIT_TEST(commandsShowWhatIsThere);
    CPPUNIT_TEST(whatWasPreparedBeforeAMigrationStays);
    CPPUNIT_TEST_SUITE_END();

    static std::string path(const std::string& name, const std::string& language)
    {
        return Json{{"path", {{"name", name}, {"language", language}}}}.dump();
    }

    static hub::Answer put(Desk& desk,
                           const std::string& if_match,
                           const Json& changes = Json::object(),
                           const std::string& name = "order.paid",
                           const std::string& language = "en")
    {
        Json body = {
            {"text", "Paid: ${order_ref}"}, {"variables", {"order_ref"}}, {"enabled", true}};
        body.merge_patch(changes);
        return desk.hub().request("template.put",
                                  Json{{"path", {{"name", name}, {"language", language}}},
                                       {"body", body},
                                       {"if_match", if_match}}
                                      .dump());
    }

public:
    void aChangeIsANewVersionInForceAtOnce()
    {
        Desk desk;
        desk.setContacts(Json::array({{{"person", "p"}, {"phone", kPhone}, {"language", "en"}}}));
        const hub::Answer answer = put(desk, "\"1\"");
        assertStatus(HUB_OK, answer);
        CPPUNIT_ASSERT_EQUAL(std::string("\"2\""), parse(answer).at("etag").get<std::string>());
        const Json read = parse(desk.hub().get("template.get", path("order.paid", "en")));
        CPPUNIT_ASSERT_EQUAL(std::string("\"2\""), read.at("etag").get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::string("Paid: ${order_ref}"),
                             read.at("body").at("text").get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::string("key:test"),
                             read.at("body").at("principal").get<std::string>());
        CPPUNIT_ASSERT_EQUAL(1, read.at("body").at("former").at(0).at("version").get<int>());
        desk.tell("order.paid", "e1", {{"organization_id", "o"}, {"order_ref", "sample-1"}});
        CPPUNIT_ASSERT_EQUAL(2, desk.newest().at("template_version").get<int>());
    }

    void whoeverReadAnotherVersionIsRefused()
    {
        Desk desk;
        CPPUNIT_ASSERT_EQUAL(std::string("428 if_match_required"), codeOf(put(desk, "")));
        CPPUNIT_ASSERT_EQUAL(std::string("412 template_changed"), codeOf(put(desk, "\"0\"")));
        assertStatus(HUB_OK, put(desk, "\"1\""));
        CPPUNIT_ASSERT_EQUAL(std::string("412 template_changed"), codeOf(put(desk, "\"1\"")));
        assertStatus(HUB_OK, put(desk, "\"0\"", Json::object(), "order.new_one"));
        CPPUNIT_ASSERT_EQUAL(std::string("404 not_found"),
                             codeOf(desk.hub().get("template.get", path("nothing", "en"))));
    }

    void whatCantBeFilledIsRefused()
    {
        Desk desk;
        struct Row {
            const char* name;
            hub::Answer answer;
            const char* code;
        };
        const Row rows[] = {
            {"not listed",
             put(desk, "\"1\"", {{"variables", Json::array()}}),
             "422 template_variables"},
            {"not used", put(desk, "\"1\"", {{"text", "Paid"}}), "422 template_variables"},
            {"a code in a notice",
             put(desk, "\"1\"", {{"text", "${code}"}, {"variables", {"code"}}}),
             "422 template_variables"},
            {"no code",
             put(desk, "\"1\"", Json::object(), "verification_code"),
             "422 template_variables"},
            {"name", put(desk, "\"0\"", Json::object(), "Order"), "422 template_name"},
            {"language",
             put(desk, "\"0\"", Json::object(), "order.paid", "fr"),
             "422 template_name"}};
        for (const Row& row : rows) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.name, std::string(row.code), codeOf(row.answer));
        }
    }

    void aTemplateThatIsOffIsReplacedByTheOtherLanguage()
    {
        Desk desk;
        const Json off = {{"text", "${code}"}, {"variables", {"code"}}, {"enabled", false}};
        assertStatus(HUB_OK, put(desk, "\"1\"", off, "verification_code", "en"));
        desk.ask();
        CPPUNIT_ASSERT_EQUAL(std::string("zh"), desk.lastSent().at("language").get<std::string>());
        assertStatus(HUB_OK, put(desk, "\"1\"", off, "verification_code", "zh"));
        CPPUNIT_ASSERT_EQUAL(std::string("503 no_channel"), codeOf(desk.askFor("+8619900000002")));
    }

    void commandsShowWhatIsThere()
    {
        Desk desk;
        desk.ask();
        const Json list = parse(desk.hub().command("message.list"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, list.at("sections").at(0).at("rows").size());
        const std::string id = desk.newest().at("message_id");
        const Json shown = parse(desk.hub().command("message.show", Json::array({id}).dump()));
        CPPUNIT_ASSERT_EQUAL(std::string("+86199****0001"),
                             shown.at("data").at("recipient").get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, shown.at("sections").at(1).at("rows").size());
        assertStatus(HUB_NOT_FOUND, desk.hub().command("message.show", R"(["x"])"));
        const Json forms = parse(desk.hub().command("template.list"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{30}, forms.at("sections").at(0).at("rows").size());
        CPPUNIT_ASSERT_EQUAL(
            std::size_t{30},
            parse(desk.hub().get("template.list", "{}")).at("body").at("items").size());
    }

    void whatWasPreparedBeforeAMigrationStays()
    {
        Desk desk;
        auto& store = desk.hub().store();
        store.asHub("UPDATE messaging_template SET text = 'prepared', principal = 'operator' "
                    "WHERE name = 'staff.invited' AND language = 'en'");
        store.asHub("DELETE FROM messaging_template WHERE name = 'organization.code_claimed'");
        std::ifstream file(sourceFolder() +
                           "/plugins/messaging/migrations/0002_claims_and_invitations.sql");
        store.asHub({std::istreambuf_iterator<char>(file), {}});
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1},
                             store.integer("SELECT COUNT(*) FROM messaging_template "
                                           "WHERE text = 'prepared'"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2},
                             store.integer("SELECT COUNT(*) FROM messaging_template "
                                           "WHERE name = 'organization.code_claimed'"));
    }
};

HUB_TEST_SUITE_REGISTRATION(TemplatesTest, "templates");

} // namespace
