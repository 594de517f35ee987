// Goal: nothing of a person's document or photo is taken before that person agreed to it
// separately; what was agreed to is kept with version and time, can be withdrawn, and stays known
// (D-09). Method: the plugin on the fake hub.
#include "import_bench.hpp"
#include "sample_numbers.hpp"
#include "unit/plugins/uploads/zip_fixture.hpp"

#include <uploads/picture.hpp>

namespace registration::test {

namespace {

constexpr const char* kPastOrganization = "01980000-0000-7000-8000-000000000006";
constexpr const char* kPastPerson = "past-visitor";

class PersonConsentsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PersonConsentsTest);
    CPPUNIT_TEST(nothingIsTakenBeforeThePersonAgreed);
    CPPUNIT_TEST(theFormSaysWhatIsAskedFor);
    CPPUNIT_TEST(theConsentIsKeptWithVersionAndTime);
    CPPUNIT_TEST(aConsentDoesNotPrecedeItsText);
    CPPUNIT_TEST(anOldVersionIsNotTaken);
    CPPUNIT_TEST(aWithdrawnConsentStopsTheDraft);
    CPPUNIT_TEST(whoWasSubmittedIsToBeCanceled);
    CPPUNIT_TEST(aNewTextIsAskedForBeforeTheSubmission);
    CPPUNIT_TEST(otherPurposesAreAskedForByThemselves);
    CPPUNIT_TEST(pastPersonsAreAskedAnew);
    CPPUNIT_TEST(allOfAFileHaveAgreed);
    CPPUNIT_TEST(aFileThatPrecedesTheTextIsAskedAnew);
    CPPUNIT_TEST(pastDataNeedNoneUntilTheyAreTakenOver);
    CPPUNIT_TEST(anArchivesPhotosAreOfWhoAgreed);
    CPPUNIT_TEST(aDeletedDraftLeavesNoConsent);
    CPPUNIT_TEST(anErasedPersonsConsentStaysAsEvidence);
    CPPUNIT_TEST(strangersGiveAndWithdrawNothing);
    CPPUNIT_TEST(whereItIsSwitchedOffNobodyIsAsked);
    CPPUNIT_TEST_SUITE_END();

    static Json pathOf(const std::string& person_id, const char* kind)
    {
        return {{"organization_id", kOrganization}, {"person_id", person_id}, {"kind", kind}};
    }

    static Heard
    give(Reception& reception, const std::string& person_id, const char* kind, const char* version)
    {
        return reception.floor.desk.write(
            "person_consent.put",
            reception.contact,
            {{"path", pathOf(person_id, kind)}, {"body", {{"version", version}}}});
    }

    static Heard
    withdraw(Reception& reception, const std::string& person_id, const char* kind = "sensitive")
    {
        return reception.floor.desk.write(
            "person_consent.delete", reception.contact, {{"path", pathOf(person_id, kind)}});
    }

    static Json consentsOf(Reception& reception, const std::string& person_id)
    {
        const Json question = {{"person_id", person_id}};
        const hub::Answer answer =
            reception.floor.desk.fake.ask("person_data", "", question.dump());
        CPPUNIT_ASSERT_EQUAL_MESSAGE(answer.message, hub_status{HUB_OK}, answer.status);
        return Json::parse(answer.payload).at("consents");
    }

    static void putPolicy(Reception& reception, const char* version, const char* kind = "sensitive")
    {
        const Heard heard = reception.floor.desk.write(
            "policy.put",
            kOrganizer,
            {{"path", {{"edition", kEdition}, {"kind", kind}}},
             {"body", {{"version", version}, {"address", "/policies/sensitive"}}}});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 200, heard.status);
    }

    static void assertRefused(const Heard& heard)
    {
        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 409, heard.status);
        CPPUNIT_ASSERT_EQUAL(Json("consent_missing"), heard.body.at("code"));
        CPPUNIT_ASSERT_EQUAL(Json("D-09"), heard.body.at("parameters").at("rule"));
        CPPUNIT_ASSERT(!heard.body.at("detail").at("zh").get<std::string>().empty());
    }

    static Heard putPhoto(Reception& reception, const std::string& person_id)
    {
        return reception.floor.desk.write(
            "person.put_photo",
            reception.contact,
            {{"path", {{"organization_id", kOrganization}, {"person_id", person_id}}},
             {"upload", {{"media_type", "image/jpeg"}, {"bytes", 1}, {"blob", "upload"}}}});
    }

    static std::int64_t personsIn(Reception& reception)
    {
        return reception.floor.desk.fake.store().integer(
            "SELECT COUNT(*) FROM registration_person");
    }

    /// Somebody of the sixth edition, whose organization is the contact's past one.
    static void addPastPerson(Reception& reception)
    {
        Organization past;
        past.organization_id = kPastOrganization;
        past.edition = "ciie-6";
        past.name = "样本单位";
        past.delegation_id = "shanghai";
        past.state = OrganizationState::Archived;
        reception.floor.run([&](const Work& work) { work.add(past); });
        Person person = reception.floor.person(kPastPerson, past);
        person.state = PersonState::Archived;
        person.document = completeForm();
        reception.floor.add(person);
    }

    static Heard takeOver(Reception& reception, const Json& consents)
    {
        return reception.write("past_persons.apply",
                               {{"person_ids", {kPastPerson}}, {"consents", consents}});
    }

    static std::string line(std::uint64_t n)
    {
        const std::string card = sample::residentCard(n);
        return sample::name(n) + "," + (sample::isMale(card) ? "男" : "女") + "," + card +
               ",样本职务," + sample::phone(n);
    }

    static std::string fileOf(std::uint64_t persons)
    {
        std::vector<std::string> lines = {"姓名,性别,证件号码,职务,手机号码"};
        for (std::uint64_t n = 0; n < persons; ++n) {
            lines.push_back(line(n));
        }
        return csvOf(lines);
    }

    static std::string picture()
    {
        uploads::Picture picture;
        picture.pixels.width = 300;
        picture.pixels.height = 400;
        for (std::uint32_t i = 0; i < 300 * 400; ++i) {
            const std::uint8_t blue = i % 2 == 0 ? 255 : 0;
            picture.pixels.rgb.insert(picture.pixels.rgb.end(), {255, 0, blue});
        }
        return uploads::clean(picture, uploads::PictureFormat::Jpeg);
    }

public:
    void nothingIsTakenBeforeThePersonAgreed()
    {
        Reception reception;
        const Json body = {{"kind", "mainland"}, {"form", completeForm()}};
        assertRefused(reception.write("person.add", body));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, personsIn(reception));
    }

    void theFormSaysWhatIsAskedFor()
    {
        Reception reception;
        const Json before = reception.read("person.form", {{"kind", "mainland"}}).body["consents"];
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, before.size());
        CPPUNIT_ASSERT(before[0]["kind"] == "sensitive" && before[0]["required"] == true);
        putPolicy(reception, "2");
        putPolicy(reception, "7", "exhibitors");
        const Json after = reception.read("person.form", {{"kind", "mainland"}}).body["consents"];
        CPPUNIT_ASSERT(after[0]["version"] == "2" && after[0]["address"] == "/policies/sensitive");
        CPPUNIT_ASSERT(after[1]["kind"] == "exhibitors" && after[1]["required"] == false);
    }

    void theConsentIsKeptWithVersionAndTime()
    {
        Reception reception;
        putPolicy(reception, "1");
        const auto now_ms = reception.floor.desk.fake.clock().nowMs();
        const std::string id = reception.added(completeForm());
        const Json consents = consentsOf(reception, id);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, consents.size());
        CPPUNIT_ASSERT_EQUAL(Json("sensitive"), consents[0].at("kind"));
        CPPUNIT_ASSERT_EQUAL(Json("1"), consents[0].at("version"));
        CPPUNIT_ASSERT_EQUAL(Json("person:" + reception.contact.login), consents[0].at("given_by"));
        CPPUNIT_ASSERT(consents[0].at("given_ms") >= now_ms);
        CPPUNIT_ASSERT_EQUAL(Json(0), consents[0].at("withdrawn_ms"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, reception.show(id).body["consents"].size());
    }

    void aConsentDoesNotPrecedeItsText()
    {
        Reception reception;
        const std::string id = reception.ready(completeForm());
        give(reception, id, "exhibitors", "1");
        for (const Json& consent : consentsOf(reception, id)) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(consent.dump(), Json(""), consent.at("version"));
        }

        putPolicy(reception, "1");
        putPolicy(reception, "1", "exhibitors");
        CPPUNIT_ASSERT_EQUAL(422, reception.submit(id).status);
        const Heard heard = give(reception, id, "sensitive", "1");
        CPPUNIT_ASSERT(heard.body["holds"]["sensitive"] == true);
        CPPUNIT_ASSERT(heard.body["holds"]["exhibitors"] == false);
        CPPUNIT_ASSERT_EQUAL(200, reception.submit(id).status);
    }

    void anOldVersionIsNotTaken()
    {
        Reception reception;
        putPolicy(reception, "2");
        const Heard heard = reception.add(completeForm());
        CPPUNIT_ASSERT_EQUAL(409, heard.status);
        CPPUNIT_ASSERT_EQUAL(Json("policy_changed"), heard.body.at("code"));
        CPPUNIT_ASSERT_EQUAL(Json("2"), heard.body.at("parameters").at("version"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, personsIn(reception));
    }

    void aWithdrawnConsentStopsTheDraft()
    {
        Reception reception;
        const std::string id = reception.ready(completeForm());
        const Heard heard = withdraw(reception, id);
        CPPUNIT_ASSERT(heard.body["holds"]["sensitive"] == false);
        CPPUNIT_ASSERT(heard.body["consents"][0]["withdrawn_ms"] > 0);

        assertRefused(reception.save(id, completeForm("样本乙"), 1));
        assertRefused(putPhoto(reception, id));
        const Heard submitted = reception.submit(id);
        CPPUNIT_ASSERT_EQUAL(422, submitted.status);
        CPPUNIT_ASSERT(hasReason(submitted.body, "consent_missing", "/consents/sensitive"));
        CPPUNIT_ASSERT_EQUAL(std::string("saved"), reception.stateOf(id));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1},
                             reception.floor.desk.fake.store().integer(
                                 "SELECT COUNT(*) FROM registration_history WHERE subject = '" +
                                 id + "' AND event = 'withdraw_consent'"));

        give(reception, id, "sensitive", "1");
        CPPUNIT_ASSERT_EQUAL(200, reception.submit(id).status);
    }

    void whoWasSubmittedIsToBeCanceled()
    {
        Reception reception;
        const std::string draft = reception.ready(completeForm());
        const std::string submitted = reception.ready(completeForm("样本乙", kMaleNumber));
        CPPUNIT_ASSERT_EQUAL(200, reception.submit(submitted).status);
        const Json delete_it = withdraw(reception, draft).body["next"];
        const Json cancel_it = withdraw(reception, submitted).body["next"];
        CPPUNIT_ASSERT(delete_it["en"].get<std::string>().starts_with("Delete"));
        CPPUNIT_ASSERT(cancel_it["en"].get<std::string>().starts_with("Cancel"));
        CPPUNIT_ASSERT(cancel_it["zh"].get<std::string>().find("注销") != std::string::npos);
        // Withdrawn is withdrawn, but nothing was canceled behind anybody's back.
        CPPUNIT_ASSERT_EQUAL(std::string("submitted"), reception.stateOf(submitted));
    }

    void aNewTextIsAskedForBeforeTheSubmission()
    {
        Reception reception;
        const std::string id = reception.ready(completeForm());
        putPolicy(reception, "2");
        CPPUNIT_ASSERT(hasRemark(
            reception.show(id).body["problems"], "consent_missing", "/consents/sensitive"));
        CPPUNIT_ASSERT_EQUAL(422, reception.submit(id).status);
        CPPUNIT_ASSERT_EQUAL(409, give(reception, id, "sensitive", "1").status);
        CPPUNIT_ASSERT_EQUAL(200, give(reception, id, "sensitive", "2").status);
        CPPUNIT_ASSERT_EQUAL(200, reception.submit(id).status);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, consentsOf(reception, id).size());
    }

    void otherPurposesAreAskedForByThemselves()
    {
        Reception reception;
        const std::string id = reception.ready(completeForm());
        const Heard heard = give(reception, id, "exhibitors", "1");
        CPPUNIT_ASSERT(heard.body["holds"]["exhibitors"] == true);
        CPPUNIT_ASSERT(heard.body["holds"]["abroad"] == false);
        withdraw(reception, id, "exhibitors");
        CPPUNIT_ASSERT_EQUAL(200, reception.submit(id).status);
        // The privacy clause is the contact's.
        CPPUNIT_ASSERT_EQUAL(404, give(reception, id, "privacy", "1").status);
        CPPUNIT_ASSERT_EQUAL(404, withdraw(reception, id, "privacy").status);
    }

    void pastPersonsAreAskedAnew()
    {
        Reception reception(kEdition, kPastOrganization);
        addPastPerson(reception);
        assertRefused(takeOver(reception, Json::object()));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, personsIn(reception));

        const Heard heard = takeOver(reception, kConsents);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), Json(1), heard.body["done"]);
        const Json result = heard.body["results"][0];
        CPPUNIT_ASSERT_EQUAL(
            std::size_t{1},
            consentsOf(reception, result["new_person_id"].get<std::string>()).size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, consentsOf(reception, kPastPerson).size());
    }

    void allOfAFileHaveAgreed()
    {
        ImportBench bench;
        assertRefused(bench.upload(fileOf(2), {{"sensitive_consent", ""}}));
        putPolicy(bench.reception, "2");
        CPPUNIT_ASSERT_EQUAL(Json("policy_changed"), bench.upload(fileOf(2)).body.at("code"));
        CPPUNIT_ASSERT(bench.reception.floor.desk.fake.jobs().empty());

        CPPUNIT_ASSERT_EQUAL(202, bench.upload(fileOf(2), {{"sensitive_consent", "2"}}).status);
        CPPUNIT_ASSERT_EQUAL(std::string("done"), bench.runJob());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2},
                             bench.count("registration_consent",
                                         "kind = 'sensitive' AND version = '2' AND given_ms > 0 "
                                         "AND subject IN (SELECT person_id FROM "
                                         "registration_person)"));
    }

    void aFileThatPrecedesTheTextIsAskedAnew()
    {
        ImportBench bench;
        CPPUNIT_ASSERT_EQUAL(202, bench.upload(fileOf(2), {{"sensitive_consent", "1"}}).status);
        putPolicy(bench.reception, "1");
        CPPUNIT_ASSERT_EQUAL(std::string("done"), bench.runJob());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, bench.count("registration_consent"));
        CPPUNIT_ASSERT_EQUAL(
            std::int64_t{2},
            bench.count("registration_consent", "kind = 'sensitive' AND version = ''"));
    }

    void pastDataNeedNoneUntilTheyAreTakenOver()
    {
        ImportBench bench;
        const std::string code = sample::socialCreditCode(1);
        bench.imported(
            "organizations", kPast, csvOf({"单位名称,统一社会信用代码", "样本单位," + code}));
        const Json said =
            bench.imported("persons",
                           kPast,
                           csvOf({"单位,姓名,性别,证件号码,职务,手机号码", code + "," + line(1)}));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(said.dump(), Json("done"), said.at("state"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, bench.count("registration_consent"));
    }

    void anArchivesPhotosAreOfWhoAgreed()
    {
        ImportBench bench;
        const std::string id = bench.reception.added(completeForm());
        const std::string archive = uploads_test::zipOf({{kFemaleNumber + ".jpg", picture()}});
        withdraw(bench.reception, id);
        const Heard begun = bench.uploadPhotos(archive);
        bench.runJob();
        const Heard heard = bench.shown(begun.body.value("import_id", ""));
        CPPUNIT_ASSERT_EQUAL(Json("refused"), heard.body.at("state"));
        CPPUNIT_ASSERT_EQUAL(std::string("110000****00201 consent_missing"),
                             placesOf(heard.body.at("errors")));
        CPPUNIT_ASSERT_EQUAL(std::string(), bench.reception.floor.stored(id).photo);

        give(bench.reception, id, "sensitive", "1");
        bench.uploadPhotos(archive);
        bench.runJob();
        CPPUNIT_ASSERT(!bench.reception.floor.stored(id).photo.empty());
    }

    void aDeletedDraftLeavesNoConsent()
    {
        Reception reception;
        const std::string id = reception.added(completeForm());
        reception.write("person.delete", Json(), id);
        CPPUNIT_ASSERT_EQUAL(
            std::int64_t{0},
            reception.floor.desk.fake.store().integer("SELECT COUNT(*) FROM registration_consent"));
    }

    void anErasedPersonsConsentStaysAsEvidence()
    {
        Reception reception;
        const std::string id = reception.ready(completeForm());
        CPPUNIT_ASSERT_EQUAL(200, reception.submit(id).status);
        reception.floor.desk.fake.commandUnit("person.erase", Json::array({id}).dump());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, consentsOf(reception, id).size());
    }

    void strangersGiveAndWithdrawNothing()
    {
        Reception reception;
        const std::string id = reception.added(completeForm());
        const Json before = consentsOf(reception, id);
        reception.contact = contactOf(kOtherOrganization);
        CPPUNIT_ASSERT_EQUAL(404, give(reception, id, "exhibitors", "1").status);
        CPPUNIT_ASSERT_EQUAL(404, withdraw(reception, id).status);
        CPPUNIT_ASSERT_EQUAL(before, consentsOf(reception, id));
    }

    void whereItIsSwitchedOffNobodyIsAsked()
    {
        Reception reception;
        reception.floor.desk.changeRules(
            {{{"op", "add"}, {"path", "/rules_off/-"}, {"value", "D-09"}}});
        const Heard heard =
            reception.write("person.add", {{"kind", "mainland"}, {"form", completeForm()}});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 201, heard.status);
        CPPUNIT_ASSERT(reception.show(heard.body["person_id"]).body["problems"].size() == 1);
        CPPUNIT_ASSERT(
            reception.read("person.form", {{"kind", "mainland"}}).body["consents"].empty());
    }
};

HUB_TEST_SUITE_REGISTRATION(PersonConsentsTest, "person_consents");

} // namespace

} // namespace registration::test
