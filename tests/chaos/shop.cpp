#include "shop.hpp"

#include <stdexcept>
#include <utility>

namespace chaos {

namespace {

constexpr Milliseconds kPatience{60'000};
constexpr Milliseconds kReadPatience{10'000}; ///< a restart's length
constexpr Milliseconds kLook{30};
constexpr Milliseconds kBooked{15'000};
/// A code that is not there after so long may never come: another account is asked.
constexpr Milliseconds kCheckedMax{4'000};

bool isUndecided(int status)
{
    return status == 0 || status == 429 || status >= 500;
}

} // namespace

std::string textOf(const Json& object, const char* name)
{
    const auto found = object.is_object() ? object.find(name) : object.end();
    return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

Shop::Shop(const Installation& installation, Memory& memory, Till till)
    : memory_(memory)
    , till_(std::move(till))
    , hub_(installation.hub())
    , simulator_(installation.simulator())
{}

Json Shop::bodyOf(const std::string& key, std::int64_t amount_minor) const
{
    return {{"order_ref", key},
            {"method", till_.method},
            {"amount_minor", amount_minor},
            {"currency", "CNY"},
            {"subject", key}};
}

HttpAnswer
Shop::persist(const std::string& path, const Json& body, const std::string& key, Headers headers)
{
    headers["Idempotency-Key"] = key;
    HttpAnswer answer;
    bool again = false;
    const bool decided = waitUntil(
        kPatience,
        [&] {
            if (again) {
                memory_.countRepeat();
            }
            again = true;
            answer = hub_.post(path, body, headers);
            return !isUndecided(answer.status);
        },
        Milliseconds{100});
    if (!decided) {
        memory_.countGivenUp();
        return {};
    }
    return answer;
}

Order Shop::create(const std::string& key, std::int64_t amount_minor)
{
    Order order{key, amount_minor, "", "", ""};
    memory_.sendsPayment(key, amount_minor);
    const HttpAnswer answer = persist("/api/v1/payments", bodyOf(key, amount_minor), key);
    order.payment_id = answer.status == 201 ? textOf(answer.body, "payment_id") : "";
    if (!order.payment_id.empty()) {
        memory_.acknowledgePayment(key, order.payment_id);
    } else if (answer.status != 0) {
        memory_.surprise("create " + key + " was answered " + std::to_string(answer.status) + " " +
                         answer.body.dump());
    }
    return order;
}

bool Shop::awaitCode(Order& order, Milliseconds limit)
{
    return waitUntil(
        limit,
        [&] {
            const Json shown = payment(order);
            if (shown.is_object() && shown.contains("attempt")) {
                order.number = textOf(shown.at("attempt"), "number");
                order.code = textOf(shown.at("attempt"), "qr_code");
            }
            return !order.code.empty();
        },
        kLook);
}

const std::string& Shop::otherThan(const std::string& account) const
{
    return till_.accounts.front() == account ? till_.accounts.back() : till_.accounts.front();
}

bool Shop::awaitCodeOrNext(Order& order, Milliseconds limit)
{
    int asked = 0;
    return waitUntil(
        limit,
        [&] {
            const Json shown = payment(order);
            const Json attempt =
                shown.is_object() ? shown.value("attempt", Json::object()) : Json::object();
            order.number = textOf(attempt, "number");
            order.code = textOf(attempt, "qr_code");
            const bool is_over = textOf(shown, "state") == "unpaid";
            const bool is_stuck =
                !till_.accounts.empty() && order.code.empty() && since(order.asked) > kCheckedMax;
            if (is_over || is_stuck) {
                order.asked = Clock::now();
                persist("/api/v1/payments/" + order.payment_id + "/attempts",
                        is_stuck ? Json{{"account", otherThan(textOf(attempt, "account"))}}
                                 : Json::object(),
                        order.key + "-attempt-" + std::to_string(++asked));
            }
            return !order.code.empty();
        },
        Milliseconds{100});
}

Order Shop::order(const std::string& key, std::int64_t amount_minor)
{
    Order made = create(key, amount_minor);
    if (made.payment_id.empty() || !awaitCode(made)) {
        throw std::runtime_error("no code came for " + key);
    }
    return made;
}

std::string Shop::payFor(const Order& order)
{
    const Json who =
        order.code.empty() ? Json{{"out_trade_no", order.number}} : Json{{"qr", order.code}};
    const HttpAnswer answer = simulator_.post("/control/pay", who);
    if (answer.status != 200) {
        return {};
    }
    memory_.countPaid();
    return textOf(answer.body, "trade_no");
}

bool Shop::isRefundedAtProvider(const Order& order)
{
    return waitUntil(
        kBooked,
        [&] {
            simulator_.post("/control/clock", {{"advance_s", 10}});
            const Json books = simulator_.get("/control/books?out_trade_no=" + order.number).body;
            std::int64_t refunded = 0;
            for (const Json& refund : books.value("refunds", Json::array())) {
                refunded += textOf(refund, "state") == "done"
                                ? refund.at("amount_minor").get<std::int64_t>()
                                : 0;
            }
            return refunded == order.amount_minor;
        },
        Milliseconds{100});
}

HttpAnswer Shop::askRefund(const Order& order, std::int64_t amount_minor, const std::string& key)
{
    return persist("/api/v1/payments/" + order.payment_id + "/refunds",
                   {{"amount_minor", amount_minor}, {"currency", "CNY"}, {"reason", key}},
                   key);
}

std::string Shop::refund(const Order& order, std::int64_t amount_minor, const std::string& key)
{
    memory_.sendsRefund(order.key, {key, amount_minor, ""});
    const HttpAnswer answer = askRefund(order, amount_minor, key);
    const std::string id = answer.status == 201 ? textOf(answer.body, "refund_id") : "";
    if (!id.empty()) {
        memory_.acknowledgeRefund(order.key, key, id);
    }
    return id;
}

Json Shop::payment(const Order& order)
{
    HttpAnswer answer;
    waitUntil(
        kReadPatience,
        [&] {
            answer = hub_.get("/api/v1/payments/" + order.payment_id);
            return !isUndecided(answer.status);
        },
        kLook);
    return answer.body;
}

bool Shop::reaches(const Order& order, const std::string& state, Milliseconds limit)
{
    return waitUntil(
        limit, [&] { return stateOf(order) == state; }, kLook);
}

void Shop::setFaults(std::uint64_t seed, const Json& rules)
{
    clearFaults();
    const HttpAnswer answer =
        simulator_.post("/control/faults", {{"seed", seed}, {"rules", rules}});
    if (answer.status != 200) {
        throw std::runtime_error("the simulator does not take the faults: " + answer.body.dump());
    }
}

} // namespace chaos
