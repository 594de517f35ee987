// Goal: a bill is read whole or refused. Method: files packed by other code than reads them, and
// one defect per row.

#include "bill_fixture.hpp"
#include "support/suite.hpp"
#include "unionpay_acp/bill_file.hpp"
#include "unionpay_acp/response_code.hpp"

#include <set>

namespace {

using namespace unionpay_test;

class BillFileTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(BillFileTest);
    CPPUNIT_TEST(aPackedFileIsUnpacked);
    CPPUNIT_TEST(brokenPacksAreRefused);
    CPPUNIT_TEST(membersAreKnownByName);
    CPPUNIT_TEST(widthsAreCountedInGbkBytes);
    CPPUNIT_TEST(brokenLinesAreRefused);
    CPPUNIT_TEST(amountsMayBearTheirSign);
    CPPUNIT_TEST(everyDocumentedCodeHasARule);
    CPPUNIT_TEST_SUITE_END();

public:
    void aPackedFileIsUnpacked()
    {
        const std::string text = zmLine(zmPayment()) + "\r\n" + zmLine(zmRefund()) + "\r\n";
        const std::string archive =
            zipOf({{kZmName, text}, {"\xd6\xd0.txt", "x"}, {"folder/", ""}});

        const auto bytes = unionpay::decodeFileContent(fileContent(archive));
        CPPUNIT_ASSERT(bytes.ok() && bytes.value() == archive);
        const auto members = unionpay::readBillArchive(bytes.value());

        CPPUNIT_ASSERT_MESSAGE(members.ok() ? "" : members.error().message, members.ok());
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, members.value().size());
        CPPUNIT_ASSERT_EQUAL(std::string{"中.txt"}, members.value()[1].name);
        const auto rows = unionpay::parseZm(members.value()[0].text);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, rows.value().size());
        CPPUNIT_ASSERT_EQUAL(std::string{"04"}, rows.value()[1]["txnType"]);
    }

    void brokenPacksAreRefused()
    {
        const std::string archive = zipOf({{kZmName, std::string(5000, 'x')}});
        const std::string content = fileContent(archive);
        CPPUNIT_ASSERT(!unionpay::decodeFileContent("no base64").ok());
        CPPUNIT_ASSERT(!unionpay::decodeFileContent(unionpay::toBase64(archive)).ok());
        CPPUNIT_ASSERT(
            !unionpay::decodeFileContent(content.substr(0, content.size() / 8 * 4)).ok());
        CPPUNIT_ASSERT(!unionpay::decodeFileContent(content, archive.size() - 1).ok());
        CPPUNIT_ASSERT(!unionpay::readBillArchive("no archive").ok());
        CPPUNIT_ASSERT(!unionpay::readBillArchive(archive.substr(0, archive.size() / 2)).ok());
        CPPUNIT_ASSERT(!unionpay::readBillArchive(archive, 4999).ok());
        CPPUNIT_ASSERT(unionpay::readBillArchive(archive, 5000).ok());
        // A byte of the content: the checksum tells.
        std::string damaged = archive;
        damaged[30 + std::string{kZmName}.size() + 4] ^= 0x55;
        CPPUNIT_ASSERT(!unionpay::readBillArchive(damaged).ok());
    }

    void membersAreKnownByName()
    {
        CPPUNIT_ASSERT_EQUAL(std::string{"ZM"}, unionpay::billKindOf(kZmName));
        CPPUNIT_ASSERT_EQUAL(std::string{"ZM"}, unionpay::billKindOf("day/INN26112188ZM_1"));
        CPPUNIT_ASSERT_EQUAL(std::string{"ZME"}, unionpay::billKindOf("INN26112188ZME_1"));
        for (const char* name : {"", "INN26112188", "RD2026112188ZM_1", "INN2611218ZM_1"}) {
            CPPUNIT_ASSERT_EQUAL(std::string{}, unionpay::billKindOf(name));
        }
    }

    void widthsAreCountedInGbkBytes()
    {
        auto values = zmPayment();
        values["subMerAbbr"] = "\xd2\xf8\xc1\xaa"; // four bytes, two characters
        const auto row = unionpay::ZmRow::parse(zmLine(values));
        CPPUNIT_ASSERT_MESSAGE(row.ok() ? "" : row.error().message, row.ok());
        CPPUNIT_ASSERT_EQUAL(std::string{"银联"}, row.value()["subMerAbbr"]);
        CPPUNIT_ASSERT_EQUAL(std::string{"D000000000120"}, row.value()["merCharge"]);
        CPPUNIT_ASSERT_EQUAL(std::string{}, row.value()["tradeMedia"]);
        CPPUNIT_ASSERT_THROW(row.value()["nothing"], std::logic_error);
        // Without the reserved columns, and without the last separator.
        std::string bare = zmLine(values);
        bare.resize(bare.size() - 132);
        CPPUNIT_ASSERT(unionpay::ZmRow::parse(bare).ok());
    }

    void brokenLinesAreRefused()
    {
        const std::string line = zmLine(zmPayment());
        CPPUNIT_ASSERT(!unionpay::parseZm(line.substr(0, 200)).ok());
        CPPUNIT_ASSERT(!unionpay::parseZm(line + "\n" + line.substr(1)).ok());
        CPPUNIT_ASSERT(!unionpay::parseZm("x" + line).ok());
        std::string half = line;
        half[0] = '\xd2'; // half a character
        half[1] = ' ';
        half[2] = ' ';
        CPPUNIT_ASSERT(!unionpay::parseZm(half).ok());
        CPPUNIT_ASSERT(unionpay::parseZm("\n\r\n").value().empty());
    }

    void amountsMayBearTheirSign()
    {
        CPPUNIT_ASSERT_EQUAL(std::int64_t{20000}, unionpay::parseZmAmount("000000020000").value());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{99}, unionpay::parseZmAmount("C000000000099").value());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{-1}, unionpay::parseZmAmount("D000000000001").value());
        for (const char* text : {"", "C", "X1", "1.00", "-1", "D 1", "1234567890123456"}) {
            CPPUNIT_ASSERT_MESSAGE(text, !unionpay::parseZmAmount(text).ok());
        }
    }

    void everyDocumentedCodeHasARule()
    {
        using unionpay::Meaning;
        std::set<std::string_view> codes;
        for (const auto& rule : unionpay::codeRules()) {
            CPPUNIT_ASSERT_MESSAGE(std::string{rule.code}, codes.insert(rule.code).second);
            CPPUNIT_ASSERT(!rule.word.empty());
        }
        const auto meaning = [](const char* code) {
            return unionpay::findCode(code).meaning;
        };
        for (const char* code : {"00", "A6"}) {
            CPPUNIT_ASSERT(meaning(code) == Meaning::Success);
        }
        for (const char* code : {"03", "04", "05", "06", "70", "83"}) {
            CPPUNIT_ASSERT(meaning(code) == Meaning::Pending);
        }
        for (const char* code : {"42", "74", "75"}) {
            CPPUNIT_ASSERT(meaning(code) == Meaning::Debited);
        }
        for (const char* code : {"12", "45", "46"}) {
            CPPUNIT_ASSERT(meaning(code) == Meaning::AlreadyDone);
        }
        for (const char* code : {"", "0", "84", "99", "Z9", "000"}) {
            CPPUNIT_ASSERT(meaning(code) == Meaning::Unknown);
        }
        for (const char* code : {"31", "32"}) {
            CPPUNIT_ASSERT(meaning(code) == Meaning::Merchant);
        }
        CPPUNIT_ASSERT(meaning("34") == Meaning::NotFound);
        CPPUNIT_ASSERT(meaning("98") == Meaning::NoFile);
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(BillFileTest, "bill_file");
