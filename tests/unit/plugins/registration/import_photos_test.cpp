// Goal: photos come in as an archive: each is judged, finds its person by the name of its file, and
// opens with its person's key; one wrong photo keeps all out. Method: the route and the command as
// the hub carries them out.
#include "import_bench.hpp"
#include "sample_numbers.hpp"
#include "unit/plugins/uploads/zip_fixture.hpp"

#include <uploads/picture.hpp>

namespace registration::test {

namespace {

using uploads_test::Member;
using uploads_test::zipOf;

std::string pictureOf(std::uint32_t width, std::uint32_t height)
{
    uploads::Picture picture;
    picture.pixels.width = width;
    picture.pixels.height = height;
    for (std::uint32_t i = 0; i < width * height; ++i) {
        const bool is_left = i % width < width / 2;
        picture.pixels.rgb.push_back(is_left ? 255 : 0);
        picture.pixels.rgb.push_back(0);
        picture.pixels.rgb.push_back(is_left ? 0 : 255);
    }
    return uploads::clean(picture, uploads::PictureFormat::Jpeg);
}

class ImportPhotosTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ImportPhotosTest);
    CPPUNIT_TEST(photosFindTheirPersonsByTheirNames);
    CPPUNIT_TEST(everyWrongPhotoIsNamedAndNoneComesIn);
    CPPUNIT_TEST(twoPhotosOfOnePersonAreNamed);
    CPPUNIT_TEST(whoIsSubmittedKeepsTheOldPhoto);
    CPPUNIT_TEST(whatIsNoArchiveIsRefusedAtOnce);
    CPPUNIT_TEST(whoWasSubmittedMeanwhileEndsIt);
    CPPUNIT_TEST(aPastEditionsPhotosComeInByCommand);
    CPPUNIT_TEST(photosAreTakenWhereBadgesHaveThem);
    CPPUNIT_TEST_SUITE_END();

    ImportBench bench_;
    std::string good_ = pictureOf(300, 400);

    std::string person(const std::string& number, const std::string& name = "样本甲")
    {
        return bench_.reception.added(completeForm(name, number));
    }

    std::string photoOf(const std::string& person_id)
    {
        return bench_.reception.floor.stored(person_id).photo;
    }

    Json importedPhotos(const std::string& archive)
    {
        const Heard heard = bench_.uploadPhotos(archive);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 202, heard.status);
        const std::string end = bench_.runJob();
        CPPUNIT_ASSERT_EQUAL(std::string("done"), end);
        return bench_.shown(heard.body.value("import_id", "")).body;
    }

public:
    void photosFindTheirPersonsByTheirNames()
    {
        const std::string first = person(kFemaleNumber);
        const std::string second = person(kMaleNumber, "样本乙");
        const std::string third = person(kOtherNumber, "样本丙");

        const Json shown = importedPhotos(zipOf({{"照片/" + kFemaleNumber + ".jpg", good_},
                                                 {"样本乙 31000019000101001x.jpeg", good_},
                                                 {third + ".jpg", good_},
                                                 {"__MACOSX/._" + kFemaleNumber + ".jpg", "x"}}));

        CPPUNIT_ASSERT_EQUAL_MESSAGE(shown.dump(), Json("done"), shown.at("state"));
        for (const std::string& id : {first, second, third}) {
            const Person stored = bench_.reception.floor.stored(id);
            CPPUNIT_ASSERT(!stored.photo.empty());
            CPPUNIT_ASSERT_EQUAL(std::size_t{32}, stored.photo_key.size());
            CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, stored.revision);
        }
        CPPUNIT_ASSERT(photoOf(first) != photoOf(second));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3},
                             bench_.count("registration_history", "event = 'import_photo'"));
    }

    void everyWrongPhotoIsNamedAndNoneComesIn()
    {
        const std::string first = person(kFemaleNumber);
        const Json shown = importedPhotos(zipOf({{kFemaleNumber + ".jpg", good_},
                                                 {kMaleNumber + ".jpg", good_},
                                                 {"X0000001.jpg", pictureOf(100, 100)},
                                                 {"notes.txt", "no picture"}}));

        CPPUNIT_ASSERT_EQUAL(Json("refused"), shown.at("state"));
        CPPUNIT_ASSERT_EQUAL(
            std::string("310000****001X2 photo_person_unknown, X0****013 picture_width, "
                        "n****s4 media_unknown"),
            placesOf(shown.at("errors")));
        CPPUNIT_ASSERT_EQUAL(std::string(), photoOf(first));
        CPPUNIT_ASSERT(shown.dump().find(kMaleNumber) == std::string::npos);
    }

    void twoPhotosOfOnePersonAreNamed()
    {
        person(kFemaleNumber);
        const Json shown = importedPhotos(zipOf(
            {{"a/" + kFemaleNumber + ".jpg", good_}, {"b/" + kFemaleNumber + ".jpg", good_}}));

        CPPUNIT_ASSERT_EQUAL(std::string("110000****00202 photo_twice"),
                             placesOf(shown.at("errors")));
    }

    void whoIsSubmittedKeepsTheOldPhoto()
    {
        const std::string id = person(kFemaleNumber);
        bench_.reception.changePerson(id, [](Person& one) { one.state = PersonState::Submitted; });
        const Json shown = importedPhotos(zipOf({{kFemaleNumber + ".jpg", good_}}));

        CPPUNIT_ASSERT_EQUAL(std::string("110000****00201 person_frozen"),
                             placesOf(shown.at("errors")));
    }

    void whatIsNoArchiveIsRefusedAtOnce()
    {
        const Heard heard = bench_.uploadPhotos("no archive");
        CPPUNIT_ASSERT_EQUAL(422, heard.status);
        CPPUNIT_ASSERT_EQUAL(Json("import_invalid"), heard.body.at("code"));
        CPPUNIT_ASSERT(bench_.reception.floor.desk.fake.jobs().empty());
    }

    void whoWasSubmittedMeanwhileEndsIt()
    {
        const std::string id = person(kFemaleNumber);
        bench_.uploadPhotos(zipOf({{kFemaleNumber + ".jpg", good_}}));
        bench_.stageOnce();
        bench_.reception.changePerson(id, [](Person& one) { one.state = PersonState::Submitted; });

        CPPUNIT_ASSERT(bench_.endJob().starts_with("failed: "));
        CPPUNIT_ASSERT_EQUAL(std::string(), photoOf(id));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, bench_.count("registration_import_photo"));
    }

    void aPastEditionsPhotosComeInByCommand()
    {
        const std::string card = sample::residentCard(1);
        const std::string code = sample::socialCreditCode(1);
        bench_.imported(
            "organizations", kPast, csvOf({"单位名称,统一社会信用代码", "样本单位," + code}));
        bench_.imported("persons", kPast, csvOf({"单位,姓名,证件号码", code + ",样本甲," + card}));

        const Json shown = bench_.imported("photos", kPast, zipOf({{card + ".jpg", good_}}));

        CPPUNIT_ASSERT_EQUAL_MESSAGE(shown.dump(), Json("done"), shown.at("state"));
        CPPUNIT_ASSERT_EQUAL(
            std::int64_t{1},
            bench_.count("registration_person",
                         "edition = 'ciie-6' AND photo <> '' AND photo_key IS NOT NULL"));
    }

    void photosAreTakenWhereBadgesHaveThem()
    {
        person(kFemaleNumber);
        const std::string archive = zipOf({{kFemaleNumber + ".jpg", good_}});
        CPPUNIT_ASSERT_EQUAL(Json("done"), importedPhotos(archive).at("state"));
        bench_.reception.floor.desk.changeRules(
            {{{"op", "add"}, {"path", "/rules_off/-"}, {"value", "R-082"}}});
        const Heard heard = bench_.uploadPhotos(archive);
        CPPUNIT_ASSERT_EQUAL(Json("photo_not_asked"), heard.body.at("code"));
    }
};

HUB_TEST_SUITE_REGISTRATION(ImportPhotosTest, "import_photos");

} // namespace

} // namespace registration::test
