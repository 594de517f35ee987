// Goal: a message and a verification move only as their tables say. Method: every state with every
// cause against a table of its own, and what must hold for any table.

#include "domain/states.hpp"
#include "support/suite.hpp"

#include <map>
#include <string>
#include <utility>

namespace {

using namespace messaging; // NOLINT(google-build-using-namespace): the words of the table
using M = MessageState;
using C = MessageCause;

/// Rows are the states in their order, columns the causes in theirs; "-" stays.
struct Line {
    M from;
    std::array<const char*, 7> to;
};

const std::vector<Line>& expected()
{
    // QuietHoursOver, Accepted, Refused, Unsendable, Unknown, Delivered, ReportedFailed
    static const std::vector<Line> kLines = {
        {M::Held, {"sending", "-", "-", "-", "-", "-", "-"}},
        {M::Sending, {"-", "accepted", "failed", "failed", "in_doubt", "delivered", "failed"}},
        {M::Accepted, {"-", "-", "-", "-", "-", "delivered", "failed"}},
        {M::Delivered, {"-", "-", "-", "-", "-", "-", "-"}},
        {M::Failed, {"-", "-", "-", "-", "-", "delivered", "-"}},
        {M::InDoubt, {"-", "accepted", "failed", "-", "-", "delivered", "failed"}},
        {M::NoRecipient, {"-", "-", "-", "-", "-", "-", "-"}}};
    return kLines;
}

class StatesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(StatesTest);
    CPPUNIT_TEST(everyCauseLeadsWhereTheTableSays);
    CPPUNIT_TEST(onlyAnOpenVerificationMoves);
    CPPUNIT_TEST(textsAndStatesAreTheSame);
    CPPUNIT_TEST_SUITE_END();

public:
    void everyCauseLeadsWhereTheTableSays()
    {
        CPPUNIT_ASSERT_EQUAL(static_cast<std::size_t>(kLastMessageState) + 1, expected().size());
        for (const Line& line : expected()) {
            for (int i = 0; i <= static_cast<int>(kLastMessageCause); ++i) {
                const auto to = next(line.from, static_cast<C>(i));
                const std::string word = to ? std::string{toText(*to)} : "-";
                CPPUNIT_ASSERT_EQUAL_MESSAGE(std::string{toText(line.from)} + " by cause " +
                                                 std::to_string(i),
                                             std::string{line.to.at(static_cast<std::size_t>(i))},
                                             word);
            }
        }
    }

    void onlyAnOpenVerificationMoves()
    {
        using V = VerificationState;
        const std::map<VerificationCause, V> leads = {{VerificationCause::CodeRight, V::Confirmed},
                                                      {VerificationCause::NewerCode, V::Replaced},
                                                      {VerificationCause::TriesUsed, V::Exhausted}};
        CPPUNIT_ASSERT_EQUAL(static_cast<std::size_t>(kLastVerificationCause) + 1, leads.size());
        for (int i = 0; i <= static_cast<int>(kLastVerificationState); ++i) {
            const auto from = static_cast<V>(i);
            for (const auto& [cause, to] : leads) {
                const auto found = next(from, cause);
                CPPUNIT_ASSERT_EQUAL(from == V::Open, found.has_value());
                CPPUNIT_ASSERT(!found || *found == to);
            }
        }
    }

    void textsAndStatesAreTheSame()
    {
        for (int i = 0; i <= static_cast<int>(kLastMessageState); ++i) {
            const auto state = static_cast<M>(i);
            CPPUNIT_ASSERT(parseMessageState(toText(state)) == state);
        }
        CPPUNIT_ASSERT(!findMessageState("nonsense"));
        CPPUNIT_ASSERT_THROW(parseMessageState("nonsense"), std::invalid_argument);
        CPPUNIT_ASSERT_THROW(parseVerificationState(""), std::invalid_argument);
    }
};

HUB_TEST_SUITE_REGISTRATION(StatesTest, "states");

} // namespace
