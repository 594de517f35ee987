#include "shop.hpp"

#include <stdexcept>

namespace chaos {

namespace {

constexpr Milliseconds kPatience{60'000};
constexpr Milliseconds kReadPatience{10'000}; ///< a restart's length
constexpr Milliseconds kLook{30};

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

Shop::Shop(const Installation& installation, Memory& memory)
    : memory_(memory)
    , hub_(installation.hub())
    , simulator_(installation.simulator())
{}

Json Shop::bodyOf(const std::string& key, std::int64_t amount_minor)
{
    return {{"order_ref", key},
            {"method", "scan"},
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

Order Shop::order(const std::string& key, std::int64_t amount_minor)
{
    Order made = create(key, amount_minor);
    if (made.payment_id.empty() || !awaitCode(made)) {
        throw std::runtime_error("no code came for " + key);
    }
    return made;
}

bool Shop::pay(const Order& order)
{
    const Json who =
        order.code.empty() ? Json{{"out_trade_no", order.number}} : Json{{"qr", order.code}};
    const bool paid = simulator_.post("/control/pay", who).status == 200;
    if (paid) {
        memory_.countPaid();
    }
    return paid;
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
