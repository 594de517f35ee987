// Goal: documents, phones and births are checked by their own rules and by each other (10.2 to
// 10.8, 10.13, C-10), naming the doubtful place; nobody below the minimum age comes. Method: drafts
// with one thing wrong at a time, and what the answer says of them.
#include "reception.hpp"

namespace registration::test {

namespace {

struct Row {
    const char* about;
    const char* kind;
    Json change; // of the complete form, RFC 7396
    const char* code;
    const char* pointer;
};

class PersonChecksTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PersonChecksTest);
    CPPUNIT_TEST(completeFormsHaveNoProblem);
    CPPUNIT_TEST(whatIsWrongIsNamedWhereItIs);
    CPPUNIT_TEST(theDoubtfulCharacterIsNamed);
    CPPUNIT_TEST(eachKindShowsItsOwnDocuments);
    CPPUNIT_TEST(aMistypedNumberKeepsNobodyOut);
    CPPUNIT_TEST(aRenewedPermitIsTheSamePerson);
    CPPUNIT_TEST_SUITE_END();

    static Json completeFormOf(const std::string& kind)
    {
        return kind == "mainland" ? completeForm() : passportForm();
    }

    static Json permitForm(const std::string& document, const std::string& number)
    {
        Json form = passportForm(number);
        form.erase("nationality");
        form["document_kind"] = document;
        return form;
    }

    static std::vector<Row> rows()
    {
        return {
            {"check character",
             "mainland",
             {{"document_number", "110000190001010021"}},
             "document_number_check_character",
             "/document_number"},
            {"30 February",
             "mainland",
             {{"document_number", "110000190002300011"}},
             "document_number_birth_date",
             "/document_number"},
            {"length",
             "mainland",
             {{"document_number", "11000019000101002"}},
             "document_number_length",
             "/document_number"},
            {"sex", "mainland", {{"sex", "male"}}, "document_number_sex", "/sex"},
            {"phone", "mainland", {{"phone", "1234"}}, "phone_length", "/phone"},
            {"mail", "overseas", {{"mail", "nobody"}}, "mail_email_form", "/mail"},
            {"expiry within the fair",
             "overseas",
             {{"document_expires", "2026-11-10"}},
             "document_expires_expires_too_early",
             "/document_expires"},
            {"expiry is no day",
             "overseas",
             {{"document_expires", "2031-02-30"}},
             "document_expires_expiry_date",
             "/document_expires"},
            {"nationality",
             "overseas",
             {{"nationality", "U1"}},
             "nationality_code",
             "/nationality"},
            {"birth is no day", "overseas", {{"birth", "1990-13-01"}}, "birth_date", "/birth"},
            {"birth in the future", "overseas", {{"birth", "2090-01-01"}}, "birth_date", "/birth"},
            {"a day too young", "overseas", {{"birth", "2008-11-06"}}, "minimum_age", "/birth"},
            {"no birth", "overseas", {{"birth", nullptr}}, "birth_missing", "/birth"},
            {"no mail", "overseas", {{"mail", nullptr}}, "mail_missing", "/mail"},
            {"no phone", "mainland", {{"phone", nullptr}}, "phone_missing", "/phone"},
            {"no name", "mainland", {{"name", "  "}}, "name_missing", "/name"},
            {"long name", "mainland", {{"name", std::string(101, 'x')}}, "name_length", "/name"},
            {"courier without address",
             "mainland",
             {{"delivery_method", "courier"}},
             "address_id_missing",
             "/address_id"},
        };
    }

public:
    void completeFormsHaveNoProblem()
    {
        Reception reception;
        for (const char* kind : {"mainland", "overseas"}) {
            const std::string id = reception.ready(completeFormOf(kind), kind);
            const Heard heard = reception.show(id);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                heard.body.dump(), std::string("[]"), heard.body["problems"].dump());
        }
    }

    void whatIsWrongIsNamedWhereItIs()
    {
        Reception reception;
        for (const Row& row : rows()) {
            Json form = completeFormOf(row.kind);
            form.merge_patch(row.change);
            const Heard heard = reception.add(form, row.kind);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.about + heard.body.dump(), 201, heard.status);
            CPPUNIT_ASSERT_MESSAGE(row.about + heard.body["problems"].dump(),
                                   hasRemark(heard.body["problems"], row.code, row.pointer));
            reception.write("person.delete", Json(), heard.body["person_id"]);
        }
        // On the day itself one is old enough.
        Json form = passportForm();
        form["birth"] = "2008-11-05";
        CPPUNIT_ASSERT(
            !hasRemark(reception.add(form, "overseas").body["problems"], "minimum_age", "/birth"));
    }

    void theDoubtfulCharacterIsNamed()
    {
        Reception reception;
        const Heard heard = reception.add(
            {{"document_kind", "resident_card"}, {"document_number", "110000190001O10020"}});
        for (const Json& problem : heard.body["problems"]) {
            if (problem["code"] == "document_number_character") {
                const std::string message = problem["message"]["en"];
                CPPUNIT_ASSERT_MESSAGE(message, message.find("Character 13") == 0);
                return;
            }
        }
        CPPUNIT_FAIL(heard.body.dump());
    }

    void eachKindShowsItsOwnDocuments()
    {
        Reception reception;
        const auto check = [&](const char* kind, const Json& form, bool is_sound) {
            const Heard heard = reception.add(form, kind);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), is_sound ? 201 : 422, heard.status);
            if (is_sound) {
                CPPUNIT_ASSERT_EQUAL_MESSAGE(
                    heard.body.dump(), std::size_t{1}, heard.body["problems"].size()); // the photo
            }
        };
        const char* region = "hongkong_macao_taiwan";
        check(region, permitForm("hong_kong_macao_permit", "H00000000"), true);
        check(region, permitForm("hong_kong_macao_permit", "HA0000001"), true); // C-10
        check(region, permitForm("taiwan_permit", "00000001"), true);
        check("resident_abroad", permitForm("chinese_passport", "E00000001"), true);
        check(region, permitForm("resident_card", kFemaleNumber), false);
        check("mainland", {{"document_kind", "passport"}}, false);
        // A residence permit tells birth and sex itself.
        Json form = permitForm("residence_permit", "810000190001010018");
        form.erase("birth");
        check(region, form, true);
    }

    void aMistypedNumberKeepsNobodyOut()
    {
        Reception reception;
        Json form = completeForm();
        form["sex"] = "male";
        reception.added(form);
        CPPUNIT_ASSERT_EQUAL(201, reception.add(completeForm()).status);
    }

    void aRenewedPermitIsTheSamePerson()
    {
        Reception reception;
        const char* region = "hongkong_macao_taiwan";
        reception.added(permitForm("hong_kong_macao_permit", "H0000000001"), region);
        const Heard heard =
            reception.add(permitForm("hong_kong_macao_permit", "H00000000"), region);
        CPPUNIT_ASSERT_EQUAL(409, heard.status);
    }
};

HUB_TEST_SUITE_REGISTRATION(PersonChecksTest, "person_checks");

} // namespace

} // namespace registration::test
