// Goal: an organization is reviewed by whoever it belongs to and by nobody else; it moves only when
// both delegations agree or the organizer orders it, and its persons with it. Method: the plugin on
// the fake hub.
#include "applicant.hpp"
#include "support/suite.hpp"

namespace registration::test {

namespace {

class ReviewsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ReviewsTest);
    CPPUNIT_TEST(itsDelegationApproves);
    CPPUNIT_TEST(itsSubDelegationApproves);
    CPPUNIT_TEST(nobodyElseDecides);
    CPPUNIT_TEST(returningAndRejectingSayWhy);
    CPPUNIT_TEST(whatWasReturnedComesAgain);
    CPPUNIT_TEST(onlyWhatWasSubmittedIsDecided);
    CPPUNIT_TEST(theOrganizerReviewsWhoHasNoDelegation);
    CPPUNIT_TEST(onlyTheOrganizerDisables);
    CPPUNIT_TEST(aMoveNeedsBothDelegations);
    CPPUNIT_TEST(aMoveCanBeDeclined);
    CPPUNIT_TEST(theOrganizerOrdersAMove);
    CPPUNIT_TEST(aMoveGoesToAPlaceThatExists);
    CPPUNIT_TEST(theDelegationReassigns);
    CPPUNIT_TEST(aReleasedCodeEndsTheApplication);
    CPPUNIT_TEST(theReviewerSeesWhatItDecidesAbout);
    CPPUNIT_TEST(listsAreOfWhoeverAsks);
    CPPUNIT_TEST(listsAreFilteredAndPaged);
    CPPUNIT_TEST(theHistoryTellsWhoDidWhat);
    CPPUNIT_TEST_SUITE_END();

    static Heard review(Applicant& applicant,
                        const Visitor& who,
                        const char* decision,
                        const char* reason = "",
                        const std::string& id = kOrganization)
    {
        return applicant.act(
            "organization.review", who, {{"decision", decision}, {"reason", reason}}, id);
    }

    static void submitted(Applicant& applicant)
    {
        applicant.complete();
        const Heard heard = applicant.submit();
        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 200, heard.status);
        applicant.desk.published();
    }

    static Json to(const char* delegation, const char* sub = "")
    {
        return {{"delegation_id", delegation}, {"sub_delegation_id", sub}, {"reason", "样本原因"}};
    }

public:
    void itsDelegationApproves()
    {
        Applicant applicant;
        submitted(applicant);
        const Heard heard = review(applicant, clerkOf("shanghai"), "approve");
        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 200, heard.status);
        CPPUNIT_ASSERT(heard.body["state"] == "approved");
        CPPUNIT_ASSERT(applicant.desk.published() ==
                       (std::vector<std::string>{"organization.approved", "person.to_be_paid"}));
        CPPUNIT_ASSERT_EQUAL(std::string("person:clerk"), applicant.organization().decided_by);
    }

    void itsSubDelegationApproves()
    {
        Applicant applicant;
        submitted(applicant);
        CPPUNIT_ASSERT_EQUAL(200,
                             review(applicant, subClerkOf("shanghai-trade"), "approve").status);
    }

    void nobodyElseDecides()
    {
        Applicant applicant;
        submitted(applicant);
        for (const Visitor& who : {clerkOf("guangdong"),
                                   subClerkOf("shanghai-health"),
                                   contactOf(kOrganization),
                                   contactOf(kOtherOrganization)}) {
            CPPUNIT_ASSERT_EQUAL(404, review(applicant, who, "approve").status);
        }
        CPPUNIT_ASSERT(applicant.organization().state == OrganizationState::Submitted);
    }

    void returningAndRejectingSayWhy()
    {
        for (const auto& [decision, event] :
             {std::pair{"return", "organization.returned"}, {"reject", "organization.rejected"}}) {
            Applicant applicant;
            submitted(applicant);
            const Heard silent = review(applicant, clerkOf("shanghai"), decision);
            CPPUNIT_ASSERT_EQUAL(422, silent.status);
            CPPUNIT_ASSERT(silent.body["pointer"] == "/reason");
            const Heard heard = review(applicant, clerkOf("shanghai"), decision, "执照不清晰");
            CPPUNIT_ASSERT_EQUAL(200, heard.status);
            CPPUNIT_ASSERT(applicant.desk.published() == std::vector<std::string>{event});
            const Heard seen = applicant.look("organization.show", contactOf(kOrganization));
            CPPUNIT_ASSERT(seen.body["reason"] == "执照不清晰");
        }
    }

    void whatWasReturnedComesAgain()
    {
        Applicant applicant;
        submitted(applicant);
        review(applicant, clerkOf("shanghai"), "return", "样本原因");
        CPPUNIT_ASSERT_EQUAL(200, applicant.submit().status);
        CPPUNIT_ASSERT_EQUAL(200, review(applicant, clerkOf("shanghai"), "approve").status);
    }

    void onlyWhatWasSubmittedIsDecided()
    {
        Applicant applicant;
        applicant.complete();
        const Heard heard = review(applicant, clerkOf("shanghai"), "approve");
        CPPUNIT_ASSERT_EQUAL(409, heard.status);
        CPPUNIT_ASSERT(heard.body["parameters"]["state"] == "draft");
    }

    void theOrganizerReviewsWhoHasNoDelegation()
    {
        Applicant applicant;
        applicant.registered(kOrganization, "enterprise", "hongkong");
        applicant.save("organization", {{"name", "Sample"}, {"purposes", {"purchase"}}});
        Json contacts = Applicant::contactsPage();
        applicant.save("contacts", contacts);
        applicant.save("intention", Applicant::intentionPage());
        applicant.addPerson("one");
        applicant.run([](const Work& work) {
            Organization changed = work.rows().organization(kOrganization).value();
            changed.licence = "uploaded";
            work.rows().update(changed);
        });
        const Heard heard = applicant.submit();
        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 200, heard.status);
        CPPUNIT_ASSERT(heard.body["delegation_id"] == "none");
        CPPUNIT_ASSERT_EQUAL(404, review(applicant, clerkOf("shanghai"), "approve").status);
        CPPUNIT_ASSERT_EQUAL(200, review(applicant, kOrganizer, "approve").status);
        const Heard list =
            applicant.seeOfEdition("organizations.list", kOrganizer, {{"delegation_id", "none"}});
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, list.body["organizations"].size());
    }

    void onlyTheOrganizerDisables()
    {
        Applicant applicant;
        submitted(applicant);
        review(applicant, clerkOf("shanghai"), "approve");
        const Json body = {{"reason", "样本原因"}};
        CPPUNIT_ASSERT_EQUAL(
            404, applicant.act("organization.disable", clerkOf("shanghai"), body).status);
        CPPUNIT_ASSERT_EQUAL(200, applicant.act("organization.disable", kOrganizer, body).status);
        CPPUNIT_ASSERT_EQUAL(1, applicant.desk.fake.countPublished("organization.disabled"));
    }

    void aMoveNeedsBothDelegations()
    {
        Applicant applicant;
        submitted(applicant);
        CPPUNIT_ASSERT_EQUAL(
            404, applicant.act("organization.move", clerkOf("guangdong"), to("guangdong")).status);
        CPPUNIT_ASSERT_EQUAL(
            202, applicant.act("organization.move", clerkOf("shanghai"), to("guangdong")).status);
        CPPUNIT_ASSERT_EQUAL(std::string("shanghai"), applicant.organization().delegation_id);
        CPPUNIT_ASSERT_EQUAL(404,
                             applicant.act("organization.accept_move", clerkOf("shanghai")).status);
        const Heard waiting = applicant.seeOfEdition("moves.list", clerkOf("guangdong"));
        CPPUNIT_ASSERT(waiting.body["moves"][0]["organization_id"] == kOrganization);
        CPPUNIT_ASSERT(
            applicant.seeOfEdition("moves.list", clerkOf("shanghai")).body["moves"].empty());

        const Heard heard = applicant.act("organization.accept_move", clerkOf("guangdong"));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 200, heard.status);
        CPPUNIT_ASSERT(heard.body["delegation_id"] == "guangdong");
        CPPUNIT_ASSERT(applicant.desk.published() ==
                       std::vector<std::string>{"organization.moved"});
        applicant.run([](const Work& work) {
            const Person person = work.rows().person("person-" + kOrganization).value();
            CPPUNIT_ASSERT_EQUAL(std::string("guangdong"), person.delegation_id);
        });
        CPPUNIT_ASSERT_EQUAL(
            404, applicant.act("organization.accept_move", clerkOf("guangdong")).status);
    }

    void aMoveCanBeDeclined()
    {
        Applicant applicant;
        submitted(applicant);
        applicant.act("organization.move", clerkOf("shanghai"), to("guangdong"));
        CPPUNIT_ASSERT_EQUAL(
            404, applicant.act("organization.end_move", contactOf(kOrganization)).status);
        CPPUNIT_ASSERT_EQUAL(200,
                             applicant.act("organization.end_move", clerkOf("guangdong")).status);
        CPPUNIT_ASSERT_EQUAL(
            404, applicant.act("organization.accept_move", clerkOf("guangdong")).status);
    }

    void theOrganizerOrdersAMove()
    {
        Applicant applicant;
        submitted(applicant);
        review(applicant, clerkOf("shanghai"), "approve");
        const Heard heard = applicant.act("organization.move", kOrganizer, to("guangdong"));
        CPPUNIT_ASSERT_EQUAL(200, heard.status);
        CPPUNIT_ASSERT(heard.body["state"] == "submitted");
        CPPUNIT_ASSERT(heard.body["delegation_id"] == "guangdong");
        CPPUNIT_ASSERT_EQUAL(200, review(applicant, clerkOf("guangdong"), "approve").status);
    }

    void aMoveGoesToAPlaceThatExists()
    {
        Applicant applicant;
        submitted(applicant);
        for (const Json& body : {to("nowhere"),
                                 to("shanghai-trade"),
                                 to("guangdong", "shanghai-trade"),
                                 to("guangdong", "nowhere")}) {
            for (const Visitor& who : {kOrganizer, clerkOf("shanghai")}) {
                CPPUNIT_ASSERT_EQUAL_MESSAGE(
                    body.dump(), 422, applicant.act("organization.move", who, body).status);
            }
        }
        CPPUNIT_ASSERT_EQUAL(std::string("shanghai"), applicant.organization().delegation_id);
    }

    void theDelegationReassigns()
    {
        Applicant applicant;
        submitted(applicant);
        const Json body = {{"sub_delegation_id", "shanghai-health"}};
        CPPUNIT_ASSERT_EQUAL(
            404, applicant.act("organization.reassign", subClerkOf("shanghai-trade"), body).status);
        const Heard heard = applicant.act("organization.reassign", clerkOf("shanghai"), body);
        CPPUNIT_ASSERT_EQUAL(200, heard.status);
        CPPUNIT_ASSERT(heard.body["sub_delegation_id"] == "shanghai-health");
        CPPUNIT_ASSERT(heard.body["state"] == "submitted");
        CPPUNIT_ASSERT(heard.body["reason"] == "new_organization");
        CPPUNIT_ASSERT_EQUAL(200,
                             review(applicant, subClerkOf("shanghai-health"), "approve").status);
    }

    void aReleasedCodeEndsTheApplication()
    {
        for (const bool is_approved : {false, true}) {
            Applicant applicant;
            submitted(applicant);
            if (is_approved) {
                review(applicant, clerkOf("shanghai"), "approve");
            }
            const std::string payload = R"({"organization_id":")" + kOrganization + R"("})";
            const hub::Answer answer =
                applicant.desk.fake.publish("organization.code_released", "released", payload);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(answer.message, hub_status{HUB_OK}, answer.status);
            CPPUNIT_ASSERT_EQUAL(std::string(is_approved ? "disabled" : "rejected"),
                                 std::string(toText(applicant.organization().state)));
            // Whoever the code belongs to can apply with it.
            applicant.complete(kOtherOrganization);
            applicant.save("organization", Applicant::organizationPage(), kOtherOrganization);
            CPPUNIT_ASSERT_EQUAL(200, applicant.submit(kOtherOrganization).status);
        }
    }

    void theReviewerSeesWhatItDecidesAbout()
    {
        Applicant applicant;
        submitted(applicant);
        const Json page = {{"path", {{"organization_id", kOrganization}, {"page", "contacts"}}}};
        const Heard seen = applicant.desk.read("application.page", clerkOf("shanghai"), page);
        CPPUNIT_ASSERT(seen.body["document"] == Applicant::contactsPage());
        CPPUNIT_ASSERT_EQUAL(
            404, applicant.desk.read("application.page", clerkOf("guangdong"), page).status);
        for (const char* operation : {"application.show", "application.history"}) {
            CPPUNIT_ASSERT_EQUAL(200, applicant.look(operation, clerkOf("shanghai")).status);
            CPPUNIT_ASSERT_EQUAL(404, applicant.look(operation, clerkOf("guangdong")).status);
        }
    }

    void listsAreOfWhoeverAsks()
    {
        Applicant applicant;
        submitted(applicant);
        const auto count = [&](const Visitor& who) {
            const Heard heard = applicant.seeOfEdition("organizations.list", who);
            return heard.status == 200 ? static_cast<int>(heard.body["organizations"].size()) : -1;
        };
        CPPUNIT_ASSERT_EQUAL(1, count(kOrganizer));
        CPPUNIT_ASSERT_EQUAL(1, count(clerkOf("shanghai")));
        CPPUNIT_ASSERT_EQUAL(1, count(subClerkOf("shanghai-trade")));
        CPPUNIT_ASSERT_EQUAL(0, count(subClerkOf("shanghai-health")));
        CPPUNIT_ASSERT_EQUAL(0, count(clerkOf("guangdong")));
        CPPUNIT_ASSERT_EQUAL(-1, count(contactOf(kOrganization)));
        const Heard heard = applicant.seeOfEdition("organizations.list", clerkOf("shanghai"));
        CPPUNIT_ASSERT(heard.body["totals"] == Json({{"submitted", 1}}));
    }

    void listsAreFilteredAndPaged()
    {
        Applicant applicant;
        applicant.run([](const Work& work) {
            for (int i = 1; i <= 5; ++i) {
                Organization one;
                one.organization_id = "org-" + std::to_string(i);
                one.edition = kEdition;
                one.region = "mainland";
                one.name = i == 5 ? "100% 样本" : "样本单位" + std::to_string(i);
                one.social_credit_code = i == 1 ? kCode : "";
                one.delegation_id = "shanghai";
                one.state = i == 2 ? OrganizationState::Approved : OrganizationState::Submitted;
                one.submitted_ms = 1000 * (6 - i);
                work.add(one);
            }
        });
        const auto ids = [&](const Json& query) {
            const Heard heard =
                applicant.seeOfEdition("organizations.list", clerkOf("shanghai"), query);
            std::string all;
            for (const Json& one : heard.body["organizations"]) {
                all += one["organization_id"].dump().substr(5, 1);
            }
            return all;
        };
        CPPUNIT_ASSERT_EQUAL(std::string("54321"), ids(Json::object()));
        CPPUNIT_ASSERT_EQUAL(std::string("2"), ids({{"state", "approved"}}));
        CPPUNIT_ASSERT_EQUAL(std::string("1"), ids({{"code", "91310000maxhub014c"}}));
        CPPUNIT_ASSERT_EQUAL(std::string("4"), ids({{"name", "单位4"}}));
        CPPUNIT_ASSERT_EQUAL(std::string("5"), ids({{"name", "%"}}));
        const Heard first =
            applicant.seeOfEdition("organizations.list", clerkOf("shanghai"), {{"limit", "2"}});
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, first.body["organizations"].size());
        CPPUNIT_ASSERT_EQUAL(std::string("32"),
                             ids({{"limit", "2"}, {"cursor", first.body["next"]}}));
        CPPUNIT_ASSERT(first.body["totals"]["submitted"] == 4);
        const Heard unknown =
            applicant.seeOfEdition("organizations.list", clerkOf("shanghai"), {{"state", "lost"}});
        CPPUNIT_ASSERT_EQUAL(422, unknown.status);
    }

    void theHistoryTellsWhoDidWhat()
    {
        Applicant applicant;
        submitted(applicant);
        review(applicant, clerkOf("shanghai"), "return", "样本原因");
        const Heard heard = applicant.look("organization.history", contactOf(kOrganization));
        const Json& last = heard.body["history"].back();
        CPPUNIT_ASSERT(last["event"] == "return");
        CPPUNIT_ASSERT(last["before"] == "submitted");
        CPPUNIT_ASSERT(last["after"] == "returned");
        CPPUNIT_ASSERT(last["actor"] == "person:clerk");
        CPPUNIT_ASSERT(last["reason"] == "样本原因");
        CPPUNIT_ASSERT_EQUAL(404,
                             applicant.look("organization.history", clerkOf("guangdong")).status);
    }
};

HUB_TEST_SUITE_REGISTRATION(ReviewsTest, "reviews");

} // namespace

} // namespace registration::test
