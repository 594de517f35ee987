// What the tests of egress share: a journal that remembers, an exchanger against one scripted
// server, and scripts of common behavior.
#pragma once

#include "egress/exchanger.hpp"
#include "support/https_fake.hpp"
#include "support/suite.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace hub::testing {

using egress::AccountHealth;
using egress::AllowList;
using egress::BreakerState;
using egress::Exchange;
using egress::Exchanger;
using egress::Journal;
using egress::Record;
using egress::Request;
using egress::Settings;
using egress::Ticket;

class RecordingJournal final : public Journal {
public:
    bool markSending(const Ticket&, const Record& record) override
    {
        const std::lock_guard lock(mutex_);
        marks.push_back(record);
        if (broken) {
            throw std::runtime_error("the store is away");
        }
        return grants;
    }
    void recordExchange(const Record& record) override
    {
        const std::lock_guard lock(mutex_);
        records.push_back(record);
    }

    bool grants = true;
    bool broken = false;
    std::vector<Record> marks;
    std::vector<Record> records;

private:
    std::mutex mutex_;
};

/// The exchanges of a test with one exchanger.
class Bench {
public:
    explicit Bench(const HttpsFake& fake, const std::function<void(Settings&)>& change = {})
        : fake_(fake)
    {
        Settings settings;
        settings.ca_file = fake.caFile().string();
        settings.threads = 8;
        if (change) {
            change(settings);
        }
        exchanger_ = std::make_unique<Exchanger>(settings, journal, clock_);
    }

    Ticket ticket(bool safe = false, const std::string& account = "demo") const
    {
        Ticket ticket;
        ticket.call_id = 7;
        ticket.delivery = 1;
        ticket.connector = "sample";
        ticket.account = account;
        ticket.operation = "create";
        ticket.safe = safe;
        return ticket;
    }

    Request post(const std::string& path = "/pay") const
    {
        Request request;
        request.method = "POST";
        request.url = fake_.url(path);
        request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
        request.body = "amount=1&sign=canary";
        return request;
    }

    std::future<Exchange> start(Ticket ticket, Request request)
    {
        auto promise = std::make_shared<std::promise<Exchange>>();
        auto answer = promise->get_future();
        exchanger_->exchange(
            std::move(ticket),
            AllowList{{}, {fake_.origin()}, {"POST", "GET", "HEAD"}},
            {{"sign"}, {"buyer"}},
            std::move(request),
            [promise](Exchange exchange) { promise->set_value(std::move(exchange)); });
        return answer;
    }

    Exchange run(Ticket ticket, Request request)
    {
        auto answer = start(std::move(ticket), std::move(request));
        CPPUNIT_ASSERT(answer.wait_for(std::chrono::seconds(20)) == std::future_status::ready);
        return answer.get();
    }

    AccountHealth health(const std::string& account = "demo") const
    {
        for (const AccountHealth& health : exchanger_->health()) {
            if (health.account == account) {
                return health;
            }
        }
        return {};
    }

    void stop() { exchanger_.reset(); }

    RecordingJournal journal;

private:
    const HttpsFake& fake_;
    hub::base::SystemClock clock_;
    std::unique_ptr<Exchanger> exchanger_;
};

inline void answerAll(HttpsPeer& peer)
{
    while (peer.readRequest()) {
        peer.send(HttpsFake::answer(200, R"({"ok":true})"));
    }
}

/// A script that reads one request and then does `then`.
inline HttpsFake::Script afterRequest(std::function<void(HttpsPeer&)> then)
{
    return [then = std::move(then)](HttpsPeer& peer) {
        if (peer.readRequest()) {
            then(peer);
        }
    };
}

inline HttpsFake::Script sending(const std::string& bytes)
{
    return afterRequest([bytes](HttpsPeer& peer) {
        peer.send(bytes);
        peer.close();
    });
}

/// A server whose answers to "/wait" wait for the test.
class Gate {
public:
    HttpsFake::Script script()
    {
        return [this](HttpsPeer& peer) {
            while (const auto request = peer.readRequest()) {
                if (request->starts_with("POST /wait ")) {
                    wait(peer);
                }
                peer.send(HttpsFake::answer(200, "x"));
            }
        };
    }
    void open()
    {
        {
            const std::lock_guard lock(mutex_);
            open_ = true;
        }
        changed_.notify_all();
    }
    int most() const { return most_; }

private:
    void wait(HttpsPeer& peer)
    {
        std::unique_lock lock(mutex_);
        most_ = std::max(most_, ++inside_);
        while (!open_) {
            changed_.wait_for(lock, std::chrono::milliseconds(50));
            lock.unlock();
            const bool stopping = !peer.pause(0);
            lock.lock();
            if (stopping) {
                break;
            }
        }
        --inside_;
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    bool open_ = false;
    int inside_ = 0;
    int most_ = 0;
};

} // namespace hub::testing
