// Goal: what leaves and what is understood stays as it is, field by field. Method: every file of
// golden/ is one case: the call, what changes in UnionPay's usual answer, the request and outcome
// expected. Signatures are of the run's own keys and left out. HUB_UPDATE_GOLDEN=1 writes request
// and outcome anew.

#include "fixture.hpp"
#include "support/suite.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

namespace {

using namespace unionpay_test;
using OrderedJson = nlohmann::ordered_json;

std::vector<std::filesystem::path> casePaths()
{
    // NOLINTNEXTLINE(concurrency-mt-unsafe): a test of one thread.
    const char* source = std::getenv("HUB_SOURCE_DIR");
    CPPUNIT_ASSERT(source != nullptr);
    std::vector<std::filesystem::path> paths;
    const auto folder =
        std::filesystem::path{source} / "tests/unit/connectors/payment_unionpay/golden";
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        paths.push_back(entry.path());
    }
    std::sort(paths.begin(), paths.end());
    return paths;
}

Fields fieldsOf(const OrderedJson& object)
{
    Fields fields;
    for (const auto& [name, value] : object.items()) {
        fields.emplace_back(name, value.get<std::string>());
    }
    return fields;
}

OrderedJson describe(const hub::Answer& answer)
{
    OrderedJson described{{"status", answer.status}};
    if (!answer.message.empty()) {
        described["message"] = answer.message;
    }
    if (!answer.payload.empty()) {
        described["payload"] = OrderedJson::parse(answer.payload);
    }
    if (described.contains("payload") && described["payload"].contains("form")) {
        described["payload"]["form"]["fields"].erase("signature");
    }
    return described;
}

OrderedJson describe(const hub::HttpRequest& request)
{
    OrderedJson form = OrderedJson::object();
    for (const auto& [name, value] : unionpay::fromForm(request.body).value()) {
        if (name != unionpay::kSignature) {
            form[name] = value;
        }
    }
    return {{"method", request.method},
            {"url", request.url},
            {"content_type", request.headers.at(0).second},
            {"form", form}};
}

/// Runs the case and fills in what came of it.
void run(OrderedJson& golden)
{
    Shop shop;
    const std::string operation = golden["operation"];
    if (operation == "callback") {
        const std::string about = golden["about"];
        golden["expected"] = describe(shop.callback(noticeOf(about, fieldsOf(golden["changes"]))));
        return;
    }
    shop.answer(answerTo(operation, fieldsOf(golden["changes"])));
    golden["expected"] = describe(shop.call(operation, Json::parse(golden["payload"].dump())));
    if (!shop.desk.requests.empty()) {
        golden["request"] = describe(shop.desk.requests.at(0));
    }
}

class GoldenTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(GoldenTest);
    CPPUNIT_TEST(everyCaseIsAsWritten);
    CPPUNIT_TEST_SUITE_END();

public:
    void everyCaseIsAsWritten()
    {
        const auto paths = casePaths();
        CPPUNIT_ASSERT(paths.size() >= 10);
        for (const auto& path : paths) {
            std::ostringstream text;
            text << std::ifstream{path, std::ios::binary}.rdbuf();
            OrderedJson golden = OrderedJson::parse(text.str());
            run(golden);
            const std::string actual = golden.dump(2) + "\n";
            // NOLINTNEXTLINE(concurrency-mt-unsafe): a test of one thread.
            if (std::getenv("HUB_UPDATE_GOLDEN") != nullptr) {
                std::ofstream{path, std::ios::binary} << actual;
            } else {
                CPPUNIT_ASSERT_EQUAL_MESSAGE(path.filename().string(), text.str(), actual);
            }
        }
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(GoldenTest, "golden");
