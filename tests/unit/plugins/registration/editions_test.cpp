// Goal: the rules of an edition are data: the shipped packs are sound, a pack that contradicts
// itself is refused naming where, a dry run keeps nothing, and past editions have no rules. Method:
// the plugin on the fake hub.
#include "desk.hpp"
#include "domain/edition.hpp"
#include "domain/times.hpp"
#include "support/suite.hpp"

namespace registration::test {

namespace {

class EditionsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(EditionsTest);
    CPPUNIT_TEST(theShippedPacksAreSound);
    CPPUNIT_TEST(whatContradictsItselfIsRefusedNamingWhere);
    CPPUNIT_TEST(aDryRunKeepsNothing);
    CPPUNIT_TEST(aPastEditionHasNoRules);
    CPPUNIT_TEST(feesFollowCategoryPeriodAndReuse);
    CPPUNIT_TEST(delegationsFormATreeOfTwoLevels);
    CPPUNIT_TEST(instantsAreShanghaisAndTheEndOfADayIsTheNext);
    CPPUNIT_TEST_SUITE_END();

    static Heard put(Desk& desk, const Json& pack, const Json& query = Json::object())
    {
        return desk.write(
            "edition.put",
            kOrganizer,
            {{"path", {{"edition", desk.edition()}}}, {"query", query}, {"body", pack}});
    }

    static void assertRefused(Desk& desk, const char* patch, const char* pointer)
    {
        const Heard heard = put(desk, desk.pack().patch(Json::parse(patch)));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(patch, 422, heard.status);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(
            heard.body.dump(), Json(pointer).dump(), heard.body["violations"][0]["pointer"].dump());
    }

public:
    void theShippedPacksAreSound()
    {
        const Desk seventh("ciie-7");
        const Desk fourth("ciie-4");
    }

    void whatContradictsItselfIsRefusedNamingWhere()
    {
        Desk desk;
        assertRefused(desk, R"([{"op":"remove","path":"/fees/0"}])", "/fees");
        assertRefused(
            desk, R"([{"op":"replace","path":"/fees/0/category","value":"nobody"}])", "/fees/0");
        assertRefused(
            desk,
            R"([{"op":"replace","path":"/admission_periods/1/last_day","value":"2026-11-11"}])",
            "/admission_periods/1");
        assertRefused(desk,
                      R"([{"op":"replace","path":"/deadlines/payment","value":"tomorrow"}])",
                      "/deadlines/payment");
        assertRefused(desk, R"([{"op":"replace","path":"/edition","value":"ciie-8"}])", "/edition");
    }

    void aDryRunKeepsNothing()
    {
        Desk desk;
        desk.registered(kOrganization);
        Json pack = desk.pack();
        pack["addresses_max"] = 3;
        const Heard heard = put(desk, pack, {{"dry_run", "true"}});
        CPPUNIT_ASSERT_EQUAL(200, heard.status);
        CPPUNIT_ASSERT_EQUAL(1, heard.body["affects"]["organization"]["draft"].get<int>());

        const Json path = {{"path", {{"edition", desk.edition()}}}};
        CPPUNIT_ASSERT(desk.read("edition.show", kOrganizer, path).body["addresses_max"] == 5);
        put(desk, pack);
        CPPUNIT_ASSERT(desk.read("edition.show", kOrganizer, path).body["addresses_max"] == 3);
    }

    void aPastEditionHasNoRules()
    {
        Desk desk;
        const Heard heard =
            desk.read("edition.show", kOrganizer, {{"path", {{"edition", "ciie-1"}}}});
        CPPUNIT_ASSERT_EQUAL(404, heard.status);
        CPPUNIT_ASSERT(heard.body["code"] == "edition_archived");
        const hub::Answer asked = desk.fake.ask("edition", "", R"({"edition":"ciie-1"})");
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"pack":null,"revision":0})"), asked.payload);
    }

    void feesFollowCategoryPeriodAndReuse()
    {
        std::vector<requests::Violation> problems;
        const auto edition = parsePack(Desk().pack(), problems);
        CPPUNIT_ASSERT(edition.has_value());
        const auto amount = [&](const char* category, const char* period, bool reuse) {
            return edition->amountOf(category, period, reuse).value_or(-1);
        };
        CPPUNIT_ASSERT_EQUAL(std::int64_t{20000}, amount("visitor", "all_days", false));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{10000}, amount("visitor", "all_days", true));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, amount("vip", "all_days", false));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{-1}, amount("visitor", "someday", false));
    }

    void delegationsFormATreeOfTwoLevels()
    {
        Desk desk;
        const Json orphan = {{"delegation_id", "orphan"},
                             {"parent_id", "shanghai-trade"},
                             {"name", {{"en", "Sample"}, {"zh", "样本"}}}};
        const Heard heard = desk.write("delegations.put",
                                       kOrganizer,
                                       {{"path", {{"edition", desk.edition()}}},
                                        {"body", {{"delegations", Json::array({orphan})}}}});
        CPPUNIT_ASSERT_EQUAL(422, heard.status);
        CPPUNIT_ASSERT(heard.body["pointer"] == "/delegations/0/parent_id");
    }

    void instantsAreShanghaisAndTheEndOfADayIsTheNext()
    {
        CPPUNIT_ASSERT(parseInstant("2026-10-20T24:00:00+08:00") ==
                       parseInstant("2026-10-21T00:00:00+08:00"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1'792'512'000'000},
                             parseInstant("2026-10-21T00:00:00+08:00").value_or(0));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-10-21"), dayOf(1'792'512'000'000));
        CPPUNIT_ASSERT_EQUAL(std::string("2026-10-20"), dayOf(1'792'511'999'999));
        for (const char* wrong : {"2026-02-30T00:00:00+08:00",
                                  "2026-10-20T24:00:01+08:00",
                                  "2026-10-20T00:00:00Z",
                                  "2026-10-20 00:00:00+08:00",
                                  ""}) {
            CPPUNIT_ASSERT_MESSAGE(wrong, !parseInstant(wrong));
        }
    }
};

HUB_TEST_SUITE_REGISTRATION(EditionsTest, "editions");

} // namespace

} // namespace registration::test
