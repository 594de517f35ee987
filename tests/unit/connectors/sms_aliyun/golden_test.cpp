// Goal: what leaves and what is understood stays as it is. Method: every file of `cases` is one
// case: the call, the provider's answers, the requests and the outcome expected.
// HUB_UPDATE_GOLDEN=1 writes requests and outcome anew.

#include "fixture.hpp"
#include "support/suite.hpp"
#include "unit/connectors/support/golden.hpp"

namespace {

using namespace aliyun_test;
using connector_test::describe;
using connector_test::OrderedJson;

/// Runs the case and fills in what came of it. Headers have their own test.
void run(OrderedJson& golden)
{
    Bench bench;
    for (const auto& answer : golden["answers"]) {
        bench.answer(answer["http_status"].get<std::uint32_t>(), answer["body"].get<std::string>());
    }
    const hub::Answer outcome = golden.contains("push")
                                    ? bench.push(golden["push"].get<std::string>())
                                    : bench.call(kAccount,
                                                 golden["operation"].get<std::string>(),
                                                 golden["payload"].dump());
    golden["requests"] = OrderedJson::array();
    for (const hub::HttpRequest& request : bench.requests) {
        CPPUNIT_ASSERT(request.body.empty());
        golden["requests"].push_back(request.method + " " + request.url);
    }
    golden["expected"] = describe(outcome);
}

class GoldenTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(GoldenTest);
    CPPUNIT_TEST(everyCaseIsAsWritten);
    CPPUNIT_TEST_SUITE_END();

public:
    void everyCaseIsAsWritten()
    {
        connector_test::expectAsWritten(
            folder("HUB_SOURCE_DIR") / "tests/unit/connectors/sms_aliyun/cases", 30, &run);
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(GoldenTest, "golden");
