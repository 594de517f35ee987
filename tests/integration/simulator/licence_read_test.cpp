// Goal: the simulator reads what is drawn and nothing else, says what the register holds, and fails
// as it is told. Method: pictures of its own command, sent by a customer that signs with openssl.

#include "licence_customer.hpp"
#include "support/suite.hpp"

namespace simulator_test {

class LicenceReadTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(LicenceReadTest);
    CPPUNIT_TEST(pngAndJpegAreRead);
    CPPUNIT_TEST(damagedPicturesAreUnreadable);
    CPPUNIT_TEST(anotherDocumentIsUnreadable);
    CPPUNIT_TEST(theRegisterKnowsWhatItWasTold);
    CPPUNIT_TEST(faultsBefallReadings);
    CPPUNIT_TEST(exchangesNameNobody);
    CPPUNIT_TEST(theCommandSaysWhatIsWrong);
    CPPUNIT_TEST_SUITE_END();

public:
    LicenceReadTest()
        : customer_(simulator_)
    {}

    void setUp() override { simulator_.start(); }
    void tearDown() override { simulator_.kill(); }

    void pngAndJpegAreRead()
    {
        const std::vector<std::string> more = {"--kind",
                                               "有限责任公司",
                                               "--representative",
                                               "样本",
                                               "--address",
                                               "上海市样本路1号",
                                               "--valid-from",
                                               "2020-01-02",
                                               "--valid-until",
                                               "2040-01-01"};
        for (const std::string ending : {".png", ".jpg"}) {
            const Json answer = read(sampleLicence(more, ending), ending);
            CPPUNIT_ASSERT_EQUAL(std::string("read"), answer["state"].get<std::string>());
            const Json& fields = answer["fields"];
            CPPUNIT_ASSERT(fields["name"] == "上海示例贸易有限公司");
            CPPUNIT_ASSERT(fields["social_credit_code"] == "91310000MAXHUB014C");
            CPPUNIT_ASSERT(fields["kind"] == "有限责任公司");
            CPPUNIT_ASSERT(fields["representative"] == "样本");
            CPPUNIT_ASSERT(fields["address"] == "上海市样本路1号");
            CPPUNIT_ASSERT(fields["valid_from"] == "2020-01-02");
            CPPUNIT_ASSERT(fields["valid_until"] == "2040-01-01");
            CPPUNIT_ASSERT_EQUAL(std::size_t{7}, answer["confidence"].size());
            CPPUNIT_ASSERT(answer["confidence"]["name"].get<int>() > 90);
        }
        const Json faint = read(sampleLicence({"--damage", "faint"}));
        CPPUNIT_ASSERT_EQUAL(39, faint["confidence"]["name"].get<int>());
    }

    void damagedPicturesAreUnreadable()
    {
        for (const char* damage : {"blur", "crop"}) {
            for (const char* ending : {".png", ".jpg"}) {
                expectUnreadable("no_code",
                                 read(sampleLicence({"--damage", damage}, ending), ending));
            }
        }
        const std::string whole = sampleLicence();
        expectUnreadable("no_picture", read(""));
        expectUnreadable("no_picture", read("no picture at all"));
        expectUnreadable("no_picture", read(whole.substr(0, whole.size() / 2)));
    }

    void anotherDocumentIsUnreadable()
    {
        expectUnreadable("other_document",
                         read(sampleLicence({"--type", "institution_certificate"})));
        LicenceRequest request =
            customer_.request(sampleLicence({"--type", "institution_certificate"}));
        request.query = "kind=institution_certificate";
        CPPUNIT_ASSERT(customer_.read(request)["state"] == "read");
    }

    void theRegisterKnowsWhatItWasTold()
    {
        const std::string known = sampleLicence();
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"state":"found","name":"上海示例贸易有限公司"})"),
                             entryOf(known));
        CPPUNIT_ASSERT_EQUAL(
            std::string(R"({"state":"not_found"})"),
            entryOf(drawnLicence({"--name", "样本", "--code", "91310000MAXHUB0999"}, ".png")));
        CPPUNIT_ASSERT_EQUAL(
            std::string(R"({"state":"revoked","name":"重庆已吊销样本有限公司"})"),
            entryOf(drawnLicence({"--name", "样本", "--code", "91500000MAXHUB065X"}, ".png")));
        tell({{"code", "91310000MAXHUB014C"}, {"name", "另一家"}, {"state", "registered"}});
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"state":"found","name":"另一家"})"), entryOf(known));
        tell({{"available", false}});
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"state":"unavailable"})"), entryOf(known));
        const HttpAnswer wrong =
            simulator_.request("POST", "/control/provider/licence/register", R"({"code":"x"})");
        CPPUNIT_ASSERT_EQUAL(400, wrong.status);
    }

    void faultsBefallReadings()
    {
        const std::string picture = sampleLicence();
        const auto answerTo = [&](const char* fault) {
            simulator_.post("/control/faults", {{"fault", fault}, {"match", {{"method", "read"}}}});
            const LicenceRequest request = customer_.request(picture);
            const HttpAnswer answer = customer_.send(request);
            CPPUNIT_ASSERT_MESSAGE(fault, !customer_.isGenuine(request, answer));
            return answer;
        };
        CPPUNIT_ASSERT_EQUAL(0, answerTo("drop_after_booking").status);
        CPPUNIT_ASSERT_EQUAL(0, answerTo("tls_close").status);
        CPPUNIT_ASSERT_EQUAL(502, answerTo("http_status").status);
        CPPUNIT_ASSERT_EQUAL(std::string(), licenceCode(answerTo("garbage")));
        CPPUNIT_ASSERT_EQUAL(std::string("OK"), licenceCode(answerTo("bad_signature")));
        CPPUNIT_ASSERT_EQUAL(std::string("OK"), licenceCode(answerTo("unsigned")));
        CPPUNIT_ASSERT(read(picture)["state"] == "read");
    }

    void exchangesNameNobody()
    {
        read(sampleLicence());
        const std::string exchanges = simulator_.get("/control/exchanges").dump();
        CPPUNIT_ASSERT(exchanges.find("licence") != std::string::npos);
        CPPUNIT_ASSERT(exchanges.find("上海示例") == std::string::npos);
        CPPUNIT_ASSERT(exchanges.find("91310000MAXHUB014C") == std::string::npos);
    }

    void theCommandSaysWhatIsWrong()
    {
        const std::vector<std::vector<std::string>> wrong = {
            {"--name", "样本"},
            {"--name", "样本", "--code", "short"},
            {"--name", "样本", "--code", "91310000MAXHUB014C", "--damage", "fire"},
            {"--name", "样本", "--code", "91310000MAXHUB014C", "--color", "red"}};
        for (const auto& options : wrong) {
            CPPUNIT_ASSERT_THROW(drawnLicence(options, ".png"), std::runtime_error);
        }
        CPPUNIT_ASSERT_THROW(sampleLicence({}, ".gif"), std::runtime_error);
    }

private:
    Json read(const std::string& picture, const std::string& ending = ".png") const
    {
        LicenceRequest request = customer_.request(picture);
        request.headers["Content-Type"] = ending == ".png" ? "image/png" : "image/jpeg";
        return customer_.read(request);
    }

    static void expectUnreadable(const char* reason, const Json& answer)
    {
        CPPUNIT_ASSERT_EQUAL_MESSAGE(
            answer.dump(), std::string("unreadable"), answer["state"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::string(reason), answer["reason"].get<std::string>());
        CPPUNIT_ASSERT(!answer.contains("fields"));
    }

    std::string entryOf(const std::string& picture) const
    {
        return read(picture)["register"].dump();
    }

    void tell(const Json& what) const
    {
        simulator_.post("/control/provider/licence/register", what);
    }

    Simulator simulator_;
    LicenceCustomer customer_;
};

HUB_TEST_SUITE_REGISTRATION(LicenceReadTest, "licence_read");

} // namespace simulator_test
