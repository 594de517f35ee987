// Goal: a unit that never comes back is ended by the watchdog, ends as a dead letter and is
// reported, while organizations go on registering: nothing that was answered is lost, and the hub
// answers again within seconds of the last end. Method: the supervised hub, a plugin that spins on
// an event of the registration, and a load of writing requests (privacy_fixture has the
// organization).
#include "privacy_fixture.hpp"

#include <Poco/DateTimeFormat.h>
#include <Poco/DateTimeParser.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace hub::test {

namespace {

using Clock = std::chrono::system_clock; // as the log

constexpr int kTries = 3; // that end the process before the event counts as poison
constexpr int kClients = 4;
constexpr std::chrono::seconds kBackWithin{5};
constexpr std::chrono::seconds kAllWithin{60}; // from the first end, whatever else the machine does
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

/// When the watchdog ended the process, as the log says.
std::vector<Clock::time_point> endsIn(const std::string& log)
{
    std::vector<Clock::time_point> ends;
    std::istringstream lines(log);
    for (std::string line; std::getline(lines, line);) {
        const Json entry = Json::parse(line, nullptr, false);
        if (entry.is_object() &&
            entry.value("message", "").find("has not returned after") != std::string::npos) {
            int zone = 0;
            const Poco::DateTime time =
                Poco::DateTimeParser::parse(Poco::DateTimeFormat::ISO8601_FRAC_FORMAT,
                                            entry.at("time").get<std::string>(),
                                            zone);
            ends.emplace_back(std::chrono::microseconds(time.timestamp().epochMicroseconds()));
        }
    }
    return ends;
}

std::string shownMs(Clock::duration duration)
{
    using std::chrono::milliseconds;
    return std::to_string(std::chrono::duration_cast<milliseconds>(duration).count()) + " ms";
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
        const Json draft = {{"kind", "mainland"},
                            {"form", {{"name", "样本甲"}}},
                            {"consents", {{"sensitive", "1"}}}};
        return asStaff("POST", pathOf("/persons"), draft).status == 201;
    }

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

    /// The hub takes requests when no plugin has to catch up any more, so the tries follow each
    /// other, and whoever registers waits for the last.
    void assertBackInTime() const
    {
        const auto ends = endsIn(readFile(hub().folder() / "log/hub.log"));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(hub().log(), std::size_t{kTries}, ends.size());
        const Clock::time_point back = firstAdded(ends.back());
        CPPUNIT_ASSERT(back != Clock::time_point::max());
        CPPUNIT_ASSERT_MESSAGE(shownMs(back - ends.back()), back - ends.back() <= kBackWithin);
        CPPUNIT_ASSERT_MESSAGE(shownMs(back - ends.front()), back - ends.front() <= kAllWithin);
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
        // What doctor says of subscribers, and figures, are read every few seconds.
        std::string said;
        const bool is_told = becomesTrue([&] {
            said = hub().command({"doctor"}).output;
            return said.find("1 dead") != std::string::npos;
        });
        CPPUNIT_ASSERT_MESSAGE(said, is_told);
        CPPUNIT_ASSERT(becomesTrue([&] {
            return hub().metric("hub_subscriber_dead{subscriber=\"hub_test_trap\"}") == 1;
        }));
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
        CPPUNIT_ASSERT_MESSAGE(hub().log(), becomesTrue([&] { return added() > 0; }));

        submitPersons({person_});

        CPPUNIT_ASSERT_MESSAGE(hub().log(),
                               becomesTrue([&] { return !deadLetters().empty(); }, kDeadWithin));
        const std::int64_t by_then = added();
        CPPUNIT_ASSERT_MESSAGE("nobody registers behind the dead letter",
                               becomesTrue([&] { return added() > by_then + kClients; }));
        for (const auto& client : clients_) {
            client->stop();
        }
        assertBackInTime();
        CPPUNIT_ASSERT_MESSAGE("what was answered is lost", saved() >= before - 1 + added());
        assertReported();
    }
};

HUB_TEST_SUITE_REGISTRATION(HungUnitTest, "hung_unit");

} // namespace

} // namespace hub::test
