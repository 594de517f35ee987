// Goal: nothing is believed but what UnionPay signed, by a certificate that the anchors vouch for,
// in its time and with its name. Method: an authority of our own, and one defect per row.

#include "authority.hpp"
#include "support/suite.hpp"
#include "unionpay_acp/message.hpp"
#include "unionpay_acp/sensitive.hpp"

namespace {

using namespace unionpay_test;
using unionpay::Fields;
using unionpay::TrustRules;

unionpay::TrustAnchors anchors()
{
    const Authority& authority = Authority::shared();
    return unionpay::TrustAnchors::parse(authority.middle.certificatePem(),
                                         authority.root.certificatePem())
        .value();
}

Fields body()
{
    return {{"version", "5.1.0"},
            {"signMethod", "01"},
            {"respCode", "00"},
            {"respMsg", "成功[0000000]"},
            {"txnAmt", "20000"}};
}

std::string problemOf(const Fields& fields,
                      const TrustRules& rules = TrustRules::production(),
                      std::int64_t now_s = kNowS)
{
    const auto checked = unionpay::checkMessage(fields, anchors(), rules, now_s);
    return checked.ok() ? std::string{} : checked.error().message;
}

void assertHolds(const std::string& part, const std::string& whole)
{
    CPPUNIT_ASSERT_MESSAGE(whole + " must say " + part, whole.find(part) != std::string::npos);
}

class MessageTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(MessageTest);
    CPPUNIT_TEST(aGenuineMessagePasses);
    CPPUNIT_TEST(whatWasChangedIsRefused);
    CPPUNIT_TEST(foreignCertificatesAreRefused);
    CPPUNIT_TEST(timeCountsUnlessInTheSandbox);
    CPPUNIT_TEST(weakHashesCountUnlessInTheSandbox);
    CPPUNIT_TEST(theSandboxNameIsForTheSandbox);
    CPPUNIT_TEST(certificatesAreReadByField);
    CPPUNIT_TEST(brokenAnchorsAreRefusedByName);
    CPPUNIT_TEST(cardDataGoesThereAndBack);
    CPPUNIT_TEST_SUITE_END();

public:
    void aGenuineMessagePasses()
    {
        CPPUNIT_ASSERT_EQUAL(std::string{}, problemOf(signedBy(Authority::shared().leaf, body())));
        // As it travels and comes back.
        const Fields sent = signedBy(Authority::shared().leaf, body());
        CPPUNIT_ASSERT_EQUAL(std::string{}, problemOf(unionpay::fromRaw(toRaw(sent)).value()));
        CPPUNIT_ASSERT_EQUAL(std::string{},
                             problemOf(unionpay::fromForm(unionpay::toForm(sent)).value()));
        // A field without a value that its sender did not sign.
        Fields more = sent;
        more.emplace_back("reqReserved", "");
        CPPUNIT_ASSERT_EQUAL(std::string{}, problemOf(more));
    }

    void whatWasChangedIsRefused()
    {
        const Fields genuine = signedBy(Authority::shared().leaf, body());
        for (std::size_t i = 0; i < genuine.size(); ++i) {
            Fields changed = genuine;
            std::string& value = changed[i].second;
            value[value.size() / 2] = value[value.size() / 2] == 'A' ? 'B' : 'A';
            CPPUNIT_ASSERT_MESSAGE(changed[i].first, !problemOf(changed).empty());
            Fields shorter = genuine;
            shorter.erase(shorter.begin() + static_cast<std::ptrdiff_t>(i));
            CPPUNIT_ASSERT_MESSAGE(genuine[i].first, !problemOf(shorter).empty());
        }
        Fields more = genuine;
        more.emplace_back("reqReserved", "x");
        assertHolds("signature is not", problemOf(more));
        // Signed, but its text hides a field in another's value.
        Fields hiding = body();
        hiding.emplace_back("reqReserved", "1&settleAmt=1");
        assertHolds("two ways", problemOf(signedBy(Authority::shared().leaf, hiding)));
    }

    void foreignCertificatesAreRefused()
    {
        const Party own({kOwnerName, 7});
        assertHolds("not vouched for", problemOf(signedBy(own, body())));
        assertHolds("not vouched for", problemOf(signedBy(own, body()), TrustRules::sandbox()));
        const Party other_root({"Test Root", 1, kNowS - kYearS, kNowS + kYearS, true});
        const Party other_leaf({kOwnerName, 7}, &other_root);
        assertHolds("not vouched for", problemOf(signedBy(other_leaf, body())));
        // Who bought a certificate of the same authority is not UnionPay.
        for (const char* name : {"041@Z1@Somebody Else@1",
                                 "中国银联股份有限公司",
                                 "041@中国银联股份有限公司@x@1",
                                 "041@x@中国银联股份有限公司 @1"}) {
            const Party customer({name, 8}, &Authority::shared().middle);
            assertHolds("another owner",
                        problemOf(signedBy(customer, body()), TrustRules::sandbox()));
        }
        // A leaf is no authority.
        const Party below({kOwnerName, 9}, &Authority::shared().leaf);
        assertHolds("not vouched for", problemOf(signedBy(below, body())));
    }

    void timeCountsUnlessInTheSandbox()
    {
        const Fields genuine = signedBy(Authority::shared().leaf, body());
        assertHolds("expired", problemOf(genuine, TrustRules::production(), kNowS + 2 * kYearS));
        assertHolds("not yet", problemOf(genuine, TrustRules::production(), kNowS - 2 * kYearS));
        CPPUNIT_ASSERT_EQUAL(std::string{},
                             problemOf(genuine, TrustRules::sandbox(), kNowS + 2 * kYearS));
    }

    void weakHashesCountUnlessInTheSandbox()
    {
        Party::Wish wish{kOwnerName, 10};
        wish.hash = EVP_sha1();
        const Fields message = signedBy(Party(wish, &Authority::shared().middle), body());
        assertHolds("not vouched for", problemOf(message));
        CPPUNIT_ASSERT_EQUAL(std::string{}, problemOf(message, TrustRules::sandbox()));
    }

    void theSandboxNameIsForTheSandbox()
    {
        const Party party({kSandboxName, 11}, &Authority::shared().middle);
        assertHolds("another owner", problemOf(signedBy(party, body())));
        CPPUNIT_ASSERT_EQUAL(std::string{},
                             problemOf(signedBy(party, body()), TrustRules::sandbox()));
    }

    void certificatesAreReadByField()
    {
        const std::string pem = Authority::shared().leaf.certificatePem();
        const auto certificate = unionpay::Certificate::parse(pem).value();
        CPPUNIT_ASSERT_EQUAL(std::string{"69678957"}, certificate.serial());
        CPPUNIT_ASSERT_EQUAL(std::string{kOwnerName}, certificate.commonName());
        CPPUNIT_ASSERT_EQUAL(kNowS - kYearS, certificate.notBefore());
        CPPUNIT_ASSERT_EQUAL(kNowS + kYearS, certificate.notAfter());
        CPPUNIT_ASSERT_EQUAL(std::string{"中国银联股份有限公司"},
                             unionpay::ownerOf(certificate.commonName()));
        CPPUNIT_ASSERT_EQUAL(std::string{}, unionpay::ownerOf("a@b"));
        const std::string both = Authority::shared().leaf.keyPem() + pem + pem;
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, unionpay::Certificate::parseAll(both).value().size());
    }

    void brokenAnchorsAreRefusedByName()
    {
        const std::string good = Authority::shared().root.certificatePem();
        const std::string cut = good.substr(0, good.size() / 2);
        for (const std::string& bad :
             {std::string{}, std::string{"no certificate"}, cut, good + cut}) {
            const auto middle = unionpay::TrustAnchors::parse(bad, good);
            const auto root = unionpay::TrustAnchors::parse(good, bad);
            CPPUNIT_ASSERT(!middle.ok() && !root.ok());
            assertHolds("middle_certificate", middle.error().message);
            assertHolds("root_certificate", root.error().message);
        }
    }

    void cardDataGoesThereAndBack()
    {
        const Party& party = Authority::shared().leaf;
        const auto certificate = unionpay::Certificate::parse(party.certificatePem()).value();
        const auto cipher = unionpay::encryptSensitive(certificate, "phoneNo=18100000000");
        CPPUNIT_ASSERT_EQUAL(std::string{"phoneNo=18100000000"},
                             unionpay::decryptSensitive(party.keyPem(), cipher.value()).value());
        CPPUNIT_ASSERT(!unionpay::encryptSensitive(certificate, std::string(300, 'x')).ok());
        CPPUNIT_ASSERT(!unionpay::decryptSensitive("no key", cipher.value()).ok());
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(MessageTest, "message");
