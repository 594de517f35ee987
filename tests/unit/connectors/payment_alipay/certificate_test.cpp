// Goal: certificates are numbered as the provider numbers them. Method: certificates that openssl
// makes at run time; issuer, serial number, digest and key as openssl prints them; then every
// truncation and every changed byte of one, which must never be taken for more than it is.

#include "command.hpp"
#include "payment_alipay/certificate.hpp"
#include "payment_alipay/der.hpp"
#include "support/suite.hpp"

#include <openssl/bn.h>

#include <string>
#include <vector>

namespace {

using namespace alipay_test;

hub::Result<std::string> md5(std::string_view text)
{
    return provider().digest("md5", {{"", std::string{text}}});
}

/// A self-signed certificate `name`.pem.
std::string make(const Scratch& scratch,
                 const std::string& name,
                 const std::string& subject,
                 const std::string& more = "-newkey rsa:2048 -sha256")
{
    scratch.run("openssl req -x509 -nodes -utf8 -days 2 -keyout " + name + ".key -out " + name +
                ".pem -subj '" + subject + "' " + more);
    return scratch.read(name + ".pem");
}

std::string decimal(const std::string& hex)
{
    BIGNUM* number = nullptr;
    BN_hex2bn(&number, hex.c_str());
    char* text = BN_bn2dec(number);
    std::string out{text};
    OPENSSL_free(text);
    BN_free(number);
    return out;
}

struct Printed {
    std::string issuer;
    std::string serial;
    std::string number;
    std::string key;
};

Printed print(const Scratch& scratch, const std::string& name)
{
    const std::string x509 = "openssl x509 -noout -in " + name + ".pem ";
    Printed printed;
    printed.issuer = scratch.run(x509 + "-issuer -nameopt RFC2253,utf8,-esc_msb");
    printed.issuer = printed.issuer.substr(printed.issuer.find('=') + 1);
    printed.serial = decimal(scratch.run(x509 + "-serial").substr(7));
    scratch.write("text", printed.issuer + printed.serial);
    printed.number = scratch.run("openssl dgst -md5 -r text").substr(0, 32);
    printed.key = scratch.run(x509 + "-pubkey | openssl pkey -pubin -outform DER | "
                                     "openssl base64 -A");
    return printed;
}

void assertAsPrinted(const Scratch& scratch, const std::string& name, const std::string& pem)
{
    const Printed printed = print(scratch, name);
    const auto parsed = alipay::parseCertificates(pem);
    CPPUNIT_ASSERT_MESSAGE(name, parsed.ok());
    const alipay::Certificate& certificate = parsed.value().front();
    CPPUNIT_ASSERT_EQUAL(printed.issuer, certificate.issuer);
    CPPUNIT_ASSERT_EQUAL(printed.serial, certificate.serial);
    CPPUNIT_ASSERT_EQUAL(printed.key, alipay::toBase64(certificate.public_key));
    CPPUNIT_ASSERT_EQUAL(printed.number, alipay::certificateNumber(certificate, md5).value());
}

std::string toPem(const std::string& der)
{
    return "-----BEGIN CERTIFICATE-----\n" + alipay::toBase64(der) +
           "\n-----END CERTIFICATE-----\n";
}

} // namespace

class CertificateTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(CertificateTest);
    CPPUNIT_TEST(opensslPrintsTheSame);
    CPPUNIT_TEST(rootsCountWhenSignedWithRsa);
    CPPUNIT_TEST(brokenOnesAreRefused);
    CPPUNIT_TEST(numbersAreWrittenAsTheyShould);
    CPPUNIT_TEST_SUITE_END();

public:
    void opensslPrintsTheSame()
    {
        const Scratch scratch;
        const std::vector<std::pair<std::string, std::string>> kCases{
            {"/C=CN/O=Sample/OU=Sample CA/CN=Sample Class 1 R1", "-set_serial 1"},
            {"/C=CN/O=样例 公司/CN=测试", "-set_serial 0x2020051862039D4090897BA4D51C2126"},
            {"/O=a, b + c/CN=#x \"y\" <z>;w ", "-set_serial 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"},
            {"/DC=org/DC=example/L=Shanghai/ST=SH/emailAddress=a@example.com/serialNumber=7", ""},
            {"/C=CN/O=Sample+OU=Both/CN=Multi", "-multivalue-rdn -set_serial 255"},
            {"/businessCategory=x/CN=Rare", "-set_serial 256"},
        };
        for (std::size_t i = 0; i < kCases.size(); ++i) {
            const std::string name = "c" + std::to_string(i);
            const std::string pem = make(
                scratch, name, kCases[i].first, "-newkey rsa:2048 -sha256 " + kCases[i].second);
            assertAsPrinted(scratch, name, pem);
        }
        // Of a chain the first one counts, whatever stands around the blocks.
        const std::string chain = "Bag Attributes\n" + scratch.read("c1.key") +
                                  scratch.read("c1.pem") + scratch.read("c2.pem");
        assertAsPrinted(scratch, "c1", chain);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, alipay::parseCertificates(chain).value().size());
    }

    void rootsCountWhenSignedWithRsa()
    {
        const Scratch scratch;
        const std::string rsa1 = make(scratch, "r1", "/CN=Root 1", "-newkey rsa:2048 -sha256");
        const std::string ec = make(
            scratch, "e1", "/CN=Root E", "-newkey ec -pkeyopt ec_paramgen_curve:P-384 -sha384");
        const std::string sm2 =
            make(scratch, "s1", "/CN=Root S", "-newkey sm2 -sm3 -sigopt distid:1234567812345678");
        const std::string rsa2 = make(scratch, "r2", "/CN=Root 2", "-newkey rsa:2048 -sha1");
        const auto bundle = alipay::parseCertificates(sm2 + rsa1 + ec + rsa2);

        CPPUNIT_ASSERT_EQUAL(std::size_t{4}, bundle.value().size());
        CPPUNIT_ASSERT_EQUAL(std::string{"1.2.156.10197.1.501"},
                             bundle.value()[0].signature_algorithm);
        CPPUNIT_ASSERT_EQUAL(print(scratch, "r1").number + "_" + print(scratch, "r2").number,
                             alipay::rootNumber(bundle.value(), md5).value());
        const auto none = alipay::rootNumber(alipay::parseCertificates(sm2 + ec).value(), md5);
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_BAD_REQUEST}, none.error().code);
        const auto no_md5 = alipay::rootNumber(bundle.value(), [](std::string_view) {
            return hub::Result<std::string>{hub::Error{HUB_UNSUPPORTED, "no MD5 here"}};
        });
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_UNSUPPORTED}, no_md5.error().code);
    }

    void brokenOnesAreRefused()
    {
        const Scratch scratch;
        make(scratch, "c", "/C=CN/CN=Sample");
        scratch.run("openssl x509 -in c.pem -outform DER -out c.der");
        const std::string der = scratch.read("c.der");
        CPPUNIT_ASSERT(alipay::parseCertificates(toPem(der)).ok());
        for (const std::string& text :
             {std::string{},
              std::string{"-----BEGIN CERTIFICATE-----"},
              toPem(""),
              toPem(der + "x"),
              std::string{"-----BEGIN CERTIFICATE-----\n?\n-----END CERTIFICATE-----"},
              scratch.read("c.key")}) {
            CPPUNIT_ASSERT_EQUAL(hub_status{HUB_BAD_REQUEST},
                                 alipay::parseCertificates(text).error().code);
        }
        for (std::size_t size = 0; size < der.size(); ++size) {
            CPPUNIT_ASSERT(!alipay::parseCertificates(toPem(der.substr(0, size))).ok());
        }
        // A changed byte may give another certificate; it must not give a wild read.
        for (std::size_t at = 0; at < der.size(); ++at) {
            for (const int flip : {0x01, 0x80, 0xFF}) {
                std::string changed = der;
                changed[at] = static_cast<char>(changed[at] ^ flip);
                const auto parsed = alipay::parseCertificates(toPem(changed));
                CPPUNIT_ASSERT(!parsed.ok() || !parsed.value().front().issuer.empty());
            }
        }
    }

    void numbersAreWrittenAsTheyShould()
    {
        CPPUNIT_ASSERT_EQUAL(std::string{"0"}, alipay::toDecimalText(std::string(3, '\0')));
        CPPUNIT_ASSERT_EQUAL(std::string{"65536"},
                             alipay::toDecimalText(std::string{"\x01\x00\x00", 3}));
        CPPUNIT_ASSERT_EQUAL(std::string{"2.999"}, alipay::toDottedText("\x88\x37"));
        CPPUNIT_ASSERT_EQUAL(std::string{"1.2.840.113549"},
                             alipay::toDottedText("\x2A\x86\x48\x86\xF7\x0D"));
        CPPUNIT_ASSERT_EQUAL(std::string{}, alipay::toDottedText("\x2A\x86"));
        CPPUNIT_ASSERT_EQUAL(std::string{}, alipay::toDottedText(""));
        CPPUNIT_ASSERT_EQUAL(std::string{}, alipay::toDottedText(std::string(11, '\xFF') + "\x01"));
    }
};

HUB_TEST_SUITE_REGISTRATION(CertificateTest, "certificate");
