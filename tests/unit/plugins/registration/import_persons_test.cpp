// Goal: an organization brings in its persons from a spreadsheet: what is wrong is named by line
// and column and then nothing comes in; what is sound becomes saved drafts, all at one stroke and
// once. Method: the routes as the hub carries them out.
#include "api/import_persons.hpp"
#include "flow/import_check.hpp"
#include "import_bench.hpp"
#include "sample_numbers.hpp"

#include <hub/person.hpp>

#include <uploads/byte_source.hpp>
#include <uploads/xlsx_rows.hpp>
#include <uploads/xlsx_writer.hpp>

namespace registration::test {

namespace {

const std::string kHeader =
    "姓名,性别,证件号码,职务,手机号码,入场日期,证件获取方式,证件标签（额度内）";

std::string lineOf(std::uint64_t n, const std::string& rest = "5日-10日,delegation_pickup,专业观众")
{
    const std::string card = sample::residentCard(n);
    return "样本甲," + std::string(sample::isMale(card) ? "先生," : "女,") + card + ",样本职务," +
           sample::phone(n) + "," + rest;
}

std::string xlsxOf(const std::vector<std::vector<std::string>>& rows)
{
    uploads::XlsxWriter writer("人员", 0);
    for (const auto& row : rows) {
        CPPUNIT_ASSERT(writer.add(row).ok());
    }
    return writer.finish();
}

class ImportPersonsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ImportPersonsTest);
    CPPUNIT_TEST(theyBecomeSavedDrafts);
    CPPUNIT_TEST(theSameFileAgainChangesNothing);
    CPPUNIT_TEST(theyStandInTheOrderOfTheFile);
    CPPUNIT_TEST(everyWrongCellIsNamedAndNothingComesIn);
    CPPUNIT_TEST(aSpreadsheetIsReadAsWell);
    CPPUNIT_TEST(aDryRunBringsInNothing);
    CPPUNIT_TEST(aTakenDocumentIsNamedAndNothingComesIn);
    CPPUNIT_TEST(whoIsTypedInMeanwhileEndsIt);
    CPPUNIT_TEST(whoIsErasedMeanwhileIsNamedAndNothingComesIn);
    CPPUNIT_TEST(whoWasErasedBeforeMayComeBack);
    CPPUNIT_TEST(aRestoredRowHoldsNoDocument);
    CPPUNIT_TEST(aRestoredRowIsKeptByADryRun);
    CPPUNIT_TEST(whoIsImportedAnewStaysWhenARestoredRowIsErased);
    CPPUNIT_TEST(progressIsShown);
    CPPUNIT_TEST(theyAreImportedWhereTheEditionSaysSo);
    CPPUNIT_TEST(aClosedOrganizationBringsInNobody);
    CPPUNIT_TEST(aFileOfTooManyRowsIsRefusedAsAWhole);
    CPPUNIT_TEST(strangersSeeAndBeginNothing);
    CPPUNIT_TEST(theTemplateHasTheColumnsOfTheEdition);
    CPPUNIT_TEST(aLateStepNeedsTheKey);
    CPPUNIT_TEST_SUITE_END();

    ImportBench bench_;

    std::int64_t persons()
    {
        return bench_.count("registration_person", "state = 'saved' AND live = 1");
    }

    std::string begun(const std::string& file)
    {
        const Heard heard = bench_.upload(file);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 202, heard.status);
        return heard.body.value("import_id", "");
    }

    /// Typed in; their id.
    std::string typedIn(std::uint64_t n)
    {
        const std::string card = sample::residentCard(n);
        Json form = completeForm("样本甲", card);
        form["sex"] = sample::isMale(card) ? "male" : "female";
        return bench_.reception.added(form);
    }

    void erase(const std::string& id)
    {
        const hub::Answer answer =
            bench_.reception.floor.desk.fake.commandUnit("person.erase", Json::array({id}).dump());
        CPPUNIT_ASSERT_EQUAL_MESSAGE(answer.message, hub_status{HUB_OK}, answer.status);
    }

    Json list() { return bench_.reception.read("persons.search").body.at("persons"); }

public:
    void theyBecomeSavedDrafts()
    {
        begun(csvOf({kHeader, lineOf(1), lineOf(2, ",,")}));
        CPPUNIT_ASSERT_EQUAL(std::string("done"), bench_.runJob());

        const Json persons = list();
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, persons.size());
        CPPUNIT_ASSERT_EQUAL(Json("saved"), persons[0].at("state"));
        CPPUNIT_ASSERT_EQUAL(Json("all_days"), persons[0].at("admission_period"));
        CPPUNIT_ASSERT_EQUAL(Json("visitor"), persons[0].at("category"));
        const Heard first = bench_.reception.show(persons[0].value("person_id", ""));
        const std::string problems = first.body.at("problems").dump();
        CPPUNIT_ASSERT_EQUAL_MESSAGE(problems, std::size_t{1}, first.body["problems"].size());
        CPPUNIT_ASSERT_EQUAL(Json("photo_missing"), first.body["problems"][0].at("code"));
        CPPUNIT_ASSERT_EQUAL(Json(sample::phone(1)), first.body.at("form").at("phone"));
        const Heard found =
            bench_.reception.read("persons.search", {{"document_number", sample::residentCard(2)}});
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, found.body.at("persons").size());
    }

    void theSameFileAgainChangesNothing()
    {
        const std::string file = csvOf({kHeader, lineOf(1), lineOf(2)});
        begun(file);
        bench_.runJob();
        const Json before = list();
        const std::string again = begun(file);
        bench_.runJob();

        CPPUNIT_ASSERT_EQUAL(Json(2), bench_.shown(again).body.at("known"));
        CPPUNIT_ASSERT_EQUAL(before, list());
    }

    void theyStandInTheOrderOfTheFile()
    {
        std::vector<std::string> lines = {kHeader};
        for (const std::uint64_t n : {9U, 3U, 7U, 1U, 5U}) {
            lines.push_back(lineOf(n));
        }
        begun(csvOf(lines));
        bench_.runJob();

        std::string shown;
        for (const Json& person : list()) {
            const std::string masked = person.value("document_masked", "");
            shown += masked.substr(masked.size() - 4) + " ";
        }
        std::string wanted;
        for (const std::uint64_t n : {9U, 3U, 7U, 1U, 5U}) {
            wanted += sample::residentCard(n).substr(14) + " ";
        }
        CPPUNIT_ASSERT_EQUAL(wanted, shown);
    }

    void everyWrongCellIsNamedAndNothingComesIn()
    {
        const Heard heard = bench_.upload(csvOf({kHeader,
                                                 lineOf(1),
                                                 ",女,,样本职务,+8619900000001,,,",
                                                 "样本乙,中,11000019000101002X,,199,火星,飞船,贵宾",
                                                 lineOf(1)}));

        CPPUNIT_ASSERT_EQUAL(422, heard.status);
        CPPUNIT_ASSERT_EQUAL(Json("import_invalid"), heard.body.at("code"));
        CPPUNIT_ASSERT_EQUAL(
            std::string("A3 name_missing, C3 document_number_missing, F4 choice_unknown, "
                        "H4 choice_unknown, G4 choice_unknown, B4 choice_unknown, "
                        "D4 position_missing, C4 document_number_check_character, "
                        "E4 phone_length, C5 document_number_twice"),
            placesOf(heard.body.at("parameters").at("errors")));
        CPPUNIT_ASSERT_EQUAL(Json("/A3"), heard.body.at("violations").at(0).at("pointer"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, persons());
        CPPUNIT_ASSERT(bench_.reception.floor.desk.fake.jobs().empty());
    }

    void aSpreadsheetIsReadAsWell()
    {
        const std::string card = sample::residentCard(1);
        begun(
            xlsxOf({{"Please fill in below"},
                    {"Name, as on the document", "Sex", "Document number", "Position", "手机号码"},
                    {"样本甲",
                     sample::isMale(card) ? "Mr." : "Ms.",
                     card,
                     "样本职务",
                     sample::phone(1)}}));
        CPPUNIT_ASSERT_EQUAL(std::string("done"), bench_.runJob());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, persons());
    }

    void aDryRunBringsInNothing()
    {
        const Heard heard = bench_.upload(csvOf({kHeader, lineOf(1)}), {{"dry_run", "true"}});
        CPPUNIT_ASSERT_EQUAL(202, heard.status);
        CPPUNIT_ASSERT_EQUAL(std::string("done"), bench_.runJob());

        const Heard shown = bench_.shown(heard.body.value("import_id", ""));
        CPPUNIT_ASSERT_EQUAL(Json("checked"), shown.body.at("state"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, persons());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, bench_.count("registration_import_person"));
    }

    void aTakenDocumentIsNamedAndNothingComesIn()
    {
        const Visitor other = contactOf(kOtherOrganization);
        CPPUNIT_ASSERT_EQUAL(
            202, bench_.upload(other, kOtherOrganization, csvOf({kHeader, lineOf(2)})).status);
        bench_.runJob();

        const std::string import = begun(csvOf({kHeader, lineOf(1), lineOf(2), lineOf(3)}));
        bench_.runJob();
        const Heard shown = bench_.shown(import);

        CPPUNIT_ASSERT_EQUAL(Json("refused"), shown.body.at("state"));
        CPPUNIT_ASSERT_EQUAL(std::string("C3 document_taken"), placesOf(shown.body.at("errors")));
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, list().size());
        CPPUNIT_ASSERT(shown.body.dump().find(kOtherOrganization) == std::string::npos);
    }

    void whoIsTypedInMeanwhileEndsIt()
    {
        begun(csvOf({kHeader, lineOf(1), lineOf(2)}));
        bench_.stageOnce();
        typedIn(2);
        const std::string end = bench_.endJob();

        CPPUNIT_ASSERT_MESSAGE(end, end.starts_with("failed: Line 3:"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, persons());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, bench_.count("registration_import_person"));
    }

    /// Also those whose line is read after the erasure.
    void whoIsErasedMeanwhileIsNamedAndNothingComesIn()
    {
        const std::string early = typedIn(0);
        const std::string late = typedIn(249);
        std::vector<std::string> lines = {kHeader};
        for (std::uint64_t n = 0; n < 250; ++n) {
            lines.push_back(lineOf(n));
        }
        const std::string import = begun(csvOf(lines));
        CPPUNIT_ASSERT(!bench_.stageOnce());
        erase(early);
        erase(late);

        CPPUNIT_ASSERT_EQUAL(std::string("done"), bench_.runJob());
        const Heard shown = bench_.shown(import);
        CPPUNIT_ASSERT_EQUAL(std::string("C251 person_erased"), placesOf(shown.body.at("errors")));
        CPPUNIT_ASSERT_EQUAL(Json("refused"), shown.body.at("state"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, persons());
    }

    void whoWasErasedBeforeMayComeBack()
    {
        for (int i = 0; i < 2; ++i) {
            erase(typedIn(1));
            bench_.reception.floor.desk.fake.passTime(1);
        }
        begun(csvOf({kHeader, lineOf(1)}));
        CPPUNIT_ASSERT_EQUAL(std::string("done"), bench_.runJob());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, persons());
    }

    void aRestoredRowHoldsNoDocument()
    {
        const Visitor other = contactOf(kOtherOrganization);
        bench_.upload(other, kOtherOrganization, csvOf({kHeader, lineOf(2)}));
        bench_.runJob();
        typedIn(1);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, persons());
        bench_.reception.floor.run([](const Work& work) {
            for (const char* organization : {kOrganization.c_str(), kOtherOrganization.c_str()}) {
                for (const std::string& id : work.rows().personIds(organization)) {
                    hub::person::erase(work.unit(), id);
                }
            }
        });
        begun(csvOf({kHeader, lineOf(1), lineOf(2)}));
        CPPUNIT_ASSERT_EQUAL(std::string("done"), bench_.runJob());

        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, persons());
        const Json persons = list();
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, persons.size());
        for (const Json& person : persons) {
            CPPUNIT_ASSERT_EQUAL(Json("样本甲"), person.at("name"));
        }
    }

    void aRestoredRowIsKeptByADryRun()
    {
        const std::string id = typedIn(1);
        bench_.reception.floor.run([&](const Work& work) { hub::person::erase(work.unit(), id); });
        const Heard heard = bench_.upload(csvOf({kHeader, lineOf(1)}), {{"dry_run", "true"}});
        bench_.runJob();

        const Heard shown = bench_.shown(heard.body.value("import_id", ""));
        CPPUNIT_ASSERT_EQUAL(Json("checked"), shown.body.at("state"));
        CPPUNIT_ASSERT_EQUAL(Json(0), shown.body.at("known"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, persons());
    }

    void whoIsImportedAnewStaysWhenARestoredRowIsErased()
    {
        const std::string id = typedIn(1);
        Person past = bench_.reception.floor.stored(id);
        past.person_id = "past";
        past.edition = kPast;
        past.state = PersonState::Archived;
        bench_.reception.floor.add(past);
        bench_.reception.changePerson(id, [](Person& one) { one.state = PersonState::Canceled; });
        bench_.reception.floor.run(
            [](const Work& work) { hub::person::erase(work.unit(), "past"); });
        begun(csvOf({kHeader, lineOf(1)}));
        bench_.stageOnce();
        erase("past");

        CPPUNIT_ASSERT_EQUAL(std::string("done"), bench_.endJob());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, persons());
    }

    void progressIsShown()
    {
        std::vector<std::string> lines = {kHeader};
        for (std::uint64_t n = 0; n < 250; ++n) {
            lines.push_back(lineOf(n));
        }
        const std::string import = begun(csvOf(lines));
        CPPUNIT_ASSERT(!bench_.stageOnce());
        const Heard shown = bench_.shown(import);

        CPPUNIT_ASSERT_EQUAL(Json("running"), shown.body.at("state"));
        CPPUNIT_ASSERT_EQUAL(Json(250), shown.body.at("total"));
        CPPUNIT_ASSERT_EQUAL(std::string("done"), bench_.runJob());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{250}, persons());
        const Heard all = bench_.reception.read("imports.list");
        CPPUNIT_ASSERT_EQUAL(Json("done"), all.body.at("imports").at(0).at("state"));
    }

    void theyAreImportedWhereTheEditionSaysSo()
    {
        CPPUNIT_ASSERT_EQUAL(202, bench_.upload(csvOf({kHeader, lineOf(1)})).status);
        bench_.runJob();
        bench_.reception.floor.desk.changeRules(
            {{{"op", "add"}, {"path", "/rules_off/-"}, {"value", "D-11"}}});
        const Heard heard = bench_.upload(csvOf({kHeader, lineOf(2)}));
        CPPUNIT_ASSERT_EQUAL(409, heard.status);
        CPPUNIT_ASSERT_EQUAL(Json("D-11"), heard.body.at("parameters").at("rule"));
    }

    void aClosedOrganizationBringsInNobody()
    {
        begun(csvOf({kHeader, lineOf(1)}));
        bench_.stageOnce();
        bench_.reception.changeOrganization(
            [](Organization& one) { one.state = OrganizationState::Disabled; });
        CPPUNIT_ASSERT(bench_.endJob().starts_with("failed: "));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, persons());

        const Heard heard = bench_.upload(csvOf({kHeader, lineOf(1)}));
        CPPUNIT_ASSERT_EQUAL(Json("organization_closed"), heard.body.at("code"));
    }

    void aFileOfTooManyRowsIsRefusedAsAWhole()
    {
        std::vector<std::string> lines = {kHeader};
        for (std::uint64_t n = 0; n <= kImportRowsMax; ++n) {
            lines.push_back(lineOf(n));
        }
        const Heard heard = bench_.upload(csvOf(lines));
        CPPUNIT_ASSERT_EQUAL(422, heard.status);
        CPPUNIT_ASSERT_EQUAL(std::string("5002 rows_too_many"),
                             placesOf(heard.body.at("parameters").at("errors")));
    }

    void strangersSeeAndBeginNothing()
    {
        const std::string import = begun(csvOf({kHeader, lineOf(1)}));
        const Visitor other = contactOf(kOtherOrganization);
        CPPUNIT_ASSERT_EQUAL(
            404, bench_.upload(other, kOrganization, csvOf({kHeader, lineOf(2)})).status);
        const Json path = {{"organization_id", kOtherOrganization}, {"import_id", import}};
        CPPUNIT_ASSERT_EQUAL(
            404, bench_.reception.floor.desk.read("import.show", other, {{"path", path}}).status);
    }

    void theTemplateHasTheColumnsOfTheEdition()
    {
        hub::testing::PluginEvent event;
        event.kind = HUB_KIND_READ;
        event.source = HUB_SOURCE_REQUEST;
        event.operation = "person_import.template";
        event.principal = "person:contact";
        Json parts = {{"path", {{"organization_id", kOrganization}}},
                      {"session", {{"id", "s"}, {"scopes", bench_.reception.contact.scopes}}}};
        event.payload = parts.dump();
        auto& fake = bench_.reception.floor.desk.fake;
        const Json asked = Json::parse(fake.deliver(event).payload);
        hub_event raw{};
        raw.struct_size = sizeof raw;
        raw.kind = HUB_KIND_TASK;
        const std::string work = asked.at("task").dump();
        raw.payload = hub::toBytes(work);
        parts["task"] = Json::parse(writeTemplate(bench_.blobs.host(), hub::Event{raw}).payload);
        event.payload = parts.dump();
        const Json file = Json::parse(fake.deliver(event).payload).at("file");

        const uploads::MemorySource source(bench_.blobs.contents.at(file.value("blob", "")));
        auto rows = uploads::openXlsx(source);
        CPPUNIT_ASSERT(rows.ok());
        const auto header = rows.value()->next();
        CPPUNIT_ASSERT(header.ok() && header.value());
        std::string titles;
        for (const auto& cell : header.value()->cells) {
            titles += cell.text + " ";
        }
        for (const char* title : {"人员类型 ", "证件号码 ", "入场日期 ", "证件标签（额度内） "}) {
            CPPUNIT_ASSERT_MESSAGE(titles, titles.find(title) != std::string::npos);
        }
    }

    void aLateStepNeedsTheKey()
    {
        begun(csvOf({kHeader, lineOf(1)}));
        bench_.runJob();
        auto& fake = bench_.reception.floor.desk.fake;
        const auto job = fake.jobs().back();
        const Json step = {
            {"blob", job.input}, {"position", 0}, {"parameters", Json::parse(job.parameters)}};
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_REJECTED},
                             fake.jobStep(job, "stage", step.dump()).status);
    }
};

HUB_TEST_SUITE_REGISTRATION(ImportPersonsTest, "import_persons");

} // namespace

} // namespace registration::test
