// Goal: a person is submitted once, confirmed and declared, when nothing is missing, and all that
// is missing is said at once; then it goes as far as its organization has come (requirements 2.7,
// 4.2). Method: the plugin on the fake hub.
#include "reception.hpp"

namespace registration::test {

namespace {

class PersonSubmissionTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PersonSubmissionTest);
    CPPUNIT_TEST(theSubmissionIsConfirmed);
    CPPUNIT_TEST(whatCantBeUndoneIsAsked);
    CPPUNIT_TEST(aPhotoIsNeeded);
    CPPUNIT_TEST(anAdmissionPeriodIsNeeded);
    CPPUNIT_TEST(aWayOfReceivingTheBadgeIsNeeded);
    CPPUNIT_TEST(theCourierNeedsAnAddressOfTheOrganization);
    CPPUNIT_TEST(theDeclarationIsTicked);
    CPPUNIT_TEST(allThatIsMissingIsSaidAtOnce);
    CPPUNIT_TEST(aFreeCategoryIsChosenWithinTheQuota);
    CPPUNIT_TEST(whoChoosesNoCategoryPays);
    CPPUNIT_TEST(aPersonMayGoBeforeItsOrganization);
    CPPUNIT_TEST(personsAreSubmittedInSeveralBatches);
    CPPUNIT_TEST(aBatchAnswersForEachAndKeepsNothingOfTheRefused);
    CPPUNIT_TEST(afterTheDeadlineOnlyAnExceptionHelps);
    CPPUNIT_TEST(theEventCarriesIdentifiersAlone);
    CPPUNIT_TEST(theFourthEditionWaitsForTheDelegation);
    CPPUNIT_TEST_SUITE_END();

    static void approve(Reception& reception)
    {
        reception.changeOrganization([](Organization& one) {
            one.state = OrganizationState::Approved;
            one.submitted_ms = 1;
        });
    }

    static void assertMissing(Reception& reception,
                              const std::string& id,
                              const char* code,
                              const char* pointer)
    {
        const Heard heard = reception.submit(id);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 422, heard.status);
        CPPUNIT_ASSERT_MESSAGE(heard.body.dump(), hasReason(heard.body, code, pointer));
        CPPUNIT_ASSERT_EQUAL(std::string("saved"), reception.stateOf(id));
    }

    static Json without(const std::string& member)
    {
        Json form = completeForm();
        form.erase(member);
        return form;
    }

public:
    void theSubmissionIsConfirmed()
    {
        Reception reception;
        const std::string id = reception.ready(completeForm());
        const Heard heard = reception.write("person.submit", {{"declaration", true}}, id);
        CPPUNIT_ASSERT_EQUAL(409, heard.status);
        CPPUNIT_ASSERT(heard.body["code"] == "confirmation_needed");
        CPPUNIT_ASSERT(heard.body["detail"]["zh"].dump().find("提交后将无法修改") !=
                       std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::string("saved"), reception.stateOf(id));
        CPPUNIT_ASSERT_EQUAL(200, reception.submit(id).status);
        CPPUNIT_ASSERT_EQUAL(409, reception.submit(id).status);
    }

    void whatCantBeUndoneIsAsked()
    {
        Reception reception;
        const std::string id = reception.ready(completeForm());
        const Heard heard =
            reception.write("persons.submit", {{"person_ids", {id}}, {"declaration", true}});
        CPPUNIT_ASSERT_EQUAL(409, heard.status);
        CPPUNIT_ASSERT_EQUAL(std::string("saved"), reception.stateOf(id));
    }

    void aPhotoIsNeeded()
    {
        Reception reception;
        assertMissing(reception, reception.added(completeForm()), "photo_missing", "/photo");
    }

    void anAdmissionPeriodIsNeeded()
    {
        Reception reception;
        assertMissing(reception,
                      reception.ready(without("admission_period")),
                      "admission_period_missing",
                      "/admission_period");
    }

    void aWayOfReceivingTheBadgeIsNeeded()
    {
        Reception reception;
        assertMissing(reception,
                      reception.ready(without("delivery_method")),
                      "delivery_method_missing",
                      "/delivery_method");
    }

    void theCourierNeedsAnAddressOfTheOrganization()
    {
        Reception reception;
        Json form = completeForm();
        form["delivery_method"] = "courier";
        form["address_id"] = "address-1";
        const std::string id = reception.ready(form);
        assertMissing(reception, id, "address_id_missing", "/address_id");
        const auto put = [&](const std::string& organization_id, const std::string& address) {
            reception.floor.run([&](const Work& work) {
                work.unit().execute(
                    "INSERT INTO registration_address (partition, address_id, organization_id, "
                    "is_default, document, created_ms) VALUES (0, ?, ?, 0, ?, 0)",
                    {address, organization_id, hub::Blob{"sealed"}});
            });
        };
        put(kOtherOrganization, "address-2");
        assertMissing(reception, id, "address_id_missing", "/address_id");
        put(kOrganization, "address-1");
        CPPUNIT_ASSERT_EQUAL(200, reception.submit(id).status);
    }

    void theDeclarationIsTicked()
    {
        Reception reception;
        const std::string id = reception.ready(completeForm());
        const Heard heard = reception.write("person.submit", {{"confirmed", true}}, id);
        CPPUNIT_ASSERT_EQUAL(422, heard.status);
        CPPUNIT_ASSERT(hasReason(heard.body, "declaration_missing", "/declaration"));
        CPPUNIT_ASSERT_EQUAL(200, reception.submit(id).status);
        CPPUNIT_ASSERT(reception.floor.stored(id).declared_ms > 0);
    }

    void allThatIsMissingIsSaidAtOnce()
    {
        Reception reception;
        const std::string id = reception.added({{"document_kind", "resident_card"}});
        const Heard heard = reception.write("person.submit", {{"confirmed", true}}, id);
        CPPUNIT_ASSERT_EQUAL(422, heard.status);
        for (const char* member : {"name",
                                   "sex",
                                   "document_number",
                                   "position",
                                   "phone",
                                   "photo",
                                   "admission_period",
                                   "delivery_method",
                                   "declaration"}) {
            const std::string name = member;
            CPPUNIT_ASSERT_MESSAGE(name, hasReason(heard.body, name + "_missing", "/" + name));
        }
        CPPUNIT_ASSERT_EQUAL(std::size_t{9}, heard.body["violations"].size());
    }

    void aFreeCategoryIsChosenWithinTheQuota()
    {
        Reception reception;
        approve(reception);
        reception.floor.give({"edition", kEdition}, "vip", 1);
        reception.floor.give({"delegation", "shanghai"}, "vip", 1);
        reception.floor.give({"organization", kOrganization}, "vip", 1);
        Json form = completeForm();
        form["category"] = "vip";
        const std::string one = reception.ready(form);
        form = completeForm("样本乙", kMaleNumber);
        form["category"] = "vip";
        const std::string two = reception.ready(form);
        CPPUNIT_ASSERT_EQUAL(200, reception.submit(one).status);
        CPPUNIT_ASSERT_EQUAL(std::string("to_be_reviewed"), reception.stateOf(one));
        const Heard heard = reception.submit(two);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 409, heard.status);
        CPPUNIT_ASSERT(heard.body["code"] == "quota_exhausted");
        CPPUNIT_ASSERT_EQUAL(std::string("saved"), reception.stateOf(two));
        reception.floor.recount();
    }

    void whoChoosesNoCategoryPays()
    {
        Reception reception;
        approve(reception);
        const std::string id = reception.ready(completeForm());
        const Heard heard = reception.submit(id);
        CPPUNIT_ASSERT(heard.body["state"] == "to_be_paid");
        CPPUNIT_ASSERT(heard.body["category"] == "visitor");
    }

    void aPersonMayGoBeforeItsOrganization()
    {
        Reception reception;
        const std::string id = reception.ready(completeForm());
        const Heard heard = reception.submit(id);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 200, heard.status);
        CPPUNIT_ASSERT(heard.body["state"] == "submitted");
    }

    void personsAreSubmittedInSeveralBatches()
    {
        Reception reception;
        approve(reception);
        CPPUNIT_ASSERT_EQUAL(200, reception.submit(reception.ready(completeForm())).status);
        const std::string id = reception.ready(completeForm("样本乙", kMaleNumber));
        CPPUNIT_ASSERT_EQUAL(200, reception.submit(id).status);
    }

    void aBatchAnswersForEachAndKeepsNothingOfTheRefused()
    {
        Reception reception;
        approve(reception);
        const std::string one = reception.ready(completeForm());
        Json form = completeForm("样本乙", kMaleNumber);
        form["category"] = "vip"; // none left
        const std::string two = reception.ready(form);
        const std::string three = reception.ready(completeForm("样本丙", kOtherNumber));
        reception.floor.desk.published();
        const Heard heard = reception.write("persons.submit",
                                            {{"person_ids", {one, two, "nobody", three}},
                                             {"confirmed", true},
                                             {"declaration", true}});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 200, heard.status);
        CPPUNIT_ASSERT(heard.body["done"] == 2);
        CPPUNIT_ASSERT(heard.body["results"][1]["problem"]["code"] == "quota_exhausted");
        CPPUNIT_ASSERT(heard.body["results"][2]["problem"]["code"] == "not_found");
        CPPUNIT_ASSERT_EQUAL(std::string("saved"), reception.stateOf(two));
        CPPUNIT_ASSERT_EQUAL(std::string("to_be_paid"), reception.stateOf(three));
        CPPUNIT_ASSERT_EQUAL(std::size_t{5}, reception.floor.desk.published().size());
    }

    void afterTheDeadlineOnlyAnExceptionHelps()
    {
        Reception reception;
        const std::string id = reception.ready(completeForm());
        constexpr std::int64_t kEndMs = 1'792'512'000'000; // 2026-10-21T00:00:00+08:00
        reception.floor.desk.fake.clock().set(kEndMs);
        const Heard heard = reception.submit(id);
        CPPUNIT_ASSERT_EQUAL(409, heard.status);
        CPPUNIT_ASSERT(heard.body["code"] == "registration_closed");
        reception.floor.run([&](const Work& work) {
            work.unit().execute(
                "INSERT INTO registration_exception (partition, organization_id, deadline, "
                "until_ms, reason, granted_by, granted_ms) "
                "VALUES (0, ?, 'registration', ?, 'sample', 'person:organizer', 0)",
                {kOrganization, kEndMs + 1});
        });
        CPPUNIT_ASSERT_EQUAL(200, reception.submit(id).status);
    }

    void theEventCarriesIdentifiersAlone()
    {
        Reception reception;
        const std::string id = reception.ready(completeForm());
        reception.submit(id);
        const auto& last = reception.floor.desk.fake.publications().back();
        CPPUNIT_ASSERT_EQUAL(std::string("person.submitted"), last.type);
        CPPUNIT_ASSERT_EQUAL(Json({{"organization_id", kOrganization}, {"person_id", id}}).dump(),
                             last.payload);
    }

    void theFourthEditionWaitsForTheDelegation()
    {
        Reception reception("ciie-4");
        approve(reception);
        const std::string id = reception.ready(completeForm());
        CPPUNIT_ASSERT(reception.submit(id).body["state"] == "to_be_categorized");
        CPPUNIT_ASSERT(reception.floor.stored(id).category.empty());
    }
};

HUB_TEST_SUITE_REGISTRATION(PersonSubmissionTest, "person_submission");

} // namespace

} // namespace registration::test
