// Goal: what leaves and what is understood stays as it is. Method: every file of `cases` is one
// case: the call, the provider's answer (signed at run time), the request and outcome expected.
// HUB_UPDATE_GOLDEN=1 writes request and outcome anew.

#include "fixture.hpp"
#include "support/suite.hpp"

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

namespace {

using namespace wechat_test;
using hub::Answer;
using OrderedJson = nlohmann::ordered_json;

std::vector<std::filesystem::path> casePaths()
{
    const auto cases = folder("HUB_SOURCE_DIR") / "tests/unit/connectors/payment_wechat/cases";
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::directory_iterator(cases)) {
        if (entry.path().extension() == ".json") {
            paths.push_back(entry.path());
        }
    }
    std::sort(paths.begin(), paths.end());
    return paths;
}

std::string nameOf(hub_status status)
{
    switch (status) {
    case HUB_OK:
        return "OK";
    case HUB_REJECTED:
        return "REJECTED";
    case HUB_UNAUTHENTICATED:
        return "UNAUTHENTICATED";
    case HUB_THROTTLED:
        return "THROTTLED";
    case HUB_OUTCOME_UNKNOWN:
        return "OUTCOME_UNKNOWN";
    case HUB_PENDING:
        return "PENDING";
    default:
        return std::to_string(status);
    }
}

OrderedJson describe(const Answer& answer)
{
    OrderedJson described{{"status", nameOf(answer.status)}};
    if (!answer.message.empty()) {
        described["message"] = answer.message;
    }
    if (!answer.payload.empty()) {
        described["payload"] = OrderedJson::parse(answer.payload);
    }
    return described;
}

/// Without what is new at every run: the Authorization header has its own test.
OrderedJson describe(const hub::HttpRequest& request)
{
    OrderedJson described{{"method", request.method}, {"url", request.url}};
    if (!request.body.empty()) {
        described["body"] = request.body;
    }
    return described;
}

/// Runs the case and fills in what came of it.
void run(OrderedJson& golden)
{
    Bench bench(Json::parse(golden.value("account", OrderedJson::object()).dump()));
    const OrderedJson& answer = golden["answer"];
    bench.answer(answer["http_status"].get<std::uint32_t>(), answer["body"].get<std::string>());
    const Answer outcome =
        bench.call(kAccount, golden["operation"].get<std::string>(), golden["payload"].dump());
    golden["request"] = describe(bench.requests.at(0));
    golden["expected"] = describe(outcome);
}

class GoldenTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(GoldenTest);
    CPPUNIT_TEST(everyCaseIsAsWritten);
    CPPUNIT_TEST_SUITE_END();

public:
    void everyCaseIsAsWritten()
    {
        const auto paths = casePaths();
        CPPUNIT_ASSERT(paths.size() > 20);
        for (const auto& path : paths) {
            const std::string text = readFile(path);
            OrderedJson golden = OrderedJson::parse(text);
            run(golden);
            const std::string actual = golden.dump(2) + "\n";
            // NOLINTNEXTLINE(concurrency-mt-unsafe): a test of one thread.
            if (std::getenv("HUB_UPDATE_GOLDEN") != nullptr) {
                std::ofstream{path, std::ios::binary} << actual;
            } else {
                CPPUNIT_ASSERT_EQUAL_MESSAGE(path.filename().string(), text, actual);
            }
        }
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(GoldenTest, "golden");
