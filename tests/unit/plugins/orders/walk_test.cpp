// Goal: whatever happens in whatever order, an order has one ending, money pays it once and exactly
// or is kept, and nobody is held by two orders. Method: 1,000 seeded random walks of people, clock
// and events of payments, repeated and out of order, against a model of its own that knows neither
// tables nor code of the plugin.
#include "desk.hpp"
#include "domain/json.hpp"
#include "support/suite.hpp"

#include <map>
#include <random>
#include <set>

namespace orders::test {

namespace {

constexpr unsigned kWalks = 1000;
constexpr int kSteps = 40;
constexpr int kPeople = 4;

/// What must be true of an order, by the words of the requirements.
struct Expected {
    std::set<std::string> persons;
    std::int64_t amount = 0;
    std::int64_t expires_ms = 0;
    std::string state = "unpaid";
    bool is_cancel_wanted = false;
};

struct Payment {
    std::string order;
    std::int64_t amount = kFee;
    bool is_told = false;
    bool has_ended = false;
    bool is_paid = false;
};

class Model {
public:
    std::map<std::string, Expected> orders;
    std::map<std::string, Payment> payments;
    std::set<std::string> canceled_people;
    int applied = 0;
    int unapplied = 0;
    int canceled = 0;
    int expired = 0;

    bool mayOrder(const std::string& person) const
    {
        for (const auto& [number, order] : orders) {
            if (order.state != "canceled" && order.persons.contains(person)) {
                return false;
            }
        }
        return !canceled_people.contains(person);
    }

    bool moneyMayCome(const std::string& number) const
    {
        for (const auto& [id, payment] : payments) {
            const bool is_open = payment.is_told && !payment.has_ended && !payment.is_paid;
            if (payment.order == number && is_open) {
                return true;
            }
        }
        return false;
    }

    void cancel(Expected& order)
    {
        order.state = "canceled";
        ++canceled;
    }

    void settle(const std::string& number)
    {
        Expected& order = orders.at(number);
        if (order.is_cancel_wanted && order.state == "unpaid" && !moneyMayCome(number)) {
            cancel(order);
        }
    }

    void hearEnd(Payment& payment, bool is_over)
    {
        const bool was_known = payment.is_told;
        payment.is_told = true;
        payment.has_ended = payment.has_ended || is_over;
        if (was_known || is_over) {
            settle(payment.order);
        }
    }

    void hearPaid(Payment& payment, std::int64_t now_ms)
    {
        if (payment.is_paid) {
            return;
        }
        payment.is_told = payment.is_paid = true;
        Expected& order = orders.at(payment.order);
        const bool is_timely = now_ms <= kDeadlineMs + 30 * kMinute;
        if (order.state == "unpaid" && payment.amount == order.amount && is_timely) {
            order.state = "paid";
            ++applied;
        } else {
            ++unapplied;
            settle(payment.order);
        }
    }

    void cancelPerson(const std::string& person)
    {
        canceled_people.insert(person);
        for (auto& [number, order] : orders) {
            if (order.state == "unpaid" && order.persons.contains(person)) {
                order.is_cancel_wanted = true;
                settle(number);
            }
        }
    }

    /// The clock has come to `now_ms`, and all postponements are over.
    void passTo(std::int64_t now_ms)
    {
        for (auto& [number, order] : orders) {
            if (order.state != "unpaid" || moneyMayCome(number)) {
                continue;
            }
            if (order.is_cancel_wanted) {
                cancel(order);
            } else if (now_ms >= order.expires_ms) {
                order.state = "canceled";
                ++expired;
            }
        }
    }
};

class Walk {
public:
    explicit Walk(unsigned seed)
        : random_(seed)
    {
        desk_.fake.rehearse(seed % 10 == 0); // it takes twice the time
        people_ = desk_.addPersons(kPeople);
    }

    void step()
    {
        desk_.fake.clock().advance(1);
        switch (draw(10)) {
        case 0:
        case 1:
            order();
            break;
        case 2:
            begin();
            break;
        case 3:
        case 4:
            hear();
            break;
        case 5:
            pay();
            break;
        case 6:
            cancel();
            break;
        case 7:
            if (draw(6) == 0) {
                const std::string& person = somebody();
                desk_.cancelPerson(person);
                model_.cancelPerson(person);
            }
            break;
        default:
            passTime();
            break;
        }
    }

    void checkCounts()
    {
        CPPUNIT_ASSERT_EQUAL(model_.applied, desk_.published("order.paid"));
        CPPUNIT_ASSERT_EQUAL(model_.unapplied, desk_.published("order.payment_unapplied"));
        CPPUNIT_ASSERT_EQUAL(model_.canceled, desk_.published("order.canceled"));
        CPPUNIT_ASSERT_EQUAL(model_.expired, desk_.published("order.expired"));
    }

    void checkOrders()
    {
        for (const auto& [number, order] : model_.orders) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(number, order.state, desk_.stateOf(number));
        }
        const Json answer = desk_.ask("of_persons", {{"person_ids", people_}});
        CPPUNIT_ASSERT_EQUAL(people_.size(), answer.at("persons").size());
        for (const Json& held : answer.at("persons")) {
            const std::string person = textOf(held, "person_id");
            const std::string number = textOf(held, "order_ref");
            CPPUNIT_ASSERT_EQUAL(holderOf(person), number);
        }
    }

    void checkBooks()
    {
        CPPUNIT_ASSERT_EQUAL(std::string(), desk_.fault());
        // Every fen that came is either the sum of a paid order or kept.
        std::int64_t came = 0;
        for (const auto& [id, payment] : model_.payments) {
            came += payment.is_paid ? payment.amount : 0;
        }
        CPPUNIT_ASSERT_EQUAL(
            came,
            desk_.fake.store().integer(
                "SELECT (SELECT COALESCE(SUM(amount_minor), 0) FROM orders_order WHERE state ="
                " 'paid') + (SELECT COALESCE(SUM(amount_minor), 0) FROM orders_unapplied)"));
        paid += model_.applied;
        kept += model_.unapplied;
        ended += model_.canceled;
        run_out += model_.expired;
    }

    static inline int paid = 0;
    static inline int kept = 0;
    static inline int ended = 0;
    static inline int run_out = 0;

private:
    std::int64_t draw(std::int64_t end)
    {
        return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(end));
    }

    const std::string& somebody() { return people_.at(static_cast<std::size_t>(draw(kPeople))); }

    /// "" without any order.
    std::string someOrder()
    {
        if (model_.orders.empty()) {
            return "";
        }
        auto it = model_.orders.begin();
        std::advance(it, draw(static_cast<std::int64_t>(model_.orders.size())));
        return it->first;
    }

    Payment* somePayment(std::string& id)
    {
        if (model_.payments.empty()) {
            return nullptr;
        }
        auto it = model_.payments.begin();
        std::advance(it, draw(static_cast<std::int64_t>(model_.payments.size())));
        id = it->first;
        return &it->second;
    }

    std::string holderOf(const std::string& person) const
    {
        for (const auto& [number, order] : model_.orders) {
            if (order.state != "canceled" && order.persons.contains(person)) {
                return number;
            }
        }
        return "";
    }

    void order()
    {
        const std::int64_t now_ms = desk_.fake.clock().nowMs();
        const std::set<std::string> persons = {somebody(), somebody()};
        bool is_allowed = now_ms < kDeadlineMs;
        for (const std::string& person : persons) {
            is_allowed = is_allowed && model_.mayOrder(person);
        }
        const Heard heard = desk_.create(persons);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), is_allowed, heard.status == 201);
        if (is_allowed) {
            Expected expected;
            expected.persons = persons;
            expected.amount = kFee * static_cast<std::int64_t>(persons.size());
            expected.expires_ms = std::min(now_ms + 7 * kDay, kDeadlineMs);
            model_.orders[textOf(heard.body, "number")] = expected;
        }
    }

    /// A payment that nobody has told us of yet; sometimes of another amount.
    void begin()
    {
        const std::string number = someOrder();
        if (!number.empty()) {
            Payment payment;
            payment.order = number;
            payment.amount = draw(4) == 0 ? kFee / 2 : model_.orders.at(number).amount;
            model_.payments["payment-" + std::to_string(model_.payments.size() + 1)] = payment;
        }
    }

    void hear()
    {
        std::string id;
        Payment* payment = somePayment(id);
        if (payment == nullptr) {
            return;
        }
        const std::int64_t kind = draw(5);
        const bool is_news = !payment->is_told || (!payment->has_ended && !payment->is_paid);
        if (kind == 0) {
            desk_.tell("payment.created", id, payment->order, {{"amount_minor", payment->amount}});
        } else if (kind == 1) {
            desk_.tell("payment.failed", id, payment->order, {{"payment_open", true}});
        } else if (kind == 2) {
            desk_.tell("payment.expired", id, payment->order, {{"payment_open", true}});
        } else if (kind == 3) {
            desk_.tell("payment.expired", id, payment->order);
        } else {
            desk_.tell("payment.closed", id, payment->order);
        }
        if (is_news) {
            model_.hearEnd(*payment, kind >= 3);
        }
    }

    void pay()
    {
        std::string id;
        Payment* payment = somePayment(id);
        if (payment != nullptr) {
            desk_.tell("payment.paid", id, payment->order, {{"amount_minor", payment->amount}});
            model_.hearPaid(*payment, desk_.fake.clock().nowMs());
        }
    }

    void cancel()
    {
        const std::string number = someOrder();
        if (number.empty()) {
            return;
        }
        Expected& expected = model_.orders.at(number);
        const bool is_free = expected.state == "unpaid" && !model_.moneyMayCome(number);
        const Heard heard = desk_.cancel(number);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(
            heard.body.dump(), is_free || expected.state == "canceled", heard.status == 200);
        if (is_free) {
            model_.cancel(expected);
        }
    }

    void passTime()
    {
        desk_.passTime(draw(3) == 0 ? 3 * kDay : draw(kDay));
        // What was postponed before comes within ten minutes; then all that is due has happened.
        desk_.passTime(10 * kMinute);
        model_.passTo(desk_.fake.clock().nowMs());
    }

    Desk desk_;
    Model model_;
    std::mt19937_64 random_;
    std::vector<std::string> people_;
};

class WalkTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(WalkTest);
    CPPUNIT_TEST(everyWalkEndsAsTheModelSays);
    CPPUNIT_TEST_SUITE_END();

public:
    void everyWalkEndsAsTheModelSays()
    {
        for (unsigned seed = 1; seed <= kWalks; ++seed) {
            walk(seed);
        }
        // The walks are worth something only where much happens.
        for (const int count : {Walk::paid, Walk::kept, Walk::ended, Walk::run_out}) {
            CPPUNIT_ASSERT(count > static_cast<int>(kWalks) / 4);
        }
    }

private:
    static void walk(unsigned seed)
    {
        try {
            Walk walk(seed);
            for (int i = 0; i < kSteps; ++i) {
                walk.step();
                walk.checkCounts();
                if (i % 10 == 9) { // it takes longer than all else
                    walk.checkOrders();
                }
            }
            walk.checkBooks();
        } catch (CppUnit::Exception& failure) {
            CPPUNIT_FAIL("seed " + std::to_string(seed) + ": " + failure.what());
        }
    }
};

HUB_TEST_SUITE_REGISTRATION(WalkTest, "walk");

} // namespace

} // namespace orders::test
