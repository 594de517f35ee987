// Goal: organizations and persons of past editions come in as archived, all of a file or nothing,
// and a file that is sent again changes nothing. Method: the command as the hub carries it out,
// with the sample data that `expohub-sample-data` writes.
#include "domain/import_readers.hpp"
#include "import_bench.hpp"
#include "sample_data.hpp"
#include "sample_numbers.hpp"

#include <hub/person.hpp>

#include <filesystem>
#include <fstream>
#include <sstream>

#include <identifiers/resident_card.hpp>
#include <identifiers/social_credit_code.hpp>
#include <unistd.h>

namespace registration::test {

namespace {

const std::string kOrganizations = "单位名称,统一社会信用代码,交易团,交易分团,联系人手机";
const std::string kPersons = "单位,姓名,性别,证件号码,手机号码";

constexpr identifiers::Day kToday{
    std::chrono::year{2026}, std::chrono::November, std::chrono::day{23}};

std::string contentOf(const std::filesystem::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    std::ostringstream content;
    content << stream.rdbuf();
    return content.str();
}

class ImportPastTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ImportPastTest);
    CPPUNIT_TEST(organizationsComeInArchived);
    CPPUNIT_TEST(everyWrongCellOfAnOrganizationIsNamed);
    CPPUNIT_TEST(personsComeInArchived);
    CPPUNIT_TEST(howItEndedComesAlong);
    CPPUNIT_TEST(howItEndedIsAddedOnce);
    CPPUNIT_TEST(howItEndedIsAddedWhereThePersonWas);
    CPPUNIT_TEST(whoIsKnownStaysAsItIs);
    CPPUNIT_TEST(whoWasErasedDoesNotComeBack);
    CPPUNIT_TEST(whoIsErasedMeanwhileDoesNotComeIn);
    CPPUNIT_TEST(everyWrongCellOfAPersonIsNamed);
    CPPUNIT_TEST(unknownOrganizationsAreAllNamedAndNothingComesIn);
    CPPUNIT_TEST(aDryRunJudgesTheTablesAndWritesNothing);
    CPPUNIT_TEST(aRunningEditionTakesNone);
    CPPUNIT_TEST(thereIsOneImportOfAKindAtATime);
    CPPUNIT_TEST(nothingPersonalStaysReadableWhenItEnds);
    CPPUNIT_TEST(whatWasLeftInTheMiddleIsDiscarded);
    CPPUNIT_TEST(countsAreThoseOfTheTables);
    CPPUNIT_TEST(anOrganizationHasTheIdOfIdentitysImport);
    CPPUNIT_TEST(theSampleDataComesIn);
    CPPUNIT_TEST(theSampleDataIsTheSameForASeed);
    CPPUNIT_TEST(sampleNumbersAreSound);
    CPPUNIT_TEST_SUITE_END();

    ImportBench bench_;
    std::filesystem::path folder_;

    std::string organizationsFile() const
    {
        return csvOf({kOrganizations,
                      "样本单位一," + sample::socialCreditCode(1) + ",,,",
                      "样本单位二," + sample::socialCreditCode(2) + ",,,+8619900000002"});
    }

    std::string personsFile() const
    {
        return csvOf({kPersons,
                      sample::socialCreditCode(1) + ",样本甲," + sex(0) + "," +
                          sample::residentCard(0) + ",+8619900000001",
                      sample::socialCreditCode(2) + ",样本乙," + sex(1) + "," +
                          sample::residentCard(1) + ","});
    }

    static std::string sex(std::uint64_t n)
    {
        return sample::isMale(sample::residentCard(n)) ? "男" : "女";
    }

    void bringOrganizations()
    {
        CPPUNIT_ASSERT_EQUAL(
            Json("done"), bench_.imported("organizations", kPast, organizationsFile()).at("state"));
    }

    /// How many a file of the first person adds something to.
    std::int64_t added(const std::string& result,
                       const std::string& organization = sample::socialCreditCode(1))
    {
        const Json said = bench_.imported("persons", kPast, resultFile(result, organization));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(said.dump(), Json("done"), said.at("state"));
        return 1 - said.at("known").get<std::int64_t>();
    }

    static std::string resultFile(const std::string& result, const std::string& organization)
    {
        return csvOf(
            {"单位,姓名,性别,证件号码,审核结果",
             organization + ",样本甲," + sex(0) + "," + sample::residentCard(0) + "," + result});
    }

    std::string howItEnded() { return bench_.reception.floor.stored(personId(0)).reason; }

    /// Of the n-th line.
    std::string personId(int n)
    {
        std::string id;
        bench_.reception.floor.run([&](const Work& work) {
            work.unit().query("SELECT person_id FROM registration_person WHERE partition = 0 "
                              "AND edition = ? ORDER BY person_id LIMIT 1 OFFSET ?",
                              {kPast, std::int64_t{n}},
                              [&](const hub::Row& row) { id = row.text(0); });
        });
        return id;
    }

    Json erased(const std::string& id)
    {
        const hub::Answer answer =
            bench_.reception.floor.desk.fake.commandUnit("person.erase", Json::array({id}).dump());
        CPPUNIT_ASSERT_EQUAL_MESSAGE(answer.message, hub_status{HUB_OK}, answer.status);
        return Json::parse(answer.payload).at("data");
    }

    std::int64_t readable()
    {
        return bench_.count("registration_person",
                            "edition = 'ciie-6' AND document_index IS NOT NULL");
    }

    std::int64_t persons()
    {
        return bench_.count("registration_person",
                            "edition = 'ciie-6' AND state = 'archived' AND live = 0");
    }

public:
    void setUp() override
    {
        folder_ =
            std::filesystem::temp_directory_path() / ("import-past-" + std::to_string(::getpid()));
        std::filesystem::create_directories(folder_);
    }

    void tearDown() override { std::filesystem::remove_all(folder_); }

    void organizationsComeInArchived()
    {
        const Json first = bench_.imported("organizations", kPast, organizationsFile());
        const Json again = bench_.imported("organizations", kPast, organizationsFile());

        CPPUNIT_ASSERT_EQUAL_MESSAGE(first.dump(), Json("done"), first.at("state"));
        CPPUNIT_ASSERT_EQUAL(Json(0), first.at("known"));
        CPPUNIT_ASSERT_EQUAL(Json(2), again.at("known"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2},
                             bench_.count("registration_organization",
                                          "edition = 'ciie-6' AND state = 'archived' "
                                          "AND delegation_id = 'none'"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2},
                             bench_.count("registration_page", "page = 'organization'"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1},
                             bench_.count("registration_page", "page = 'contacts'"));
    }

    void everyWrongCellOfAnOrganizationIsNamed()
    {
        const std::string sound = sample::socialCreditCode(1);
        const std::string header =
            "编号,单位名称,统一社会信用代码,地区类型,交易团,交易分团,联系人手机,联系人邮箱";
        const Json said = bench_.command("organizations",
                                         kPast,
                                         csvOf({header,
                                                ",,1,,,,,",
                                                ",样本," + sound + ",moon,,,,",
                                                ",样本," + sound + ",,nowhere,nobody,12,nowhere",
                                                ",样本," + sound + ",,,,,",
                                                ",样本,,overseas,,,,"}));

        CPPUNIT_ASSERT_EQUAL(
            std::string("B2 name_missing, C2 social_credit_code_length, D3 choice_unknown, "
                        "A3 organization_id_missing, E4 delegation_unknown, "
                        "F4 sub_delegation_unknown, G4 contact_phone_length, "
                        "H4 contact_mail_email_form, C5 social_credit_code_twice, "
                        "A6 organization_id_missing"),
            placesOf(said.at("errors")));
    }

    void personsComeInArchived()
    {
        bringOrganizations();
        const Json said = bench_.imported("persons", kPast, personsFile());

        CPPUNIT_ASSERT_EQUAL_MESSAGE(said.dump(), Json("done"), said.at("state"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, persons());
        CPPUNIT_ASSERT(bench_.count("registration_search", "edition = 'ciie-6'") > 6);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2},
                             bench_.count("registration_history", "event = 'import'"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, bench_.count("registration_import_person"));
    }

    void howItEndedComesAlong()
    {
        bringOrganizations();
        const auto row = [](std::uint64_t n, const std::string& result) {
            return sample::socialCreditCode(1) + "," + sample::name(n) + "," + sex(n) + "," +
                   sample::residentCard(n) + "," + result;
        };
        const std::string header = "单位,姓名,性别,证件号码,审核结果";
        const Json wrong = bench_.command("persons", kPast, csvOf({header, row(1, "样本")}));
        CPPUNIT_ASSERT_EQUAL(std::string("E2 choice_unknown"), placesOf(wrong.at("errors")));

        bench_.imported("persons",
                        kPast,
                        csvOf({header, row(1, "审核通过"), row(2, "审核不通过"), row(3, "")}));
        for (const char* reason : {"passed", "failed", ""}) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                reason,
                std::int64_t{1},
                bench_.count("registration_person",
                             "state = 'archived' AND reason = '" + std::string(reason) + "'"));
        }
    }

    /// Who was imported without it can use its badge again once it is known.
    void howItEndedIsAddedOnce()
    {
        bringOrganizations();
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, added(""));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, added(""));
        bench_.command("persons", kPast, resultFile("审核通过", sample::socialCreditCode(1)), true);
        bench_.runJob();
        CPPUNIT_ASSERT_EQUAL(std::string(), howItEnded());

        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, added("审核通过"));
        CPPUNIT_ASSERT_EQUAL(std::string("passed"), howItEnded());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1},
                             bench_.count("registration_history", "event = 'import_result'"));
        CPPUNIT_ASSERT_EQUAL_MESSAGE("what is known stays", std::int64_t{0}, added("审核不通过"));
        CPPUNIT_ASSERT_EQUAL(std::string("passed"), howItEnded());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, persons());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, bench_.count("registration_import_row"));
        CPPUNIT_ASSERT_EQUAL(
            Json("样本甲"),
            bench_.reception.floor.stored(personId(0)).document.value("name", Json()));
    }

    void howItEndedIsAddedWhereThePersonWas()
    {
        bringOrganizations();
        added("");
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, added("审核通过", sample::socialCreditCode(2)));
        CPPUNIT_ASSERT_EQUAL(std::string(), howItEnded());

        const std::string id = personId(0);
        bench_.reception.floor.run([&](const Work& work) { hub::person::erase(work.unit(), id); });
        CPPUNIT_ASSERT_EQUAL_MESSAGE("nobody is there", std::int64_t{0}, added("审核通过"));
    }

    void whoIsKnownStaysAsItIs()
    {
        bringOrganizations();
        bench_.imported("persons", kPast, personsFile());
        const Json again = bench_.imported("persons", kPast, personsFile());

        CPPUNIT_ASSERT_EQUAL(Json("done"), again.at("state"));
        CPPUNIT_ASSERT_EQUAL(Json(2), again.at("known"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, persons());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2},
                             bench_.count("registration_history", "event = 'import'"));
    }

    void whoWasErasedDoesNotComeBack()
    {
        bringOrganizations();
        bench_.imported("persons", kPast, personsFile());
        erased(personId(0));
        const Json again = bench_.imported("persons", kPast, personsFile());

        CPPUNIT_ASSERT_EQUAL(Json("done"), again.at("state"));
        CPPUNIT_ASSERT_EQUAL(Json(2), again.at("known"));
        CPPUNIT_ASSERT_EQUAL_MESSAGE("the row stays by its id", std::int64_t{2}, persons());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, readable());
    }

    void whoIsErasedMeanwhileDoesNotComeIn()
    {
        bringOrganizations();
        bench_.imported("persons", kPast, personsFile());
        const std::string id = personId(0);
        bench_.reception.floor.run([](const Work& work) { // as if the file were a new one
            work.unit().execute("UPDATE registration_person SET edition = 'ciie-5'", {});
        });
        bench_.command("persons", kPast, personsFile());
        bench_.stageOnce();
        erased(id);

        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, bench_.count("registration_import_person"));
        CPPUNIT_ASSERT_EQUAL(std::string("done"), bench_.endJob());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, readable());
    }

    void everyWrongCellOfAPersonIsNamed()
    {
        const std::string code = sample::socialCreditCode(1);
        const std::string card = sample::residentCard(0);
        const Json said =
            bench_.command("persons",
                           kPast,
                           csvOf({"人员类型," + kPersons,
                                  "," + code + ",,,,",
                                  "火星," + code + ",样本,,,",
                                  ",,样本甲," + sex(0) + "," + card + ",",
                                  "," + code + ",样本乙,," + card + ",",
                                  "," + code + ",样本丙,中," + sample::residentCard(2) + ",123"}));

        CPPUNIT_ASSERT_EQUAL(
            std::string("C2 name_missing, E2 document_number_missing, A3 person_kind_unknown, "
                        "B4 organization_missing, E5 document_number_twice, D6 choice_unknown, "
                        "F6 phone_length"),
            placesOf(said.at("errors")));
    }

    void unknownOrganizationsAreAllNamedAndNothingComesIn()
    {
        bringOrganizations();
        const std::string file =
            personsFile() + csvOf({sample::socialCreditCode(8) + ",样本丙," + sex(2) + "," +
                                       sample::residentCard(2) + ",",
                                   sample::socialCreditCode(9) + ",样本丁," + sex(3) + "," +
                                       sample::residentCard(3) + ","});
        const Json said = bench_.imported("persons", kPast, file);

        CPPUNIT_ASSERT_EQUAL(Json("refused"), said.at("state"));
        CPPUNIT_ASSERT_EQUAL(std::string("A4 organization_unknown, A5 organization_unknown"),
                             placesOf(said.at("errors")));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, persons());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, bench_.count("registration_search"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0},
                             bench_.count("registration_history", "event = 'import'"));
    }

    void aDryRunJudgesTheTablesAndWritesNothing()
    {
        bringOrganizations();
        const Json begun = bench_.command("persons", kPast, personsFile(), true);
        bench_.runJob();

        CPPUNIT_ASSERT_EQUAL(Json(true), begun.at("dry_run"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1},
                             bench_.count("registration_import", "state = 'checked'"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, persons());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, bench_.count("registration_search"));
    }

    void aRunningEditionTakesNone()
    {
        for (const char* kind : {"organizations", "persons"}) {
            const Json said = bench_.command(kind, kEdition, personsFile());
            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                said.dump(), Json("edition_running"), said.at("problem").at("code"));
        }
        const Json quotas = bench_.command("quotas", kPast, personsFile());
        CPPUNIT_ASSERT_EQUAL(Json("edition_archived"), quotas.at("problem").at("code"));
    }

    void thereIsOneImportOfAKindAtATime()
    {
        bench_.command("organizations", kPast, organizationsFile());
        const Json said = bench_.command("organizations", kPast, organizationsFile());

        CPPUNIT_ASSERT_EQUAL_MESSAGE(
            said.dump(), Json("import_running"), said.at("problem").at("code"));
    }

    void nothingPersonalStaysReadableWhenItEnds()
    {
        bringOrganizations();
        bench_.imported("persons", kPast, personsFile());

        const std::string import_id = [&] {
            const Json parameters =
                Json::parse(bench_.reception.floor.desk.fake.jobs().back().parameters);
            return parameters.value("import_id", "");
        }();
        const auto& erased = bench_.reception.floor.desk.fake.erased();
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, erased.count("import:" + import_id));
        for (const auto& [name, content] : bench_.blobs.contents) {
            if (name != "upload") {
                CPPUNIT_ASSERT(content.find(sample::residentCard(0)) == std::string::npos);
                CPPUNIT_ASSERT(content.find("样本甲") == std::string::npos);
            }
        }
        CPPUNIT_ASSERT(bench_.reception.floor.desk.fake.storeBytes().find(
                           sample::residentCard(0)) == std::string::npos);
    }

    void whatWasLeftInTheMiddleIsDiscarded()
    {
        bringOrganizations();
        bench_.command("persons", kPast, personsFile());
        bench_.stageOnce();
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, bench_.count("registration_import_person"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, persons());

        auto& fake = bench_.reception.floor.desk.fake;
        const auto job = fake.jobs().back();
        fake.jobStep(job, "discard", Json{{"parameters", Json::parse(job.parameters)}}.dump());

        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, bench_.count("registration_import_person"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, bench_.count("registration_search"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1},
                             bench_.count("registration_import", "state = 'failed'"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2},
                             bench_.count("registration_page", "page = 'organization'"));
    }

    void countsAreThoseOfTheTables()
    {
        bringOrganizations();
        bench_.imported("persons", kPast, personsFile());

        const std::string where = "edition = 'ciie-6' AND state = 'archived' AND ";
        CPPUNIT_ASSERT_EQUAL(
            std::int64_t{1},
            bench_.count("registration_count",
                         where + "node_kind = 'edition' AND what = 'person' AND n = 2"));
        CPPUNIT_ASSERT_EQUAL(
            std::int64_t{1},
            bench_.count("registration_count",
                         where + "node_id = 'none' AND what = 'organization' AND n = 2"));
        CPPUNIT_ASSERT_EQUAL(
            std::int64_t{2},
            bench_.count("registration_count",
                         where + "node_kind = 'organization' AND what = 'person' AND n = 1"));
    }

    void anOrganizationHasTheIdOfIdentitysImport()
    {
        CPPUNIT_ASSERT_EQUAL(std::string("00000000-0000-7f32-aa94-d3272570f941"),
                             importedOrganizationId(kPast, kCode));
    }

    void theSampleDataComesIn()
    {
        sample::Sizes sizes;
        sizes.organizations = 200;
        sizes.persons = 2000;
        sizes.delegations = 5;
        sizes.sub_delegations = 20;
        bench_.reception.floor.desk.fake.rehearse(false);
        sample::write(folder_, sizes);

        for (const char* kind : {"delegations", "organizations", "persons"}) {
            const std::string name = kind;
            const std::string file = name == "delegations" ? name : name + "-001";
            const Json said = bench_.imported(kind, kPast, contentOf(folder_ / (file + ".csv")));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(said.dump(), Json("done"), said.at("state"));
        }
        CPPUNIT_ASSERT_EQUAL(std::int64_t{25},
                             bench_.count("registration_delegation", "edition = 'ciie-6'"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{200},
                             bench_.count("registration_organization", "edition = 'ciie-6'"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2000}, persons());
    }

    void theSampleDataIsTheSameForASeed()
    {
        sample::Sizes sizes;
        sizes.organizations = 10;
        sizes.persons = 20;
        const auto made = [&](const std::string& name, std::uint64_t seed) {
            sizes.seed = seed;
            sample::write(folder_ / name, sizes);
            return contentOf(folder_ / name / "persons-001.csv");
        };

        CPPUNIT_ASSERT_EQUAL(made("a", 1), made("b", 1));
        CPPUNIT_ASSERT(made("a", 1) != made("c", 2));
    }

    void sampleNumbersAreSound()
    {
        for (const std::uint64_t n : {0U, 1U, 998U, 999U, 59'999U, 364'635U, 459'999U}) {
            const auto code = identifiers::checkSocialCreditCode(sample::socialCreditCode(n));
            const auto card =
                identifiers::checkResidentCard(sample::residentCard(n), {kToday, std::nullopt});
            CPPUNIT_ASSERT_MESSAGE(sample::socialCreditCode(n), code.findings.empty());
            CPPUNIT_ASSERT_MESSAGE(sample::residentCard(n), !identifiers::hasErrors(card.findings));
        }
    }
};

HUB_TEST_SUITE_REGISTRATION(ImportPastTest, "import_past");

} // namespace

} // namespace registration::test
