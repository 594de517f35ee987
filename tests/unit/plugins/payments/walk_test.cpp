// Goal: whatever happens in whatever order, the promises about money hold. Method: a seeded random
// walk over visitors, a provider that books honestly, and a line that loses, delays and repeats;
// the promises are checked after every step, and at the end our books equal the provider's.

#include "desk.hpp"
#include "provider.hpp"
#include "support/suite.hpp"

#include <map>
#include <random>
#include <set>

namespace {

using namespace payments::test; // NOLINT(google-build-using-namespace): the words of the scenarios
using payments::Json;

constexpr int kWalks = 24;
constexpr int kSteps = 120;
constexpr int kOrders = 3;

const std::map<std::string, int>& ranks()
{
    static const std::map<std::string, int> kRanks = {{"", -1},
                                                      {"payment open", 0},
                                                      {"payment closing", 1},
                                                      {"payment closed", 2},
                                                      {"payment expired", 2},
                                                      {"payment paid", 3},
                                                      {"attempt queued", 0},
                                                      {"attempt creating", 1},
                                                      {"attempt unknown", 2},
                                                      {"attempt waiting", 3},
                                                      {"attempt failed", 4},
                                                      {"attempt closed", 4},
                                                      {"attempt expired", 4},
                                                      {"attempt paid", 5},
                                                      {"refund requested", 0},
                                                      {"refund unknown", 1},
                                                      {"refund processing", 2},
                                                      {"refund failed", 3},
                                                      {"refund succeeded", 4}};
    return kRanks;
}

class Walk {
public:
    Walk(unsigned seed, const Json& settings)
        : desk_(settings)
        , random_(seed)
    {
        desk_.hub().rehearse(true);
    }

    void step()
    {
        switch (draw(12)) {
        case 0:
            visit();
            break;
        case 1:
            payAtProvider();
            break;
        case 2:
        case 3:
            deliverNotice();
            break;
        case 4:
            if (!payments_.empty()) {
                desk_.cancel(somePayment());
            }
            break;
        case 5:
            if (!payments_.empty()) {
                desk_.newAttempt(somePayment(), draw(2) == 0 ? kMain : kOther);
            }
            break;
        case 6:
            if (!payments_.empty()) {
                desk_.refund(somePayment(), 1 + draw(kAmount));
            }
            break;
        case 7:
            desk_.hub().passTime(draw(5) == 0 ? 6 * kMinute : draw(20'000));
            break;
        default:
            answerSomeCall(false);
            break;
        }
    }

    /// The line works again: everything is answered, told and waited for.
    void drain()
    {
        for (int i = 0; i < 400 && !isQuiet(); ++i) {
            while (answerSomeCall(true)) {}
            for (const auto& [number, trade] : provider_.trades()) {
                tell(number);
            }
            desk_.hub().passTime(2 * kMinute);
        }
        CPPUNIT_ASSERT_MESSAGE("the walk does not come to rest", isQuiet());
    }

    void checkPromises()
    {
        CPPUNIT_ASSERT_EQUAL(std::string(), desk_.fault());
        auto& store = desk_.hub().store();
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, store.integer(kOverRefunded));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, store.integer(kTwiceCharged));
    }

    /// The timeline keeps every step, so that once at the end is enough.
    void checkSteps()
    {
        for (const std::string& payment_id : payments_) {
            checkOrder(payment_id);
        }
    }

    /// Attempt by attempt, refund total by refund total.
    void checkBooksEqual()
    {
        auto& store = desk_.hub().store();
        for (const auto& [number, trade] : provider_.trades()) {
            const bool is_paid = trade.state == Trade::State::Paid;
            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                number, is_paid, desk_.attemptState(number) == std::string("paid"));
            const std::int64_t refunded =
                store.integer("SELECT COALESCE(SUM(amount_minor), 0) FROM payments_refund"
                              " WHERE state = 'succeeded' AND attempt_number = '" +
                              number + "'");
            CPPUNIT_ASSERT_EQUAL_MESSAGE(number, trade.refunded(), refunded);
        }
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, store.integer(kUnappliedLeft));
        paid_ += store.integer("SELECT COUNT(*) FROM payments_attempt WHERE state = 'paid'");
        refunds_ += store.integer("SELECT COUNT(*) FROM payments_refund WHERE state = 'succeeded'");
    }

    static inline std::int64_t paid_ = 0;
    static inline std::int64_t refunds_ = 0;

private:
    static constexpr const char* kOverRefunded =
        "SELECT COUNT(*) FROM payments_attempt a WHERE a.amount_minor < (SELECT"
        " COALESCE(SUM(r.amount_minor), 0) FROM payments_refund r"
        " WHERE r.attempt_number = a.number AND r.state <> 'failed')";
    static constexpr const char* kTwiceCharged =
        "SELECT COUNT(*) FROM (SELECT p.order_ref FROM payments_payment p JOIN payments_attempt a"
        " ON a.payment_id = p.payment_id WHERE a.application = 'fees' AND a.amount_minor >"
        " (SELECT COALESCE(SUM(r.amount_minor), 0) FROM payments_refund r WHERE"
        " r.attempt_number = a.number AND r.state = 'succeeded')"
        " GROUP BY p.order_ref HAVING COUNT(*) > 1)";
    static constexpr const char* kUnappliedLeft =
        "SELECT COUNT(*) FROM payments_attempt a WHERE a.application = 'unapplied' AND"
        " a.amount_minor <> (SELECT COALESCE(SUM(r.amount_minor), 0) FROM payments_refund r"
        " WHERE r.attempt_number = a.number AND r.state = 'succeeded')";

    std::int64_t draw(std::int64_t end)
    {
        return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(end));
    }

    std::string somePayment()
    {
        return payments_.at(
            static_cast<std::size_t>(draw(static_cast<std::int64_t>(payments_.size()))));
    }

    void visit()
    {
        const hub::Answer answer =
            desk_.post({{"order_ref", "order-" + std::to_string(draw(kOrders))},
                        {"method", "scan"},
                        {"amount_minor", kAmount},
                        {"currency", "CNY"},
                        {"subject", "Badge fee 2026"}});
        if (answer.status == HUB_OK) {
            payments_.push_back(parse(answer)["body"]["payment_id"]);
        }
    }

    void payAtProvider()
    {
        for (auto& [number, trade] : provider_.trades()) {
            if (trade.state == Trade::State::Waiting && draw(3) == 0) {
                trade.state = Trade::State::Paid;
                return;
            }
        }
    }

    void deliverNotice()
    {
        for (const auto& [number, trade] : provider_.trades()) {
            if (draw(4) == 0) {
                tell(number);
                return;
            }
        }
    }

    void tell(const std::string& number)
    {
        const hub::Answer answer = desk_.hub().callback(provider_.trades().at(number).account,
                                                        provider_.notice(number).dump());
        CPPUNIT_ASSERT_MESSAGE(answer.message,
                               answer.status == HUB_OK || answer.status == HUB_ALREADY_DONE);
    }

    /// Answers one open call: truly, or by losing the request or the answer. What is unknown stays
    /// open until the hub's resolver, played here too, finds out.
    bool answerSomeCall(bool is_honest)
    {
        const auto& calls = desk_.hub().calls();
        while (taken_ < calls.size()) {
            open_.push_back(taken_++);
        }
        if (open_.empty()) {
            return false;
        }
        const auto at = static_cast<std::size_t>(draw(static_cast<std::int64_t>(open_.size())));
        const hub::testing::MadeCall call = calls.at(open_.at(at));
        const std::int64_t luck = is_honest ? 9 : draw(10);
        const bool was_unknown = unknown_.contains(call.id);
        if (luck == 0 && !was_unknown) {
            close(at);
            desk_.notSent(call.id);
        } else if (luck <= 2 && (call.operation == "query" || call.operation == "refund_query")) {
            close(at);
            desk_.notSent(call.id);
        } else if (luck <= 2) {
            if (luck == 2) {
                provider_.serve(call.operation, call.account, Json::parse(call.payload));
            }
            unknown_.insert(call.id);
            desk_.unknown(call.id);
        } else if (was_unknown && call.is_released) {
            close(at);
        } else if (was_unknown) {
            resolve(at, call);
        } else {
            close(at);
            answer(call);
        }
        return true;
    }

    void answer(const hub::testing::MadeCall& call)
    {
        const Told told = provider_.serve(call.operation, call.account, Json::parse(call.payload));
        if (told.is_accepted) {
            desk_.succeed(call.id, told.result);
        } else {
            desk_.reject(call.id, "refused by the provider");
        }
    }

    /// As the contract says: create and refund are queried first, others repeated.
    void resolve(std::size_t at, const hub::testing::MadeCall& call)
    {
        const Json request = Json::parse(call.payload);
        if (call.operation == "create" || call.operation == "refund") {
            const std::string query = call.operation == "create" ? "query" : "refund_query";
            const Json statement = provider_.serve(query, call.account, request).result;
            const std::string state = statement.at("state");
            if (state != "not_found" && state != "waiting") {
                close(at);
                desk_.resolve(call.id, statement);
                return;
            }
        }
        close(at);
        answer(call);
    }

    void close(std::size_t at) { open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(at)); }

    void checkOrder(const std::string& payment_id)
    {
        std::map<std::string, std::string> states;
        for (const Json& step : desk_.steps(payment_id)) {
            const std::string subject = step.at("subject");
            std::string& state = states[subject + step.at("number").get<std::string>()];
            const auto named = [&](const std::string& text) {
                return text.empty() ? text : subject + " " + text;
            };
            CPPUNIT_ASSERT_EQUAL(state, named(step.at("from")));
            const std::string to = named(step.at("to"));
            CPPUNIT_ASSERT_MESSAGE(state + " -> " + to, ranks().at(state) <= ranks().at(to));
            state = to;
        }
    }

    bool isQuiet()
    {
        auto& store = desk_.hub().store();
        return open_.empty() && taken_ == desk_.hub().calls().size() &&
               store.integer("SELECT COUNT(*) FROM payments_attempt WHERE state IN ('queued',"
                             " 'creating', 'unknown', 'waiting') OR confirming_ms <> 0") == 0 &&
               store.integer("SELECT COUNT(*) FROM payments_refund WHERE state NOT IN"
                             " ('succeeded', 'failed')") == 0;
    }

    Desk desk_;
    Provider provider_;
    std::mt19937_64 random_;
    std::vector<std::string> payments_;
    std::vector<std::size_t> open_; // positions in calls()
    std::set<hub_call_id> unknown_;
    std::size_t taken_ = 0;
};

class WalkTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(WalkTest);
    CPPUNIT_TEST(moneyIsSafeOnEveryWalk);
    CPPUNIT_TEST_SUITE_END();

public:
    void moneyIsSafeOnEveryWalk()
    {
        for (unsigned seed = 1; seed <= kWalks; ++seed) {
            const std::vector<Json> settings = {Json::object(),
                                                Json{{"late_success", "honor"}},
                                                Json{{"confirm_by_query_above_minor", 0}}};
            walk(seed, settings.at(seed % settings.size()));
        }
        // The walk is worth something only where money moves.
        CPPUNIT_ASSERT(Walk::paid_ > kWalks);
        CPPUNIT_ASSERT(Walk::refunds_ > kWalks / 2);
    }

private:
    static void walk(unsigned seed, const Json& settings)
    {
        try {
            Walk walk(seed, settings);
            for (int i = 0; i < kSteps; ++i) {
                walk.step();
                walk.checkPromises();
            }
            walk.drain();
            walk.checkPromises();
            walk.checkSteps();
            walk.checkBooksEqual();
        } catch (CppUnit::Exception& failure) {
            CPPUNIT_FAIL("seed " + std::to_string(seed) + ": " + failure.what());
        }
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(WalkTest, "walk");
