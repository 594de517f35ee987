// Goal: a badge photo is judged by its content, kept without anything but its pixels and under a
// key of its own, and whoever looks at it is written down. Method: the units on the fake hub, their
// tasks on a host whose blobs the test sees.
#include "flow/badge_photo.hpp"
#include "flow/sealed_file.hpp"
#include "kept_blobs.hpp"
#include "reception.hpp"

#include <uploads/picture.hpp>

namespace registration::test {

namespace {

using TaskFunction = hub::Answer (*)(const hub::Host&, const hub::Event&);

/// Left half red, right half blue.
std::string jpegOf(std::uint32_t width, std::uint32_t height)
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

/// With a comment, as programs write one.
std::string withComment(const std::string& jpeg, const std::string& comment)
{
    std::string segment = "\xFF\xFE";
    segment += '\0';
    segment += static_cast<char>(comment.size() + 2);
    return jpeg.substr(0, 2) + segment + comment + jpeg.substr(2);
}

class PersonPhotosTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PersonPhotosTest);
    CPPUNIT_TEST(aPhotoIsPutAndLookedAt);
    CPPUNIT_TEST(onlyThePixelsAreKept);
    CPPUNIT_TEST(thePhotoOpensWithThePersonsKeyAlone);
    CPPUNIT_TEST(whatIsNoBadgePhotoIsRefusedNamingAllThatIsWrong);
    CPPUNIT_TEST(aLargePhotoFitsIntoOneAnswer);
    CPPUNIT_TEST(whoeverLooksIsWrittenDown);
    CPPUNIT_TEST(aSubmittedPersonsPhotoStays);
    CPPUNIT_TEST(anotherPhotoEndsTheReuseOnlyWhenTold);
    CPPUNIT_TEST(strangersSeeNoPhoto);
    CPPUNIT_TEST(aPastBadgesPhotoIsLookedAtByItsOrganization);
    CPPUNIT_TEST_SUITE_END();

    /// The route as the hub carries it out.
    Heard carryOut(const std::string& operation,
                   const std::string& person_id,
                   TaskFunction work,
                   Json parts,
                   const std::string& member = "person_id")
    {
        hub::testing::PluginEvent event;
        event.source = HUB_SOURCE_REQUEST;
        event.operation = operation;
        event.edition = kEdition;
        event.principal = "person:" + reception_.contact.login;
        parts["path"] = {{"organization_id", kOrganization}, {member, person_id}};
        parts["session"] = {{"id", "session"}, {"scopes", reception_.contact.scopes}};
        event.payload = parts.dump();
        hub::Answer answer = reception_.floor.desk.fake.deliver(event);
        Json said = Json::parse(answer.payload);
        if (said.contains("task")) {
            parts["task"] = workOut(work, said["task"].dump());
            event.payload = parts.dump();
            said = Json::parse(reception_.floor.desk.fake.deliver(event).payload);
        }
        return {said.at("status"), said.contains("problem") ? said["problem"] : said["body"]};
    }

    Json workOut(TaskFunction work, const std::string& payload)
    {
        hub_event raw{};
        raw.struct_size = sizeof raw;
        raw.kind = HUB_KIND_TASK;
        raw.payload = hub::toBytes(payload);
        const hub::Answer answer = work(blobs_.host(), hub::Event{raw});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(answer.message, hub_status{HUB_OK}, answer.status);
        return Json::parse(answer.payload);
    }

    Heard put(const std::string& person_id,
              const std::string& picture,
              const Json& query = Json::object())
    {
        blobs_.contents["upload"] = picture;
        return carryOut(
            "person.put_photo",
            person_id,
            &workOutPhoto,
            {{"query", query},
             {"upload",
              {{"media_type", "image/jpeg"}, {"bytes", picture.size()}, {"blob", "upload"}}}});
    }

    Heard look(const std::string& person_id)
    {
        return carryOut("person.view_photo", person_id, &readPhoto, Json::object());
    }

    std::string looked(const std::string& person_id)
    {
        const Heard heard = look(person_id);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 200, heard.status);
        return fromBase64(heard.body.value("content_base64", "")).value_or("");
    }

    Reception reception_;
    KeptBlobs blobs_;

public:
    void aPhotoIsPutAndLookedAt()
    {
        const std::string id = reception_.added(completeForm());
        const Heard heard = put(id, jpegOf(600, 800));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 200, heard.status);
        CPPUNIT_ASSERT(heard.body["revision"] == 2);
        const auto picture = uploads::decodePicture(looked(id));
        CPPUNIT_ASSERT(picture.ok());
        CPPUNIT_ASSERT_EQUAL(600U, picture.value().pixels.width);
        CPPUNIT_ASSERT_EQUAL(200, reception_.submit(id).status);
    }

    void onlyThePixelsAreKept()
    {
        const std::string id = reception_.added(completeForm());
        put(id, withComment(jpegOf(600, 800), "SAMPLE-PLACE-31N-121E"));
        CPPUNIT_ASSERT(looked(id).find("SAMPLE-PLACE") == std::string::npos);
    }

    void thePhotoOpensWithThePersonsKeyAlone()
    {
        const std::string one = reception_.added(completeForm());
        const std::string two = reception_.added(completeForm("样本乙", kMaleNumber));
        put(one, jpegOf(600, 800));
        put(two, jpegOf(600, 800));
        const Person first = reception_.floor.stored(one);
        const Person second = reception_.floor.stored(two);
        CPPUNIT_ASSERT_EQUAL(kFileKeyBytes, first.photo_key.size());
        CPPUNIT_ASSERT(first.photo_key != second.photo_key);
        CPPUNIT_ASSERT(openFile(first.photo_key, blobs_.contents.at(first.photo)));
        CPPUNIT_ASSERT(!openFile(second.photo_key, blobs_.contents.at(first.photo)));
        CPPUNIT_ASSERT(reception_.floor.desk.fake.storeBytes().find(first.photo_key) ==
                       std::string::npos);
    }

    void whatIsNoBadgePhotoIsRefusedNamingAllThatIsWrong()
    {
        const std::string id = reception_.added(completeForm());
        Heard heard = put(id, jpegOf(200, 160));
        CPPUNIT_ASSERT_EQUAL(422, heard.status);
        for (const char* code : {"picture_width", "picture_height", "picture_ratio"}) {
            CPPUNIT_ASSERT_MESSAGE(heard.body.dump(), hasReason(heard.body, code, ""));
        }
        heard = put(id, "%PDF-1.7 sample");
        CPPUNIT_ASSERT(hasReason(heard.body, "media_pdf", ""));
        heard = put(id, jpegOf(600, 800) + "attached");
        CPPUNIT_ASSERT(hasReason(heard.body, "trailing_data", ""));
        CPPUNIT_ASSERT(reception_.floor.stored(id).photo.empty());
        CPPUNIT_ASSERT_EQUAL(404, look(id).status);
    }

    void aLargePhotoFitsIntoOneAnswer()
    {
        const std::string id = reception_.added(completeForm());
        CPPUNIT_ASSERT_EQUAL(200, put(id, jpegOf(1800, 2400)).status);
        CPPUNIT_ASSERT(look(id).body.dump().size() < HUB_PAYLOAD_BYTES_MAX);
    }

    void whoeverLooksIsWrittenDown()
    {
        const std::string id = reception_.added(completeForm());
        put(id, jpegOf(600, 800));
        const std::string count =
            "SELECT COUNT(*) FROM registration_history WHERE event = 'view_photo' AND "
            "actor = 'person:contact' AND subject = '" +
            id + "'";
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, reception_.floor.desk.fake.store().integer(count));
        looked(id);
        looked(id);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, reception_.floor.desk.fake.store().integer(count));
    }

    void aSubmittedPersonsPhotoStays()
    {
        const std::string id = reception_.ready(completeForm());
        reception_.submit(id);
        const Heard heard = put(id, jpegOf(600, 800));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 409, heard.status);
        CPPUNIT_ASSERT(heard.body["code"] == "person_frozen");
        CPPUNIT_ASSERT_EQUAL("photo-" + id, reception_.floor.stored(id).photo);
    }

    void anotherPhotoEndsTheReuseOnlyWhenTold()
    {
        const std::string past = reception_.ready(completeForm("样本乙", kMaleNumber));
        const std::string id = reception_.added(completeForm());
        reception_.changePerson(id, [&](Person& one) {
            one.reuse = true;
            one.past_person_id = past;
        });
        CPPUNIT_ASSERT_EQUAL(409, put(id, jpegOf(600, 800)).status);
        CPPUNIT_ASSERT(reception_.floor.stored(id).reuse);
        const Heard heard = put(id, jpegOf(600, 800), {{"new_badge", "true"}});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 200, heard.status);
        CPPUNIT_ASSERT(!reception_.floor.stored(id).reuse);
    }

    void strangersSeeNoPhoto()
    {
        const std::string id = reception_.added(completeForm());
        put(id, jpegOf(600, 800));
        reception_.contact = contactOf(kOtherOrganization);
        CPPUNIT_ASSERT_EQUAL(404, look(id).status);
        // Its delegation may look; another may not.
        reception_.contact = clerkOf("shanghai");
        CPPUNIT_ASSERT_EQUAL(200, look(id).status);
        reception_.contact = clerkOf("guangdong");
        CPPUNIT_ASSERT_EQUAL(404, look(id).status);
    }

    void aPastBadgesPhotoIsLookedAtByItsOrganization()
    {
        const std::string id = reception_.added(completeForm());
        put(id, jpegOf(600, 800));
        Organization past;
        past.organization_id = "past-organization";
        past.edition = "ciie-6";
        past.state = OrganizationState::Archived;
        reception_.floor.run([&](const Work& work) {
            work.add(past);
            Person person = work.rows().person(id).value();
            person.person_id = "past-person";
            person.edition = past.edition;
            person.organization_id = past.organization_id;
            person.state = PersonState::Archived;
            work.add(person);
        });
        const auto lookAtPast = [&] {
            return carryOut("past_person.view_photo",
                            "past-person",
                            &readPhoto,
                            Json::object(),
                            "past_person_id");
        };
        CPPUNIT_ASSERT_EQUAL(404, lookAtPast().status);
        reception_.changeOrganization(
            [&](Organization& one) { one.past_organization_id = past.organization_id; });
        CPPUNIT_ASSERT_EQUAL(200, lookAtPast().status);
    }
};

HUB_TEST_SUITE_REGISTRATION(PersonPhotosTest, "person_photos");

} // namespace

} // namespace registration::test
