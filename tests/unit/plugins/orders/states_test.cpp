// Goal: an order moves only as its table says. Method: every state with every cause against a table
// of its own, and what must hold for any table.

#include "domain/states.hpp"
#include "support/suite.hpp"

#include <array>
#include <string>
#include <vector>

namespace {

using namespace orders; // NOLINT(google-build-using-namespace): the words of the table
using S = OrderState;
using C = OrderCause;

/// Columns are the causes in their order; "-" stays.
struct Row {
    S from;
    std::array<const char*, 8> to;
};

const std::vector<Row>& expected()
{
    // CancelRequested, PersonCanceled, LifeOver, PaymentMatched, SlipSubmitted, SlipRejected,
    // SomeLinesRefunded, AllLinesRefunded
    static const std::vector<Row> kRows = {
        {S::Unpaid, {"canceled", "canceled", "canceled", "paid", "payment_pending", "-", "-", "-"}},
        {S::Canceled, {"-", "-", "-", "-", "-", "-", "-", "-"}},
        {S::PaymentPending, {"-", "-", "-", "paid", "-", "unpaid", "-", "-"}},
        {S::Paid, {"-", "-", "-", "-", "-", "-", "partly_refunded", "refunded"}},
        {S::PartlyRefunded, {"-", "-", "-", "-", "-", "-", "-", "refunded"}},
        {S::Refunded, {"-", "-", "-", "-", "-", "-", "-", "-"}}};
    return kRows;
}

class StatesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(StatesTest);
    CPPUNIT_TEST(everyCauseLeadsWhereTheTableSays);
    CPPUNIT_TEST(textsAndStatesAreTheSame);
    CPPUNIT_TEST_SUITE_END();

public:
    void everyCauseLeadsWhereTheTableSays()
    {
        CPPUNIT_ASSERT_EQUAL(static_cast<std::size_t>(kLastOrderState) + 1, expected().size());
        CPPUNIT_ASSERT_EQUAL(static_cast<std::size_t>(kLastOrderCause) + 1,
                             expected().front().to.size());
        for (const Row& row : expected()) {
            for (std::size_t cause = 0; cause < row.to.size(); ++cause) {
                const auto to = next(row.from, static_cast<C>(cause));
                const std::string name =
                    std::string{toText(row.from)} + " " + std::string{toText(C(cause))};
                CPPUNIT_ASSERT_EQUAL_MESSAGE(
                    name, std::string{row.to.at(cause)}, std::string{to ? toText(*to) : "-"});
            }
        }
    }

    void textsAndStatesAreTheSame()
    {
        for (const Row& row : expected()) {
            CPPUNIT_ASSERT(parseOrderState(toText(row.from)) == row.from);
        }
        CPPUNIT_ASSERT(!findOrderState("open"));
        CPPUNIT_ASSERT_THROW(parseOrderState(""), std::invalid_argument);
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(StatesTest, "states");
