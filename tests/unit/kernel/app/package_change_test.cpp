// Goal: what the hub knows of a library while its process is replaced, or after that was given up,
// takes nothing back that people and providers were told. Method: two configurations of one
// package.

#include "app/package_change.hpp"
#include "support/suite.hpp"

#include <string>
#include <vector>

namespace {

using hub::app::isSameForProcess;
using hub::app::withNewest;
using hub::base::Json;
using hub::config::Account;
using hub::plugin::Package;
using State = hub::config::Account::State;

Package packageOf(const std::string& url, State state, const std::vector<std::string>& tokens)
{
    Package package;
    package.enabled = true;
    Account account;
    account.state = state;
    account.callback_tokens = tokens;
    package.file.accounts["first"] = account;
    package.file.json = {
        {"accounts",
         {{"first",
           {{"state", toText(state)}, {"callback_token", tokens}, {"config", {{"url", url}}}}}}}};
    return package;
}

class PackageChangeTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PackageChangeTest);
    CPPUNIT_TEST(aProcessKnowsTheNewestTokenAlone);
    CPPUNIT_TEST(aDrainAndNewTokensCountAtOnce);
    CPPUNIT_TEST(anAccountThatTheProcessDoesNotKnowIsThereButOpensNothing);
    CPPUNIT_TEST_SUITE_END();

public:
    void aProcessKnowsTheNewestTokenAlone()
    {
        const Package before = packageOf("a", State::Enabled, {"new", "old"});

        CPPUNIT_ASSERT(isSameForProcess(before, packageOf("a", State::Draining, {"new"})));
        CPPUNIT_ASSERT(!isSameForProcess(before, packageOf("a", State::Enabled, {"old", "new"})));
        CPPUNIT_ASSERT(!isSameForProcess(before, packageOf("b", State::Enabled, {"new", "old"})));
    }

    void aDrainAndNewTokensCountAtOnce()
    {
        const Package shown = withNewest(packageOf("a", State::Enabled, {"first", "older"}),
                                         packageOf("b", State::Draining, {"second", "first"}));

        const Account& account = shown.file.accounts.at("first");
        CPPUNIT_ASSERT(account.state == State::Draining);
        // What the process was told stays its address.
        CPPUNIT_ASSERT(account.callback_tokens ==
                       (std::vector<std::string>{"first", "second", "older"}));
    }

    void anAccountThatTheProcessDoesNotKnowIsThereButOpensNothing()
    {
        Package newest = packageOf("b", State::Enabled, {"first"});
        newest.file.accounts["second"].callback_tokens = {"told"};

        const Package shown = withNewest(packageOf("a", State::Enabled, {"first"}), newest);

        CPPUNIT_ASSERT(shown.file.accounts.at("second").state == State::Draining);
        CPPUNIT_ASSERT_EQUAL(std::string("told"),
                             shown.file.accounts.at("second").callback_tokens.front());
    }
};

HUB_TEST_SUITE_REGISTRATION(PackageChangeTest, "package_change");

} // namespace
