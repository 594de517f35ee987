// Goal: an application is submitted when everything of it is there, and everything that is not is
// said at once; then its persons follow, and the edition's rule or its delegation reviews it.
// Method: the plugin on the fake hub; one test for each guard.
#include "applicant.hpp"
#include "support/suite.hpp"

namespace registration::test {

namespace {

constexpr std::int64_t kAfterTheDeadlineMs = 1'792'512'000'000; // 2026-10-21T00:00:00+08:00

class SubmissionsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SubmissionsTest);
    CPPUNIT_TEST(allGuardsAreSaidAtOnce);
    CPPUNIT_TEST(aCompleteApplicationIsSubmitted);
    CPPUNIT_TEST(thePreviewShowsEverything);
    CPPUNIT_TEST(onlyWhatIsCorrectIsSubmitted);
    CPPUNIT_TEST(organizationAndPersonsMustBothBeSubmitted);
    CPPUNIT_TEST(onePersonIsSubmittedBefore);
    CPPUNIT_TEST(unsubmittedPersonsAreCounted);
    CPPUNIT_TEST(thePreviewRemindsToSubmitBoth);
    CPPUNIT_TEST(thePresentPolicyIsAgreedTo);
    CPPUNIT_TEST(aProofOfQualificationIsUploaded);
    CPPUNIT_TEST(classesOfTheMainlandAreTheEditions);
    CPPUNIT_TEST(classesOfOverseasAreTheEditions);
    CPPUNIT_TEST(overseasNeedsNoDelegation);
    CPPUNIT_TEST(oneCodeAppliesOnce);
    CPPUNIT_TEST(afterTheDeadlineNothingIsSubmitted);
    CPPUNIT_TEST(anExceptionFromTheDeadlineIsNotedAndCounts);
    CPPUNIT_TEST(onlyTheOrganizerGrantsExceptions);
    CPPUNIT_TEST(aVerifiedPastEnterprisePassesByItself);
    CPPUNIT_TEST(whoDoesNotPassByItselfReadsWhy);
    CPPUNIT_TEST(personsOfTheFourthEditionWaitForTheReview);
    CPPUNIT_TEST(whatWasSubmittedIsNotSubmittedAgain);
    CPPUNIT_TEST(anArchivedEditionTakesNothing);
    CPPUNIT_TEST_SUITE_END();

    static Heard grant(Applicant& applicant, const Visitor& who, const char* until)
    {
        return applicant.desk.write(
            "organization.grant_exception",
            who,
            {{"path", {{"organization_id", kOrganization}, {"deadline", "registration"}}},
             {"body", {{"until", until}, {"reason", "样本原因"}}}});
    }

    /// As identity and the reading of its licence leave it.
    static void makeVerifiedPast(Applicant& applicant)
    {
        applicant.run([](const Work& work) {
            Organization changed = work.rows().organization(kOrganization).value();
            changed.licence = "verified";
            changed.past_organization_id = kPastOrganization;
            work.rows().update(changed);
        });
    }

public:
    void allGuardsAreSaidAtOnce()
    {
        Applicant applicant;
        applicant.registered();
        const Heard heard = applicant.submit();
        CPPUNIT_ASSERT_EQUAL(409, heard.status);
        const Json& guards = heard.body["parameters"]["guards"];
        for (const char* rule : {"R-026", "R-027", "R-003", "R-075", "R-060", "R-061", "R-123"}) {
            CPPUNIT_ASSERT_MESSAGE(rule, Applicant::names(guards, rule));
        }
        for (const Json& guard : guards) {
            CPPUNIT_ASSERT(guard.contains("page"));
            CPPUNIT_ASSERT(guard["message"].contains("zh"));
        }
        CPPUNIT_ASSERT(applicant.desk.published().empty());
    }

    void aCompleteApplicationIsSubmitted()
    {
        Applicant applicant;
        applicant.complete();
        const Heard heard = applicant.submit();
        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 200, heard.status);
        CPPUNIT_ASSERT(heard.body["state"] == "submitted");
        CPPUNIT_ASSERT(applicant.desk.published() ==
                       std::vector<std::string>{"organization.submitted"});
        const auto& event = applicant.desk.fake.publications().back();
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"delegation_id":"shanghai","organization_id":")") +
                                 kOrganization + R"(","sub_delegation_id":"shanghai-trade"})",
                             event.payload);
    }

    void thePreviewShowsEverything()
    {
        Applicant applicant;
        applicant.complete();
        const Heard heard = applicant.preview();
        CPPUNIT_ASSERT(heard.body["may_submit"] == true);
        CPPUNIT_ASSERT(heard.body.contains("pages"));
        CPPUNIT_ASSERT(heard.body["pages"]["contacts"] == Applicant::contactsPage());
        CPPUNIT_ASSERT(heard.body["pages"]["intention"] == Applicant::intentionPage());
    }

    void onlyWhatIsCorrectIsSubmitted()
    {
        Applicant applicant;
        applicant.complete();
        Json page = Applicant::contactsPage();
        page["contacts"][0]["mail"] = "sample.example.org";
        applicant.save("contacts", page);
        const Heard heard = applicant.submit();
        CPPUNIT_ASSERT_EQUAL(409, heard.status);
        CPPUNIT_ASSERT(heard.body["parameters"]["guards"][0]["page"] == "contacts");
        CPPUNIT_ASSERT(heard.body["parameters"]["guards"][0]["pointer"] == "/contacts/0/mail");
    }

    void organizationAndPersonsMustBothBeSubmitted()
    {
        Applicant applicant;
        applicant.complete();
        applicant.run([](const Work& work) {
            work.remove(work.rows().person("person-" + kOrganization).value());
        });
        applicant.addPerson("saved", PersonState::Saved);
        CPPUNIT_ASSERT_EQUAL(409, applicant.submit().status);
    }

    void onePersonIsSubmittedBefore()
    {
        Applicant applicant;
        applicant.complete();
        applicant.run([](const Work& work) {
            work.remove(work.rows().person("person-" + kOrganization).value());
        });
        const Heard none = applicant.submit();
        CPPUNIT_ASSERT_EQUAL(409, none.status);
        CPPUNIT_ASSERT(none.body["parameters"]["rule"] == "R-123");
        applicant.addPerson("gone", PersonState::Canceled);
        CPPUNIT_ASSERT_EQUAL(409, applicant.submit().status);
        applicant.addPerson("submitted");
        CPPUNIT_ASSERT_EQUAL(200, applicant.submit().status);
    }

    void unsubmittedPersonsAreCounted()
    {
        Applicant applicant;
        applicant.complete();
        applicant.addPerson("saved-1", PersonState::Saved);
        applicant.addPerson("saved-2", PersonState::Saved);
        CPPUNIT_ASSERT(applicant.preview().body["persons_to_submit"] == 2);
    }

    void thePreviewRemindsToSubmitBoth()
    {
        Applicant applicant;
        applicant.complete();
        CPPUNIT_ASSERT(applicant.preview().body["reminder"].contains("zh"));
    }

    void thePresentPolicyIsAgreedTo()
    {
        Applicant applicant;
        applicant.complete();
        applicant.putOfEdition(
            "policy.put", {{"version", "2"}, {"address", "/privacy/2"}}, {{"kind", "privacy"}});
        const Heard heard = applicant.submit();
        CPPUNIT_ASSERT_EQUAL(409, heard.status);
        CPPUNIT_ASSERT(heard.body["parameters"]["rule"] == "R-126");
        applicant.agree(kOrganization, "privacy", "2");
        CPPUNIT_ASSERT_EQUAL(200, applicant.submit().status);
    }

    void aProofOfQualificationIsUploaded()
    {
        Applicant applicant;
        applicant.complete();
        applicant.run([](const Work& work) {
            Organization changed = work.rows().organization(kOrganization).value();
            changed.licence = "none";
            work.rows().update(changed);
        });
        const Heard heard = applicant.submit();
        CPPUNIT_ASSERT_EQUAL(409, heard.status);
        CPPUNIT_ASSERT(heard.body["parameters"]["guards"][0]["page"] == "licence");
    }

    void classesOfTheMainlandAreTheEditions()
    {
        Applicant applicant;
        applicant.registered(kOrganization, "government_department");
        CPPUNIT_ASSERT(Applicant::names(applicant.preview().body["guards"], "R-001"));
        applicant.registered(kOtherOrganization, "government_organ");
        CPPUNIT_ASSERT(
            !Applicant::names(applicant.preview(kOtherOrganization).body["guards"], "R-001"));
    }

    void classesOfOverseasAreTheEditions()
    {
        Applicant applicant;
        applicant.registered(kOrganization, "public_institution", "overseas");
        CPPUNIT_ASSERT(Applicant::names(applicant.preview().body["guards"], "R-002"));
        applicant.registered(kOtherOrganization, "other", "overseas");
        CPPUNIT_ASSERT(
            !Applicant::names(applicant.preview(kOtherOrganization).body["guards"], "R-002"));
    }

    void overseasNeedsNoDelegation()
    {
        Applicant applicant;
        applicant.registered(kOrganization, "enterprise", "overseas");
        const Heard heard =
            applicant.save("organization", {{"name", "Sample"}, {"purposes", {"purchase"}}});
        CPPUNIT_ASSERT(heard.body["missing"].empty());
        CPPUNIT_ASSERT(!Applicant::names(applicant.preview().body["guards"], "R-003"));
    }

    void oneCodeAppliesOnce()
    {
        Applicant applicant;
        applicant.complete();
        applicant.submit();
        applicant.complete(kOtherOrganization);
        Json page = Applicant::organizationPage();
        applicant.save("organization", page, kOtherOrganization);
        const Heard heard = applicant.submit(kOtherOrganization);
        CPPUNIT_ASSERT_EQUAL(409, heard.status);
        CPPUNIT_ASSERT(heard.body["parameters"]["rule"] == "R-029");
        CPPUNIT_ASSERT(heard.body.dump().find(kOrganization) == std::string::npos);
        page["social_credit_code"] = kOtherCode;
        applicant.save("organization", page, kOtherOrganization);
        CPPUNIT_ASSERT_EQUAL(200, applicant.submit(kOtherOrganization).status);
    }

    void afterTheDeadlineNothingIsSubmitted()
    {
        Applicant applicant;
        applicant.complete();
        applicant.desk.fake.clock().set(kAfterTheDeadlineMs);
        const Heard late = applicant.submit();
        CPPUNIT_ASSERT_EQUAL(409, late.status);
        CPPUNIT_ASSERT(late.body["parameters"]["rule"] == "R-370");
        applicant.desk.fake.clock().set(kAfterTheDeadlineMs - 1);
        CPPUNIT_ASSERT_EQUAL(200, applicant.submit().status);
    }

    void anExceptionFromTheDeadlineIsNotedAndCounts()
    {
        Applicant applicant;
        applicant.complete();
        applicant.desk.fake.clock().set(kAfterTheDeadlineMs);
        CPPUNIT_ASSERT_EQUAL(200, grant(applicant, kOrganizer, "2026-10-21T12:00:00+08:00").status);
        const Heard history = applicant.look("organization.history", contactOf(kOrganization));
        CPPUNIT_ASSERT(history.body["history"][0]["event"] == "grant_exception");
        CPPUNIT_ASSERT(history.body["history"][0]["actor"] == "person:organizer");
        CPPUNIT_ASSERT_EQUAL(200, applicant.submit().status);
    }

    void onlyTheOrganizerGrantsExceptions()
    {
        Applicant applicant;
        applicant.complete();
        for (const Visitor& who : {contactOf(kOrganization), clerkOf("shanghai")}) {
            CPPUNIT_ASSERT_EQUAL(404, grant(applicant, who, "2026-10-25T12:00:00+08:00").status);
        }
        CPPUNIT_ASSERT_EQUAL(422, grant(applicant, kOrganizer, "tomorrow").status);
    }

    void aVerifiedPastEnterprisePassesByItself()
    {
        Applicant applicant;
        applicant.complete();
        makeVerifiedPast(applicant);
        applicant.desk.published();
        const Heard heard = applicant.submit();
        CPPUNIT_ASSERT_EQUAL(200, heard.status);
        CPPUNIT_ASSERT(heard.body["state"] == "approved");
        CPPUNIT_ASSERT(heard.body["why"].contains("zh"));
        CPPUNIT_ASSERT(applicant.desk.published() ==
                       (std::vector<std::string>{"organization.submitted",
                                                 "organization.approved",
                                                 "person.to_be_paid",
                                                 "organization.payment_due"}));
        CPPUNIT_ASSERT_EQUAL(std::string("to_be_paid"),
                             applicant.personState("person-" + kOrganization));
    }

    void whoDoesNotPassByItselfReadsWhy()
    {
        Applicant fresh;
        fresh.complete();
        CPPUNIT_ASSERT(fresh.submit().body["reason"] == "new_organization");

        Applicant unread;
        unread.complete();
        makeVerifiedPast(unread);
        unread.run([](const Work& work) {
            Organization changed = work.rows().organization(kOrganization).value();
            changed.licence = "mismatch";
            work.rows().update(changed);
        });
        const Heard heard = unread.submit();
        CPPUNIT_ASSERT(heard.body["state"] == "submitted");
        CPPUNIT_ASSERT(heard.body["reason"] == "licence_not_verified");
        CPPUNIT_ASSERT(heard.body["why"].contains("en"));

        Applicant fourth("ciie-4");
        fourth.complete();
        CPPUNIT_ASSERT(fourth.submit().body["reason"] == "no_automatic_review");
    }

    void personsOfTheFourthEditionWaitForTheReview()
    {
        Applicant applicant("ciie-4");
        applicant.complete();
        applicant.run([](const Work& work) {
            Person person = work.rows().person("person-" + kOrganization).value();
            work.remove(person);
            person.person_id = "reuses";
            person.reuse = true;
            work.add(person);
            person.person_id = "new";
            person.reuse = false;
            work.add(person);
        });
        applicant.submit();
        CPPUNIT_ASSERT_EQUAL(std::string("to_be_locked"), applicant.personState("reuses"));
        CPPUNIT_ASSERT_EQUAL(std::string("submitted"), applicant.personState("new"));
    }

    void whatWasSubmittedIsNotSubmittedAgain()
    {
        Applicant applicant;
        applicant.complete();
        applicant.submit();
        const Heard heard = applicant.submit();
        CPPUNIT_ASSERT_EQUAL(409, heard.status);
        CPPUNIT_ASSERT(heard.body["code"] == "organization_state");
        CPPUNIT_ASSERT_EQUAL(1, applicant.desk.fake.countPublished("organization.submitted"));
    }

    void anArchivedEditionTakesNothing()
    {
        Applicant applicant;
        applicant.run([](const Work& work) {
            Organization past;
            past.organization_id = kPastOrganization;
            past.edition = "ciie-6";
            past.state = OrganizationState::Archived;
            work.add(past);
        });
        const Heard heard = applicant.submit(kPastOrganization);
        CPPUNIT_ASSERT_EQUAL(409, heard.status);
        CPPUNIT_ASSERT(heard.body["code"] == "edition_archived");
        CPPUNIT_ASSERT_EQUAL(
            200,
            applicant.look("organization.show", contactOf(kPastOrganization), kPastOrganization)
                .status);
    }
};

HUB_TEST_SUITE_REGISTRATION(SubmissionsTest, "submissions");

} // namespace

} // namespace registration::test
