// Goal: the shipped contract is sound and a spoiled one is refused with its place. Method: the
// payment contract of the SDK and one JSON patch per row.

#include "config/json_file.hpp"
#include "journal/settlement.hpp"
#include "plugin/contract.hpp"
#include "support/suite.hpp"

#include <cstdlib>
#include <ostream>
#include <string>
#include <vector>

namespace {

using hub::base::Json;
using hub::plugin::AfterUnknown;
using hub::plugin::Carrier;
using hub::plugin::Contract;
using hub::plugin::Verdict;

Json payment()
{
    const std::string path =
        std::string(std::getenv("HUB_SOURCE_DIR")) + "/sdk/contracts/payment.json";
    return hub::config::readJsonFile(path, "payment.json").value();
}

struct Row {
    std::string name;
    std::string patch;
    std::string problem;
};

std::ostream& operator<<(std::ostream& out, const Row& row)
{
    return out << row.name;
}

std::vector<Row> rows()
{
    return {
        {"unknown member",
         R"([{"op":"add","path":"/operations/create/retries","value":3}])",
         R"("/operations/create/retries" is 3, is not a known member)"},
        {"unknown rule",
         R"([{"op":"replace","path":"/operations/create/after_unknown","value":"retry"}])",
         R"("/operations/create/after_unknown" is "retry", must be one of)"},
        {"time without limit",
         R"([{"op":"replace","path":"/operations/query/timeout_ms","value":0}])",
         R"("/operations/query/timeout_ms" is 0, must be at least 1)"},
        {"no example",
         R"([{"op":"replace","path":"/operations/bill/examples","value":[]}])",
         R"("/operations/bill/examples" must have at least 1 item)"},
        {"example breaks the request",
         R"([{"op":"replace","path":"/operations/create/examples/0/request/amount_minor","value":0}])",
         R"("/operations/create/examples/0/request/amount_minor" must be at least 1)"},
        {"example breaks the result",
         R"([{"op":"remove","path":"/operations/query/examples/0/result/state"}])",
         R"("/operations/query/examples/0/result" must have the member "state")"},
        {"request is no schema",
         R"([{"op":"add","path":"/operations/bill/request/required","value":1}])",
         R"("/operations/bill/request" is no JSON Schema)"},
        {"query first without query",
         R"([{"op":"remove","path":"/operations/create/resolve"}])",
         R"("/operations/create" is query_first after unknown)"},
        {"test by nothing",
         R"([{"op":"replace","path":"/test/operation","value":"look"}])",
         R"("/test/operation" is "look", must be a safe operation)"},
        {"test that moves money",
         R"([{"op":"replace","path":"/test/operation","value":"create"}])",
         R"("/test/operation" is "create", must be a safe operation)"},
        {"test that its operation refuses",
         R"([{"op":"remove","path":"/test/request/number"}])",
         R"("/test/request" must be a request of "query")"},
        {"resolved by nothing",
         R"([{"op":"replace","path":"/operations/create/resolve/operation","value":"look"}])",
         R"("/operations/create/resolve/operation" is "look", must be a safe operation)"},
        {"resolved by what moves money",
         R"([{"op":"replace","path":"/operations/create/resolve/operation","value":"cancel"}])",
         R"("/operations/create/resolve/operation" is "cancel", must be a safe operation)"},
        {"copy lacks what is required",
         R"([{"op":"remove","path":"/operations/create/resolve/copy/0"}])",
         R"("/operations/create/resolve/copy" lacks "number")"},
        {"copy of a stranger",
         R"([{"op":"add","path":"/operations/create/resolve/copy/-","value":"subject"}])",
         R"("/operations/create/resolve/copy" names "subject")"},
        {"state without verdict",
         R"([{"op":"remove","path":"/operations/create/resolve/verdicts/paid"}])",
         R"(must judge closed, not_found, paid, refunded, waiting)"},
        {"verdict on nothing",
         R"([{"op":"replace","path":"/operations/create/resolve/verdict_pointer","value":"/status"}])",
         R"("/operations/create/resolve/verdict_pointer" is "/status", must reach an enum)"},
    };
}

class ContractTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ContractTest);
    CPPUNIT_TEST(theShippedContractIsSound);
    CPPUNIT_TEST_PARAMETERIZED(refusesWithPlace, rows());
    CPPUNIT_TEST(saysWhatTheResolvingRequestTakesOver);
    CPPUNIT_TEST(readsTheVerdict);
    CPPUNIT_TEST_SUITE_END();

public:
    void theShippedContractIsSound()
    {
        const Contract contract = good();

        CPPUNIT_ASSERT_EQUAL(std::string("payment"), contract.name);
        const auto& create = *contract.findOperation("create");
        CPPUNIT_ASSERT(create.after_unknown == AfterUnknown::QueryFirst);
        CPPUNIT_ASSERT(!create.safe);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{15000}, create.timeout_ms);
        CPPUNIT_ASSERT_EQUAL(3U, create.deliveries_max);
        CPPUNIT_ASSERT(contract.findOperation("callback")->inbound);
        CPPUNIT_ASSERT(contract.findOperation("close")->after_unknown ==
                       AfterUnknown::ResendSameKey);
        CPPUNIT_ASSERT(contract.findOperation("none") == nullptr);
        CPPUNIT_ASSERT(contract.carrierOf(create, {{"product", "page"}}) == Carrier::Browser);
        CPPUNIT_ASSERT(contract.carrierOf(create, {{"product", "qr"}}) == Carrier::Hub);
        CPPUNIT_ASSERT(contract.carrierOf(create, Json::object()) == Carrier::Hub);
        for (const char* later : {"query", "refund"}) { // the hub itself asks
            CPPUNIT_ASSERT(contract.carrierOf(*contract.findOperation(later),
                                              {{"product", "page"}}) == Carrier::Hub);
        }
        CPPUNIT_ASSERT(!create.request->check({{"number", 5}}).empty());
    }

    void refusesWithPlace(const Row& row)
    {
        std::vector<std::string> problems;

        const auto contract =
            hub::plugin::parseContract(payment().patch(Json::parse(row.patch)), "x", problems);

        CPPUNIT_ASSERT(!contract);
        CPPUNIT_ASSERT(!problems.empty());
        CPPUNIT_ASSERT_MESSAGE(problems[0], problems[0].find(row.problem) != std::string::npos);
    }

    void saysWhatTheResolvingRequestTakesOver()
    {
        const Contract contract = good();
        const auto& resolve = *contract.findOperation("create")->resolve;

        CPPUNIT_ASSERT_EQUAL(std::string("query"), resolve.operation);
        CPPUNIT_ASSERT(resolve.copy == std::vector<std::string>({"number",
                                                                 "created_at_ms",
                                                                 "expires_at_ms",
                                                                 "product",
                                                                 "amount_minor",
                                                                 "currency"}));
    }

    void readsTheVerdict()
    {
        const Contract contract = good();
        const auto& refund = *contract.findOperation("refund")->resolve;
        using hub::journal::verdictOf;

        CPPUNIT_ASSERT(verdictOf(refund, R"({"state":"succeeded"})") == Verdict::Answer);
        CPPUNIT_ASSERT(verdictOf(refund, R"({"state":"processing"})") == Verdict::Wait);
        CPPUNIT_ASSERT(verdictOf(refund, R"({"state":"not_found"})") == Verdict::Repeat);
        CPPUNIT_ASSERT(!verdictOf(refund, R"({"state":"other"})"));
        CPPUNIT_ASSERT(!verdictOf(refund, R"({"state":5})"));
        CPPUNIT_ASSERT(!verdictOf(refund, "{}"));
        CPPUNIT_ASSERT(!verdictOf(refund, R"("text")"));
    }

private:
    static Contract good()
    {
        std::vector<std::string> problems;
        auto contract = hub::plugin::parseContract(payment(), "payment.json", problems);
        CPPUNIT_ASSERT_MESSAGE(problems.empty() ? "" : problems[0], contract.has_value());
        return *contract;
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(ContractTest, "contract");
