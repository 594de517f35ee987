// Goal: a bill is read whole or not at all. Method: tables written here, packed as the provider
// packs them (names and contents in GBK) by Python's zipfile; then every defect by itself.

#include "bill_fixture.hpp"
#include "support/suite.hpp"

#include <string>
#include <vector>

namespace {

using namespace alipay_test;

std::string problemOf(const std::string& table)
{
    const auto bill = alipay::parseBill(table);
    return bill.ok() ? std::string{} : bill.error().message;
}

std::string countProblemOf(const std::string& table)
{
    const auto whole = alipay::checkStatedCounts(alipay::parseBill(table).value());
    return whole.ok() ? std::string{} : whole.error().message;
}

std::string replaced(std::string text, const std::string& from, const std::string& to)
{
    const auto at = text.find(from);
    CPPUNIT_ASSERT_MESSAGE(from, at != std::string::npos);
    return text.replace(at, from.size(), to);
}

} // namespace

class BillTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(BillTest);
    CPPUNIT_TEST(rowsBecomeLines);
    CPPUNIT_TEST(tablesThatDoNotFitAreRefused);
    CPPUNIT_TEST(countsMustBeAsStated);
    CPPUNIT_TEST(theTableIsFoundInTheArchive);
    CPPUNIT_TEST(brokenArchivesAreRefused);
    CPPUNIT_TEST(onlyGbkIsGbk);
    CPPUNIT_TEST_SUITE_END();

public:
    void rowsBecomeLines()
    {
        const auto bill = alipay::parseBill(billTable());
        CPPUNIT_ASSERT(bill.ok());
        CPPUNIT_ASSERT_EQUAL(std::size_t{25}, bill.value().columns);
        CPPUNIT_ASSERT_EQUAL(
            std::string{
                R"({"amount_minor":20000,"currency":"CNY","fee_minor":-120,)"
                R"("finished_at_ms":1795228860000,"number":"1400000120261121104000000001",)"
                R"("provider_number":"2026112122001400000000000001","received_minor":20000,)"
                R"("type":"payment"})"
                "\n"
                R"({"amount_minor":5000,"currency":"CNY","fee_minor":30,)"
                R"("finished_at_ms":1795233600000,"number":"1400000120261121104000000001",)"
                R"("provider_number":"2026112122001400000000000001","received_minor":5000,)"
                R"("refund_number":"1400000120261121120000000001","type":"refund"})"
                "\n"},
            alipay::toBillLines(bill.value()).value());
        CPPUNIT_ASSERT(alipay::checkStatedCounts(bill.value()).ok());

        auto other = bill.value();
        other.rows[1].biz_type = "其他";
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_BAD_REQUEST}, alipay::toBillLines(other).error().code);
    }

    void tablesThatDoNotFitAreRefused()
    {
        const std::string table = billTable();
        CPPUNIT_ASSERT_EQUAL(std::string{}, problemOf(table));
        CPPUNIT_ASSERT_EQUAL(std::string{"the bill holds no table"}, problemOf("#a\n"));
        for (const char* title : {"支付宝交易号",
                                  "商户订单号",
                                  "业务类型",
                                  "完成时间",
                                  "订单金额（元）",
                                  "商家实收（元）",
                                  "退款批次号/请求号",
                                  "服务费（元）"}) {
            CPPUNIT_ASSERT_EQUAL(
                std::string{"the bill's line 5 is no list of the documented titles"},
                problemOf(replaced(table, title, "别的")));
        }
        CPPUNIT_ASSERT_EQUAL(std::string{"the bill's line 6 has 26 cells, its table has 25"},
                             problemOf(replaced(table, "Badge fee", "Badge,fee")));
        for (const char* amount :
             {"", "200", "2e2", "200.001", "--200.00", "+200.00", "99999999999999999999"}) {
            const std::string problem =
                problemOf(replaced(table, ",200.00,", "," + std::string{amount} + ","));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(amount,
                                         std::string{amount} == "200"
                                             ? std::string{}
                                             : "the bill's line 6 has an amount that is none",
                                         problem);
        }
        CPPUNIT_ASSERT_EQUAL(std::string{"the bill's line 6 has a time that is none"},
                             problemOf(replaced(table, "2026-11-21 10:41:00", "yesterday")));
    }

    void countsMustBeAsStated()
    {
        const std::string table = billTable();
        CPPUNIT_ASSERT_EQUAL(std::string{}, countProblemOf(table));
        const std::string other{"the bill has other numbers of rows than it states"};
        CPPUNIT_ASSERT_EQUAL(other,
                             countProblemOf(replaced(table, "交易合计：1笔", "交易合计：2笔")));
        CPPUNIT_ASSERT_EQUAL(other,
                             countProblemOf(replaced(table, "退款合计：1笔", "退款合计：0笔")));
        for (const char* line : {"#交易合计", "#退款合计"}) {
            CPPUNIT_ASSERT_EQUAL(
                std::string{"the bill does not state how many rows it has; is it cut?"},
                countProblemOf(table.substr(0, table.find(line))));
        }
    }

    void theTableIsFoundInTheArchive()
    {
        const std::string table = billTable();
        const std::string name{"20880000000000010156_20261121_业务明细"};
        for (const bool is_packed : {true, false}) {
            const std::string archive =
                packed({{name + "(汇总).csv", "#x\n"}, {name + ".csv", table}}, is_packed);
            CPPUNIT_ASSERT_EQUAL(table, alipay::findBillTable(archive).value());
        }
        CPPUNIT_ASSERT_EQUAL(
            std::string{"the archive holds no table of trades"},
            alipay::findBillTable(packed({{name + "(汇总).csv", table}})).error().message);
        CPPUNIT_ASSERT_EQUAL(
            std::string{"the archive holds two tables of trades"},
            alipay::findBillTable(packed({{name + ".csv", table}, {"b" + name + ".csv", table}}))
                .error()
                .message);
    }

    void brokenArchivesAreRefused()
    {
        const std::string archive = packed({{"业务明细.csv", billTable()}, {"empty", ""}});
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, alipay::readZip(archive, 1 << 20).value().size());
        CPPUNIT_ASSERT_EQUAL(std::string{"the ZIP archive holds more than this hub takes"},
                             alipay::readZip(archive, 100).error().message);
        for (std::size_t size = 0; size < archive.size(); ++size) {
            CPPUNIT_ASSERT(!alipay::readZip(archive.substr(0, size), 1 << 20).ok());
        }
        // No changed byte may give other contents: only names, times and attributes are unguarded.
        const auto good = alipay::readZip(archive, 1 << 20).value();
        for (std::size_t at = 0; at < archive.size(); ++at) {
            for (const int flip : {0x01, 0x80, 0xFF}) {
                std::string changed = archive;
                changed[at] = static_cast<char>(changed[at] ^ flip);
                const auto members = alipay::readZip(changed, 1 << 20);
                for (std::size_t i = 0; members.ok() && i < members.value().size(); ++i) {
                    CPPUNIT_ASSERT_EQUAL(good[i].content, members.value()[i].content);
                }
            }
        }
    }

    void onlyGbkIsGbk()
    {
        CPPUNIT_ASSERT_EQUAL(std::string{"交易"}, alipay::fromGbk("\xBD\xBB\xD2\xD7").value());
        CPPUNIT_ASSERT_EQUAL(std::string{}, alipay::fromGbk("").value());
        for (const char* bytes : {"\xBD", "\xBD\xBB\xD2", "a\xFF\xFF"}) {
            CPPUNIT_ASSERT_EQUAL(hub_status{HUB_BAD_REQUEST}, alipay::fromGbk(bytes).error().code);
        }
    }
};

HUB_TEST_SUITE_REGISTRATION(BillTest, "bill");
