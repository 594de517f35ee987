// Goal: what leaves and what is understood stays as it is. Method: every file of `cases` is one
// case: the call, the provider's answer (signed at run time), the request and outcome expected.
// HUB_UPDATE_GOLDEN=1 writes request and outcome anew.

#include "fixture.hpp"
#include "support/suite.hpp"
#include "unit/connectors/support/golden.hpp"

#include <string>

namespace {

using namespace wechat_test;
using connector_test::describe;
using connector_test::OrderedJson;
using hub::Answer;

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
        connector_test::expectAsWritten(
            folder("HUB_SOURCE_DIR") / "tests/unit/connectors/payment_wechat/cases", 21, &run);
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(GoldenTest, "golden");
