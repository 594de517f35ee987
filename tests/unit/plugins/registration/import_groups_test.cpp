// Goal: delegations, industries and quotas come in by file, every error is named by line and
// column, and a file with errors changes nothing. Method: the command as the hub carries it out.
#include "import_bench.hpp"

namespace registration::test {

namespace {

const std::string kGroups = "编号,名称,英文名称,上级编号,地区代码";

class ImportGroupsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ImportGroupsTest);
    CPPUNIT_TEST(delegationsComeIn);
    CPPUNIT_TEST(everyWrongCellOfADelegationIsNamed);
    CPPUNIT_TEST(whatHasErrorsBeginsNoJob);
    CPPUNIT_TEST(aGroupStaysInItsDelegation);
    CPPUNIT_TEST(industriesComeIn);
    CPPUNIT_TEST(everyWrongCellOfAnIndustryIsNamed);
    CPPUNIT_TEST(quotasComeInByTheTitleOfTheirCategory);
    CPPUNIT_TEST(everyWrongCellOfAQuotaIsNamed);
    CPPUNIT_TEST(anUnknownNodeIsNamedByTheTables);
    CPPUNIT_TEST(aQuotaBeyondItsParentNamesItsLineAndLeavesAllAsItWas);
    CPPUNIT_TEST(aMissingColumnIsNamed);
    CPPUNIT_TEST(aFileWithoutRowsIsRefused);
    CPPUNIT_TEST(theCommandNamesItsArguments);
    CPPUNIT_TEST_SUITE_END();

    ImportBench bench_;

    std::string errorsOf(const std::string& kind, const std::vector<std::string>& lines)
    {
        return placesOf(bench_.command(kind, kEdition, csvOf(lines)).at("errors"));
    }

public:
    void delegationsComeIn()
    {
        const std::string file = csvOf(
            {kGroups, "sample-1,样本交易团一,Sample one,,31", "sample-1-1,样本分团一,,sample-1,"});
        const Json first = bench_.imported("delegations", kPast, file);
        const Json second = bench_.imported("delegations", kPast, file);

        CPPUNIT_ASSERT_EQUAL_MESSAGE(first.dump(), Json("done"), first.at("state"));
        CPPUNIT_ASSERT_EQUAL(Json("done"), second.at("state"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2},
                             bench_.count("registration_delegation", "edition = 'ciie-6'"));
        CPPUNIT_ASSERT_EQUAL(
            std::int64_t{1},
            bench_.count("registration_delegation",
                         "delegation_id = 'sample-1-1' AND parent_id = 'sample-1'"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, bench_.count("registration_import_row"));
    }

    void everyWrongCellOfADelegationIsNamed()
    {
        CPPUNIT_ASSERT_EQUAL(
            std::string("A2 delegation_id_form, B3 name_zh_missing, D4 parent_unknown, "
                        "A5 delegation_id_twice, E6 area_form, D8 parent_unknown"),
            errorsOf("delegations",
                     {kGroups,
                      "Sample 1,样本,,,",
                      "sample-2,,,,",
                      "sample-3,样本,,sample-9,",
                      "sample-2,样本,,,",
                      "sample-5,样本,,,3A",
                      "sample-6,样本,,sample-5,",
                      "sample-7,样本,,sample-6,"}));
    }

    void whatHasErrorsBeginsNoJob()
    {
        const Json said = bench_.command(
            "delegations", kPast, csvOf({kGroups, "sample-1,样本,,,", "sample-2,,,,"}));

        CPPUNIT_ASSERT_EQUAL(Json(1), said.at("errors_total"));
        CPPUNIT_ASSERT(!said.contains("import_id"));
        CPPUNIT_ASSERT(bench_.reception.floor.desk.fake.jobs().empty());
        CPPUNIT_ASSERT(!said.at("errors").at(0).at("reason").at("zh").empty());
    }

    void aGroupStaysInItsDelegation()
    {
        CPPUNIT_ASSERT_EQUAL(
            std::string("D3 delegation_moved"),
            errorsOf("delegations",
                     {kGroups, "guangdong,样本广东,,,44", "shanghai-trade,样本分团,,guangdong,"}));
    }

    void industriesComeIn()
    {
        const Json said = bench_.imported("industries",
                                          kEdition,
                                          csvOf({"编号,名称,上级编号,专区",
                                                 "i-1,样本领域,,",
                                                 "i-1-1,样本专区,i-1,是",
                                                 "i-1-1-1,样本产品,i-1-1,否"}));

        CPPUNIT_ASSERT_EQUAL_MESSAGE(said.dump(), Json("done"), said.at("state"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, bench_.count("registration_industry"));
        CPPUNIT_ASSERT_EQUAL(
            std::int64_t{1},
            bench_.count("registration_industry", "zone = 1 AND node_id = 'i-1-1'"));
    }

    void everyWrongCellOfAnIndustryIsNamed()
    {
        CPPUNIT_ASSERT_EQUAL(std::string("D2 choice_unknown, C5 parent_unknown"),
                             errorsOf("industries",
                                      {"编号,名称,上级编号,专区",
                                       "i-1,样本领域,,也许",
                                       "i-2,样本行业,i-1,",
                                       "i-3,样本产品,i-2,",
                                       "i-4,样本细目,i-3,"}));
    }

    void quotasComeInByTheTitleOfTheirCategory()
    {
        const std::string file = csvOf({"层级,编号,标签,配额",
                                        "展会,ciie-7,VIP,10",
                                        "交易团,shanghai,vip,6",
                                        "交易分团,shanghai-trade,VIP,4"});
        const Json first = bench_.imported("quotas", kEdition, file);
        const std::string events =
            std::to_string(bench_.reception.floor.desk.fake.countPublished("quota.changed"));
        const Json second = bench_.imported("quotas", kEdition, file);

        CPPUNIT_ASSERT_EQUAL_MESSAGE(first.dump(), Json("done"), first.at("state"));
        CPPUNIT_ASSERT_EQUAL(Json("done"), second.at("state"));
        CPPUNIT_ASSERT_EQUAL(std::string("3"), events);
        CPPUNIT_ASSERT_EQUAL(3, bench_.reception.floor.desk.fake.countPublished("quota.changed"));
        CPPUNIT_ASSERT_EQUAL(
            std::int64_t{1},
            bench_.count("registration_quota", "node_id = 'shanghai' AND total = 6"));
        bench_.reception.floor.recount();
    }

    void everyWrongCellOfAQuotaIsNamed()
    {
        CPPUNIT_ASSERT_EQUAL(
            std::string("A2 choice_unknown, D3 total_form, C4 category_unknown, B6 node_id_twice"),
            errorsOf("quotas",
                     {"层级,编号,标签,配额",
                      "单位,ciie-7,vip,1",
                      "展会,ciie-7,vip,-1",
                      "交易团,shanghai,visitor,1",
                      "交易团,guangdong,vip,1",
                      "交易团,guangdong,vip,2"}));
    }

    void anUnknownNodeIsNamedByTheTables()
    {
        const Json said = bench_.imported("quotas",
                                          kEdition,
                                          csvOf({"层级,编号,标签,配额",
                                                 "展会,ciie-7,vip,10",
                                                 "交易团,shanghai-trade,vip,1",
                                                 "交易分团,nowhere,vip,1"}));

        CPPUNIT_ASSERT_EQUAL(Json("refused"), said.at("state"));
        CPPUNIT_ASSERT_EQUAL(std::string("B3 node_unknown, B4 node_unknown"),
                             placesOf(said.at("errors")));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, bench_.count("registration_quota"));
    }

    void aQuotaBeyondItsParentNamesItsLineAndLeavesAllAsItWas()
    {
        bench_.command(
            "quotas",
            kEdition,
            csvOf({"层级,编号,标签,配额", "展会,ciie-7,vip,5", "交易团,shanghai,vip,6"}));
        const std::string end = bench_.runJob();

        CPPUNIT_ASSERT_MESSAGE(end, end.starts_with("failed: Line 3:"));
        CPPUNIT_ASSERT_MESSAGE(end, end.find("第3行") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, bench_.count("registration_quota"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, bench_.count("registration_import_row"));
    }

    void aMissingColumnIsNamed()
    {
        CPPUNIT_ASSERT_EQUAL(std::string("1 header_missing"),
                             errorsOf("quotas", {"层级,编号,标签", "展会,ciie-7,vip"}));
    }

    void aFileWithoutRowsIsRefused()
    {
        CPPUNIT_ASSERT_EQUAL(std::string("1 rows_missing"), errorsOf("delegations", {kGroups}));
    }

    void theCommandNamesItsArguments()
    {
        const Json said = bench_.command("delegations", "", csvOf({kGroups}));

        CPPUNIT_ASSERT_EQUAL_MESSAGE(
            said.dump(), Json("import_usage"), said.at("problem").at("code"));
    }
};

HUB_TEST_SUITE_REGISTRATION(ImportGroupsTest, "import_groups");

} // namespace

} // namespace registration::test
