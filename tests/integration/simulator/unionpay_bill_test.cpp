// Goal: the daily file holds a settlement day as UnionPay writes it. Method: base64, zlib, ZIP and
// GBK are undone by Python, the columns cut here by the widths of the provider's document.

#include "support/suite.hpp"
#include "unionpay_merchant.hpp"

#include <vector>

namespace simulator_test {

namespace {

using Unionpay = UnionpayMerchant;
using Cells = std::vector<std::string>; ///< from 1 on, without blanks at the end

constexpr long kDay = 24L * 3600;
constexpr std::size_t kColumns = 41;

/// Every member of the archive with its lines; every line cut by bytes and its cells decoded.
constexpr const char* kUnpack = R"py(
import base64, io, json, sys, zipfile, zlib
widths = [3,11,11,6,10,19,12,4,2,21,2,32,2,6,10,13,13,4,15,2,2,6,2,4,32,1,21,15,1,15,32,13,13,8,
          32,13,13,12,2,1,131]
archive = zipfile.ZipFile(io.BytesIO(zlib.decompress(base64.b64decode(sys.stdin.read()))))
members = {}
for name in archive.namelist():
    text = archive.read(name)
    lines = text.split(b"\r\n")
    assert lines.pop() == b"", "the last line has no end"
    members[name] = []
    for line in lines:
        cells, at = [""], 0
        for width in widths:
            cells.append(line[at:at + width].decode("gbk").rstrip())
            assert line[at + width:at + width + 1] == b" ", "a separator"
            at += width + 1
        assert at == len(line), "the length of a line"
        members[name].append(cells)
print(json.dumps(members))
)py";

} // namespace

class UnionpayBillTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(UnionpayBillTest);
    CPPUNIT_TEST(theFileIsWhatWasBooked);
    CPPUNIT_TEST(everySettlementDayHasItsOwn);
    CPPUNIT_TEST_SUITE_END();

public:
    UnionpayBillTest()
        : simulator_([](Json& settings) {
            settings["unionpay"]["merchants"].push_back({{"mer_id", "100000000000002"}});
        })
        , merchant_(simulator_)
    {}

    void setUp() override { simulator_.start(); }
    void tearDown() override { simulator_.kill(); }

    void theFileIsWhatWasBooked()
    {
        const Parameters order = merchant_.orderAndPay("UPBILL01");
        const std::string query_id = merchant_.queryIdOf(order);
        Parameters refund = merchant_.refund("UPBILL02", query_id, "5000");
        // 17 characters of two bytes: the last one doesn't fit into 32.
        refund["reqReserved"] = "一二三四五六七八九十一二三四五六七";
        const std::string refund_id = merchant_.call(Unionpay::kBack, refund).at("queryId");
        const Parameters dropped = merchant_.refund("UPBILL03", query_id, "100");
        merchant_.call(Unionpay::kBack, dropped);
        simulator_.post("/control/refund",
                        {{"out_request_no", "UPBILL03"}, {"outcome", "dropped"}});
        merchant_.call(Unionpay::kBack, merchant_.code("UPBILL04"));
        const UnionpayMerchant second(simulator_, 1);
        second.orderAndPay("UPBILL05");
        const std::string day = settlementDay();
        CPPUNIT_ASSERT_EQUAL(std::string("98"), fileOf(day).at("respCode"));
        simulator_.post("/control/clock", {{"advance_s", 2 * kDay}});

        const Parameters answer = fileOf(day.substr(4));
        CPPUNIT_ASSERT_EQUAL(std::string("00"), answer.at("respCode"));
        CPPUNIT_ASSERT_EQUAL(merchant_.merId() + "_" + day + ".zip", answer.at("fileName"));
        const Json members = unpack(answer);
        const std::string stem = "INN" + day.substr(2) + "88";
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, members.size());
        CPPUNIT_ASSERT(members.at(stem + "ZME_" + merchant_.merId()).empty());
        const Json lines = members.at(stem + "ZM_" + merchant_.merId());
        CPPUNIT_ASSERT_EQUAL_MESSAGE(lines.dump(), std::size_t{2}, lines.size());

        const auto paid = lines[0].get<Cells>();
        CPPUNIT_ASSERT_EQUAL(kColumns + 1, paid.size());
        CPPUNIT_ASSERT_EQUAL(query_id.substr(14, 6), paid[4]);
        CPPUNIT_ASSERT_EQUAL(order.at("txnTime").substr(4), paid[5]);
        CPPUNIT_ASSERT_EQUAL(std::string("000000020000"), paid[7]);
        CPPUNIT_ASSERT_EQUAL(query_id, paid[10]);
        CPPUNIT_ASSERT_EQUAL(std::string("UPBILL01"), paid[12]);
        CPPUNIT_ASSERT_EQUAL(std::string("C000000020000"), paid[17]);
        CPPUNIT_ASSERT_EQUAL(std::string("01 07 000000"),
                             paid[20] + " " + paid[21] + " " + paid[22]);
        CPPUNIT_ASSERT_EQUAL(std::string(), paid[27]);
        CPPUNIT_ASSERT_EQUAL(merchant_.merId(), paid[28]);
        CPPUNIT_ASSERT_EQUAL(order.at("reqReserved"), paid[35]);

        const auto back = lines[1].get<Cells>();
        CPPUNIT_ASSERT_EQUAL(std::string("000000005000"), back[7]);
        CPPUNIT_ASSERT_EQUAL(refund_id, back[10]);
        CPPUNIT_ASSERT_EQUAL(std::string("UPBILL02"), back[12]);
        CPPUNIT_ASSERT_EQUAL(query_id.substr(14, 6), back[14]);
        CPPUNIT_ASSERT_EQUAL(std::string("D000000005000"), back[17]);
        CPPUNIT_ASSERT_EQUAL(std::string("04"), back[20]);
        CPPUNIT_ASSERT_EQUAL(query_id, back[27]);
        CPPUNIT_ASSERT_EQUAL(std::string("一二三四五六七八九十一二三四五六"), back[35]);
    }

    void everySettlementDayHasItsOwn()
    {
        const std::string first = merchant_.queryIdOf(merchant_.orderAndPay("UPDAY001"));
        const std::string first_day = settlementDay();
        simulator_.post("/control/clock", {{"advance_s", kDay}});
        const std::string second_day = settlementDay();
        merchant_.call(Unionpay::kBack, merchant_.refund("UPDAY002", first, "100"));
        simulator_.post("/control/clock", {{"advance_s", 2 * kDay}});

        CPPUNIT_ASSERT_EQUAL(std::string("UPDAY001"), onlyLineOf(first_day)[12]);
        const Cells refund = onlyLineOf(second_day);
        CPPUNIT_ASSERT_EQUAL(std::string("UPDAY002"), refund[12]);
        CPPUNIT_ASSERT_EQUAL(first, refund[27]);
        CPPUNIT_ASSERT_EQUAL(std::string("98"), fileOf(settlementDay()).at("respCode"));
    }

private:
    /// "20261121" by the test clock; the day ends an hour before midnight.
    std::string settlementDay() const
    {
        const auto ahead_ms = simulator_.get("/control/clock")["test_ms"].get<std::int64_t>() -
                              simulator_.get("/control/clock")["real_ms"].get<std::int64_t>();
        return compactTime(static_cast<long>(ahead_ms / 1000) + 3600).substr(0, 8);
    }
    Parameters fileOf(const std::string& day) const
    {
        const std::string month_and_day = day.substr(day.size() - 4);
        return merchant_.call(Unionpay::kFile, merchant_.file(month_and_day));
    }
    static Json unpack(const Parameters& answer)
    {
        return Json::parse(runProgram({"python3", "-c", kUnpack}, answer.at("fileContent")));
    }
    Cells onlyLineOf(const std::string& day) const
    {
        const Json lines = unpack(fileOf(day)).begin().value();
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, lines.size());
        return lines[0].get<Cells>();
    }

    Simulator simulator_;
    UnionpayMerchant merchant_;
};

HUB_TEST_SUITE_REGISTRATION(UnionpayBillTest, "unionpay_bill");

} // namespace simulator_test
