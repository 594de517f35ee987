// Goal: HTTPS serves what HTTP serves, under the same deadlines, and says what is wrong with a
// certificate. Method: a certificate made here, a real TLS client.

#include "fixture.hpp"
#include "observe/metrics.hpp"

#include <Poco/Net/Context.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include <stdlib.h>

namespace {

using namespace hub::gateway::testing; // NOLINT: the shared names of these tests

class HttpsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(HttpsTest);
    CPPUNIT_TEST(servesOverTls);
    CPPUNIT_TEST(refusesOldProtocols);
    CPPUNIT_TEST(cutsATlsRecordThatDrips);
    CPPUNIT_TEST(cutsAClientThatDoesNotTakeItsAnswer);
    CPPUNIT_TEST(endsAConnectionThatSpeaksNoTls);
    CPPUNIT_TEST(stopsWithIdleTlsConnections);
    CPPUNIT_TEST(saysWhatIsWrongWithACertificate);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override
    {
        std::string pattern = (std::filesystem::temp_directory_path() / "hub-tls-XXXXXX").string();
        folder_ = ::mkdtemp(pattern.data());
        writeCertificate();
        hub_ = std::make_unique<Fixture>();
        hub_->settings.server.https = true;
        hub_->settings.server.certificate = folder_ / "certificate.pem";
        hub_->settings.server.private_key = folder_ / "key.pem";
    }

    void tearDown() override
    {
        hub_.reset();
        std::filesystem::remove_all(folder_);
    }

    void servesOverTls()
    {
        hub_->start();
        Client client = connectTls();

        for (int i = 0; i < 10; ++i) {
            CPPUNIT_ASSERT_EQUAL(201,
                                 client.exchange(post("/api/v1/things", R"({"name":"a"})")).status);
        }
        // More than one TLS record in each direction.
        hub_->backend.on_read = [](const hub::gateway::Request&) {
            return hub::gateway::Reply{HUB_OK, {{"body", std::string(300000, 'x')}}, {}, false};
        };
        CPPUNIT_ASSERT_EQUAL(std::size_t{300002},
                             client.exchange(request("GET", "/api/v1/things/1")).body.size());
        CPPUNIT_ASSERT_EQUAL(
            201,
            client
                .exchange(post("/api/v1/things", R"({"name":")" + std::string(60000, 'x') + "\"}"))
                .status);
        CPPUNIT_ASSERT_EQUAL(200, hub_->exchange(request("GET", "/healthz")).status);
    }

    void refusesOldProtocols()
    {
        hub_->start();

        CPPUNIT_ASSERT_THROW(connectTls(TLS1_1_VERSION).exchange(request("GET", "/healthz")),
                             Poco::Exception);
    }

    void cutsATlsRecordThatDrips()
    {
        hub_->start();
        const double before = cut("header_too_slow");
        Client client(hub_->gateway->httpsPort());
        std::mutex mutex;
        std::condition_variable pause;
        const auto begun = std::chrono::steady_clock::now();

        // The start of a ClientHello of 512 bytes, one byte at a time.
        client.send(std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11));
        for (int i = 0; i < 500 && cut("header_too_slow") == before; ++i) {
            try {
                client.send("x");
            } catch (const Poco::Exception&) {
                break;
            }
            std::unique_lock lock(mutex);
            pause.wait_for(lock, std::chrono::milliseconds(10));
        }

        CPPUNIT_ASSERT(client.closed());
        CPPUNIT_ASSERT_EQUAL(before + 1, cut("header_too_slow"));
        CPPUNIT_ASSERT(std::chrono::steady_clock::now() - begun < std::chrono::seconds(3));
    }

    void cutsAClientThatDoesNotTakeItsAnswer()
    {
        hub_->backend.on_read = [](const hub::gateway::Request&) {
            return hub::gateway::Reply{
                HUB_OK, {{"body", std::string(16 * 1024 * 1024, 'x')}}, {}, false};
        };
        hub_->start();
        const double before = cut("answer_taken_too_slowly");
        Client client = connectTls();

        client.send(request("GET", "/api/v1/things/1"));

        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
        while (cut("answer_taken_too_slowly") == before &&
               std::chrono::steady_clock::now() < deadline) {
            std::this_thread::yield();
        }
        CPPUNIT_ASSERT_EQUAL(before + 1, cut("answer_taken_too_slowly"));
    }

    void endsAConnectionThatSpeaksNoTls()
    {
        hub_->start();
        Client client(hub_->gateway->httpsPort());

        client.send(request("GET", "/healthz"));

        CPPUNIT_ASSERT(client.closed());
        CPPUNIT_ASSERT_EQUAL(200, connectTls().exchange(request("GET", "/healthz")).status);
    }

    void stopsWithIdleTlsConnections()
    {
        hub_->settings.server.limits.idle_ms = 60000;
        hub_->start();
        Client client = connectTls();
        CPPUNIT_ASSERT_EQUAL(200, client.exchange(request("GET", "/healthz")).status);

        hub_->gateway->stop();

        CPPUNIT_ASSERT(client.closed());
    }

    void saysWhatIsWrongWithACertificate()
    {
        std::ofstream(folder_ / "key.pem") << "no key";
        try {
            hub_->start();
            CPPUNIT_FAIL("a broken key was taken");
        } catch (const hub::base::Failure& failure) {
            CPPUNIT_ASSERT_MESSAGE(failure.displayText(),
                                   failure.displayText().find("key.pem") != std::string::npos);
        }
    }

private:
    static double cut(const std::string& reason)
    {
        static const hub::observe::Counter counter{
            "hub_http_cut_total",
            "Connections that the gateway ended without an answer.",
            {"reason"}};
        return counter.value({reason});
    }

    Client connectTls(int version_max = TLS1_3_VERSION) const
    {
        using Poco::Net::Context;
        const Context::Ptr context = new Context(Context::TLS_CLIENT_USE,
                                                 (folder_ / "certificate.pem").string(),
                                                 Context::VERIFY_STRICT);
        SSL_CTX_set_max_proto_version(context->sslContext(), version_max);
        SSL_CTX_set_security_level(context->sslContext(), version_max < TLS1_2_VERSION ? 0 : 1);
        Poco::Net::SecureStreamSocket socket(
            Poco::Net::SocketAddress("127.0.0.1", hub_->gateway->httpsPort()),
            "localhost",
            context);
        socket.setReceiveTimeout(Poco::Timespan(10, 0));
        return Client(socket);
    }

    void writeCertificate() const
    {
        const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"),
                                                                      &EVP_PKEY_free);
        const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), &X509_free);
        X509_set_version(certificate.get(), 2);
        ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
        X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
        X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
        X509_set_pubkey(certificate.get(), key.get());
        X509_NAME* name = X509_get_subject_name(certificate.get());
        X509_NAME_add_entry_by_txt(name,
                                   "CN",
                                   MBSTRING_ASC,
                                   reinterpret_cast<const unsigned char*>("localhost"),
                                   -1,
                                   -1,
                                   0);
        X509_set_issuer_name(certificate.get(), name);
        CPPUNIT_ASSERT(X509_sign(certificate.get(), key.get(), EVP_sha256()) > 0);
        writePem(folder_ / "certificate.pem",
                 [&](BIO* out) { return PEM_write_bio_X509(out, certificate.get()); });
        writePem(folder_ / "key.pem", [&](BIO* out) {
            return PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
        });
    }

    static void writePem(const std::filesystem::path& file, const std::function<int(BIO*)>& write)
    {
        const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new_file(file.c_str(), "w"),
                                                            &BIO_free);
        CPPUNIT_ASSERT(out && write(out.get()) == 1);
    }

    std::filesystem::path folder_;
    std::unique_ptr<Fixture> hub_;
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(HttpsTest, "https");
