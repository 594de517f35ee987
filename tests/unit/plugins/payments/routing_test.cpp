// Goal: a payment goes where the organizer's table says, and everybody can read why. Method: tables
// of three accounts; shares are counted over many numbers, which are fixed.

#include "domain/routing.hpp"
#include "support/suite.hpp"

#include <map>
#include <string>
#include <vector>

namespace {

using namespace payments; // NOLINT: all of it is about one header

AccountFacts account()
{
    AccountFacts facts;
    facts.opens = true;
    facts.wallet = "purse";
    facts.products = {"qr", "wap"};
    return facts;
}

RouteRule rule(const std::string& name, int priority = 1, int weight = 1)
{
    RouteRule made;
    made.account = name;
    made.priority = priority;
    made.weight = weight;
    return made;
}

class RoutingTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(RoutingTest);
    CPPUNIT_TEST(takesTheLowestPriorityFirst);
    CPPUNIT_TEST(sharesByWeightAmongEquals);
    CPPUNIT_TEST(decidesTheSameWayEachTime);
    CPPUNIT_TEST(putsSickAccountsBehind);
    CPPUNIT_TEST(saysWhyAnAccountIsNone);
    CPPUNIT_TEST(aRuleRefusesWhateverItsAccountIs);
    CPPUNIT_TEST(keepsTheLimitOfTheDay);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override
    {
        accounts_ = {{"a", account()}, {"b", account()}, {"c", account()}};
        query_ = {"2026", 20000, "", "qr", "N1"};
    }

    void takesTheLowestPriorityFirst()
    {
        const auto order = route({rule("c", 3), rule("a", 1), rule("b", 2)}, accounts_, query_);

        CPPUNIT_ASSERT_EQUAL(std::string("a b c"), names(order));
        CPPUNIT_ASSERT(order[0].fits && order[2].fits);
    }

    void sharesByWeightAmongEquals()
    {
        std::map<std::string, int> first;
        constexpr int kDraws = 10000;
        for (int i = 0; i < kDraws; ++i) {
            query_.number = "1400000120261121104" + std::to_string(i);
            ++first[route({rule("a", 1, 70), rule("b", 1, 30)}, accounts_, query_)
                        .front()
                        .rule.account];
        }
        CPPUNIT_ASSERT_DOUBLES_EQUAL(0.7, first["a"] / double{kDraws}, 0.02);
        CPPUNIT_ASSERT_DOUBLES_EQUAL(0.3, first["b"] / double{kDraws}, 0.02);
    }

    void decidesTheSameWayEachTime()
    {
        const std::vector<RouteRule> rules = {rule("a"), rule("b"), rule("c")};
        const std::string once = names(route(rules, accounts_, query_));

        CPPUNIT_ASSERT_EQUAL(once, names(route({rules[2], rules[0], rules[1]}, accounts_, query_)));
    }

    void putsSickAccountsBehind()
    {
        accounts_["a"].is_sick = true;

        const auto order = route({rule("a", 1), rule("b", 2)}, accounts_, query_);

        CPPUNIT_ASSERT_EQUAL(std::string("b a"), names(order));
        CPPUNIT_ASSERT(order[1].fits);
    }

    void saysWhyAnAccountIsNone()
    {
        accounts_["a"].opens = false;
        accounts_["b"].products = {"wap"};
        RouteRule other_edition = rule("c");
        other_edition.edition = "2025";
        RouteRule too_small = rule("c", 2);
        too_small.amount_max_minor = 19999;

        const auto order = route(
            {rule("a"), rule("b"), other_edition, too_small, rule("none")}, accounts_, query_);

        const std::vector<std::string> wanted = {"it is draining or retired",
                                                 "it does not offer qr",
                                                 "it is for edition 2025",
                                                 "the amount is outside of its rule",
                                                 "no enabled connector has this account"};
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            CPPUNIT_ASSERT(!order[i].fits);
            CPPUNIT_ASSERT_EQUAL(wanted[i], order[i].reason);
        }
        query_.wallet = "bag";
        accounts_["a"].opens = true;
        CPPUNIT_ASSERT_EQUAL(std::string("it is of another wallet"),
                             route({rule("a")}, accounts_, query_).front().reason);
    }

    void aRuleRefusesWhateverItsAccountIs()
    {
        RouteRule limited = rule("a");
        limited.amount_min_minor = 20001;
        CPPUNIT_ASSERT_EQUAL(std::string("the amount is outside of its rule"),
                             ruleObjection(limited, query_));
        CPPUNIT_ASSERT_EQUAL(std::string(), ruleObjection(rule("nobody"), query_));
    }

    void keepsTheLimitOfTheDay()
    {
        RouteRule limited = rule("a");
        limited.day_limit_minor = 50000;
        accounts_["a"].begun_today_minor = 30000;
        CPPUNIT_ASSERT(route({limited}, accounts_, query_).front().fits);

        accounts_["a"].begun_today_minor = 30001;
        CPPUNIT_ASSERT_EQUAL(std::string("over its limit of the day"),
                             route({limited}, accounts_, query_).front().reason);
    }

private:
    static std::string names(const std::vector<RouteCandidate>& order)
    {
        std::string text;
        for (const RouteCandidate& candidate : order) {
            text += (text.empty() ? "" : " ") + candidate.rule.account;
        }
        return text;
    }

    std::map<std::string, AccountFacts> accounts_;
    RouteQuery query_;
};

HUB_TEST_SUITE_REGISTRATION(RoutingTest, "routing");

} // namespace
