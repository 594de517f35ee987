// Goal: what leaves and what is understood stays as it is. Method: every file of `cases` is one
// case: the request, the picture as text, the provider's answer, and the outcome expected.
// HUB_UPDATE_GOLDEN=1 writes request and outcome anew.

#include "fixture.hpp"
#include "support/suite.hpp"
#include "unit/connectors/support/golden.hpp"

namespace {

using namespace licence_test;
using connector_test::describe;
using connector_test::OrderedJson;

/// Runs the case and fills in what came of it. Headers have their own test.
void run(OrderedJson& golden)
{
    Bench bench;
    Json request = bench.request(golden["picture"].get<std::string>());
    request.merge_patch(Json::parse(golden["change"].dump()));
    bench.status = golden["answer"]["http_status"].get<std::uint32_t>();
    bench.body = golden["answer"]["body"].get<std::string>();
    bench.proof =
        golden["answer"]["signed"].get<bool>() ? Bench::Proof::Genuine : Bench::Proof::None;
    const hub::Answer outcome = bench.ask(request);
    golden["sent"] = OrderedJson::array();
    for (const hub::HttpRequest& sent : bench.requests) {
        golden["sent"].push_back(sent.method + " " + sent.url + " " + sent.body);
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
            folder("HUB_SOURCE_DIR") / "tests/unit/connectors/licence_reader_demo/cases", 20, &run);
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(GoldenTest, "golden");
