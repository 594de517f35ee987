// Goal: one payment, one receipt, however often the event comes. Method: the built library under
// the SDK's fakes. Usage: subscriber_example_test LIBRARY

#include <hub/testing/connector_fake.hpp>

#include <iostream>
#include <string>

#include <nlohmann/json.hpp>

namespace {

using hub::testing::ConnectorFake;
using hub::testing::Delivery;

int failures = 0;

void check(bool condition, const std::string& sentence)
{
    failures += condition ? 0 : 1;
    std::cout << (condition ? "ok   " : "FAIL ") << sentence << "\n";
}

Delivery paid(std::int64_t amount_minor)
{
    Delivery delivery;
    delivery.source = HUB_SOURCE_EVENT;
    delivery.type = "payment.paid";
    delivery.key = "payment-1";
    delivery.seq = 7;
    delivery.payload = nlohmann::json{{"amount_minor", amount_minor}, {"currency", "CNY"}}.dump();
    return delivery;
}

void testReceipt(ConnectorFake& fake)
{
    check(fake.deliver(paid(20000)).status == HUB_OK, "a paid payment is settled");
    check(fake.publications().size() == 1, "one receipt is asked for");
    const auto first = fake.publications().at(0);
    check(first.type == "receipt.requested" && first.key == "payment-1",
          "it has the payment's key");
    check(first.correlation_id == paid(1).id, "it names its cause");

    check(fake.deliver(paid(20000)).status == HUB_OK, "a repetition is settled");
    check(fake.publications().at(1).id == first.id, "it asks under the same id");
    Delivery other = paid(20000);
    other.id.back() = '2';
    fake.deliver(other);
    check(fake.publications().at(2).id != first.id, "another event asks under another id");
}

void testSmallAmounts(ConnectorFake& fake)
{
    check(fake.deliver(paid(99)).status == HUB_OK, "a small payment is settled");
    check(fake.publications().empty(), "without a receipt");
}

void testTrouble(ConnectorFake& fake)
{
    fake.setPublishStatus(HUB_UNAVAILABLE);
    check(fake.deliver(paid(20000)).status == HUB_UNAVAILABLE,
          "what was not committed comes again");
    Delivery strange = paid(1);
    strange.payload = "[]";
    check(fake.deliver(strange).status == HUB_BAD_REQUEST, "an event without amount is refused");
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 2) {
        std::cerr << "usage: subscriber_example_test LIBRARY\n";
        return 2;
    }
    for (const auto& test : {testReceipt, testSmallAmounts, testTrouble}) {
        ConnectorFake fake;
        fake.start(hub::testing::loadEntry(argv[1]),
                   R"({"config":{"amount_minor_min":100},"accounts":{}})");
        test(fake);
    }
    return failures == 0 ? 0 : 1;
}
