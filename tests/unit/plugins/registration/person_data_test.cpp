// Goal: a person gets everything that is held about it, and is erased for ever: rows blanked, not
// found by any search, its key destroyed, while the id stays as evidence (D-09). Method: the plugin
// on the fake hub.
#include "reception.hpp"
#include "store/erasure_rows.hpp"
#include "unit/plugins/plans.hpp"

#include <hub/person.hpp>

#include <cstdlib>
#include <fstream>

namespace registration::test {

namespace {

const std::string kWords = "样本甲 110000190001010020 已离职";

class PersonDataTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PersonDataTest);
    CPPUNIT_TEST(everythingIsTold);
    CPPUNIT_TEST(nobodyHasNoData);
    CPPUNIT_TEST(anExportIsWrittenDown);
    CPPUNIT_TEST(anErasedPersonIsNoLongerThere);
    CPPUNIT_TEST(aDraftIsErasedWhole);
    CPPUNIT_TEST(whileMoneyIsOpenNothingIsErased);
    CPPUNIT_TEST(whoMightStillComeIsCanceled);
    CPPUNIT_TEST(whatSomebodyWroteAboutAPersonIsSealed);
    CPPUNIT_TEST(whatSomebodyWroteGoesWithThePerson);
    CPPUNIT_TEST(nothingIsWrittenAboutWhomNothingIsKnown);
    CPPUNIT_TEST(whatWasWrittenInClearIsForgotten);
    CPPUNIT_TEST(anErasedPersonMovesWithItsOrganization);
    CPPUNIT_TEST(oneHumanIsErasedInEveryRecord);
    CPPUNIT_TEST(whileMoneyIsOpenForOneRecordAllStay);
    CPPUNIT_TEST(whoIsLinkedWithAnotherDocumentIsNamed);
    CPPUNIT_TEST(whatABackupBringsBackIsFoundByNothing);
    CPPUNIT_TEST(aRestoredRowIsBlankedAlone);
    CPPUNIT_TEST(whoseDocumentIsFreedStaysInOtherEditions);
    CPPUNIT_TEST(anExportAsksForThePhoto);
    CPPUNIT_TEST(anErasureWalksNoTable);
    CPPUNIT_TEST_SUITE_END();

    static Json dataOf(Reception& reception, const std::string& id)
    {
        const Json question = {{"person_id", id}};
        const hub::Answer answer =
            reception.floor.desk.fake.ask("person_data", "", question.dump());
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_OK}, answer.status);
        return Json::parse(answer.payload);
    }

    static hub::Answer erase(Reception& reception, const std::string& id)
    {
        return reception.floor.desk.fake.commandUnit("person.erase", Json::array({id}).dump());
    }

    static Json erasedBy(Reception& reception, const std::string& id)
    {
        const hub::Answer answer = erase(reception, id);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(answer.message, hub_status{HUB_OK}, answer.status);
        return Json::parse(answer.payload).at("data");
    }

    /// The same human in an edition that has ended.
    static void addPast(Reception& reception, const std::string& id, const std::string& past_id)
    {
        Person past = reception.floor.stored(id);
        past.person_id = past_id;
        past.edition = "ciie-6";
        past.organization_id = kOtherOrganization;
        past.state = PersonState::Archived;
        reception.floor.add(past);
    }

    /// The same human, who applied to a later edition and passed.
    static void addLater(Reception& reception, const std::string& id, const std::string& later_id)
    {
        Person later = reception.floor.stored(id);
        later.person_id = later_id;
        later.edition = "ciie-8";
        later.state = PersonState::Passed;
        reception.floor.add(later);
    }

    /// As a restored backup leaves it: row and indexes are there, the key is not.
    static void loseKey(Reception& reception, const std::string& id)
    {
        reception.floor.run([&](const Work& work) { hub::person::erase(work.unit(), id); });
    }

    static void runUpdatesOf(Reception& reception, const std::string& migration)
    {
        std::ifstream file(
            std::string(std::getenv("HUB_SOURCE_DIR")) + // NOLINT(concurrency-mt-unsafe)
            "/plugins/registration/migrations/" + migration);
        std::string sql;
        for (std::string line; std::getline(file, line);) {
            sql += line.substr(0, line.find("--")) + "\n";
        }
        reception.floor.run([&](const Work& work) {
            for (std::size_t at = 0; (at = sql.find("UPDATE", at)) != std::string::npos; ++at) {
                work.unit().execute(sql.substr(at, sql.find(';', at) - at), {});
            }
        });
    }

    static void assertIsThere(Reception& reception, const std::string& id)
    {
        CPPUNIT_ASSERT_EQUAL(std::string("passed"), reception.stateOf(id));
        CPPUNIT_ASSERT(dataOf(reception, id)["form"]["name"] == "样本甲");
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, reception.floor.desk.fake.erased().count(id));
    }

    static std::string payer(Reception& reception)
    {
        reception.changeOrganization(
            [](Organization& one) { one.state = OrganizationState::Approved; });
        const std::string id = reception.ready(completeForm());
        CPPUNIT_ASSERT(reception.submit(id).body["state"] == "to_be_paid");
        return id;
    }

public:
    void everythingIsTold()
    {
        Reception reception;
        const std::string id = payer(reception);
        const Json data = dataOf(reception, id);
        CPPUNIT_ASSERT(data["form"]["document_number"] == kFemaleNumber);
        CPPUNIT_ASSERT(data["form"]["phone"] == "+8619900000001");
        CPPUNIT_ASSERT(data["state"] == "to_be_paid" && data["has_photo"] == true);
        CPPUNIT_ASSERT(data["history"].size() >= 3);
    }

    void nobodyHasNoData()
    {
        Reception reception;
        CPPUNIT_ASSERT(dataOf(reception, "nobody") == Json::object());
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_NOT_FOUND}, erase(reception, "nobody").status);
    }

    void anExportIsWrittenDown()
    {
        Reception reception;
        const std::string id = reception.added(completeForm());
        const hub::Answer answer =
            reception.floor.desk.fake.commandUnit("person.export", Json::array({id}).dump());
        CPPUNIT_ASSERT_EQUAL_MESSAGE(answer.message, hub_status{HUB_OK}, answer.status);
        CPPUNIT_ASSERT(Json::parse(answer.payload)["data"]["form"]["name"] == "样本甲");
        CPPUNIT_ASSERT(dataOf(reception, id)["history"].back()["event"] == "export");
    }

    void anErasedPersonIsNoLongerThere()
    {
        Reception reception;
        const std::string id = payer(reception);
        const hub::Answer answer = erase(reception, id);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(answer.message, hub_status{HUB_OK}, answer.status);
        CPPUNIT_ASSERT(reception.floor.desk.fake.erased().count(id) == 1);
        const Json data = dataOf(reception, id);
        CPPUNIT_ASSERT(data["person_id"] == id && data["form"].empty());
        CPPUNIT_ASSERT(data["has_photo"] == false);
        const Heard found = reception.read("persons.search", {{"name", "样本"}});
        CPPUNIT_ASSERT_EQUAL(std::string(), listOf(found, "person_id"));
        // Somebody else may use the document, also this person again.
        CPPUNIT_ASSERT_EQUAL(201, reception.add(completeForm()).status);
    }

    void aDraftIsErasedWhole()
    {
        Reception reception;
        const std::string id = reception.added(completeForm());
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_OK}, erase(reception, id).status);
        CPPUNIT_ASSERT_EQUAL(404, reception.show(id).status);
        CPPUNIT_ASSERT(reception.floor.desk.fake.erased().count(id) == 1);
    }

    void whileMoneyIsOpenNothingIsErased()
    {
        Reception reception;
        const std::string id = payer(reception);
        reception.changePerson(id, [](Person& one) { one.order_id = "order-1"; });
        const hub::Answer answer = erase(reception, id);
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_REJECTED}, answer.status);
        CPPUNIT_ASSERT(answer.message.find("order-1") != std::string::npos);
        CPPUNIT_ASSERT(dataOf(reception, id)["form"]["name"] == "样本甲");
    }

    void whoMightStillComeIsCanceled()
    {
        Reception reception;
        const std::string id = payer(reception);
        reception.floor.desk.published();
        erase(reception, id);
        CPPUNIT_ASSERT_EQUAL(std::string("canceled"), reception.stateOf(id));
        CPPUNIT_ASSERT(reception.floor.desk.published() ==
                       std::vector<std::string>{"person.canceled"});
    }

    void whatSomebodyWroteAboutAPersonIsSealed()
    {
        Reception reception;
        const std::string id = payer(reception);
        auto& fake = reception.floor.desk.fake;
        CPPUNIT_ASSERT_EQUAL(202,
                             reception.write("own_person.cancel", {{"reason", kWords}}, id).status);
        CPPUNIT_ASSERT_EQUAL(kWords, dataOf(reception, id)["history"].back().value("reason", ""));
        CPPUNIT_ASSERT(fake.storeBytes().find(kWords) == std::string::npos);
        const Json body = {{"reason", kWords}};
        CPPUNIT_ASSERT_EQUAL(
            200, reception.floor.one("refuse_cancellation", kOrganizer, id, body).status);
        CPPUNIT_ASSERT_EQUAL(kWords, dataOf(reception, id)["history"].back().value("reason", ""));
        CPPUNIT_ASSERT_EQUAL(200, reception.floor.one("cancel", kOrganizer, id, body).status);

        CPPUNIT_ASSERT_EQUAL(kWords, reception.show(id).body.value("reason", ""));
        CPPUNIT_ASSERT_EQUAL(kWords, listOf(reception.read("persons.search"), "reason"));
        const Heard listed = reception.floor.desk.read("persons.list", kOrganizer);
        CPPUNIT_ASSERT_EQUAL(kWords, listed.body["items"].at(0).value("reason", ""));
        CPPUNIT_ASSERT_EQUAL(kWords, dataOf(reception, id).value("reason", ""));
        CPPUNIT_ASSERT(fake.storeBytes().find(kWords) == std::string::npos);
    }

    void whatSomebodyWroteGoesWithThePerson()
    {
        Reception reception;
        const std::string id = payer(reception);
        reception.write("own_person.cancel", {{"reason", kWords}}, id);
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_OK}, erase(reception, id).status);

        CPPUNIT_ASSERT(dataOf(reception, id).dump().find(kWords) == std::string::npos);
        CPPUNIT_ASSERT(reception.floor.desk.fake.storeBytes().find(kWords) == std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::string("erased"), reception.show(id).body.value("reason", ""));
        const Heard asked = reception.floor.desk.read(
            "persons.list", kOrganizer, {{"query", {{"cancellation", "asked"}}}});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(asked.body.dump(), 200, asked.status);
        CPPUNIT_ASSERT_MESSAGE(asked.body.dump(), asked.body["items"].empty());
    }

    /// A restored row, whose key is gone, can still be canceled.
    void nothingIsWrittenAboutWhomNothingIsKnown()
    {
        Reception reception;
        const std::string id = payer(reception);
        loseKey(reception, id);
        const Json body = {{"reason", kWords}};
        CPPUNIT_ASSERT_EQUAL(200, reception.floor.one("cancel", kOrganizer, id, body).status);
        CPPUNIT_ASSERT_EQUAL(std::string("canceled"), reception.stateOf(id));
        CPPUNIT_ASSERT(reception.floor.desk.fake.storeBytes().find(kWords) == std::string::npos);
    }

    /// By migration 0011, since nothing can seal it any more.
    void whatWasWrittenInClearIsForgotten()
    {
        Reception reception;
        const std::string id = payer(reception);
        addPast(reception, id, "past");
        reception.changePerson(id, [](Person& one) { one.reason = kWords; });
        reception.changePerson("past", [](Person& one) { one.reason = "passed"; });
        reception.floor.run([&](const Work& work) {
            for (const char* event :
                 {"cancel", "categorize", "ask_to_cancel", "refuse_to_cancel"}) {
                work.rows().note({id, event, "", "", kWords, ""});
            }
            work.rows().note({id, "order", "", "", "order-1", ""});
            work.rows().note({id, "cancel", "", "", "erased", ""});
        });
        const std::string before = dataOf(reception, id).dump();
        CPPUNIT_ASSERT(before.find(kWords) != std::string::npos);

        runUpdatesOf(reception, "0011_words.sql");
        const Json data = dataOf(reception, id);
        CPPUNIT_ASSERT_MESSAGE(data.dump(), data.dump().find(kWords) == std::string::npos);
        const Json& history = data["history"];
        CPPUNIT_ASSERT_EQUAL(Json("erased"), history.at(history.size() - 1).at("reason"));
        CPPUNIT_ASSERT_EQUAL(Json("order-1"), history.at(history.size() - 2).at("reason"));
        CPPUNIT_ASSERT_EQUAL(std::string("passed"), reception.floor.stored("past").reason);
    }

    void anErasedPersonMovesWithItsOrganization()
    {
        Reception reception;
        const std::string id = payer(reception);
        erase(reception, id);
        reception.floor.run([](const Work& work) {
            Organization organization = work.rows().organization(kOrganization).value();
            work.relocate(organization, "guangdong", "");
        });
        CPPUNIT_ASSERT_EQUAL(std::string("guangdong"), reception.floor.stored(id).delegation_id);
    }

    void oneHumanIsErasedInEveryRecord()
    {
        Reception reception;
        const std::string id = payer(reception);
        addPast(reception, id, "past");
        const Json erased = erasedBy(reception, id);
        CPPUNIT_ASSERT(erased["persons"] == Json({id, "past"}));
        CPPUNIT_ASSERT(dataOf(reception, id)["form"].empty());
        CPPUNIT_ASSERT(dataOf(reception, "past")["form"].empty());
        CPPUNIT_ASSERT_EQUAL(std::string("archived"), reception.stateOf("past"));
        CPPUNIT_ASSERT(reception.floor.desk.fake.erased().count("past") == 1);
    }

    void whileMoneyIsOpenForOneRecordAllStay()
    {
        Reception reception;
        const std::string id = payer(reception);
        addPast(reception, id, "past");
        reception.changePerson(id, [](Person& one) { one.order_id = "order-1"; });
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_REJECTED}, erase(reception, "past").status);
        CPPUNIT_ASSERT(dataOf(reception, "past")["form"]["name"] == "样本甲");
    }

    void whoIsLinkedWithAnotherDocumentIsNamed()
    {
        Reception reception;
        const std::string id = payer(reception);
        const std::string other = reception.added(completeForm("样本乙", kOtherNumber));
        reception.changePerson(other, [&](Person& one) { one.past_person_id = id; });
        const Json erased = erasedBy(reception, id);
        CPPUNIT_ASSERT(erased["persons"] == Json({id}));
        CPPUNIT_ASSERT(erased["linked"] == Json({other}));
        CPPUNIT_ASSERT(dataOf(reception, other)["form"]["name"] == "样本乙");
    }

    /// Its key is gone, its row and the indexes are there again.
    void whatABackupBringsBackIsFoundByNothing()
    {
        Reception reception;
        const std::string id = payer(reception);
        loseKey(reception, id);
        const Heard found = reception.read("persons.search", {{"name", "样本"}});
        CPPUNIT_ASSERT_EQUAL(std::string(), listOf(found, "person_id"));
        const Heard listed =
            reception.floor.desk.read("persons.list", kOrganizer, {{"query", {{"q", "样本甲"}}}});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(listed.body.dump(), 200, listed.status);
        CPPUNIT_ASSERT(listed.body["items"].empty() && listed.body["total"]["n"] == 0);
        CPPUNIT_ASSERT(dataOf(reception, id)["has_photo"] == false);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(
            "the document is free again", 201, reception.add(completeForm()).status);
        CPPUNIT_ASSERT_EQUAL(std::string("canceled"), reception.stateOf(id));
    }

    void aRestoredRowIsBlankedAlone()
    {
        Reception reception;
        const std::string id = payer(reception);
        addPast(reception, id, "past");
        addLater(reception, id, "later");
        loseKey(reception, id);
        loseKey(reception, "past");
        const Json erased = erasedBy(reception, id);
        CPPUNIT_ASSERT_EQUAL(Json({id, "past"}), erased["persons"]);
        CPPUNIT_ASSERT_EQUAL(Json({"later"}), erased["kept"]);
        CPPUNIT_ASSERT_EQUAL(std::string("canceled"), reception.stateOf(id));
        assertIsThere(reception, "later");
        // Whose key is there is erased with all of them.
        CPPUNIT_ASSERT(erasedBy(reception, "later")["persons"] == Json({"later"}));
        CPPUNIT_ASSERT(dataOf(reception, "later")["form"].empty());
    }

    void whoseDocumentIsFreedStaysInOtherEditions()
    {
        Reception reception;
        const std::string id = payer(reception);
        addLater(reception, id, "later");
        loseKey(reception, id);
        CPPUNIT_ASSERT_EQUAL(201, reception.add(completeForm()).status);
        assertIsThere(reception, "later");
    }

    void anExportAsksForThePhoto()
    {
        Reception reception;
        const std::string id = payer(reception);
        const hub::Answer answer =
            reception.floor.desk.fake.commandUnit("person.export", Json::array({id}).dump());
        CPPUNIT_ASSERT(Json::parse(answer.payload)["task"].contains("digest"));
    }

    /// It runs on the lane, which would end a hub that walks what an import has staged.
    void anErasureWalksNoTable()
    {
        Desk desk;
        for (const std::string_view sql : erasureStatements()) {
            hub::test::assertWalksNothing(hub::test::planOf(desk.fake.store(), sql));
        }
    }
};

HUB_TEST_SUITE_REGISTRATION(PersonDataTest, "person_data");

} // namespace

} // namespace registration::test
