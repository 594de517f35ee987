#include "payers.hpp"

#include <utility>

namespace bench {

namespace {

constexpr int kTries = 3; // paying is the same twice

chaos::HttpAnswer payAt(chaos::HttpsClient& simulator, const std::string& code)
{
    chaos::HttpAnswer answer;
    for (int i = 0; i < kTries && answer.status == 0; ++i) {
        answer = simulator.post("/control/pay", {{"qr", code}});
    }
    return answer;
}

} // namespace

Payers::Payers(const chaos::Server& simulator, std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i) {
        threads_.emplace_back([this, simulator] { work(chaos::HttpsClient(simulator)); });
    }
}

Payers::~Payers()
{
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    for (std::thread& thread : threads_) {
        thread.join();
    }
}

void Payers::pay(std::string code)
{
    {
        const std::lock_guard lock(mutex_);
        codes_.push_back(std::move(code));
    }
    changed_.notify_one();
}

std::size_t Payers::waiting() const
{
    const std::lock_guard lock(mutex_);
    return codes_.size() + under_way_;
}

std::size_t Payers::paid() const
{
    const std::lock_guard lock(mutex_);
    return paid_;
}

std::vector<std::string> Payers::refusals() const
{
    const std::lock_guard lock(mutex_);
    return refusals_;
}

void Payers::work(chaos::HttpsClient client)
{
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(lock, [this] { return stopping_ || !codes_.empty(); });
        if (stopping_) {
            return;
        }
        const std::string code = std::move(codes_.front());
        codes_.pop_front();
        ++under_way_;
        lock.unlock();
        const chaos::HttpAnswer answer = payAt(client, code);
        lock.lock();
        --under_way_;
        if (answer.status == 200) {
            ++paid_;
        } else {
            refusals_.push_back(code + " was answered " + std::to_string(answer.status) + " " +
                                answer.body.dump());
        }
    }
}

} // namespace bench
