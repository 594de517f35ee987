// Goal: a unit that never comes back is ended by the watchdog, ends as a dead letter and is
// reported, while organizations go on registering: nothing that was answered is lost, and the hub
// answers again within seconds of each end. Method: the supervised hub, a plugin that spins on an
// event of the registration, and a load of writing requests (privacy_fixture has the organization).
#include "privacy_fixture.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace hub::test {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int kTries = 3; // that end the process before the event counts as poison
constexpr int kClients = 4;
constexpr std::chrono::seconds kBackWithin{5};
constexpr std::chrono::seconds kAnyBackWithin{60}; // whatever else the machine does
constexpr std::chrono::seconds kDeadWithin{240};
constexpr std::chrono::milliseconds kPause{10};

/// Asks for one thing again and again, beside the test.
class Watch {
public:
    explicit Watch(std::function<bool()> ask)
        : ask_(std::move(ask))
        , thread_([this] { watch(); })
    {}
    ~Watch() { stop(); }
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

    void stop()
    {
        {
            const std::lock_guard lock(mutex_);
            stops_ = true;
        }
        changed_.notify_all();
        if (thread_.joinable()) {
            thread_.join();
        }
    }

    std::int64_t done() const { return done_; }

    struct Sample {
        Clock::time_point at;
        bool is_done = false;
    };
    /// After stop().
    const std::vector<Sample>& samples() const { return samples_; }

private:
    void watch()
    {
        bool stops = false;
        while (!stops) {
            const bool is_done = ask_();
            done_ += is_done ? 1 : 0;
            samples_.push_back({Clock::now(), is_done});
            std::unique_lock lock(mutex_);
            stops = changed_.wait_for(lock, kPause, [this] { return stops_; });
        }
    }

    std::function<bool()> ask_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool stops_ = false;
    std::vector<Sample> samples_;
    std::atomic<std::int64_t> done_{0};
    std::thread thread_; // the last: it uses the others
};

struct Outage {
    Clock::time_point begin;
    Clock::time_point end;
};

std::vector<Outage> outagesOf(const Watch& watch)
{
    std::vector<Outage> outages;
    bool was_up = true;
    for (const Watch::Sample& sample : watch.samples()) {
        if (was_up && !sample.is_done) {
            outages.push_back({sample.at, Clock::time_point::max()});
        } else if (!was_up && sample.is_done) {
            outages.back().end = sample.at;
        }
        was_up = sample.is_done;
    }
    return outages;
}

std::size_t countOf(const std::string& what, const std::string& text)
{
    std::size_t count = 0;
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) {
        ++count;
    }
    return count;
}

class HungUnitTest : public PrivacyFixture {
    CPPUNIT_TEST_SUITE(HungUnitTest);
    CPPUNIT_TEST(registrationGoesOn);
    CPPUNIT_TEST_SUITE_END();

    std::vector<std::unique_ptr<Watch>> clients_;

    void begin()
    {
        prepare({{}, {}, true});
        hub().configure(
            "hub_test_trap",
            {{"library", "hub_test_trap"}, {"enabled", true}, {"config", {{"how", "spin"}}}});
        run();
        openEdition();
        registerOrganization();
        fillInPages();
    }

    bool addDraft() const
    {
        const Json draft = {{"kind", "mainland"}, {"form", {{"name", "样本甲"}}}};
        return asStaff("POST", pathOf("/persons"), draft).status == 201;
    }

    bool isUp() const { return hub().request("GET", "/healthz").status == 200; }

    std::int64_t added() const
    {
        std::int64_t added = 0;
        for (const auto& client : clients_) {
            added += client->done();
        }
        return added;
    }

    /// When somebody registered for the first time since then.
    Clock::time_point firstAdded(Clock::time_point since) const
    {
        Clock::time_point first = Clock::time_point::max();
        for (const auto& client : clients_) {
            for (const Watch::Sample& sample : client->samples()) {
                if (sample.is_done && sample.at > since) {
                    first = std::min(first, sample.at);
                }
            }
        }
        return first;
    }

    void assertBackInTime(std::vector<Outage> outages) const
    {
        CPPUNIT_ASSERT_EQUAL(std::size_t{kTries}, outages.size());
        // Behind the last end, the unit is poison: whoever registers counts, not the process alone.
        outages.back().end = firstAdded(outages.back().begin);
        Clock::duration shortest = Clock::duration::max();
        for (const Outage& outage : outages) {
            CPPUNIT_ASSERT(outage.end != Clock::time_point::max());
            CPPUNIT_ASSERT(outage.end - outage.begin <= kAnyBackWithin);
            shortest = std::min(shortest, outage.end - outage.begin);
        }
        // Any one of them may have been held up by what else this machine does; all may not.
        CPPUNIT_ASSERT(shortest <= kBackWithin);
    }

    Json deadLetters() const
    {
        // Between two lives nobody answers.
        const ProgramEnd end = hub().command({"dead-letter", "list", "--json"});
        return end.code == 0 ? Json::parse(end.output) : Json::array();
    }

    std::int64_t saved() const
    {
        const Json body = expected(200, asStaff("GET", pathOf("/persons?limit=1")));
        return body.at("totals").value("saved", std::int64_t{0});
    }

    void assertReported() const
    {
        const Json letters = deadLetters();
        CPPUNIT_ASSERT_EQUAL_MESSAGE(letters.dump(), std::size_t{1}, letters.size());
        CPPUNIT_ASSERT_EQUAL(Json("hub_test_trap"), letters.at(0).at("subscriber"));
        CPPUNIT_ASSERT_EQUAL(Json("person.submitted"), letters.at(0).at("type"));
        CPPUNIT_ASSERT(letters.at(0).at("reason").get<std::string>().find("three times") !=
                       std::string::npos);
        const ProgramEnd doctor = hub().command({"doctor"});
        CPPUNIT_ASSERT_MESSAGE(doctor.output, doctor.output.find("1 dead") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(1.0,
                             hub().metric("hub_subscriber_dead{subscriber=\"hub_test_trap\"}"));
        CPPUNIT_ASSERT_MESSAGE(hub().log(),
                               countOf("has not returned after", hub().log()) >= kTries);
    }

public:
    void tearDown() override
    {
        clients_.clear();
        PrivacyFixture::tearDown();
    }

    void registrationGoesOn()
    {
        begin();
        addPersons();
        const std::int64_t before = saved();
        for (int i = 0; i < kClients; ++i) {
            clients_.push_back(std::make_unique<Watch>([this] { return addDraft(); }));
        }
        Watch health([this] { return isUp(); });
        CPPUNIT_ASSERT_MESSAGE(hub().log(), becomesTrue([&] { return added() > 0; }));

        submitPersons({person_});

        CPPUNIT_ASSERT_MESSAGE(hub().log(),
                               becomesTrue([&] { return !deadLetters().empty(); }, kDeadWithin));
        const std::int64_t by_then = added();
        CPPUNIT_ASSERT_MESSAGE("nobody registers behind the dead letter",
                               becomesTrue([&] { return added() > by_then + kClients; }));
        health.stop();
        for (const auto& client : clients_) {
            client->stop();
        }
        assertBackInTime(outagesOf(health));
        CPPUNIT_ASSERT_MESSAGE("what was answered is lost", saved() >= before - 1 + added());
        assertReported();
    }
};

HUB_TEST_SUITE_REGISTRATION(HungUnitTest, "hung_unit");

} // namespace

} // namespace hub::test
