#include "shopper.hpp"

#include <stdexcept>
#include <utility>

namespace bench {

namespace {

constexpr std::chrono::seconds kPatience{60};
constexpr std::chrono::milliseconds kLook{50};

} // namespace

Shopper::Shopper(chaos::Server hub, chaos::Server simulator, std::chrono::milliseconds pause)
    : hub_(std::move(hub))
    , simulator_(std::move(simulator))
    , pause_(pause)
    , thread_([this] { run(); })
{}

Shopper::~Shopper()
{
    stop();
}

void Shopper::stop()
{
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) {
        thread_.join();
    }
}

bool Shopper::pause(std::chrono::milliseconds time)
{
    std::unique_lock lock(mutex_);
    return !changed_.wait_for(lock, time, [this] { return stopping_; });
}

void Shopper::run()
{
    for (int number = 1; pause(pause_); ++number) {
        try {
            buy(number);
            ++paid_;
        } catch (const std::exception& problem) {
            if (failed_++ == 0) {
                first_failure_ = problem.what();
            }
        }
    }
}

void Shopper::buy(int number)
{
    const std::string order = "bench-" + std::to_string(number);
    const chaos::HttpAnswer created = hub_.post("/api/v1/payments",
                                                {{"order_ref", order},
                                                 {"method", "scan"},
                                                 {"amount_minor", 20000},
                                                 {"currency", "CNY"},
                                                 {"subject", order}},
                                                {{"Idempotency-Key", order}});
    if (created.status != 201) {
        throw std::runtime_error("create was answered " + std::to_string(created.status) + " " +
                                 created.body.dump());
    }
    const std::string path = "/api/v1/payments/" + created.body.at("payment_id").get<std::string>();
    const auto until = std::chrono::steady_clock::now() + kPatience;
    bool paid_at_provider = false;
    while (true) {
        const chaos::HttpAnswer shown = hub_.get(path);
        if (shown.status == 200 && shown.body.value("state", "") == "paid") {
            return;
        }
        if (!paid_at_provider && shown.status == 200 && shown.body.contains("attempt")) {
            const std::string code = shown.body.at("attempt").value("qr_code", "");
            paid_at_provider =
                !code.empty() && simulator_.post("/control/pay", {{"qr", code}}).status == 200;
        }
        if (std::chrono::steady_clock::now() > until) {
            throw std::runtime_error(order + " is not paid: " + std::to_string(shown.status) + " " +
                                     shown.body.dump());
        }
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, kLook); // what began is finished, also when it is to stop
    }
}

} // namespace bench
