// Goal: a person's form is drawn by its kind, kept as a draft whatever is missing, never merged
// silently, never held twice, and gone without a trace when it is deleted (requirements 2.7).
// Method: the plugin on the fake hub.
#include "reception.hpp"

namespace registration::test {

namespace {

class PersonDraftsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PersonDraftsTest);
    CPPUNIT_TEST(thereAreFourKindsOfPersons);
    CPPUNIT_TEST(theFormAsksWhatTheKindNeeds);
    CPPUNIT_TEST(whatIsEnteredIsShownAgain);
    CPPUNIT_TEST(aDraftIsKeptWhateverIsMissing);
    CPPUNIT_TEST(thePageWarnsOfUntrueInformation);
    CPPUNIT_TEST(aChoiceThatDoesNotExistIsNotKept);
    CPPUNIT_TEST(anotherRevisionIsNeverOverwritten);
    CPPUNIT_TEST(theSameContentIsTheSameRevision);
    CPPUNIT_TEST(aSubmittedPersonIsFrozen);
    CPPUNIT_TEST(personsAreAddedAfterTheSubmissionToo);
    CPPUNIT_TEST(aDocumentIsUsedOnceInAnEdition);
    CPPUNIT_TEST(whoIsCanceledElsewhereCanBeRegistered);
    CPPUNIT_TEST(savedPersonsAreDeletedOneOrMany);
    CPPUNIT_TEST(batchesAnswerForEachPerson);
    CPPUNIT_TEST(othersPersonsDoNotExist);
    CPPUNIT_TEST(aClosedOrganizationAddsNobody);
    CPPUNIT_TEST(nothingPersonalLiesInTheTables);
    CPPUNIT_TEST_SUITE_END();

    static Json formFields(Reception& reception, const std::string& kind)
    {
        const Heard heard = reception.read("person.form", {{"kind", kind}});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 200, heard.status);
        return heard.body.at("fields");
    }

public:
    void thereAreFourKindsOfPersons()
    {
        Reception reception;
        for (const char* kind :
             {"mainland", "hongkong_macao_taiwan", "overseas", "resident_abroad"}) {
            const Heard heard = reception.read("person.form", {{"kind", kind}});
            CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 200, heard.status);
            CPPUNIT_ASSERT_EQUAL(std::size_t{4}, heard.body["kinds"].size());
        }
        const Heard heard = reception.add(Json::object(), "martian");
        CPPUNIT_ASSERT_EQUAL(422, heard.status);
        CPPUNIT_ASSERT(heard.body["pointer"] == "/kind");
        CPPUNIT_ASSERT(heard.body["parameters"]["rule"] == "R-080");
    }

    void theFormAsksWhatTheKindNeeds()
    {
        Reception reception;
        CPPUNIT_ASSERT(!offers(formFields(reception, "mainland"), "nationality"));
        CPPUNIT_ASSERT(!offers(formFields(reception, "mainland"), "birth"));
        CPPUNIT_ASSERT(offers(formFields(reception, "overseas"), "nationality"));
        CPPUNIT_ASSERT(offers(formFields(reception, "resident_abroad"), "birth"));
        for (const Json& field : formFields(reception, "hongkong_macao_taiwan")) {
            CPPUNIT_ASSERT(field["title"].contains("en") && field["title"].contains("zh"));
            if (field["name"] == "document_kind") {
                CPPUNIT_ASSERT_EQUAL(std::size_t{3}, field["choices"].size());
            }
        }
        // The delegation sets the category where organizations do not choose (E-02).
        Reception fourth("ciie-4");
        CPPUNIT_ASSERT(offers(formFields(reception, "mainland"), "category"));
        CPPUNIT_ASSERT(!offers(formFields(fourth, "mainland"), "category"));
    }

    void whatIsEnteredIsShownAgain()
    {
        Reception reception;
        Json form = completeForm();
        form["document_number"] = " 110000 19000101 0020";
        form["phone"] = "199 0000 0001";
        const std::string id = reception.added(form);
        const Heard heard = reception.show(id);
        CPPUNIT_ASSERT(heard.body["form"] == completeForm());
        CPPUNIT_ASSERT(heard.body["kind"] == "mainland");
        CPPUNIT_ASSERT(heard.body["state"] == "saved");
    }

    void aDraftIsKeptWhateverIsMissing()
    {
        Reception reception;
        Heard heard = reception.add(Json::object());
        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 201, heard.status);
        CPPUNIT_ASSERT(hasRemark(heard.body["problems"], "name_missing", "/name"));
        heard = reception.save(heard.body["person_id"],
                               {{"document_kind", "resident_card"}, {"document_number", "1"}},
                               1);
        CPPUNIT_ASSERT_EQUAL(200, heard.status);
        CPPUNIT_ASSERT(
            hasRemark(heard.body["problems"], "document_number_length", "/document_number"));
    }

    void thePageWarnsOfUntrueInformation()
    {
        Reception reception;
        const Heard heard = reception.read("person.form", {{"kind", "mainland"}});
        CPPUNIT_ASSERT(heard.body.contains("notice"));
        CPPUNIT_ASSERT(heard.body["notice"].contains("zh"));
    }

    void aChoiceThatDoesNotExistIsNotKept()
    {
        Reception reception;
        Heard heard = reception.add({{"admission_period", "someday"}});
        CPPUNIT_ASSERT_EQUAL(422, heard.status);
        CPPUNIT_ASSERT(hasReason(heard.body, "choice_unknown", "/admission_period"));
        heard = reception.add({{"nationality", "UTO"}});
        CPPUNIT_ASSERT(hasReason(heard.body, "field_not_offered", "/nationality"));
        CPPUNIT_ASSERT(listOf(reception.read("persons.search"), "name").empty());
    }

    void anotherRevisionIsNeverOverwritten()
    {
        Reception reception;
        const std::string id = reception.added(completeForm());
        CPPUNIT_ASSERT_EQUAL(200, reception.save(id, completeForm("样本乙"), 1).status);
        const Heard heard = reception.save(id, completeForm("样本丙"), 1);
        CPPUNIT_ASSERT_EQUAL(412, heard.status);
        CPPUNIT_ASSERT(heard.body["parameters"]["revision"] == 2);
        CPPUNIT_ASSERT(heard.body["parameters"]["form"]["name"] == "样本乙");
        CPPUNIT_ASSERT_EQUAL(428,
                             reception.write("person.save", {{"form", completeForm()}}, id).status);
    }

    void theSameContentIsTheSameRevision()
    {
        Reception reception;
        const std::string id = reception.added(completeForm());
        const Heard heard = reception.save(id, completeForm(), 1);
        CPPUNIT_ASSERT_EQUAL(200, heard.status);
        CPPUNIT_ASSERT(heard.body["revision"] == 1);
    }

    void aSubmittedPersonIsFrozen()
    {
        Reception reception;
        const std::string id = reception.ready(completeForm());
        CPPUNIT_ASSERT_EQUAL(200, reception.submit(id).status);
        const Heard heard =
            reception.save(id, completeForm("样本乙"), reception.floor.stored(id).revision);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 409, heard.status);
        CPPUNIT_ASSERT(heard.body["parameters"]["rule"] == "R-088");
        CPPUNIT_ASSERT(reception.show(id).body["form"]["name"] == "样本甲");
    }

    void personsAreAddedAfterTheSubmissionToo()
    {
        Reception reception;
        for (const auto state : {OrganizationState::Submitted, OrganizationState::Approved}) {
            reception.changeOrganization([state](Organization& one) { one.state = state; });
            const Heard heard = reception.add(Json::object());
            CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 201, heard.status);
        }
    }

    void aDocumentIsUsedOnceInAnEdition()
    {
        Reception reception;
        const std::string id = reception.added(completeForm());
        const Heard own = reception.add(completeForm("样本乙"));
        CPPUNIT_ASSERT_EQUAL(409, own.status);
        CPPUNIT_ASSERT(own.body["pointer"] == "/document_number");

        reception.contact = contactOf(kOtherOrganization);
        const Heard others = reception.floor.desk.write(
            "person.add",
            reception.contact,
            {{"path", {{"organization_id", kOtherOrganization}}},
             {"body", {{"kind", "mainland"}, {"form", completeForm()}, {"consents", kConsents}}}});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(others.body.dump(), 409, others.status);
        CPPUNIT_ASSERT_MESSAGE("the answer must not tell whose it is", own.body == others.body);
    }

    void whoIsCanceledElsewhereCanBeRegistered()
    {
        Reception reception;
        const std::string id = reception.added(completeForm());
        reception.changePerson(id, [](Person& one) { one.state = PersonState::Canceled; });
        CPPUNIT_ASSERT_EQUAL(201, reception.add(completeForm()).status);
    }

    void savedPersonsAreDeletedOneOrMany()
    {
        Reception reception;
        const std::string one = reception.added(completeForm());
        const std::string two = reception.added(completeForm("样本乙", kMaleNumber));
        const std::string three = reception.ready(completeForm("样本丙", kOtherNumber));
        CPPUNIT_ASSERT_EQUAL(200, reception.submit(three).status);
        CPPUNIT_ASSERT_EQUAL(200, reception.write("person.delete", Json(), one).status);
        CPPUNIT_ASSERT_EQUAL(404, reception.show(one).status);
        CPPUNIT_ASSERT(reception.floor.desk.fake.erased().count(one) == 1);

        const Heard heard =
            reception.write("persons.delete", {{"person_ids", {two, three, "nobody"}}});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 200, heard.status);
        CPPUNIT_ASSERT(heard.body["done"] == 1);
        CPPUNIT_ASSERT(heard.body["results"][1]["problem"]["code"] == "person_submitted");
        CPPUNIT_ASSERT(heard.body["results"][2]["problem"]["code"] == "not_found");
        CPPUNIT_ASSERT_EQUAL(three, listOf(reception.read("persons.search"), "person_id"));
        auto& store = reception.floor.desk.fake.store();
        CPPUNIT_ASSERT_EQUAL(
            std::int64_t{0},
            store.integer("SELECT COUNT(*) FROM registration_search WHERE person_id = '" + two +
                          "'"));
    }

    void batchesAnswerForEachPerson()
    {
        Reception reception;
        const std::string one = reception.ready(completeForm());
        const std::string two = reception.added(completeForm("样本乙", kMaleNumber));
        const Heard heard = reception.write(
            "persons.submit",
            {{"person_ids", {one, two}}, {"confirmed", true}, {"declaration", true}});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 200, heard.status);
        CPPUNIT_ASSERT(heard.body["results"][0]["state"] == "submitted");
        CPPUNIT_ASSERT(heard.body["results"][1]["done"] == false);
        CPPUNIT_ASSERT_EQUAL(std::string("saved"), reception.stateOf(two));
    }

    void othersPersonsDoNotExist()
    {
        Reception reception;
        const std::string id = reception.added(completeForm());
        const Heard missing = reception.show("nobody");
        reception.contact = contactOf(kOtherOrganization);
        const Heard others = reception.show(id);
        CPPUNIT_ASSERT_EQUAL(404, others.status);
        CPPUNIT_ASSERT_EQUAL(404, missing.status);
        // In the other organization's address the person does not exist either.
        const Heard moved = reception.floor.desk.read(
            "person.show",
            reception.contact,
            {{"path", {{"organization_id", kOtherOrganization}, {"person_id", id}}}});
        CPPUNIT_ASSERT(moved.status == 404 && moved.body == missing.body);
        CPPUNIT_ASSERT_EQUAL(404, reception.write("person.delete", Json(), id).status);
    }

    void aClosedOrganizationAddsNobody()
    {
        Reception reception;
        reception.changeOrganization(
            [](Organization& one) { one.state = OrganizationState::Disabled; });
        const Heard heard = reception.add(Json::object());
        CPPUNIT_ASSERT_EQUAL(409, heard.status);
        CPPUNIT_ASSERT(heard.body["code"] == "organization_closed");
    }

    void nothingPersonalLiesInTheTables()
    {
        Reception reception;
        reception.ready(completeForm("样本甲乙丙"));
        const std::string bytes = reception.floor.desk.fake.storeBytes();
        for (const std::string& personal :
             {std::string("样本甲乙丙"), kFemaleNumber, std::string("19900000001")}) {
            CPPUNIT_ASSERT_MESSAGE(personal, bytes.find(personal) == std::string::npos);
        }
    }
};

HUB_TEST_SUITE_REGISTRATION(PersonDraftsTest, "person_drafts");

} // namespace

} // namespace registration::test
