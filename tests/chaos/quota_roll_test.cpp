// Goal: a quota run counts what it says it counts, and everybody gets the persons that are theirs:
// clerks whom they may categorize or cancel, contacts whom they may still submit. Method: rolls of
// a few persons.

#include "quota_roll.hpp"
#include "support/suite.hpp"

namespace {

using namespace chaos;

const Group kGroup = {"east", ""};

nlohmann::json shown(const char* state, const char* category)
{
    return {{"state", state}, {"category", category}};
}

class QuotaRollTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(QuotaRollTest);
    CPPUNIT_TEST(anUpgradeIsOneOnlyWhenTheRankRises);
    CPPUNIT_TEST(untilItMayFinishNobodyIsDone);
    CPPUNIT_TEST(whoChangesCategoriesIsNotLockedBeforeItMayFinish);
    CPPUNIT_TEST(contactsGetTheSavedAndClerksTheSubmitted);
    CPPUNIT_TEST(whatWasChosenIsKnownAfterACancellation);
    CPPUNIT_TEST_SUITE_END();

public:
    void anUpgradeIsOneOnlyWhenTheRankRises()
    {
        QuotaRoll roll(Mode::ByDelegation);
        roll.addOrganization("org", kGroup);
        roll.addPerson("a", {"org", "to_be_locked", "visitor", true, 3, 0});
        roll.acknowledge("a", shown("to_be_locked", "staff"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, roll.upgrades());
        roll.acknowledge("a", shown("to_be_locked", "visitor"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, roll.upgrades());
        roll.acknowledge("a", shown("to_be_locked", "vip"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, roll.upgrades());
    }

    void untilItMayFinishNobodyIsDone()
    {
        std::mt19937_64 random(1);
        QuotaRoll roll(Mode::ByDelegation);
        roll.addOrganization("org", kGroup);
        roll.addPerson("a", {"org", "to_be_locked", "visitor", false, 1, 0});
        const auto visit = [&] {
            const Lease lease = roll.take(kGroup, random);
            roll.acknowledge("a", shown("to_be_locked", "staff"));
            roll.giveBack(lease);
            return lease.person_ids.size();
        };
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, visit());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, visit());
        CPPUNIT_ASSERT(!roll.isDone());
        roll.letFinish();
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, visit());
        CPPUNIT_ASSERT(roll.isDone());
    }

    void whoChangesCategoriesIsNotLockedBeforeItMayFinish()
    {
        std::mt19937_64 random(1);
        QuotaRoll roll(Mode::ByDelegation);
        roll.addOrganization("org", kGroup);
        roll.addPerson("a", {"org", "to_be_locked", "visitor", false, 1, 1});
        for (int i = 0; i < 100; ++i) {
            const Lease lease = roll.take(kGroup, random);
            CPPUNIT_ASSERT(lease.task == Task::Categorize || lease.task == Task::Uncategorize);
            roll.giveBack(lease);
        }
    }

    void contactsGetTheSavedAndClerksTheSubmitted()
    {
        std::mt19937_64 random(1);
        QuotaRoll roll(Mode::ByOrganization);
        roll.addOrganization("org", kGroup);
        roll.addPerson("a", {"org", "saved", "", false, 2, 0});
        CPPUNIT_ASSERT(roll.take(kGroup, random).person_ids.empty());
        CPPUNIT_ASSERT(roll.takeOne(random).person_ids.empty());

        const Lease submission = roll.takeSaved("org", random);
        CPPUNIT_ASSERT_EQUAL(std::string("a"), submission.person_ids.at(0));
        roll.acknowledge("a", shown("to_be_reviewed", "staff"));
        roll.giveBack(submission);
        CPPUNIT_ASSERT(roll.takeSaved("org", random).person_ids.empty());
        CPPUNIT_ASSERT(roll.take(kGroup, random).person_ids.empty()); // the organizer's
        roll.letFinish();
        const Lease cancellation = roll.take(kGroup, random);
        CPPUNIT_ASSERT_EQUAL(std::string("a"), cancellation.person_ids.at(0));
        CPPUNIT_ASSERT(cancellation.task == Task::Cancel);
    }

    void whatWasChosenIsKnownAfterACancellation()
    {
        QuotaRoll roll(Mode::ByOrganization);
        roll.addOrganization("org", kGroup);
        roll.addPerson("a", {"org", "saved", "", false, 2, 0});
        roll.refuse("a", "quota_exhausted");
        CPPUNIT_ASSERT(roll.chosen().empty());
        roll.acknowledge("a", shown("submitted", "vip"));
        roll.acknowledge("a", shown("canceled", "vip"));
        CPPUNIT_ASSERT_EQUAL(std::string("vip"), roll.chosen().at("a"));
    }
};

HUB_TEST_SUITE_REGISTRATION(QuotaRollTest, "quota_roll");

} // namespace
