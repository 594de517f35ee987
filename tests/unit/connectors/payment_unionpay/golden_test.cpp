// Goal: what leaves and what is understood stays as it is, field by field. Method: every file of
// golden/ is one case: the call, what changes in UnionPay's usual answer, the request and outcome
// expected. Signatures are of the run's own keys and left out. HUB_UPDATE_GOLDEN=1 writes request
// and outcome anew.

#include "fixture.hpp"
#include "support/suite.hpp"
#include "unit/connectors/support/golden.hpp"

#include <string>

namespace {

using namespace unionpay_test;
using connector_test::OrderedJson;

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
    OrderedJson described = connector_test::describe(answer);
    described["status"] = answer.status;
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
        connector_test::expectAsWritten(connector_test::folder("HUB_SOURCE_DIR") /
                                            "tests/unit/connectors/payment_unionpay/golden",
                                        10,
                                        &run);
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(GoldenTest, "golden");
