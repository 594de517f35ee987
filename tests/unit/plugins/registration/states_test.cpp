// Goal: every state × event × edition × kind of person either moves as the requirements write it
// (4.1, 4.2, 4.3 and 4.5, with 13) or is refused. Method: the tables against lists written from the
// requirements alone; what they do not name must be refused.
#include "domain/organization_states.hpp"
#include "domain/person_states.hpp"
#include "flow/work.hpp"
#include "support/suite.hpp"

#include <set>
#include <string>

namespace registration::test {

namespace {

std::set<std::string> organizationMoves(Mode mode)
{
    std::set<std::string> moves;
    for (int s = 0; s <= static_cast<int>(kLastOrganizationState); ++s) {
        for (int e = 0; e <= static_cast<int>(kLastOrganizationEvent); ++e) {
            const auto from = static_cast<OrganizationState>(s);
            const auto event = static_cast<OrganizationEvent>(e);
            if (const auto to = next(from, event, mode)) {
                moves.insert(std::string(toText(from)) + " " + std::string(toText(event)) + " " +
                             std::string(toText(*to)));
            }
        }
    }
    return moves;
}

std::set<std::string> personMoves(Mode mode, const PersonFacts& facts)
{
    std::set<std::string> moves;
    for (int s = 0; s <= static_cast<int>(kLastPersonState); ++s) {
        for (int e = 0; e <= static_cast<int>(kLastPersonEvent); ++e) {
            const auto from = static_cast<PersonState>(s);
            const auto event = static_cast<PersonEvent>(e);
            if (const auto to = next(from, event, mode, facts)) {
                moves.insert(std::string(toText(from)) + " " + std::string(toText(event)) + " " +
                             std::string(toText(*to)));
            }
        }
    }
    return moves;
}

std::set<std::string> with(std::set<std::string> moves, const std::set<std::string>& more)
{
    moves.insert(more.begin(), more.end());
    return moves;
}

void assertSame(const std::set<std::string>& expected, const std::set<std::string>& moves)
{
    for (const std::string& move : expected) {
        CPPUNIT_ASSERT_MESSAGE("missing: " + move, moves.count(move) == 1);
    }
    for (const std::string& move : moves) {
        CPPUNIT_ASSERT_MESSAGE("not written: " + move, expected.count(move) == 1);
    }
}

const std::set<std::string> kOrganizationMoves = {"draft submit submitted",
                                                  "rejected submit submitted",
                                                  "returned submit submitted",
                                                  "submitted approve approved",
                                                  "submitted reject rejected",
                                                  "submitted return returned",
                                                  "submitted move submitted",
                                                  "approved move submitted",
                                                  "draft reassign draft",
                                                  "submitted reassign submitted",
                                                  "approved reassign approved",
                                                  "returned reassign returned",
                                                  "approved disable disabled"};

// Of every edition and person.
const std::set<std::string> kEverybodysMoves = {"join_requested accept saved",
                                                "saved edit saved",
                                                "saved submit submitted",
                                                "to_be_reviewed pass passed",
                                                "to_be_reviewed fail failed",
                                                "submitted cancel canceled",
                                                "to_be_reviewed cancel canceled",
                                                "passed cancel canceled"};
const std::set<std::string> kFreeOfOrders = {"to_be_paid change_period to_be_paid",
                                             "to_be_paid order to_be_paid",
                                             "to_be_paid cancel canceled"};
const std::set<std::string> kOrdered = {"to_be_paid release to_be_paid",
                                        "to_be_paid pay to_be_reviewed"};
const std::set<std::string> kDelegations = {"to_be_categorized categorize to_be_locked",
                                            "to_be_locked categorize to_be_locked",
                                            "to_be_categorized cancel canceled",
                                            "to_be_locked cancel canceled"};

class StatesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(StatesTest);
    CPPUNIT_TEST(anOrganizationMovesAsWritten);
    CPPUNIT_TEST(aPersonMovesAsWrittenWhereDelegationsCategorize);
    CPPUNIT_TEST(aPersonMovesAsWrittenWhereOrganizationsChoose);
    CPPUNIT_TEST(aReusedBadgeOnlyGetsBetter);
    CPPUNIT_TEST(aDocumentIsFreeAgainAfterTheEnd);
    CPPUNIT_TEST(everyNameLeadsBack);
    CPPUNIT_TEST_SUITE_END();

    static std::set<std::string> everybodysAnd(bool has_order)
    {
        return with(kEverybodysMoves, has_order ? kOrdered : kFreeOfOrders);
    }

public:
    void anOrganizationMovesAsWritten()
    {
        assertSame(kOrganizationMoves, organizationMoves(Mode::ByDelegation));
        assertSame(with(kOrganizationMoves, {"submitted pass_automatically approved"}),
                   organizationMoves(Mode::ByOrganization));
    }

    void aPersonMovesAsWrittenWhereDelegationsCategorize()
    {
        for (const bool reuse : {false, true}) {
            for (const bool is_free : {false, true}) {
                for (const bool has_order : {false, true}) {
                    auto expected = with(everybodysAnd(has_order), kDelegations);
                    expected.insert(is_free ? "to_be_locked lock to_be_reviewed"
                                            : "to_be_locked lock to_be_paid");
                    if (reuse) {
                        expected.insert("submitted organization_submitted to_be_locked");
                        expected.insert("submitted organization_approved to_be_locked");
                    } else {
                        expected.insert("submitted organization_approved to_be_categorized");
                        expected.insert("to_be_locked uncategorize to_be_categorized");
                    }
                    assertSame(expected,
                               personMoves(Mode::ByDelegation, {reuse, is_free, has_order}));
                }
            }
        }
    }

    void aPersonMovesAsWrittenWhereOrganizationsChoose()
    {
        for (const bool reuse : {false, true}) {
            for (const bool is_free : {false, true}) {
                for (const bool has_order : {false, true}) {
                    auto expected = everybodysAnd(has_order);
                    expected.insert(is_free ? "submitted organization_approved to_be_reviewed"
                                            : "submitted organization_approved to_be_paid");
                    assertSame(expected,
                               personMoves(Mode::ByOrganization, {reuse, is_free, has_order}));
                }
            }
        }
    }

    void aReusedBadgeOnlyGetsBetter()
    {
        for (int from = 1; from <= 3; ++from) {
            for (int to = 1; to <= 3; ++to) {
                CPPUNIT_ASSERT(mayBecome(false, from, to));
                CPPUNIT_ASSERT_EQUAL(to > from, mayBecome(true, from, to));
            }
        }
    }

    void aDocumentIsFreeAgainAfterTheEnd()
    {
        const std::set<std::string> ended = {"join_requested", "failed", "canceled", "archived"};
        for (int s = 0; s <= static_cast<int>(kLastPersonState); ++s) {
            const auto state = static_cast<PersonState>(s);
            CPPUNIT_ASSERT_EQUAL(ended.count(std::string(toText(state))) == 0, isLive(state));
        }
    }

    void everyNameLeadsBack()
    {
        for (int s = 0; s <= static_cast<int>(kLastPersonState); ++s) {
            const auto state = static_cast<PersonState>(s);
            CPPUNIT_ASSERT(parsePersonState(toText(state)) == state);
        }
        for (int s = 0; s <= static_cast<int>(kLastOrganizationState); ++s) {
            const auto state = static_cast<OrganizationState>(s);
            CPPUNIT_ASSERT(parseOrganizationState(toText(state)) == state);
        }
        CPPUNIT_ASSERT(!findPersonState("somewhere"));
        CPPUNIT_ASSERT_THROW(parsePersonState("somewhere"), std::invalid_argument);
    }
};

HUB_TEST_SUITE_REGISTRATION(StatesTest, "states");

} // namespace

} // namespace registration::test
