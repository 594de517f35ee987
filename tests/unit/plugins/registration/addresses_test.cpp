// Goal: an organization keeps the addresses to which couriers bring its badges: at most as many as
// the edition allows, one of them the default, all of them where couriers go. Method: the plugin on
// the fake hub.
#include "applicant.hpp"
#include "support/suite.hpp"

namespace registration::test {

namespace {

class AddressesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(AddressesTest);
    CPPUNIT_TEST(addressesAreListed);
    CPPUNIT_TEST(anAddressCanBeAdded);
    CPPUNIT_TEST(thereAreAtMostFive);
    CPPUNIT_TEST(oneIsTheDefault);
    CPPUNIT_TEST(itsFieldsAreAskedAndChecked);
    CPPUNIT_TEST(itIsWhereTheOrganizationReceivesBadges);
    CPPUNIT_TEST(couriersStayInTheMainland);
    CPPUNIT_TEST(aChangeNamesItsRevision);
    CPPUNIT_TEST(anotherOrganizationsAddressDoesNotExist);
    CPPUNIT_TEST(anAddressInUseIsKept);
    CPPUNIT_TEST(nothingOfItIsReadableAtRest);
    CPPUNIT_TEST_SUITE_END();

    static Json address(const char* street = "样本路1号")
    {
        return {{"province", "31"},
                {"city", "上海市"},
                {"district", "样本区"},
                {"street", street},
                {"recipient", "样本甲"},
                {"phone", "+8619900000001"}};
    }

    static Heard add(Applicant& applicant, const Json& body)
    {
        return applicant.act("address.add", contactOf(kOrganization), body);
    }

    static Heard list(Applicant& applicant)
    {
        return applicant.look("addresses.list", contactOf(kOrganization));
    }

    static Json put(const Json& id, const std::string& if_match, const Json& body)
    {
        return {{"path", {{"organization_id", kOrganization}, {"address_id", id}}},
                {"if_match", if_match},
                {"body", body}};
    }

public:
    void addressesAreListed()
    {
        Applicant applicant;
        applicant.registered();
        const Heard heard = list(applicant);
        CPPUNIT_ASSERT_EQUAL(200, heard.status);
        CPPUNIT_ASSERT(heard.body["addresses"].empty());
    }

    void anAddressCanBeAdded()
    {
        Applicant applicant;
        applicant.registered();
        const Heard added = add(applicant, address());
        CPPUNIT_ASSERT_EQUAL(201, added.status);
        const Heard heard = list(applicant);
        CPPUNIT_ASSERT(heard.body["addresses"][0]["street"] == "样本路1号");
        // The hub keeps this answer in clear, for whoever asks again with the same key.
        const Json known = {{"address_id", heard.body["addresses"][0]["address_id"]},
                            {"revision", 1}};
        CPPUNIT_ASSERT_EQUAL(known.dump(), added.body.dump());
    }

    void thereAreAtMostFive()
    {
        Applicant applicant;
        applicant.registered();
        for (int i = 0; i < 5; ++i) {
            CPPUNIT_ASSERT_EQUAL(201, add(applicant, address()).status);
        }
        const Heard sixth = add(applicant, address());
        CPPUNIT_ASSERT_EQUAL(409, sixth.status);
        CPPUNIT_ASSERT(sixth.body["parameters"]["rule"] == "R-112");
        CPPUNIT_ASSERT_EQUAL(std::size_t{5}, list(applicant).body["addresses"].size());
    }

    void oneIsTheDefault()
    {
        Applicant applicant;
        applicant.registered();
        Json body = address("样本路2号");
        body["is_default"] = true;
        add(applicant, address("样本路1号"));
        add(applicant, body);
        body["street"] = "样本路3号";
        add(applicant, body);
        const Heard heard = list(applicant);
        int defaults = 0;
        for (const Json& one : heard.body["addresses"]) {
            defaults += one.value("is_default", false) ? 1 : 0;
        }
        CPPUNIT_ASSERT_EQUAL(1, defaults);
        CPPUNIT_ASSERT(heard.body["addresses"][0]["street"] == "样本路3号");
    }

    void itsFieldsAreAskedAndChecked()
    {
        Applicant applicant;
        applicant.registered();
        const Heard heard = add(applicant, Json::object());
        CPPUNIT_ASSERT_EQUAL(422, heard.status);
        CPPUNIT_ASSERT_EQUAL(std::size_t{6}, heard.body["violations"].size());
        Json body = address();
        body["phone"] = "1990000";
        const Heard phone = add(applicant, body);
        CPPUNIT_ASSERT(phone.body["pointer"] == "/phone");
    }

    void itIsWhereTheOrganizationReceivesBadges()
    {
        Applicant applicant;
        applicant.registered();
        const Heard heard = list(applicant);
        CPPUNIT_ASSERT(heard.body.contains("hint"));
        CPPUNIT_ASSERT(heard.body["hint"].contains("zh"));
    }

    void couriersStayInTheMainland()
    {
        Applicant applicant;
        applicant.registered();
        Json body = address();
        body["province"] = "81";
        const Heard heard = add(applicant, body);
        CPPUNIT_ASSERT_EQUAL(422, heard.status);
        CPPUNIT_ASSERT(heard.body["pointer"] == "/province");
    }

    void aChangeNamesItsRevision()
    {
        Applicant applicant;
        applicant.registered();
        const Json id = add(applicant, address()).body["address_id"];
        const Visitor who = contactOf(kOrganization);
        const Json changed = address("样本路9号");
        CPPUNIT_ASSERT_EQUAL(
            412, applicant.desk.write("address.put", who, put(id, "\"7\"", changed)).status);
        const Heard heard = applicant.desk.write("address.put", who, put(id, "\"1\"", changed));
        CPPUNIT_ASSERT_EQUAL(200, heard.status);
        CPPUNIT_ASSERT(heard.body["revision"] == 2);
        const Heard again = applicant.desk.write("address.put", who, put(id, "\"1\"", changed));
        CPPUNIT_ASSERT(again.body["revision"] == 2);
    }

    void anotherOrganizationsAddressDoesNotExist()
    {
        Applicant applicant;
        applicant.registered();
        applicant.registered(kOtherOrganization);
        const Json id = add(applicant, address()).body["address_id"];
        const Json path = {{"path", {{"organization_id", kOtherOrganization}, {"address_id", id}}},
                           {"body", address()}};
        for (const char* operation : {"address.put", "address.delete"}) {
            CPPUNIT_ASSERT_EQUAL(
                404, applicant.desk.write(operation, contactOf(kOtherOrganization), path).status);
        }
    }

    void anAddressInUseIsKept()
    {
        Applicant applicant;
        applicant.complete();
        const Json id = add(applicant, address()).body["address_id"];
        applicant.run([&](const Work& work) {
            Person person = work.rows().person("person-" + kOrganization).value();
            person.address_id = id.get<std::string>();
            work.rows().update(person);
        });
        const Json path = {{"path", {{"organization_id", kOrganization}, {"address_id", id}}}};
        const Heard heard = applicant.desk.write("address.delete", contactOf(kOrganization), path);
        CPPUNIT_ASSERT_EQUAL(409, heard.status);
        CPPUNIT_ASSERT(heard.body["code"] == "address_in_use");
        const Json other = add(applicant, address()).body["address_id"];
        CPPUNIT_ASSERT_EQUAL(
            200,
            applicant.desk
                .write("address.delete",
                       contactOf(kOrganization),
                       {{"path", {{"organization_id", kOrganization}, {"address_id", other}}}})
                .status);
    }

    void nothingOfItIsReadableAtRest()
    {
        Applicant applicant;
        applicant.registered();
        add(applicant, address("样本路77号"));
        CPPUNIT_ASSERT(applicant.desk.fake.storeBytes().find("样本路77号") == std::string::npos);
    }
};

HUB_TEST_SUITE_REGISTRATION(AddressesTest, "addresses");

} // namespace

} // namespace registration::test
