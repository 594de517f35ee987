// Goal: an organization finds its persons by the filters of, sees their columns and
// what each offers, never a whole document number. Method: the plugin on the fake hub.
#include "reception.hpp"

namespace registration::test {

namespace {

class OwnPersonsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(OwnPersonsTest);
    CPPUNIT_TEST(personsAreFoundByNameNumberAndKind);
    CPPUNIT_TEST(personsAreFoundByPeriodAndReuse);
    CPPUNIT_TEST(aTooShortSearchIsRefused);
    CPPUNIT_TEST(theListOffersToAddToManageAddressesAndPastPersons);
    CPPUNIT_TEST(theListLeadsBackOnAndToTheSubmission);
    CPPUNIT_TEST(theColumnsAreThoseOfTheSlides);
    CPPUNIT_TEST(aSavedPersonIsViewedEditedAndSubmitted);
    CPPUNIT_TEST(numbersAreMasked);
    CPPUNIT_TEST(listsNeverShowAWholeNumber);
    CPPUNIT_TEST(theReuseIsShown);
    CPPUNIT_TEST(aLongListComesInPages);
    CPPUNIT_TEST(totalsAreThoseOfTheOrganization);
    CPPUNIT_TEST(aChangedNameIsFoundByTheNewOneAlone);
    CPPUNIT_TEST_SUITE_END();

    static std::string namesOf(Reception& reception, const Json& query)
    {
        return listOf(reception.read("persons.search", query), "name");
    }

    static bool has(const Json& list, const std::string& wanted)
    {
        return std::find(list.begin(), list.end(), Json(wanted)) != list.end();
    }

    static void enterThree(Reception& reception)
    {
        reception.added(completeForm("样本甲"));
        reception.added(completeForm("样本乙", kMaleNumber));
        Json form = passportForm();
        form["admission_period"] = "last_days";
        reception.added(form, "overseas");
    }

public:
    void personsAreFoundByNameNumberAndKind()
    {
        Reception reception;
        enterThree(reception);
        CPPUNIT_ASSERT_EQUAL(std::string("样本甲 样本乙"), namesOf(reception, {{"name", "样本"}}));
        CPPUNIT_ASSERT_EQUAL(std::string("样本乙"), namesOf(reception, {{"name", "本乙"}}));
        CPPUNIT_ASSERT_EQUAL(std::string("样本乙"),
                             namesOf(reception, {{"document_number", "001x"}}));
        CPPUNIT_ASSERT_EQUAL(std::string("样本甲"),
                             namesOf(reception, {{"document_number", kFemaleNumber}}));
        CPPUNIT_ASSERT_EQUAL(std::string("SAMPLE VISITOR"),
                             namesOf(reception, {{"kind", "overseas"}}));
        CPPUNIT_ASSERT_EQUAL(std::string(), namesOf(reception, {{"name", "无人"}}));
    }

    void personsAreFoundByPeriodAndReuse()
    {
        Reception reception;
        enterThree(reception);
        const std::string id = reception.added(completeForm("样本丙", kOtherNumber));
        reception.changePerson(id, [](Person& one) { one.reuse = true; });
        CPPUNIT_ASSERT_EQUAL(std::string("SAMPLE VISITOR"),
                             namesOf(reception, {{"admission_period", "last_days"}}));
        CPPUNIT_ASSERT_EQUAL(std::string("样本丙"), namesOf(reception, {{"reuse", "true"}}));
        CPPUNIT_ASSERT_EQUAL(std::string("样本甲 样本乙 SAMPLE VISITOR"),
                             namesOf(reception, {{"reuse", "false"}}));
    }

    void aTooShortSearchIsRefused()
    {
        Reception reception;
        const Heard heard = reception.read("persons.search", {{"name", "样"}});
        CPPUNIT_ASSERT_EQUAL(422, heard.status);
        CPPUNIT_ASSERT(heard.body["code"] == "search_too_short");
    }

    void theListOffersToAddToManageAddressesAndPastPersons()
    {
        Reception reception;
        const Json actions = reception.read("persons.search").body["actions"];
        CPPUNIT_ASSERT(has(actions, "add_person") && has(actions, "manage_addresses") &&
                       has(actions, "past_persons"));
    }

    void theListLeadsBackOnAndToTheSubmission()
    {
        Reception reception;
        const Json actions = reception.read("persons.search").body["actions"];
        CPPUNIT_ASSERT(has(actions, "back") && has(actions, "preview") && has(actions, "submit"));
    }

    void theColumnsAreThoseOfTheSlides()
    {
        Reception reception;
        reception.ready(completeForm());
        const Heard heard = reception.read("persons.search");
        std::string names;
        for (const Json& column : heard.body["columns"]) {
            names += column["name"].get_ref<const Json::string_t&>() + " ";
        }
        CPPUNIT_ASSERT_EQUAL(
            std::string("no name sex kind document_masked position has_photo state actions "),
            names);
        const Json row = heard.body["persons"][0];
        CPPUNIT_ASSERT(row["name"] == "样本甲" && row["sex"] == "female");
        CPPUNIT_ASSERT(row["kind"] == "mainland" && row["position"] == "样本职务");
        CPPUNIT_ASSERT(row["has_photo"] == true && row["state"] == "saved");
    }

    void aSavedPersonIsViewedEditedAndSubmitted()
    {
        Reception reception;
        const std::string id = reception.ready(completeForm());
        Json actions = reception.read("persons.search").body["persons"][0]["actions"];
        CPPUNIT_ASSERT(has(actions, "view") && has(actions, "edit") && has(actions, "submit"));
        reception.submit(id);
        actions = reception.read("persons.search").body["persons"][0]["actions"];
        CPPUNIT_ASSERT(has(actions, "view") && !has(actions, "edit") && !has(actions, "submit"));
    }

    void numbersAreMasked()
    {
        Reception reception;
        reception.added(completeForm());
        const Json row = reception.read("persons.search").body["persons"][0];
        CPPUNIT_ASSERT_EQUAL(Json("110000****0020").dump(), row["document_masked"].dump());
    }

    void listsNeverShowAWholeNumber()
    {
        Reception reception;
        reception.added(completeForm());
        CPPUNIT_ASSERT(reception.read("persons.search").body.dump().find(kFemaleNumber) ==
                       std::string::npos);
    }

    void theReuseIsShown()
    {
        Reception reception;
        reception.added(completeForm());
        const Json row = reception.read("persons.search").body["persons"][0];
        CPPUNIT_ASSERT(row.contains("reuse") && row["reuse"] == false);
    }

    void aLongListComesInPages()
    {
        Reception reception;
        for (const char* name : {"样本甲", "样本乙", "样本丙", "样本丁", "样本戊"}) {
            reception.added({{"name", name}});
        }
        std::string names;
        std::string cursor;
        int pages = 0;
        do {
            const Heard heard =
                reception.read("persons.search", {{"limit", "2"}, {"cursor", cursor}});
            names += listOf(heard, "name") + "|";
            cursor = heard.body.value("next_cursor", "");
        } while (!cursor.empty() && ++pages < 9);
        CPPUNIT_ASSERT_EQUAL(std::string("样本甲 样本乙|样本丙 样本丁|样本戊|"), names);
    }

    void totalsAreThoseOfTheOrganization()
    {
        Reception reception;
        enterThree(reception);
        reception.submit(reception.ready(completeForm("样本丙", kOtherNumber)));
        const Json totals = reception.read("persons.search").body["totals"];
        CPPUNIT_ASSERT(totals["saved"] == 3 && totals["submitted"] == 1);
    }

    void aChangedNameIsFoundByTheNewOneAlone()
    {
        Reception reception;
        const std::string id = reception.added(completeForm("样本甲"));
        reception.save(id, completeForm("另名甲"), 1);
        CPPUNIT_ASSERT_EQUAL(std::string(), namesOf(reception, {{"name", "样本"}}));
        CPPUNIT_ASSERT_EQUAL(std::string("另名甲"), namesOf(reception, {{"name", "另名"}}));
    }
};

HUB_TEST_SUITE_REGISTRATION(OwnPersonsTest, "own_persons");

} // namespace

} // namespace registration::test
