#include "burst_portal.hpp"

#include "support/hub_process.hpp"
#include "wallets.hpp"

#include <utility>

namespace bench {

namespace {

using nlohmann::json;

constexpr std::chrono::milliseconds kAgain{200};
constexpr std::chrono::milliseconds kLook{500};
/// By then the hub has asked the provider three times, and ordered again where that gives a code.
constexpr std::chrono::seconds kPatience{5};
constexpr int kBusy = 503;
constexpr int kThreads = 4;

std::string codeOf(const json& payment)
{
    return payment.value("/attempt/qr_code"_json_pointer, "");
}

} // namespace

BurstPortal::BurstPortal(hub::test::HubProcess& hub, Payers& payers, Created created)
    : hub_(hub)
    , payers_(payers)
    , created_(std::move(created))
{
    for (int i = 0; i < kThreads; ++i) {
        threads_.emplace_back([this] { run(); });
    }
}

BurstPortal::~BurstPortal()
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

void BurstPortal::follow(const json& payment)
{
    const std::string code = codeOf(payment);
    if (!code.empty()) {
        payers_.pay(code);
        return;
    }
    add({"", {}, payment.at("payment_id"), Clock::now()}, kLook);
}

void BurstPortal::createAgain(const std::string& key, const json& body)
{
    add({key, body, "", Clock::now()}, kAgain);
}

void BurstPortal::avoid(const std::string& account)
{
    const std::lock_guard lock(mutex_);
    avoided_.insert(account);
}

bool BurstPortal::isAvoided(const std::string& account) const
{
    const std::lock_guard lock(mutex_);
    return avoided_.contains(account);
}

void BurstPortal::count(int status, const std::string& what)
{
    const std::lock_guard lock(mutex_);
    if (status / 100 == 2) {
        ++requests_.done;
    } else if (status == kBusy) {
        ++requests_.again;
    } else {
        requests_.otherwise.push_back(what + " was answered " + std::to_string(status));
    }
}

void BurstPortal::add(Task task, std::chrono::milliseconds after)
{
    {
        const std::lock_guard lock(mutex_);
        tasks_.emplace(Clock::now() + after, std::move(task));
    }
    changed_.notify_one();
}

std::size_t BurstPortal::waiting() const
{
    const std::lock_guard lock(mutex_);
    return tasks_.size() + under_way_;
}

BurstRequests BurstPortal::requests() const
{
    const std::lock_guard lock(mutex_);
    return requests_;
}

void BurstPortal::run()
{
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        if (tasks_.empty()) {
            changed_.wait(lock);
            continue;
        }
        const auto due = tasks_.begin()->first;
        if (Clock::now() < due) {
            changed_.wait_until(lock, due);
            continue;
        }
        Task task = std::move(tasks_.begin()->second);
        tasks_.erase(tasks_.begin());
        ++under_way_;
        lock.unlock();
        const bool is_done = step(task);
        lock.lock();
        --under_way_;
        if (!is_done) {
            tasks_.emplace(Clock::now() + (task.payment_id.empty() ? kAgain : kLook),
                           std::move(task));
        }
    }
}

bool BurstPortal::step(Task& task)
{
    return task.payment_id.empty() ? create(task) : look(task);
}

bool BurstPortal::create(const Task& task)
{
    const auto answer = hub_.post("/api/v1/payments", task.body, task.key);
    count(answer.status, "create " + task.key);
    if (answer.status == 201) {
        created_(task.key, answer.body);
        follow(answer.body);
    }
    return answer.status != kBusy;
}

bool BurstPortal::look(Task& task)
{
    const std::string path = "/api/v1/payments/" + task.payment_id;
    const auto answer = hub_.get(path);
    count(answer.status, "GET " + path);
    if (answer.status != 200) {
        return false;
    }
    const std::string code = codeOf(answer.body);
    if (!code.empty()) {
        payers_.pay(code);
        return true;
    }
    const std::string account = answer.body.value("/attempt/account"_json_pointer, "");
    if (Clock::now() - task.since > kPatience) {
        const std::string other = otherAccountOf(account);
        if (!isAvoided(other)) {
            askElsewhere(task, other);
        }
    }
    return false;
}

void BurstPortal::askElsewhere(Task& task, const std::string& account)
{
    const std::string path = "/api/v1/payments/" + task.payment_id + "/attempts";
    const std::string key = task.payment_id + "-elsewhere-" + std::to_string(task.elsewhere);
    const auto answer = hub_.post(path, {{"account", account}}, key);
    count(answer.status, "POST " + path);
    if (answer.status != kBusy) {
        ++task.elsewhere; // that code may fail to come, too
        task.since = Clock::now();
    }
    if (answer.status == 201) {
        const std::lock_guard lock(mutex_);
        ++requests_.elsewhere;
    }
}

} // namespace bench
