#include "portal.hpp"

#include "waiting.hpp"

#include <random>
#include <string>
#include <utility>

namespace chaos {

namespace {

constexpr int kCustomers = 6;
constexpr int kParallelCopies = 3;
constexpr Milliseconds kPatience{60'000}; ///< for one request, repeats included
constexpr Milliseconds kCodePatience{2'500};
constexpr Milliseconds kPaidPatience{2'500};
constexpr Milliseconds kLook{60};

/// Percentages of all payments.
constexpr int kParallelShare = 8;
constexpr int kWaitShare = 50;
constexpr int kCancelShare = 3;
constexpr int kCancelOpenedShare = 3;
constexpr int kCancelWhilePaidShare = 2;
constexpr int kAbandonShare = 8;
constexpr int kRefundShare = 30;

bool isUndecided(int status)
{
    return status == 0 || status == 429 || status >= 500;
}

std::string textOf(const Json& object, const char* name)
{
    const auto found = object.is_object() ? object.find(name) : object.end();
    return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

class Customer {
public:
    Customer(Server hub, Server simulator, Memory& memory, std::uint64_t seed, int number)
        : hub_server_(hub)
        , simulator_server_(simulator)
        , hub_(hub)
        , simulator_(simulator)
        , memory_(memory)
        , random_(seed * 1000 + static_cast<std::uint64_t>(number))
        , name_("chaos-" + std::to_string(seed) + "-" + std::to_string(number))
    {}

    /// One payment from the order to its end.
    void journey()
    {
        const std::string key = name_ + "-" + std::to_string(++journeys_);
        amount_minor_ = std::uniform_int_distribution<std::int64_t>(100, 50'000)(random_);
        const std::string payment_id = create(key);
        if (payment_id.empty()) {
            return;
        }
        if (chance(kCancelShare)) {
            cancel(key, payment_id);
            return;
        }
        const std::string code = awaitCode(payment_id);
        if (code.empty() || chance(kAbandonShare)) {
            return;
        }
        if (chance(kCancelOpenedShare)) {
            simulator_.post("/control/open", {{"qr", code}});
            cancel(key, payment_id);
            return;
        }
        if (chance(kCancelWhilePaidShare)) {
            std::thread payer([&] {
                HttpsClient wallet(simulator_server_);
                pay(wallet, code);
            });
            cancel(key, payment_id);
            payer.join();
            return;
        }
        if (pay(simulator_, code) && chance(kRefundShare) && awaitPaid(payment_id)) {
            refund(key, payment_id);
        }
    }

private:
    bool chance(int percent)
    {
        return std::uniform_int_distribution<int>(0, 99)(random_) < percent;
    }

    /// Sends under one key until there is an answer that decides.
    HttpAnswer
    persist(HttpsClient& client, const std::string& path, const Json& body, const Headers& headers)
    {
        HttpAnswer answer;
        bool again = false;
        waitUntil(
            kPatience,
            [&] {
                if (again) {
                    memory_.countRepeat();
                }
                again = true;
                answer = client.post(path, body, headers);
                return !isUndecided(answer.status) || memory_.isHopeless();
            },
            Milliseconds{100});
        const bool decided = !isUndecided(answer.status);
        if (!decided) {
            memory_.countGivenUp();
        }
        return decided ? answer : HttpAnswer{};
    }

    void unexpected(const std::string& what, const HttpAnswer& answer)
    {
        if (answer.status != 0) {
            memory_.surprise(what + " was answered " + std::to_string(answer.status) + " " +
                             answer.body.dump());
        }
    }

    std::string create(const std::string& key)
    {
        const Json body = {{"order_ref", key},
                           {"method", "scan"},
                           {"amount_minor", amount_minor_},
                           {"currency", "CNY"},
                           {"subject", key}};
        Headers headers = {{"Idempotency-Key", key}};
        if (chance(kWaitShare)) {
            headers["Prefer"] = "wait=2";
        }
        memory_.sendsPayment(key, amount_minor_);
        const auto send = [&](HttpsClient& client) {
            const HttpAnswer answer = persist(client, "/api/v1/payments", body, headers);
            const std::string id = textOf(answer.body, "payment_id");
            if (answer.status == 201 && !id.empty()) {
                memory_.acknowledgePayment(key, id);
                return id;
            }
            unexpected("create " + key, answer);
            return std::string{};
        };
        std::vector<std::thread> copies;
        if (chance(kParallelShare)) {
            memory_.countParallel();
            for (int i = 1; i < kParallelCopies; ++i) {
                copies.emplace_back([&] {
                    HttpsClient client(hub_server_);
                    send(client);
                });
            }
        }
        const std::string id = send(hub_);
        for (std::thread& copy : copies) {
            copy.join();
        }
        return id;
    }

    void cancel(const std::string& key, const std::string& payment_id)
    {
        const HttpAnswer answer = persist(hub_,
                                          "/api/v1/payments/" + payment_id + "/cancel",
                                          Json::object(),
                                          {{"Idempotency-Key", key + "-cancel"}});
        const bool was_paid =
            answer.status == 409 && textOf(answer.body, "code") == "payment_is_paid";
        if (answer.status == 200 || answer.status == 202) {
            memory_.acknowledgeCancel(key);
        } else if (!was_paid) {
            unexpected("cancel " + key, answer);
        }
    }

    std::string awaitCode(const std::string& payment_id)
    {
        std::string code;
        waitUntil(
            kCodePatience,
            [&] {
                const HttpAnswer answer = hub_.get("/api/v1/payments/" + payment_id);
                if (answer.status == 200 && answer.body.contains("attempt")) {
                    code = textOf(answer.body.at("attempt"), "qr_code");
                }
                return !code.empty();
            },
            kLook);
        return code;
    }

    bool pay(HttpsClient& wallet, const std::string& code)
    {
        const bool paid = wallet.post("/control/pay", {{"qr", code}}).status == 200;
        if (paid) {
            memory_.countPaid();
        }
        return paid;
    }

    bool awaitPaid(const std::string& payment_id)
    {
        return waitUntil(
            kPaidPatience,
            [&] {
                const HttpAnswer answer = hub_.get("/api/v1/payments/" + payment_id);
                return answer.status == 200 && textOf(answer.body, "state") == "paid";
            },
            kLook);
    }

    void refund(const std::string& key, const std::string& payment_id)
    {
        const RefundMemory planned{
            key + "-refund",
            std::uniform_int_distribution<std::int64_t>(1, amount_minor_)(random_),
            ""};
        memory_.sendsRefund(key, planned);
        const HttpAnswer answer = persist(
            hub_,
            "/api/v1/payments/" + payment_id + "/refunds",
            {{"amount_minor", planned.amount_minor}, {"currency", "CNY"}, {"reason", planned.key}},
            {{"Idempotency-Key", planned.key}});
        const std::string id = textOf(answer.body, "refund_id");
        if (answer.status == 201 && !id.empty()) {
            memory_.acknowledgeRefund(key, planned.key, id);
        } else {
            unexpected("refund " + planned.key, answer);
        }
    }

    Server hub_server_;
    Server simulator_server_;
    HttpsClient hub_;
    HttpsClient simulator_;
    Memory& memory_;
    std::mt19937_64 random_;
    std::string name_;
    int journeys_ = 0;
    std::int64_t amount_minor_ = 0;
};

} // namespace

Portal::Portal(Server hub, Server simulator, Memory& memory, std::uint64_t seed)
{
    for (int number = 1; number <= kCustomers; ++number) {
        customers_.emplace_back([this, hub, simulator, &memory, seed, number] {
            Customer customer(hub, simulator, memory, seed, number);
            while (!stopping_) {
                customer.journey();
            }
        });
    }
}

Portal::~Portal()
{
    stop();
}

void Portal::stop()
{
    stopping_ = true;
    for (std::thread& customer : customers_) {
        if (customer.joinable()) {
            customer.join();
        }
    }
}

} // namespace chaos
