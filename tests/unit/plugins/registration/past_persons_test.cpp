// Goal: persons of past editions are found, brought in anew or with their badges, one or many; a
// badge is used again only by whom its edition passed, while its face stays the same, and for the
// fee that was told before (requirements 2.10, 4.5, C-03, C-06, E-07 to E-11). Method: the plugin
// on the fake hub, with archived organizations of two past editions.
#include "reception.hpp"

#include <optional>

namespace registration::test {

namespace {

std::string idIn(Json result)
{
    return result["new_person_id"];
}

const std::string kSixth = "01980000-0000-7000-8000-000000000006";
const std::string kFifth = "01980000-0000-7000-8000-000000000005";
const std::string kVisitor = "past-visitor"; // of the sixth edition, passed
const std::string kVip = "past-vip";         // of the sixth edition, passed
const std::string kFailed = "past-failed";   // of the sixth edition, did not pass
const std::string kOld = "past-old";         // of the fifth edition, passed

class PastPersonsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PastPersonsTest);
    CPPUNIT_TEST(pastPersonsAreListed);
    CPPUNIT_TEST(whoDidNotApplyYetMayApplyAnewOrReuse);
    CPPUNIT_TEST(onlyWhoPassedInANamedEditionMayReuse);
    CPPUNIT_TEST(theFaceOfTheBadgeStaysTheSame);
    CPPUNIT_TEST(whatDiffersIsNamedFieldByField);
    CPPUNIT_TEST(theBadgeMustBeKept);
    CPPUNIT_TEST(onlyWhoEntersAsAPastVisitorHasPastPersons);
    CPPUNIT_TEST(theReuseBringsTheDataAndIsSubmitted);
    CPPUNIT_TEST(pastPersonsAreFoundByEditionNumberAndStatus);
    CPPUNIT_TEST(manyAreBroughtAtOnce);
    CPPUNIT_TEST(theFeeIsToldAsAnAmountBefore);
    CPPUNIT_TEST(theReuseCostsItsPartOfTheFee);
    CPPUNIT_TEST(theReuseShowsInTheList);
    CPPUNIT_TEST(toApplyAnewIsAlwaysOffered);
    CPPUNIT_TEST(withoutTheRightOnlyANewBadgeIsOffered);
    CPPUNIT_TEST(aFreeBadgeNeedsAFreePlace);
    CPPUNIT_TEST(theReuseIsAppliedForOnline);
    CPPUNIT_TEST(photosComeAlong);
    CPPUNIT_TEST(aPeriodWithoutReuseMeansANewBadge);
    CPPUNIT_TEST(aChangeOfTheFaceIsToldAndMakesANewBadge);
    CPPUNIT_TEST(nobodyIsBroughtTwice);
    CPPUNIT_TEST(aUsedDocumentIsNotBrought);
    CPPUNIT_TEST(othersPastPersonsDoNotExist);
    CPPUNIT_TEST(whoWasErasedIsNotBrought);
    CPPUNIT_TEST(theFourthEditionBringsTheCategoryAndWaitsForTheLock);
    CPPUNIT_TEST_SUITE_END();

    struct Past {
        explicit Past(const std::string& edition = kEdition)
            : reception(edition, kSixth)
            , sixth(edition == "ciie-4" ? "ciie-3" : "ciie-6")
        {
            enter(kSixth, sixth, kFifth);
            enter(kFifth, edition == "ciie-4" ? "ciie-2" : "ciie-5", "");
            add(kVisitor, kSixth, "样本甲", kFemaleNumber, "visitor", "passed");
            add(kVip, kSixth, "样本乙", kMaleNumber, "vip", "passed");
            add(kFailed, kSixth, "样本丙", kOtherNumber, "visitor", "failed");
            add(kOld, kFifth, "样本丁", "440524188001010014", "visitor", "passed");
        }

        void enter(const std::string& id, const std::string& edition, const std::string& past)
        {
            Organization made;
            made.organization_id = id;
            made.edition = edition;
            made.name = "样本单位";
            made.delegation_id = "shanghai";
            made.past_organization_id = past;
            made.state = OrganizationState::Archived;
            reception.floor.run([&](const Work& work) { work.add(made); });
            organizations[id] = made;
        }

        void add(const std::string& id,
                 const std::string& organization_id,
                 const std::string& name,
                 const std::string& number,
                 const std::string& category,
                 const std::string& ended)
        {
            Person made = reception.floor.person(id, organizations.at(organization_id));
            made.document = completeForm(name, number);
            made.document["document_key"] = "resident_card:" + number;
            made.document_key = "resident_card:" + number;
            made.summary["name"] = name;
            made.state = PersonState::Archived;
            made.reason = ended;
            made.category = category;
            made.photo = "photo-" + id;
            made.photo_key = std::string(32, 'k');
            made.created_ms = ++made_ms;
            reception.floor.add(made);
        }

        Heard apply(const Json& ids, bool reuses)
        {
            reception.floor.desk.fake.passTime(1);
            return reception.write("past_persons.apply",
                                   {{"person_ids", ids},
                                    {"reuse", reuses},
                                    {"confirmed", true},
                                    {"badge_kept", true},
                                    {"consents", kConsents}});
        }

        /// Must succeed; the new person.
        std::string applied(const std::string& id, bool reuses)
        {
            const Heard heard = apply({id}, reuses);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 200, heard.status);
            CPPUNIT_ASSERT_MESSAGE(heard.body.dump(), heard.body["done"] == 1);
            return idIn(heard.body["results"][0]);
        }

        /// The one problem of a refused application.
        Json refused(const std::string& id, bool reuses)
        {
            const Heard heard = apply({id}, reuses);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 200, heard.status);
            CPPUNIT_ASSERT_MESSAGE(heard.body.dump(), heard.body["done"] == 0);
            return heard.body["results"][0]["problem"];
        }

        Json line(const std::string& id)
        {
            const Heard heard = reception.read("past_persons.list");
            CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 200, heard.status);
            for (const Json& one : heard.body["persons"]) {
                if (one["past_person_id"] == id) {
                    return one;
                }
            }
            CPPUNIT_FAIL("not listed: " + id);
            return {};
        }

        Json shown(const std::string& id)
        {
            const Json path = {{"organization_id", kOrganization}, {"past_person_id", id}};
            const Heard heard =
                reception.floor.desk.read("past_person.show", reception.contact, {{"path", path}});
            CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 200, heard.status);
            return heard.body;
        }

        /// Filled in what a past form lacks.
        void complete(const std::string& person_id)
        {
            reception.changePerson(
                person_id, [](Person& person) { person.delivery_method = "delegation_pickup"; });
        }

        Reception reception;
        std::string sixth;
        std::map<std::string, Organization> organizations;
        std::int64_t made_ms = 0;
    };

    static bool mayReuse(const Json& line) { return has(line, "reuse"); }
    static bool has(const Json& line, const std::string& action)
    {
        const Json& actions = line.at("actions");
        return std::find(actions.begin(), actions.end(), Json(action)) != actions.end();
    }

    static bool isSame(const Json& shown, const std::string& field)
    {
        for (const Json& one : shown.at("face")) {
            if (one.at("field") == field) {
                return one.at("same") == true;
            }
        }
        CPPUNIT_FAIL("not compared: " + field);
        return false;
    }

public:
    void pastPersonsAreListed()
    {
        Past past;
        const Heard heard = past.reception.read("past_persons.list");
        CPPUNIT_ASSERT_EQUAL(std::string("样本甲 样本乙 样本丙 样本丁"), listOf(heard, "name"));
        CPPUNIT_ASSERT(heard.body["total"] == 4);
    }

    void whoDidNotApplyYetMayApplyAnewOrReuse()
    {
        Past past;
        const Json before = past.line(kVisitor);
        CPPUNIT_ASSERT(before["status"] == "not_applied");
        CPPUNIT_ASSERT(has(before, "view") && has(before, "apply_anew") && mayReuse(before));
        past.applied(kVisitor, false);
        const Json after = past.line(kVisitor);
        CPPUNIT_ASSERT(after["status"] == "saved");
        CPPUNIT_ASSERT(!has(after, "apply_anew") && !mayReuse(after));
    }

    void onlyWhoPassedInANamedEditionMayReuse()
    {
        Past past;
        CPPUNIT_ASSERT(hasReason(past.refused(kFailed, true), "reuse_not_offered", ""));
        past.reception.floor.desk.changeRules(
            Json::parse(R"([{"op":"replace","path":"/reuse/from","value":["ciie-5"]}])"));
        CPPUNIT_ASSERT(hasReason(past.refused(kVisitor, true), "reuse_not_offered", ""));
        past.applied(kOld, true);
    }

    void theFaceOfTheBadgeStaysTheSame()
    {
        Past past;
        past.reception.changeOrganization([](Organization& one) { one.name = "样本新单位"; });
        CPPUNIT_ASSERT(hasReason(past.refused(kVisitor, true), "badge_face_changed", ""));
        past.applied(kVisitor, false);
    }

    void whatDiffersIsNamedFieldByField()
    {
        Past past;
        for (const char* field :
             {"name", "organization", "delegation", "category", "photo", "admission_period"}) {
            CPPUNIT_ASSERT_MESSAGE(field, isSame(past.shown(kVisitor), field));
        }
        const std::string id = past.applied(kVisitor, true);
        past.complete(id);
        past.reception.putPhoto(id, "another photo");
        past.reception.changeOrganization([](Organization& one) { one.name = "样本新单位"; });
        const Json shown = past.shown(kVisitor);
        CPPUNIT_ASSERT(!isSame(shown, "photo") && !isSame(shown, "organization"));
        CPPUNIT_ASSERT(isSame(shown, "name"));
        const Heard heard = past.reception.submit(id);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 422, heard.status);
        CPPUNIT_ASSERT(hasReason(heard.body, "badge_face_changed", "/photo"));
        CPPUNIT_ASSERT(hasReason(heard.body, "badge_face_changed", "/organization"));
    }

    void theBadgeMustBeKept()
    {
        Past past;
        const Heard heard = past.reception.write(
            "past_persons.apply",
            {{"person_ids", {kVisitor}}, {"reuse", true}, {"confirmed", true}});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 409, heard.status);
        CPPUNIT_ASSERT(heard.body["code"] == "badge_not_kept");
    }

    void onlyWhoEntersAsAPastVisitorHasPastPersons()
    {
        Past past;
        past.reception.changeOrganization(
            [](Organization& one) { one.past_organization_id.clear(); });
        const Heard heard = past.reception.read("past_persons.list");
        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 409, heard.status);
        CPPUNIT_ASSERT(heard.body["code"] == "past_visitor_needed");
        CPPUNIT_ASSERT_EQUAL(409, past.apply({kVisitor}, true).status);
    }

    void theReuseBringsTheDataAndIsSubmitted()
    {
        Past past;
        const std::string id = past.applied(kVisitor, true);
        const Json form = past.reception.show(id).body["form"];
        CPPUNIT_ASSERT_MESSAGE(form.dump(), form["document_number"] == kFemaleNumber);
        CPPUNIT_ASSERT(form["name"] == "样本甲");
        CPPUNIT_ASSERT(form["admission_period"] == "all_days");
        past.complete(id);
        past.reception.floor.desk.published();
        const Heard heard = past.reception.submit(id);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 200, heard.status);
        const auto published = past.reception.floor.desk.published();
        CPPUNIT_ASSERT_EQUAL(std::string("badge_reuse.applied"), published.back());
        const auto& event = past.reception.floor.desk.fake.publications().back();
        CPPUNIT_ASSERT(Json::parse(event.payload)["past_person_id"] == kVisitor);
    }

    void pastPersonsAreFoundByEditionNumberAndStatus()
    {
        Past past;
        const auto names = [&](const Json& query) {
            return listOf(past.reception.read("past_persons.list", query), "name");
        };
        CPPUNIT_ASSERT_EQUAL(std::string("样本丁"), names({{"edition", "ciie-5"}}));
        CPPUNIT_ASSERT_EQUAL(std::string("样本乙"), names({{"document_number", "001X"}}));
        past.applied(kVip, false);
        CPPUNIT_ASSERT_EQUAL(std::string("样本乙"), names({{"status", "saved"}}));
        CPPUNIT_ASSERT_EQUAL(std::string("样本甲 样本丙 样本丁"),
                             names({{"status", "not_applied"}}));
        CPPUNIT_ASSERT_EQUAL(std::string("样本甲 样本乙 样本丙"), names({{"limit", "3"}}));
        CPPUNIT_ASSERT_EQUAL(std::string("样本丁"), names({{"limit", "3"}, {"cursor", "3"}}));
    }

    void manyAreBroughtAtOnce()
    {
        Past past;
        const Heard heard = past.apply({kVisitor, kFailed, kOld}, true);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 200, heard.status);
        CPPUNIT_ASSERT(heard.body["done"] == 2);
        CPPUNIT_ASSERT(heard.body["results"][1]["problem"]["code"] == "reuse_not_possible");
        CPPUNIT_ASSERT(past.line(kOld)["status"] == "saved");
    }

    void theFeeIsToldAsAnAmountBefore()
    {
        Past past;
        const Heard heard = past.reception.write(
            "past_persons.apply", {{"person_ids", {kVisitor, kOld}}, {"reuse", true}});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 409, heard.status);
        CPPUNIT_ASSERT(heard.body["code"] == "confirmation_needed");
        CPPUNIT_ASSERT(heard.body["detail"]["en"].dump().find("CNY 200.00") != std::string::npos);
        CPPUNIT_ASSERT(heard.body["detail"]["zh"].dump().find("CNY 400.00") != std::string::npos);
        CPPUNIT_ASSERT(past.line(kVisitor)["status"] == "not_applied");
    }

    void theReuseCostsItsPartOfTheFee()
    {
        Past past;
        const Json shown = past.shown(kVisitor);
        CPPUNIT_ASSERT(shown["amount_minor_reused"] == 10000);
        CPPUNIT_ASSERT(shown["amount_minor_new"] == 20000);
        CPPUNIT_ASSERT(past.shown(kVip)["amount_minor_reused"] == 0);
    }

    void theReuseShowsInTheList()
    {
        Past past;
        past.applied(kVisitor, true);
        const Json row = past.reception.read("persons.search").body["persons"][0];
        CPPUNIT_ASSERT(row.contains("reuse") && row["reuse"] == true);
    }

    void toApplyAnewIsAlwaysOffered()
    {
        Past past;
        for (const std::string& id : {kVisitor, kVip, kFailed, kOld}) {
            CPPUNIT_ASSERT_MESSAGE(id, has(past.line(id), "apply_anew"));
        }
    }

    void withoutTheRightOnlyANewBadgeIsOffered()
    {
        Past past;
        CPPUNIT_ASSERT(mayReuse(past.line(kVisitor)));
        CPPUNIT_ASSERT(!mayReuse(past.line(kFailed)));
    }

    void aFreeBadgeNeedsAFreePlace()
    {
        Past past;
        past.reception.changeOrganization(
            [](Organization& one) { one.state = OrganizationState::Approved; });
        const std::string id = past.applied(kVip, true);
        past.complete(id);
        const Heard heard = past.reception.submit(id);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 409, heard.status);
        CPPUNIT_ASSERT(heard.body["parameters"]["rule"] == "R-154");
        past.reception.floor.give({"edition", kEdition}, "vip", 1);
        past.reception.floor.give({"delegation", "shanghai"}, "vip", 1);
        past.reception.floor.give({"organization", kOrganization}, "vip", 1);
        CPPUNIT_ASSERT(past.reception.submit(id).body["state"] == "to_be_reviewed");
        past.reception.floor.recount();
    }

    void theReuseIsAppliedForOnline()
    {
        Past past;
        const Heard heard = past.apply({kVisitor}, true);
        CPPUNIT_ASSERT_MESSAGE(heard.body.dump(), heard.body["done"] == 1);
        CPPUNIT_ASSERT(heard.body["results"][0]["reuse"] == true);
    }

    void photosComeAlong()
    {
        Past past;
        const Person person = past.reception.floor.stored(past.applied(kVisitor, false));
        CPPUNIT_ASSERT_EQUAL("photo-" + kVisitor, person.photo);
        CPPUNIT_ASSERT_EQUAL(std::string(32, 'k'), person.photo_key);
        CPPUNIT_ASSERT(!person.reuse);
    }

    void aPeriodWithoutReuseMeansANewBadge()
    {
        Past past;
        past.reception.changePerson(kVisitor,
                                    [](Person& one) { one.admission_period = "last_days"; });
        CPPUNIT_ASSERT(hasReason(past.refused(kVisitor, true), "reuse_not_for_period", ""));
    }

    void aChangeOfTheFaceIsToldAndMakesANewBadge()
    {
        Past past;
        const std::string id = past.applied(kVisitor, true);
        Json form = past.reception.show(id).body["form"];
        form["admission_period"] = "last_days";
        Heard heard = past.reception.save(id, form, 1);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 409, heard.status);
        CPPUNIT_ASSERT(heard.body["code"] == "badge_face_changed");
        CPPUNIT_ASSERT(heard.body["parameters"]["amount_minor_before"] == 10000);
        CPPUNIT_ASSERT(past.reception.floor.stored(id).reuse);

        heard = past.reception.floor.desk.write(
            "person.save",
            past.reception.contact,
            {{"path", {{"organization_id", kOrganization}, {"person_id", id}}},
             {"if_match", "\"1\""},
             {"body", {{"form", form}, {"new_badge", true}}}});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 200, heard.status);
        CPPUNIT_ASSERT(heard.body["reuse"] == false);
        // What is not on the face may change freely.
        const std::string other = past.applied(kOld, true);
        form = past.reception.show(other).body["form"];
        form["position"] = "样本新职务";
        CPPUNIT_ASSERT(past.reception.save(other, form, 1).body["reuse"] == true);
    }

    void nobodyIsBroughtTwice()
    {
        Past past;
        const std::string id = past.applied(kVisitor, false);
        CPPUNIT_ASSERT(past.refused(kVisitor, true)["code"] == "past_person_applied");
        past.reception.write("person.delete", Json(), id);
        past.applied(kVisitor, true);
    }

    void aUsedDocumentIsNotBrought()
    {
        Past past;
        past.reception.added(completeForm());
        CPPUNIT_ASSERT(past.refused(kVisitor, false)["code"] == "document_taken");
    }

    void othersPastPersonsDoNotExist()
    {
        Past past;
        past.enter("stranger", "ciie-6", "");
        past.add("past-stranger", "stranger", "样本己", "110000190001010039", "visitor", "passed");
        CPPUNIT_ASSERT(past.refused("past-stranger", true)["code"] == "not_found");
        CPPUNIT_ASSERT(past.refused("nobody", true)["code"] == "not_found");
    }

    void whoWasErasedIsNotBrought()
    {
        Past past;
        const hub::Answer answer = past.reception.floor.desk.fake.commandUnit(
            "person.erase", Json::array({kVisitor}).dump());
        CPPUNIT_ASSERT_EQUAL_MESSAGE(answer.message, hub_status{HUB_OK}, answer.status);
        CPPUNIT_ASSERT(past.refused(kVisitor, false)["code"] == "not_found");
        CPPUNIT_ASSERT_EQUAL(std::string("样本乙 样本丙 样本丁"),
                             listOf(past.reception.read("past_persons.list"), "name"));
    }

    void theFourthEditionBringsTheCategoryAndWaitsForTheLock()
    {
        Past past("ciie-4");
        past.reception.changeOrganization(
            [](Organization& one) { one.state = OrganizationState::Submitted; });
        const std::string id = past.applied(kVip, true);
        past.complete(id);
        const Heard heard = past.reception.submit(id);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 200, heard.status);
        CPPUNIT_ASSERT(heard.body["state"] == "to_be_locked");
        CPPUNIT_ASSERT(heard.body["category"] == "vip");
    }
};

HUB_TEST_SUITE_REGISTRATION(PastPersonsTest, "past_persons");

} // namespace

} // namespace registration::test
