// Goal: who may do what is what requirements 4.17 says, no more and no less. Method: the table
// written down once more by hand, as a person reads it, and every role compared with every scope.
#include "domain/roles.hpp"
#include "support/suite.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <vector>

namespace identity::test {

namespace {

constexpr std::array kColumns = {"contact",
                                 "sub_delegation",
                                 "delegation",
                                 "finance",
                                 "person_reviewer",
                                 "badge_center",
                                 "organizer",
                                 "auditor"};

struct Line {
    const char* scope;
    const char* marks; // one character a column: '+' may, '.' may not
};

// Columns: contact, sub-delegation, delegation, finance, reviewer, badges, organizer, auditor.
constexpr std::array kExpected = {
    Line{"self:read", "++++++++"},
    Line{"self:write", "++++++++"},
    Line{"registration:read", "+++...++"},
    Line{"registration:write", "+.....+."},   // register, edit draft, submit
    Line{"organizations:read", ".++...++"},   //
    Line{"organizations:review", ".++...+."}, // review unit
    Line{"organizations:move", "......+."},   // disable, exceptions from deadlines (C-07)
    Line{"persons:read", "+++...++"},         //
    Line{"persons:write", "+......."},        // add/submit, free label (7), ask to cancel
    Line{"persons:list", ".++...++"},         //
    Line{"persons:categorize", ".++...+."},   // label, upgrade, lock (4); organizer by C-02
    Line{"persons:cancel", ".++...+."},       // cancel person
    Line{"joiners:write", "+......."},        // admit joiner
    Line{"quotas:read", "+++...++"},          //
    Line{"quotas:write", ".++...+."},         // set quota
    Line{"orders:read", "+..+..++"},          //
    Line{"orders:write", "+......."},         // order, pay, cancel order
    Line{"invoices:write", "+......."},       // apply invoice / return / refund
    Line{"finance:read", "...+...+"},         //
    Line{"finance:write", "...+...."},        // confirm transfer, refund, paper invoice
    Line{"payments:read", "...+...+"},        //
    Line{"payments:refund", "...+...."},      //
    Line{"person_review:read", "....+.++"},   //
    Line{"person_review:write", "....+..."},  // person review
    Line{"person_review:relay", "......+."},  // person review: the organizer relays
    Line{"badges:read", ".++..+++"},          //
    Line{"badges:write", ".....+.."},         // make / issue badge
    Line{"badges:collect", ".++...+."},       // collect; organizer by C-02
    Line{"investment:review", ".++....."},    // review investment record
    Line{"side_events:write", "......+."},    // publish event
    Line{"meetings:answer", "......+."},      // answer meeting on behalf
    Line{"mass_mail:write", ".++...+."},      // mass e-mail
    Line{"claims:read", "..+...++"},          //
    Line{"claims:write", "..+...+."},         // D-08
    Line{"staff:read", "..+...++"},           //
    Line{"staff:write", "......+."},          // 13.4
    Line{"editions:read", "......++"},        //
    Line{"editions:write", "......+."},       //
    Line{"messages:read", "......++"},        //
    Line{"messages:write", "......+."},       //
    Line{"audit:read", "......++"},           //
};

class RolesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(RolesTest);
    CPPUNIT_TEST(theTableIsTheOneOf417);
    CPPUNIT_TEST(anAuditorOnlyReads);
    CPPUNIT_TEST(aSessionHoldsWhatItsRolesHoldAndWhatTheyAreAbout);
    CPPUNIT_TEST(narrowAndWideRolesDoNotMix);
    CPPUNIT_TEST_SUITE_END();

public:
    void theTableIsTheOneOf417()
    {
        const std::vector<std::string_view> scopes = allScopes();
        CPPUNIT_ASSERT_EQUAL(kExpected.size(), scopes.size());
        CPPUNIT_ASSERT_EQUAL(kColumns.size(), allRoles().size());
        for (const Line& line : kExpected) {
            CPPUNIT_ASSERT_MESSAGE(
                line.scope, std::find(scopes.begin(), scopes.end(), line.scope) != scopes.end());
            for (std::size_t i = 0; i < kColumns.size(); ++i) {
                CPPUNIT_ASSERT_EQUAL_MESSAGE(std::string(kColumns[i]) + " " + line.scope,
                                             line.marks[i] == '+',
                                             mayDo(kColumns[i], line.scope));
            }
        }
    }

    void anAuditorOnlyReads()
    {
        for (const std::string& scope : scopesOf({{"auditor", ""}})) {
            CPPUNIT_ASSERT_MESSAGE(scope,
                                   scope.ends_with(":read") || scope == "persons:list" ||
                                       scope == "self:write");
        }
    }

    void aSessionHoldsWhatItsRolesHoldAndWhatTheyAreAbout()
    {
        const auto scopes = scopesOf({{"delegation", "17"},
                                      {"sub_delegation", "170", "17"},
                                      {"sub_delegation", "171", "17"},
                                      {"king", "1"}});
        const std::set<std::string> held(scopes.begin(), scopes.end());
        CPPUNIT_ASSERT_EQUAL(scopes.size(), held.size());
        for (const char* about : {"delegation:17", "sub_delegation:170", "sub_delegation:171"}) {
            CPPUNIT_ASSERT_MESSAGE(about, held.count(about) == 1);
        }
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, held.count("staff:write"));
        CPPUNIT_ASSERT(scopesOf({{"king", "1"}}).empty());
        // A sub-delegation's clerk is not let in to the whole delegation.
        const auto below = scopesOf({{"sub_delegation", "170", "17"}});
        CPPUNIT_ASSERT(std::find(below.begin(), below.end(), "delegation:17") == below.end());
    }

    void narrowAndWideRolesDoNotMix()
    {
        CPPUNIT_ASSERT(misfitOf({{"finance", ""}, {"organizer", ""}}).empty());
        CPPUNIT_ASSERT(misfitOf({{"delegation", "17"}, {"sub_delegation", "180", "18"}}).empty());
        CPPUNIT_ASSERT(misfitOf({{"delegation", "17"}, {"finance", ""}}) == "finance");
        CPPUNIT_ASSERT(misfitOf({{"organizer", ""}, {"sub_delegation", "170"}}) == "organizer");
        CPPUNIT_ASSERT(misfitOf({{"finance", ""}, {"auditor", ""}}) == "auditor");
        CPPUNIT_ASSERT(misfitOf({{"auditor", ""}}).empty());
    }
};

HUB_TEST_SUITE_REGISTRATION(RolesTest, "roles");

} // namespace

} // namespace identity::test
