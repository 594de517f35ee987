// Goal: what the connector signs and accepts is what the world calls SHA-256 with RSA. Method:
// every signature path against the openssl command line, texts built here by hand.

#include "command.hpp"
#include "support/suite.hpp"

#include <map>
#include <string>

namespace {

using namespace alipay_test;
using hub::Answer;

bool runOpenssl(const std::string& arguments)
{
    // NOLINTNEXTLINE(concurrency-mt-unsafe,cert-env33-c): a test of one thread, its own arguments.
    return std::system(("openssl dgst -sha256 " + arguments + " >/dev/null 2>&1").c_str()) == 0;
}

bool opensslVerifies(const std::string& key, const std::string& text, const std::string& signature)
{
    const Scratch scratch;
    return runOpenssl("-verify " + keyPath(key).string() + " -signature " +
                      scratch.write("signature", signature).string() + " " +
                      scratch.write("text", text).string());
}

std::string opensslSigns(const std::string& key, const std::string& text)
{
    const Scratch scratch;
    CPPUNIT_ASSERT(runOpenssl("-sign " + keyPath(key).string() + " -out " +
                              (scratch.folder() / "signature").string() + " " +
                              scratch.write("text", text).string()));
    return alipay::toBase64(scratch.read("signature"));
}

/// Sorted by std::map, joined as the documents say.
std::string joined(const std::map<std::string, std::string>& parameters)
{
    std::string text;
    for (const auto& [name, value] : parameters) {
        text += (text.empty() ? "" : "&") + name + "=" + value;
    }
    return text;
}

class SignatureTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SignatureTest);
    CPPUNIT_TEST(opensslVerifiesEveryRequest);
    CPPUNIT_TEST(answersSignedByOpensslAreBelieved);
    CPPUNIT_TEST(noticesSignedByOpensslAreAcceptedWithAndWithoutSignType);
    CPPUNIT_TEST_SUITE_END();

public:
    void opensslVerifiesEveryRequest()
    {
        for (const auto& [operation, request] : requests()) {
            Connector connector;
            connector.http().answer(500, "");
            connector.call(std::string{kAccount}, operation, request.dump());
            const auto sent = alipay::fromForm(connector.http().requests().at(0).body);
            std::map<std::string, std::string> parameters;
            for (const auto& [name, value] : sent.value()) {
                parameters[name] = value;
            }
            const std::string signature = alipay::fromBase64(parameters.at("sign")).value();
            parameters.erase("sign");

            CPPUNIT_ASSERT_EQUAL(std::size_t{1}, parameters.count("sign_type"));
            CPPUNIT_ASSERT_MESSAGE(operation,
                                   opensslVerifies("app_public", joined(parameters), signature));
            parameters["timestamp"] = "2026-11-21 10:40:01";
            CPPUNIT_ASSERT_MESSAGE(operation,
                                   !opensslVerifies("app_public", joined(parameters), signature));
        }
    }

    void answersSignedByOpensslAreBelieved()
    {
        const std::string node = R"({"code":"10000","msg":"Success","out_trade_no":")" +
                                 std::string{kNumber} +
                                 R"(","qr_code":"https:\/\/qr.example.com\/bax0001"})";
        const std::string signature = opensslSigns("provider_private", node);
        for (const bool is_genuine : {true, false}) {
            Connector connector;
            connector.http().answer(
                200,
                R"({"alipay_trade_precreate_response":)" + node + R"(,"sign":")" +
                    (is_genuine ? signature : opensslSigns("app_private", node)) + R"("})");

            const Answer answer =
                connector.call(std::string{kAccount}, "create", requests().at("create").dump());

            CPPUNIT_ASSERT_EQUAL_MESSAGE(answer.message,
                                         hub_status{is_genuine ? HUB_OK : HUB_OUTCOME_UNKNOWN},
                                         answer.status);
        }
    }

    void noticesSignedByOpensslAreAcceptedWithAndWithoutSignType()
    {
        const std::map<std::string, std::string> parameters{{"app_id", "2021000000000001"},
                                                            {"seller_id", "2088000000000001"},
                                                            {"out_trade_no", std::string{kNumber}},
                                                            {"trade_status", "TRADE_SUCCESS"},
                                                            {"total_amount", "200.00"},
                                                            {"subject", "展位费 2026"}};
        std::map<std::string, std::string> kept = parameters;
        kept["sign_type"] = "RSA2";
        for (const auto& covered : {parameters, kept}) {
            const std::string signature = opensslSigns("provider_private", joined(covered));
            alipay::Parameters form{kept.begin(), kept.end()};
            form.emplace_back("sign", signature);
            Connector connector;

            const Answer answer = connector.callback(std::string{kAccount}, alipay::toForm(form));

            CPPUNIT_ASSERT_EQUAL_MESSAGE(answer.message, hub_status{HUB_OK}, answer.status);
        }
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(SignatureTest, "signature");
