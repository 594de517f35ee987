// Goal: a person gets everything that was entered, and is gone after the erasure: from every view,
// search, list and export, in every edition, also after the restore of a backup from before and the
// import of an old file, on both back ends. Method: the real hub and canaries (privacy_fixture).
#include "privacy_fixture.hpp"

#include <Poco/Base64Encoder.h>

#include <sstream>
#include <string>

namespace hub::test {

namespace {

std::string toBase64(const std::string& bytes)
{
    std::ostringstream stream;
    Poco::Base64Encoder encoder(stream);
    encoder.rdbuf()->setLineLength(0);
    encoder << bytes;
    encoder.close();
    return stream.str();
}

class ErasureTest : public PrivacyFixture {
    CPPUNIT_TEST_SUITE(ErasureTest);
    CPPUNIT_TEST(whoIsErasedStaysErased);
    CPPUNIT_TEST(whoIsErasedStaysErasedOnPostgres);
    CPPUNIT_TEST_SUITE_END();

    Canaries erased_;
    std::string past_file_;

    std::string place(const std::string& name) const { return (hub().folder() / name).string(); }

    void enterPerson()
    {
        openEdition();
        registerOrganization();
        fillInPages();
        cancelPerson();
        addPersons();
        submitPersons({person_, visitor_});
        importPastPersons();
        past_file_ = pastPersonsFile(kPersonName, kPersonNumber, kPersonPhone);
        CPPUNIT_ASSERT_EQUAL(Json(0), imported("persons", past_file_).at("known"));
        erased_.addText("name", kPersonName);
        erased_.addText("document", kPersonNumber);
        erased_.addText("words about the person", kPersonWords);
        erased_.addText("phone", std::string(kPersonPhone).substr(3));
        erased_.addText("mail", enteredOf(person_).at("mail").get<std::string>());
        erased_.addText("position", enteredOf(person_).at("position").get<std::string>());
        erased_.addFile("photo", person_photo_);
    }

    Json exported(const std::string& id) const { return hub().ask({"person", "export", id}); }

    void assertExportIsComplete() const
    {
        const Json data = exported(person_);
        for (const auto& [field, value] : enteredOf(person_).items()) {
            const Json& where = data.at("form").contains(field) ? data.at("form") : data;
            CPPUNIT_ASSERT_EQUAL_MESSAGE(field, value, where.value(field, Json()));
        }
        CPPUNIT_ASSERT_EQUAL(Json(toBase64(person_photo_)), data.at("photo").at("content_base64"));
        CPPUNIT_ASSERT(data.at("declared_ms") > 0);
        CPPUNIT_ASSERT(!data.at("history").empty());
        CPPUNIT_ASSERT_EQUAL(Json(kPersonWords), exported(canceled_).at("reason"));
    }

    /// Everything that the API shows of the organization's persons, to whoever may see most.
    KeptBytes shown() const
    {
        KeptBytes answers;
        for (const std::string& path :
             {pathOf("/persons"),
              pathOf("/persons?name=") + "%E9%B9%82%E9%B8%B0",
              pathOf("/persons?document_number=") + kPersonNumber,
              pathOf("/persons/") + person_,
              pathOf("/persons/") + canceled_,
              "/persons?organization_id=" + organization_,
              std::string("/persons?q=") + std::string(kPersonPhone).substr(3),
              std::string("/persons?q=") + kPersonNumber.substr(kPersonNumber.size() - 4)}) {
            answers[path] = expected(200, asStaff("GET", path)).dump();
        }
        return answers;
    }

    void assertNobodySaysWhy() const
    {
        for (const std::string& id : {person_, canceled_}) {
            const Json data = exported(id);
            CPPUNIT_ASSERT_MESSAGE(data.dump(), found(erased_, {{id, data.dump()}}).empty());
        }
    }

    void assertGone() const
    {
        assertNobodySaysWhy();
        const KeptBytes answers = shown();
        const auto all = found(erased_, answers);
        CPPUNIT_ASSERT_MESSAGE(shownCanaries(all), all.empty());
        for (const auto& [path, answer] : answers) {
            const bool is_search = path.find("name=") != std::string::npos ||
                                   path.find("number=") != std::string::npos ||
                                   path.find("q=") != std::string::npos;
            CPPUNIT_ASSERT_MESSAGE(path + ": " + answer,
                                   !is_search || answer.find(person_) == std::string::npos);
        }
        CPPUNIT_ASSERT_EQUAL(
            404, asStaff("POST", pathOf("/persons/" + person_ + "/photo/views")).status);
    }

    void erase(std::string& past) const
    {
        const Json erased = hub().ask({"person", "erase", person_});
        CPPUNIT_ASSERT_EQUAL_MESSAGE("what was canceled and the past edition's, too: " +
                                         erased.dump(),
                                     std::size_t{3},
                                     erased.at("persons").size());
        past = erased.at("persons").at(2);
    }

    void assertOldFileBringsNobodyBack(const std::string& past) const
    {
        CPPUNIT_ASSERT_EQUAL(Json(1), imported("persons", past_file_).at("known"));
        CPPUNIT_ASSERT(exported(past).at("form").empty());
    }

    void backUp() const
    {
        hub().ask({"backup", "--to", place("backup"), "--persons-to", place("persons")});
    }

    /// With the keys of persons from before the erasure.
    void restore() const
    {
        if (schema() != nullptr) {
            schema()->terminateSessions();
            schema()->run("ALTER SCHEMA " + schema()->name() + " RENAME TO " + before());
        }
        const Json restored = hub().ask({"restore",
                                         "--from",
                                         place("backup"),
                                         "--persons-from",
                                         place("persons"),
                                         "--replace"});
        CPPUNIT_ASSERT_MESSAGE(restored.dump(), restored.at("has_persons").get<bool>());
        CPPUNIT_ASSERT_MESSAGE(restored.dump(), restored.at("erasures") >= 3);
    }

    std::string before() const { return schema()->name() + "_before"; }

    void eraseAndRestore()
    {
        enterPerson();
        assertExportIsComplete();
        CPPUNIT_ASSERT_MESSAGE("the search sees nobody", !found(erased_, shown()).empty());
        backUp();
        std::string past;
        erase(past);
        assertGone();
        assertOldFileBringsNobodyBack(past);

        hub().stop();
        restore();
        hub().start();
        assertShownInQuarantine();
        hub().ask({"quarantine", "release", "--reason", "a test", "--force"});
        assertGone();
        assertOldFileBringsNobodyBack(past);
        const Json other = exported(visitor_);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(
            "others are there", Json("SERINUS CANARIA"), other["form"]["name"]);
        // Who comes back of their own will is not held up by what was.
        expected(201,
                 asStaff("POST",
                         pathOf("/persons"),
                         {{"kind", "mainland"},
                          {"form", enteredOf(person_)},
                          {"consents", {{"sensitive", "1"}}}}));
    }

    void assertShownInQuarantine() const
    {
        const auto all = found(erased_, shown());
        CPPUNIT_ASSERT_MESSAGE(shownCanaries(all), all.empty());
    }

public:
    void tearDown() override
    {
        if (schema() != nullptr) {
            hub().kill();
            schema()->run("DROP SCHEMA IF EXISTS " + before() + " CASCADE");
        }
        PrivacyFixture::tearDown();
    }

    void whoIsErasedStaysErased()
    {
        prepare();
        run();
        eraseAndRestore();
    }

    void whoIsErasedStaysErasedOnPostgres()
    {
        prepareOnPostgres();
        run();
        eraseAndRestore();
    }
};

HUB_TEST_SUITE_REGISTRATION(ErasureTest, "erasure");

} // namespace

} // namespace hub::test
