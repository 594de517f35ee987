// http: clients that are slow, silent, many, endless, or mean two things by one request. Honest
// callbacks and requests are served meanwhile, and memory and descriptors stay bounded.

#include "callbacks_desk.hpp"
#include "fault.hpp"
#include "http_abuse.hpp"
#include "http_crowd.hpp"
#include "http_raw.hpp"
#include "shop.hpp"
#include "usage.hpp"
#include "verdict.hpp"

#include <Poco/Exception.h>

#include <algorithm>
#include <atomic>
#include <iostream>
#include <mutex>
#include <thread>

namespace chaos {

namespace {

constexpr int kFullRounds = 4;
constexpr int kPerAddressMax = 24;      ///< below the gateway's threads, as an operator sets it
constexpr std::int64_t kP99Max = 1'000; ///< ms, of honest callbacks and requests
constexpr std::int64_t kDescriptorsMore = 400;
constexpr std::int64_t kMemoryMoreKib = 200 * 1024;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kIsSanitized = true; // the hub is as well, and keeps memory of its own for it
#else
constexpr bool kIsSanitized = false;
#endif
constexpr Milliseconds kSiege{3'000};        ///< of one crowd, per round
constexpr Milliseconds kAnswerLimit{60'000}; ///< a sanitizer reads a million chunks slowly
constexpr int kHonestPauseMs = 5;
constexpr const char* kElsewhere = "127.0.0.2";

/// Honest clients, on connections of their own, while others misbehave.
class Honest {
public:
    Honest(const Installation& installation, std::string path, std::string form, std::string get)
        : installation_(installation)
        , path_(std::move(path))
        , form_(std::move(form))
        , get_(std::move(get))
    {
        threads_.emplace_back([this] {
            work(formRequest(path_, form_),
                 [](const RawAnswer& answer) { return isSuccess(answer); });
        });
        threads_.emplace_back(
            [this] { work(get_, [](const RawAnswer& answer) { return answer.status == 200; }); });
        watcher_ = std::thread([this] { watch(); });
    }
    ~Honest() { stop(); }
    Honest(const Honest&) = delete;
    Honest& operator=(const Honest&) = delete;

    void stop()
    {
        stopping_ = true;
        for (std::thread& thread : threads_) {
            if (thread.joinable()) {
                thread.join();
            }
        }
        if (watcher_.joinable()) {
            watcher_.join();
        }
    }
    // Of what was asked, once it is stopped.
    std::int64_t served() const { return static_cast<std::int64_t>(times_ms_.size()); }
    std::int64_t failed() const { return failed_; }
    const std::string& firstFailure() const { return first_failure_; }
    Usage most() const { return most_; }
    std::int64_t p99()
    {
        std::sort(times_ms_.begin(), times_ms_.end());
        return times_ms_.empty() ? 0 : times_ms_[times_ms_.size() * 99 / 100];
    }

private:
    template <typename Good>
    void work(const std::string& request, Good&& isGood)
    {
        while (!stopping_) {
            const auto start = Clock::now();
            RawAnswer answer;
            std::string problem;
            try {
                RawConnection connection(installation_.httpPort());
                connection.send(request);
                answer = connection.receive(Milliseconds{5'000});
            } catch (const Poco::Exception& failure) {
                problem = failure.displayText();
            }
            {
                const std::lock_guard lock(mutex_);
                times_ms_.push_back(since(start).count());
                if (!isGood(answer)) {
                    ++failed_;
                    first_failure_ = first_failure_.empty()
                                         ? describe(answer, problem, times_ms_.back())
                                         : first_failure_;
                }
            }
            ::poll(nullptr, 0, kHonestPauseMs);
        }
    }
    static std::string
    describe(const RawAnswer& answer, const std::string& problem, std::int64_t after_ms)
    {
        return "status " + std::to_string(answer.status) + " after " + std::to_string(after_ms) +
               " ms" + (answer.closed ? ", closed" : "") + (problem.empty() ? "" : ", " + problem) +
               ": " + answer.head + answer.body;
    }
    void watch()
    {
        const pid_t hub = installation_.processOf(Victim::Hub);
        while (!stopping_) {
            const Usage now = usageOf(hub);
            most_.descriptors = std::max(most_.descriptors, now.descriptors);
            most_.memory_kib = std::max(most_.memory_kib, now.memory_kib);
            ::poll(nullptr, 0, 50);
        }
    }

    const Installation& installation_;
    std::string path_;
    std::string form_;
    std::string get_;
    std::mutex mutex_;
    std::vector<std::int64_t> times_ms_;
    std::int64_t failed_ = 0;
    std::string first_failure_;
    Usage most_;
    std::atomic<bool> stopping_{false};
    std::vector<std::thread> threads_;
    std::thread watcher_;
};

class Http {
public:
    explicit Http(const Options& options)
        : options_(options)
        , installation_(options, setup())
        , balance_(balanceOf(installation_))
        , merchant_(readMerchant(installation_.folder(), kAccount))
        , provider_(Key::readPrivate(installation_.folder() /
                                     "simulator/alipay/provider_private_key.pem"))
        , shop_(installation_, memory_)
    {}

    int run();

private:
    static Setup setup()
    {
        Setup setup;
        setup.settings = {"gateway.header_timeout_ms = 3000",
                          "gateway.body_timeout_ms = 3000",
                          "gateway.idle_timeout_ms = 3000",
                          "gateway.connections_per_address_max = " +
                              std::to_string(kPerAddressMax)};
        return setup;
    }
    void demand(bool holds, const std::string& sentence)
    {
        if (!holds) {
            proof_.failures.push_back(sentence);
        }
    }
    std::string authorization() const
    {
        return "Authorization: Bearer " + installation_.hub().token + "\r\n";
    }
    void besiege();
    void siege(const std::string& what, std::size_t size, const Manner& manner);
    void abuse();
    void provoke(const Abuse& abuse);
    void concludeService(Honest& honest, const Usage& before);

    Options options_;
    Installation installation_;
    Memory memory_;
    std::int64_t balance_;
    Merchant merchant_;
    Key provider_;
    Shop shop_;
    Proof proof_;
    std::int64_t besiegers_ = 0;
    std::int64_t abuses_ = 0;
};

void Http::siege(const std::string& what, std::size_t size, const Manner& manner)
{
    const Crowd crowd(installation_.httpPort(), kElsewhere, size, manner);
    ::poll(nullptr, 0, static_cast<int>(kSiege.count()));
    const CrowdCounts counts = crowd.counts();
    std::cout << what << ": " << counts.opened << " connections, at most " << counts.most
              << " at once, " << counts.ended << " ended by the hub" << std::endl;
    besiegers_ += counts.opened;
    demand(counts.ended > 0, what + ": the hub ended none of " + std::to_string(counts.opened));
}

void Http::besiege()
{
    const std::string head = "POST " + merchant_.path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n";
    std::string many;
    for (int i = 0; i < 60; ++i) {
        many +=
            "GET /api/v1/openapi.json HTTP/1.1\r\nHost: 127.0.0.1\r\n" + authorization() + "\r\n";
    }
    siege("slow heads", 300, {head + "X-Slow: ", "a", Milliseconds{100}, 0});
    siege("slow bodies",
          300,
          {head + "Content-Length: 100000\r\n\r\n", "a=1&", Milliseconds{100}, 0});
    siege("slow readers", 200, {many, "", Milliseconds{100}, 1'024});
    siege("silence", 3'000, {"", "", Milliseconds{50}, 0});
    siege("one request, then silence",
          500,
          {"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", "", Milliseconds{50}, 0});
    siege("endless bodies",
          50,
          {head + "Transfer-Encoding: chunked\r\n\r\n" + "10000\r\n" + std::string(65'536, 'x') +
               "\r\n",
           "1\r\nx\r\n",
           Milliseconds{20},
           0});
}

/// From elsewhere, too: an honest client's share of connections is not theirs.
void Http::provoke(const Abuse& abuse)
{
    RawAnswer answer;
    RawAnswer second;
    try {
        RawConnection connection(installation_.httpPort(), 0, kElsewhere);
        // What does not fit into the sockets any more is not needed: the answer is there by then.
        std::thread sender([&] { connection.send(abuse.bytes); });
        answer = connection.receive(kAnswerLimit);
        if (!abuse.stays_open) {
            second = connection.receive(kAnswerLimit);
        }
        connection.end();
        sender.join();
    } catch (const Poco::Exception& failure) {
        demand(false, abuse.what + ": " + failure.displayText());
        return;
    }
    ++abuses_;
    demand(answer.status != 0 || answer.closed, abuse.what + ": no answer and no end");
    const auto& right = abuse.statuses;
    demand(std::find(right.begin(), right.end(), answer.status) != right.end(),
           abuse.what + " was answered " + std::to_string(answer.status) + " " +
               answer.body.substr(0, 200));
    if (second.status != 0) {
        proof_.findings.forged.push_back(abuse.what +
                                         ": what was smuggled behind it was answered " +
                                         std::to_string(second.status));
    }
}

void Http::abuse()
{
    const std::string token = installation_.hub().token;
    for (const Abuse& abuse : framingAbuses(token)) {
        provoke(abuse);
    }
    for (const Abuse& abuse : jsonAbuses(token, options_.seed)) {
        provoke(abuse);
    }
}

void Http::concludeService(Honest& honest, const Usage& before)
{
    honest.stop();
    const Usage most = honest.most();
    demand(honest.failed() == 0,
           std::to_string(honest.failed()) + " of " + std::to_string(honest.served()) +
               " honest requests were not served, the first: " + honest.firstFailure());
    demand(honest.p99() <= kP99Max,
           "honest requests took " + std::to_string(honest.p99()) + " ms (p99)");
    demand(most.descriptors - before.descriptors <= kDescriptorsMore,
           "the hub had " + std::to_string(most.descriptors) + " descriptors open, before " +
               std::to_string(before.descriptors));
    demand(kIsSanitized || most.memory_kib - before.memory_kib <= kMemoryMoreKib,
           "the hub took " + std::to_string(most.memory_kib) + " KiB, before " +
               std::to_string(before.memory_kib));
    const pid_t hub = installation_.processOf(Victim::Hub);
    demand(waitUntil(Milliseconds{15'000},
                     [&] { return usageOf(hub).descriptors <= before.descriptors + 20; }),
           "after it all " + std::to_string(usageOf(hub).descriptors) + " descriptors stay open");
    proof_.figures.push_back(
        "honest requests " + std::to_string(honest.served()) + ", p99 " +
        std::to_string(honest.p99()) + " ms (limit " + std::to_string(kP99Max) + "); descriptors " +
        std::to_string(before.descriptors) + " to at most " + std::to_string(most.descriptors) +
        ", memory " + std::to_string(before.memory_kib / 1024) + " to at most " +
        std::to_string(most.memory_kib / 1024) + " MiB");
    proof_.floors.push_back({"honest requests", honest.served(), options_.rounds * 500LL});
}

int Http::run()
{
    const std::string name = "http-" + std::to_string(options_.seed);
    const Order order = shop_.order(name, 1'234);
    demand(shop_.pay(order) && shop_.reaches(order, "paid"), order.key + " can't be paid");
    const Usage before = usageOf(installation_.processOf(Victim::Hub));
    Honest honest(installation_,
                  merchant_.path,
                  signedForm(paidNotice(merchant_, order), provider_),
                  "GET /api/v1/payments/" + order.payment_id + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" +
                      authorization() + "\r\n");
    for (int round = 1; round <= options_.rounds; ++round) {
        besiege();
        abuse();
        std::cout << "round " << round << " of " << options_.rounds << std::endl;
    }
    concludeService(honest, before);
    const std::size_t payments = readPayments(installation_.hub()).size();
    if (payments != 1) {
        proof_.findings.forged.push_back(std::to_string(payments - 1) +
                                         " payments were made by abuse");
    }
    proof_.floors.push_back({"connections of besiegers", besiegers_, options_.rounds * 4'000LL});
    proof_.floors.push_back({"requests of abuse", abuses_, options_.rounds * 100LL});
    return conclude(installation_, memory_, balance_, proof_).good ? 0 : 1;
}

int run(const Options& options)
{
    std::cout << "http: " << options.rounds << " rounds, "
              << (options.postgres ? "PostgreSQL" : "SQLite") << ", --seed " << options.seed
              << std::endl;
    return Http(options).run();
}

} // namespace

extern const Fault kHttpFault;
const Fault kHttpFault = {
    "http", "clients that are slow, silent, many, endless, or smuggle", kFullRounds, 1, run};

} // namespace chaos
