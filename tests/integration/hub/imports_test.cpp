// Goal: a spreadsheet of 5,000 persons is imported as a job: a hundred planted errors are named by
// line and column and then nothing comes in; the corrected file is imported once, also when the hub
// is killed in the middle, and so is an archive of photos; past editions come in by command, photos
// too, on both back ends. Method: the real hub with registration, and sample data.
#include "sample_data.hpp"
#include "sample_numbers.hpp"
#include "support/hub_process.hpp"
#include "support/postgres.hpp"
#include "support/suite.hpp"
#include "unit/plugins/uploads/zip_fixture.hpp"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <sqlite3.h>
#include <uploads/picture.hpp>
#include <uploads/xlsx_writer.hpp>

namespace hub::test {

namespace {

constexpr std::uint64_t kPersons = 5000;
constexpr std::uint64_t kPlanted = 100;
constexpr std::uint64_t kPhotos = 800;            // so many that their import is met in the middle
constexpr std::chrono::seconds kImportLimit{180}; // under a sanitizer
const std::string kXlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const std::string kOrganization = "01980000-0000-7000-8000-000000000001";
const std::string kPath = "/api/v1/organizations/" + kOrganization;
const std::string kPhotoImports = kPath + "/photo-imports";
const std::string kPersonImports = kPath + "/person-imports?sensitive_consent=1";

class ImportsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ImportsTest);
    CPPUNIT_TEST(aHundredPlantedErrorsAreNamedAndNothingComesIn);
    CPPUNIT_TEST(anImportSurvivesAKillAndIsDoneOnce);
    CPPUNIT_TEST(anArchiveOfPhotosSurvivesAKillAndIsRepeatable);
    CPPUNIT_TEST(theTemplateIsAFileToFillIn);
    CPPUNIT_TEST(aPastEditionComesInByCommand);
    CPPUNIT_TEST(aPastEditionComesInOnPostgres);
    CPPUNIT_TEST_SUITE_END();

    std::unique_ptr<PostgresSchema> schema_;
    std::unique_ptr<HubProcess> hub_;
    std::string staff_;

    void configure(const HubOptions& options = {})
    {
        hub_ = std::make_unique<HubProcess>(options);
        for (const char* library : {"identity", "messaging", "registration"}) {
            hub_->configure(library, {{"library", library}, {"enabled", true}});
        }
    }

    void start()
    {
        hub_->start();
        std::vector<std::string> words = {"api-key", "create", "--holder", "staff"};
        for (const char* scope : {"persons:read", "persons:write", "editions:write"}) {
            words.insert(words.end(), {"--scope", scope});
        }
        staff_ = hub_->ask(words).at("token").get<std::string>();
    }

    void startOnPostgres()
    {
        schema_ = std::make_unique<PostgresSchema>();
        configure({{"store.backend = postgresql",
                    "store.postgres = " + schema_->connection(),
                    "store.postgres_schema = " + schema_->name()},
                   {},
                   false});
        start();
    }

    ApiAnswer request(const std::string& method,
                      const std::string& path,
                      const std::string& body = {},
                      const std::string& type = "application/json") const
    {
        std::map<std::string, std::string> headers = {{"Authorization", "Bearer " + staff_}};
        if (method != "GET") {
            headers["Content-Type"] = type;
        }
        return hub_->request(method, path, body, headers);
    }

    /// An application of the running edition, as identity's event would have begun it.
    void startWithOrganization()
    {
        configure();
        start();
        const char* source = std::getenv("HUB_SOURCE_DIR");
        const std::string pack = readFile(std::filesystem::path(source == nullptr ? "." : source) /
                                          "plugins/registration/editions/ciie-7.json");
        const ApiAnswer put = request("PUT", "/api/v1/editions/ciie-7", pack);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(put.body.dump(), 200, put.status);
        hub_->stop();
        const std::string sql =
            "INSERT INTO registration_organization VALUES (0, '" + kOrganization +
            "', 'ciie-7', 'mainland', 'enterprise', '样本单位', '', 'none', '', '', '[]', '', "
            "'none', 'draft', '', 1, 0, 0, 0, '')";
        sqlite3* handle = nullptr;
        const std::string file = (hub_->folder() / "hub/store/hub.db").string();
        CPPUNIT_ASSERT(std::filesystem::exists(file));
        const bool done = sqlite3_open(file.c_str(), &handle) == SQLITE_OK &&
                          sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK;
        const std::string said = sqlite3_errmsg(handle);
        sqlite3_close(handle);
        CPPUNIT_ASSERT_MESSAGE(said, done);
        start();
    }

    /// With `planted` wrong cells: of every fiftieth person the number, the name or the phone.
    static std::string spreadsheet(std::uint64_t planted, std::uint64_t persons = kPersons)
    {
        uploads::XlsxWriter writer("人员", 0);
        const std::vector<std::string> header = {
            "姓名", "性别", "证件号码", "职务", "手机号码", "入场日期"};
        CPPUNIT_ASSERT(writer.add(header).ok());
        for (std::uint64_t n = 0; n < persons; ++n) {
            const std::string card = sample::residentCard(n);
            std::vector<std::string> row = {sample::name(n),
                                            sample::isMale(card) ? "男" : "女",
                                            card,
                                            "样本职务",
                                            sample::phone(n),
                                            "5日-10日"};
            if (n % (kPersons / kPlanted) == 7 && planted != 0) {
                plant(row, n / (kPersons / kPlanted));
            }
            CPPUNIT_ASSERT(writer.add(row).ok());
        }
        return writer.finish();
    }

    static void plant(std::vector<std::string>& row, std::uint64_t i)
    {
        if (i % 3 == 0) {
            row[0].clear();
        } else if (i % 3 == 1) {
            row[2].back() = row[2].back() == '1' ? '2' : '1';
        } else {
            row[4] = "+861990000";
        }
    }

    static std::string photo()
    {
        uploads::Picture picture;
        picture.pixels.width = 300;
        picture.pixels.height = 400;
        for (std::uint32_t i = 0; i < 300 * 400; ++i) {
            const std::uint8_t red = i % 300 < 150 ? 200 : 30;
            picture.pixels.rgb.insert(picture.pixels.rgb.end(), {red, 40, 120});
        }
        return uploads::clean(picture, uploads::PictureFormat::Jpeg);
    }

    /// Named by the number of the person's document.
    static std::string archive(std::uint64_t photos)
    {
        const std::string content = photo();
        std::vector<uploads_test::Member> members;
        for (std::uint64_t n = 0; n < photos; ++n) {
            uploads_test::Member member{sample::residentCard(n) + ".jpg", content};
            member.method = 0; // a picture is packed already
            members.push_back(std::move(member));
        }
        return uploads_test::zipOf(members);
    }

    std::string begun(const std::string& file,
                      const std::string& path = kPersonImports,
                      const std::string& type = kXlsx) const
    {
        const ApiAnswer answer = request("POST", path, file, type);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(answer.body.dump() + hub_->log(), 202, answer.status);
        return answer.body.at("import_id");
    }

    Json import(const std::string& id) const
    {
        return request("GET", kPath + "/imports/" + id).body;
    }

    Json awaitEnd(const std::string& id) const
    {
        const bool ended =
            becomesTrue([&] { return import(id).value("state", "") != "running"; }, kImportLimit);
        CPPUNIT_ASSERT_MESSAGE(hub_->log(), ended);
        return import(id);
    }

    /// Until some rows of it are staged.
    void awaitItsMiddle(const std::string& id) const
    {
        CPPUNIT_ASSERT_MESSAGE(hub_->log(), becomesTrue([&] {
                                   const Json now = import(id);
                                   return now.at("state") == "running" &&
                                          now.at("position").get<std::int64_t>() > 0;
                               }));
    }

    /// Of the organization's persons, those with a photo: what the submission asks for.
    std::int64_t withPhoto() const
    {
        std::int64_t count = 0;
        std::string cursor;
        do {
            const Json page =
                request("GET",
                        kPath + "/persons?limit=200" + (cursor.empty() ? "" : "&cursor=" + cursor))
                    .body;
            for (const Json& person : page.at("persons")) {
                count += person.at("has_photo") == true ? 1 : 0;
            }
            cursor = page.value("next_cursor", "");
        } while (!cursor.empty());
        return count;
    }

    std::int64_t saved() const
    {
        const Json totals = request("GET", kPath + "/persons?limit=1").body.at("totals");
        return totals.value("saved", std::int64_t{0});
    }

    void bringPastEdition()
    {
        const auto folder = hub_->folder() / "sample";
        sample::Sizes sizes;
        sizes.organizations = 50;
        sizes.persons = 600;
        sizes.delegations = 3;
        sizes.sub_delegations = 6;
        sample::write(folder, sizes);
        for (const std::string kind : {"delegations", "organizations", "persons"}) {
            const std::string file =
                (folder / (kind + (kind == "delegations" ? ".csv" : "-001.csv"))).string();
            for (const int known : {0, 1}) {
                const Json begin = hub_->ask({"import", kind, "ciie-6", "--file", file});
                Json end;
                const bool ended = becomesTrue(
                    [&] {
                        end = hub_->ask({"import", "show", begin.at("import_id")});
                        return end.at("state") != "running";
                    },
                    kImportLimit);
                CPPUNIT_ASSERT_MESSAGE(end.dump() + hub_->log(), ended);
                CPPUNIT_ASSERT_EQUAL_MESSAGE(end.dump(), Json("done"), end.at("state"));
                if (kind != "delegations") {
                    CPPUNIT_ASSERT_EQUAL(known == 0 ? Json(0) : end.at("total"), end.at("known"));
                }
            }
        }
        bringPastPhotos(folder, sizes.photos);
        const ProgramEnd wrong = hub_->command(
            {"import", "persons", "ciie-6", "--file", (folder / "delegations.csv").string()});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(wrong.output + wrong.error, 1, wrong.code);
    }

    void bringPastPhotos(const std::filesystem::path& folder, std::uint64_t photos)
    {
        const auto file = folder / "photos.zip";
        writeFile(file, archive(photos));
        const Json begin = hub_->ask({"import", "photos", "ciie-6", "--file", file.string()});
        Json end;
        const bool ended = becomesTrue(
            [&] {
                end = hub_->ask({"import", "show", begin.at("import_id")});
                return end.at("state") != "running";
            },
            kImportLimit);
        CPPUNIT_ASSERT_MESSAGE(end.dump() + hub_->log(), ended);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(end.dump(), Json("done"), end.at("state"));
        CPPUNIT_ASSERT_EQUAL(Json(photos), end.at("total"));
    }

public:
    void tearDown() override
    {
        hub_.reset();
        schema_.reset();
    }

    void aHundredPlantedErrorsAreNamedAndNothingComesIn()
    {
        startWithOrganization();

        const ApiAnswer answer = request("POST", kPersonImports, spreadsheet(kPlanted), kXlsx);

        CPPUNIT_ASSERT_EQUAL_MESSAGE(answer.body.dump() + hub_->log(), 422, answer.status);
        const Json& parameters = answer.body.at("parameters");
        CPPUNIT_ASSERT_EQUAL(Json(kPlanted), parameters.at("errors_total"));
        std::set<std::uint64_t> lines;
        for (const Json& error : parameters.at("errors")) {
            const std::uint64_t line = error.at("line");
            const std::uint64_t i = (line - 2) / (kPersons / kPlanted);
            const std::vector<std::string> columns = {"A", "C", "E"};
            CPPUNIT_ASSERT_EQUAL(std::uint64_t{7}, (line - 2) % (kPersons / kPlanted));
            CPPUNIT_ASSERT_EQUAL(Json(columns.at(i % 3)), error.at("column"));
            lines.insert(line);
        }
        CPPUNIT_ASSERT_EQUAL(std::size_t{kPlanted}, lines.size());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, saved());
    }

    void anImportSurvivesAKillAndIsDoneOnce()
    {
        startWithOrganization();
        const std::string file = spreadsheet(0);
        const std::string id = begun(file);
        awaitItsMiddle(id);
        hub_->kill();
        start();

        const Json end = awaitEnd(id);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(end.dump() + hub_->log(), Json("done"), end.at("state"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{kPersons}, saved());

        const Json again = awaitEnd(begun(file));
        CPPUNIT_ASSERT_EQUAL(Json("done"), again.at("state"));
        CPPUNIT_ASSERT_EQUAL(Json(kPersons), again.at("known"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{kPersons}, saved());
    }

    void anArchiveOfPhotosSurvivesAKillAndIsRepeatable()
    {
        startWithOrganization();
        const Json persons = awaitEnd(begun(spreadsheet(0, kPhotos)));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(persons.dump(), Json("done"), persons.at("state"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, withPhoto());

        const std::string file = archive(kPhotos);
        const std::string id = begun(file, kPhotoImports, "application/zip");
        awaitItsMiddle(id);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, withPhoto());
        hub_->kill();
        start();

        const Json end = awaitEnd(id);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(end.dump() + hub_->log(), Json("done"), end.at("state"));
        CPPUNIT_ASSERT_EQUAL(Json(kPhotos), end.at("total"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{kPhotos}, withPhoto());

        const Json again = awaitEnd(begun(file, kPhotoImports, "application/zip"));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(again.dump(), Json("done"), again.at("state"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{kPhotos}, withPhoto());
    }

    void theTemplateIsAFileToFillIn()
    {
        startWithOrganization();
        const ApiAnswer answer = request("GET", kPath + "/person-import-template");

        CPPUNIT_ASSERT_EQUAL_MESSAGE(hub_->log(), 200, answer.status);
        CPPUNIT_ASSERT_EQUAL(kXlsx, answer.headers.at("Content-Type"));
    }

    void aPastEditionComesInByCommand()
    {
        configure();
        start();
        bringPastEdition();
    }

    void aPastEditionComesInOnPostgres()
    {
        startOnPostgres();
        bringPastEdition();
    }
};

HUB_TEST_SUITE_REGISTRATION(ImportsTest, "imports");

} // namespace

} // namespace hub::test
