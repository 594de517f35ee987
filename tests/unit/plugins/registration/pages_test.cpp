// Goal: the pages are the edition's forms: every field is asked for by its rule, drafts are kept
// whatever is missing and never merged silently, nobody sees another organization's. Method: the
// plugin on the fake hub; one test for each rule.
#include "applicant.hpp"
#include "support/suite.hpp"

namespace registration::test {

namespace {

class PagesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PagesTest);
    CPPUNIT_TEST(aDraftIsKeptWhateverIsMissing);
    CPPUNIT_TEST(savingIsAnnouncedEveryFewSeconds);
    CPPUNIT_TEST(theSameContentIsNoNewRevision);
    CPPUNIT_TEST(anotherRevisionIsNeverOverwritten);
    CPPUNIT_TEST(whatNoFormHasIsRefused);
    CPPUNIT_TEST(nobodySeesAnotherOrganizationsPage);
    CPPUNIT_TEST(consentComesBeforeTheFirstPage);
    CPPUNIT_TEST(theRegionIsShown);
    CPPUNIT_TEST(classesAreThoseOfTheRegion);
    CPPUNIT_TEST(theHotlineIsShown);
    CPPUNIT_TEST(theNameIsAsked);
    CPPUNIT_TEST(theCodeIsAskedAndChecked);
    CPPUNIT_TEST(theMainlandJoinsADelegation);
    CPPUNIT_TEST(overseasJoinsNoDelegation);
    CPPUNIT_TEST(theSubDelegationIsOfTheDelegation);
    CPPUNIT_TEST(aDelegationWithoutAreaIsForItsOwn);
    CPPUNIT_TEST(theDelegationFitsThePlaceOfTheCode);
    CPPUNIT_TEST(aReferralCodeIsOptional);
    CPPUNIT_TEST(anUnknownReferralCodeOnlyWarns);
    CPPUNIT_TEST(anotherDelegationsReferralCodeWarns);
    CPPUNIT_TEST(purposesAreTheEditions);
    CPPUNIT_TEST(contactsAreChecked);
    CPPUNIT_TEST(amountsOfTheComingYearAreAsked);
    CPPUNIT_TEST(amountsOfFiveYearsAreAsked);
    CPPUNIT_TEST(countriesHaveAStage);
    CPPUNIT_TEST(industriesAreOfTheTree);
    CPPUNIT_TEST(zonesCanBeChosen);
    CPPUNIT_TEST(zonesAreListed);
    CPPUNIT_TEST(typedWordsAreMatched);
    CPPUNIT_TEST(wordsWithoutAMatchStayAsTyped);
    CPPUNIT_TEST(aReturnedApplicationCanBeChanged);
    CPPUNIT_TEST(aSubmittedPageIsFrozenButContactsAreNot);
    CPPUNIT_TEST(theCodeNeverChangesAfterSubmission);
    CPPUNIT_TEST(nothingPersonalIsReadableAtRest);
    CPPUNIT_TEST_SUITE_END();

    static bool offers(const Heard& page, const std::string& name)
    {
        for (const Json& field : page.body["fields"]) {
            if (field["name"] == name) {
                return field["title"].contains("en") && field["title"].contains("zh");
            }
        }
        return false;
    }

    static void putTree(Applicant& applicant)
    {
        const auto node =
            [](const char* id, const char* parent, const char* en, const char* zh, bool zone) {
                return Json{{"node_id", id},
                            {"parent_id", parent},
                            {"name", {{"en", en}, {"zh", zh}}},
                            {"zone", zone}};
            };
        const Json nodes = {node("health", "", "Health", "医疗", false),
                            node("elderly", "health", "Elderly care", "康复养老", true),
                            node("devices", "health", "Medical devices", "医疗器械", false),
                            node("bandages", "devices", "Bandages", "绷带", false)};
        const Heard heard = applicant.putOfEdition("industries.put", {{"nodes", nodes}});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 200, heard.status);
    }

    static Json with(Json page, const char* name, const Json& value)
    {
        page[name] = value;
        return page;
    }

public:
    void aDraftIsKeptWhateverIsMissing()
    {
        Applicant applicant;
        applicant.registered();
        const Heard heard = applicant.save("organization", {{"social_credit_code", "9131"}});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 200, heard.status);
        CPPUNIT_ASSERT(!heard.body["violations"].empty());
        const Heard again = applicant.page("organization");
        CPPUNIT_ASSERT(again.body["document"]["social_credit_code"] == "9131");
        CPPUNIT_ASSERT(again.body["revision"] == 1);
    }

    void savingIsAnnouncedEveryFewSeconds()
    {
        Applicant applicant;
        applicant.registered();
        CPPUNIT_ASSERT(applicant.page("organization").body["draft_save_s"] == 5);
    }

    void theSameContentIsNoNewRevision()
    {
        Applicant applicant;
        applicant.registered();
        applicant.save("contacts", Applicant::contactsPage());
        // Its answer was lost: the client repeats it, upon the revision that it knows.
        const Heard again = applicant.desk.write(
            "page.put",
            contactOf(kOrganization),
            {{"path", {{"organization_id", kOrganization}, {"page", "contacts"}}},
             {"if_match", "\"0\""},
             {"body", Applicant::contactsPage()}});
        CPPUNIT_ASSERT_EQUAL(200, again.status);
        CPPUNIT_ASSERT(again.body["revision"] == 1);
    }

    void anotherRevisionIsNeverOverwritten()
    {
        Applicant applicant;
        applicant.registered();
        applicant.save("contacts", Applicant::contactsPage());
        Json parts = {{"path", {{"organization_id", kOrganization}, {"page", "contacts"}}},
                      {"if_match", "\"0\""},
                      {"body", {{"contacts", Json::array()}}}};
        const Heard late = applicant.desk.write("page.put", contactOf(kOrganization), parts);
        CPPUNIT_ASSERT_EQUAL(412, late.status);
        CPPUNIT_ASSERT(late.body["parameters"]["revision"] == 1);
        CPPUNIT_ASSERT(late.body["parameters"]["document"] == Applicant::contactsPage());
        parts.erase("if_match");
        const Heard blind = applicant.desk.write("page.put", contactOf(kOrganization), parts);
        CPPUNIT_ASSERT_EQUAL(428, blind.status);
        CPPUNIT_ASSERT(applicant.page("contacts").body["document"] == Applicant::contactsPage());
    }

    void whatNoFormHasIsRefused()
    {
        Applicant applicant;
        applicant.registered();
        const Heard unknown = applicant.save("organization", {{"colour", "red"}});
        CPPUNIT_ASSERT_EQUAL(422, unknown.status);
        CPPUNIT_ASSERT(unknown.body["pointer"] == "/colour");
        const Heard misshapen = applicant.save("intention", {{"purchase_one_year", 1000}});
        CPPUNIT_ASSERT_EQUAL(422, misshapen.status);
        CPPUNIT_ASSERT(misshapen.body["pointer"] == "/purchase_one_year");
        CPPUNIT_ASSERT_EQUAL(404, applicant.save("nonsense", Json::object()).status);
    }

    void nobodySeesAnotherOrganizationsPage()
    {
        Applicant applicant;
        applicant.complete();
        const Json path = {{"path", {{"organization_id", kOrganization}, {"page", "contacts"}}}};
        for (const Visitor& who : {contactOf(kOtherOrganization), clerkOf("guangdong")}) {
            const Heard heard = applicant.desk.read("page.show", who, path);
            CPPUNIT_ASSERT_EQUAL(404, heard.status);
            const Heard nobody = applicant.desk.read(
                "page.show", who, {{"path", {{"organization_id", "none"}, {"page", "contacts"}}}});
            CPPUNIT_ASSERT_EQUAL(nobody.body.dump(), heard.body.dump());
        }
        CPPUNIT_ASSERT_EQUAL(200,
                             applicant.desk.read("page.show", clerkOf("shanghai"), path).status);
    }

    void consentComesBeforeTheFirstPage()
    {
        Applicant applicant;
        applicant.desk.registered(kOrganization);
        const Heard heard = applicant.save("contacts", Applicant::contactsPage());
        CPPUNIT_ASSERT_EQUAL(409, heard.status);
        CPPUNIT_ASSERT(heard.body["parameters"]["rule"] == "R-018");
        applicant.agree(kOrganization, "privacy", "1");
        CPPUNIT_ASSERT_EQUAL(200, applicant.save("contacts", Applicant::contactsPage()).status);
    }

    void theRegionIsShown()
    {
        Applicant applicant;
        applicant.registered(kOrganization, "enterprise", "macao");
        CPPUNIT_ASSERT(applicant.page("organization").body["region"] == "macao");
    }

    void classesAreThoseOfTheRegion()
    {
        Applicant applicant;
        applicant.registered(kOrganization, "enterprise", "overseas");
        CPPUNIT_ASSERT(applicant.page("organization").body["classes"] ==
                       applicant.desk.pack()["classes"]["overseas"]);
    }

    void theHotlineIsShown()
    {
        Applicant applicant;
        applicant.registered();
        CPPUNIT_ASSERT(applicant.page("organization").body["hotline"] == "+86-21-968888");
    }

    void theNameIsAsked()
    {
        Applicant applicant;
        applicant.registered();
        CPPUNIT_ASSERT(Applicant::names(applicant.page("organization").body["missing"], "R-026"));
    }

    void theCodeIsAskedAndChecked()
    {
        Applicant applicant;
        applicant.registered();
        CPPUNIT_ASSERT(Applicant::names(applicant.page("organization").body["missing"], "R-027"));
        const Heard wrong = applicant.save(
            "organization",
            with(Applicant::organizationPage(), "social_credit_code", "91310000MAXHUB0140"));
        CPPUNIT_ASSERT(Applicant::names(wrong.body["violations"], "R-027"));
        CPPUNIT_ASSERT(wrong.body["violations"][0]["message"].contains("zh"));
    }

    void theMainlandJoinsADelegation()
    {
        Applicant applicant;
        applicant.registered();
        CPPUNIT_ASSERT(Applicant::names(applicant.page("organization").body["missing"], "R-003"));
        const Heard heard = applicant.save(
            "organization", with(Applicant::organizationPage(), "delegation_id", "nowhere"));
        CPPUNIT_ASSERT(Applicant::names(heard.body["violations"], "R-003"));
    }

    void overseasJoinsNoDelegation()
    {
        Applicant applicant;
        applicant.registered(kOrganization, "enterprise", "overseas");
        const Heard page = applicant.page("organization");
        CPPUNIT_ASSERT(offers(page, "name"));
        CPPUNIT_ASSERT(!offers(page, "delegation_id"));
        CPPUNIT_ASSERT(!offers(page, "social_credit_code"));
        CPPUNIT_ASSERT_EQUAL(std::string("none"), applicant.organization().delegation_id);
    }

    void theSubDelegationIsOfTheDelegation()
    {
        Applicant applicant;
        applicant.registered();
        Json page = Applicant::organizationPage();
        page["sub_delegation_id"] = "";
        CPPUNIT_ASSERT(
            Applicant::names(applicant.save("organization", page).body["missing"], "R-023"));
        page["delegation_id"] = "guangdong";
        page["sub_delegation_id"] = "shanghai-trade";
        CPPUNIT_ASSERT(
            Applicant::names(applicant.save("organization", page).body["violations"], "R-023"));
        page["sub_delegation_id"] = "";
        CPPUNIT_ASSERT(
            !Applicant::names(applicant.save("organization", page).body["missing"], "R-023"));
    }

    void aDelegationWithoutAreaIsForItsOwn()
    {
        Applicant applicant;
        applicant.registered();
        Json page = Applicant::organizationPage();
        page.erase("sub_delegation_id");
        page["delegation_id"] = "central";
        const Heard heard = applicant.save("organization", page);
        CPPUNIT_ASSERT(Applicant::names(heard.body["warnings"], "R-024"));
        CPPUNIT_ASSERT(!Applicant::names(heard.body["warnings"], "R-025"));
    }

    void theDelegationFitsThePlaceOfTheCode()
    {
        Applicant applicant;
        applicant.registered();
        Json page = Applicant::organizationPage();
        page.erase("sub_delegation_id");
        page["delegation_id"] = "guangdong";
        const Heard heard = applicant.save("organization", page);
        CPPUNIT_ASSERT(Applicant::names(heard.body["warnings"], "R-025"));
        CPPUNIT_ASSERT(heard.body["violations"].empty());
    }

    void aReferralCodeIsOptional()
    {
        Applicant applicant;
        applicant.registered();
        CPPUNIT_ASSERT(offers(applicant.page("organization"), "referral_code"));
        CPPUNIT_ASSERT(!Applicant::names(applicant.page("organization").body["missing"], "R-030"));
        const Heard heard = applicant.save(
            "organization", with(Applicant::organizationPage(), "referral_code", "q 2021089"));
        CPPUNIT_ASSERT_EQUAL(200, heard.status);
        CPPUNIT_ASSERT_EQUAL(std::string("Q2021089"), applicant.organization().referral_code);
    }

    void anUnknownReferralCodeOnlyWarns()
    {
        Applicant applicant;
        applicant.registered();
        const Json page = with(Applicant::organizationPage(), "referral_code", "Q2021089");
        const Heard unknown = applicant.save("organization", page);
        CPPUNIT_ASSERT(Applicant::names(unknown.body["warnings"], "R-031"));
        CPPUNIT_ASSERT(unknown.body["violations"].empty());
        const Json code = {
            {"code", "q2021089"}, {"owner_kind", "partner"}, {"owner_id", "partner-1"}};
        applicant.putOfEdition("referral_codes.put", {{"codes", Json::array({code})}});
        CPPUNIT_ASSERT(applicant.page("organization").body["warnings"].empty());
        CPPUNIT_ASSERT(applicant.seeOfEdition("referral_codes.list").body["codes"][0]["code"] ==
                       "Q2021089");
    }

    void anotherDelegationsReferralCodeWarns()
    {
        Applicant applicant;
        applicant.registered();
        const Json code = {
            {"code", "Q2021089"}, {"owner_kind", "delegation"}, {"owner_id", "guangdong"}};
        applicant.putOfEdition("referral_codes.put", {{"codes", Json::array({code})}});
        const Heard heard = applicant.save(
            "organization", with(Applicant::organizationPage(), "referral_code", "Q2021089"));
        CPPUNIT_ASSERT(Applicant::names(heard.body["warnings"], "R-032"));
    }

    void purposesAreTheEditions()
    {
        Applicant applicant;
        applicant.registered();
        const Heard page = applicant.page("organization");
        CPPUNIT_ASSERT(Applicant::names(page.body["missing"], "R-075"));
        CPPUNIT_ASSERT(page.body["fields"].back()["choices"].size() == 3);
        CPPUNIT_ASSERT(page.body["fields"].back()["choices"][2]["title"]["zh"] == "招商引资");
        const Heard heard = applicant.save(
            "organization", with(Applicant::organizationPage(), "purposes", {"holidays"}));
        CPPUNIT_ASSERT(Applicant::names(heard.body["violations"], "R-075"));
        CPPUNIT_ASSERT_EQUAL(std::string("/purposes/0"),
                             heard.body["violations"][0].value("pointer", std::string()));
    }

    void contactsAreChecked()
    {
        Applicant applicant;
        applicant.registered();
        CPPUNIT_ASSERT(Applicant::names(applicant.page("contacts").body["missing"], "R-060"));
        Json page = Applicant::contactsPage();
        page["contacts"].push_back(
            {{"name", "样本乙"}, {"phone", "1990000"}, {"mail", "sample.example.org"}});
        const Heard heard = applicant.save("contacts", page);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, heard.body["violations"].size());
        CPPUNIT_ASSERT(heard.body["violations"][0]["pointer"] == "/contacts/1/phone");
        CPPUNIT_ASSERT(heard.body["violations"][1]["pointer"] == "/contacts/1/mail");
    }

    void amountsOfTheComingYearAreAsked()
    {
        Applicant applicant;
        applicant.registered();
        CPPUNIT_ASSERT(Applicant::names(applicant.page("intention").body["missing"], "R-061"));
        const Heard heard = applicant.save(
            "intention",
            with(Applicant::intentionPage(), "purchase_one_year", {{"from", 2000}, {"to", 1000}}));
        CPPUNIT_ASSERT(Applicant::names(heard.body["violations"], "R-061"));
    }

    void amountsOfFiveYearsAreAsked()
    {
        Applicant applicant;
        applicant.registered();
        CPPUNIT_ASSERT(Applicant::names(applicant.page("intention").body["missing"], "R-062"));
        const Heard heard = applicant.save(
            "intention", with(Applicant::intentionPage(), "purchase_five_years", {{"from", 2000}}));
        CPPUNIT_ASSERT(Applicant::names(heard.body["missing"], "R-062"));
    }

    void countriesHaveAStage()
    {
        Applicant applicant;
        applicant.registered();
        CPPUNIT_ASSERT(offers(applicant.page("intention"), "countries"));
        const Json rows = {{{"country", "DEU"}, {"stage", "forecast"}},
                           {{"country", "Utopia"}, {"stage", "forecast"}}};
        const Heard heard =
            applicant.save("intention", with(Applicant::intentionPage(), "countries", rows));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, heard.body["violations"].size());
        CPPUNIT_ASSERT(heard.body["violations"][0]["pointer"] == "/countries/1");
    }

    void industriesAreOfTheTree()
    {
        Applicant applicant;
        applicant.registered();
        putTree(applicant);
        CPPUNIT_ASSERT(Applicant::names(applicant.page("intention").body["missing"], "R-065"));
        Json page = Applicant::intentionPage();
        page["industries"] = {"bandages", "rockets"};
        const Heard heard = applicant.save("intention", page);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, heard.body["violations"].size());
        CPPUNIT_ASSERT(heard.body["violations"][0]["pointer"] == "/industries/1");
    }

    void zonesCanBeChosen()
    {
        Applicant applicant;
        applicant.registered();
        putTree(applicant);
        const Heard heard = applicant.save(
            "intention", with(Applicant::intentionPage(), "industries", {"elderly"}));
        CPPUNIT_ASSERT(heard.body["violations"].empty());
    }

    void zonesAreListed()
    {
        Applicant applicant;
        putTree(applicant);
        bool is_listed = false;
        const Heard heard = applicant.seeOfEdition("industries.list");
        for (const Json& node : heard.body["nodes"]) {
            is_listed =
                is_listed || (node["node_id"] == "elderly" && node["name"]["zh"] == "康复养老");
        }
        CPPUNIT_ASSERT(is_listed);
    }

    void typedWordsAreMatched()
    {
        Applicant applicant;
        applicant.registered();
        putTree(applicant);
        Json page = Applicant::intentionPage();
        page["typed_products"] = {"medical DEVICES", "绷带卷"};
        const Heard heard = applicant.save("intention", page);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, heard.body["matches"].size());
        CPPUNIT_ASSERT(heard.body["matches"][0]["nodes"] == Json::array({"devices"}));
        CPPUNIT_ASSERT(heard.body["matches"][1]["nodes"] == Json::array({"bandages"}));
        const Heard asked =
            applicant.seeOfEdition("industries.match", kOrganizer, {{"words", "医疗"}});
        CPPUNIT_ASSERT(asked.body["nodes"] == Json::array({"health", "devices"}));
    }

    void wordsWithoutAMatchStayAsTyped()
    {
        Applicant applicant;
        applicant.registered();
        putTree(applicant);
        const Heard heard = applicant.save("intention", Applicant::intentionPage());
        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 200, heard.status);
        CPPUNIT_ASSERT(heard.body["missing"].empty());
        CPPUNIT_ASSERT(heard.body["document"]["typed_products"] == Json::array({"样本产品"}));
    }

    void aReturnedApplicationCanBeChanged()
    {
        Applicant applicant;
        applicant.complete();
        applicant.submit();
        applicant.act("organization.review",
                      clerkOf("shanghai"),
                      {{"decision", "return"}, {"reason", "样本"}});
        CPPUNIT_ASSERT_EQUAL(
            200,
            applicant
                .save("organization", with(Applicant::organizationPage(), "name", "样本单位乙"))
                .status);
    }

    void aSubmittedPageIsFrozenButContactsAreNot()
    {
        Applicant applicant;
        applicant.complete();
        applicant.submit();
        const Heard frozen = applicant.save(
            "organization", with(Applicant::organizationPage(), "name", "样本单位乙"));
        CPPUNIT_ASSERT_EQUAL(409, frozen.status);
        CPPUNIT_ASSERT(frozen.body["code"] == "application_frozen");
        Json contacts = Applicant::contactsPage();
        contacts["contacts"][0]["name"] = "样本丙";
        CPPUNIT_ASSERT_EQUAL(200, applicant.save("contacts", contacts).status);
    }

    void theCodeNeverChangesAfterSubmission()
    {
        Applicant applicant;
        applicant.complete();
        applicant.submit();
        applicant.act("organization.review",
                      clerkOf("shanghai"),
                      {{"decision", "return"}, {"reason", "样本"}});
        const Heard heard = applicant.save(
            "organization", with(Applicant::organizationPage(), "social_credit_code", kOtherCode));
        CPPUNIT_ASSERT(!heard.body["violations"].empty());
        CPPUNIT_ASSERT_EQUAL(409, applicant.submit().status);
    }

    void nothingPersonalIsReadableAtRest()
    {
        Applicant applicant;
        applicant.complete();
        const std::string bytes = applicant.desk.fake.storeBytes();
        for (const char* personal : {"19900000001", "sample@example.org", "样本职务"}) {
            CPPUNIT_ASSERT_MESSAGE(personal, bytes.find(personal) == std::string::npos);
        }
    }
};

HUB_TEST_SUITE_REGISTRATION(PagesTest, "pages");

} // namespace

} // namespace registration::test
