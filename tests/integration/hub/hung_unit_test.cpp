// Goal: a unit that never comes back is ended by the watchdog, ends as a dead letter and is
// reported, while organizations go on registering: nothing that was answered is lost, and the hub
// answers again within seconds of each end. Method: the supervised hub, a plugin that spins on an
// event of the registration, and a load of writing requests (privacy_fixture has the organization).
#include "privacy_fixture.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
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

struct Sample {
    Clock::time_point at;
    bool is_done = false; // else no answer came
};

/// Clients that add a person each, again and again.
class Load {
public:
    explicit Load(std::function<int()> request)
        : request_(std::move(request))
    {
        for (int i = 0; i < kClients; ++i) {
            threads_.emplace_back([this] { ask(); });
        }
    }
    ~Load() { stop(); }
    Load(const Load&) = delete;
    Load& operator=(const Load&) = delete;

    void stop()
    {
        stops_ = true;
        for (std::thread& thread : threads_) {
            thread.join();
        }
        threads_.clear();
    }

    std::int64_t done() const { return done_; }

    /// From the first request of each that found no hub to the first that was carried out again.
    std::vector<Clock::duration> outages() const
    {
        std::vector<Clock::duration> outages;
        const Sample* lost = nullptr;
        for (const Sample& sample : samples_) {
            if (!sample.is_done && lost == nullptr) {
                lost = &sample;
            } else if (sample.is_done && lost != nullptr) {
                outages.push_back(sample.at - lost->at);
                lost = nullptr;
            }
        }
        return outages;
    }

private:
    void ask()
    {
        while (!stops_) {
            const int status = request_();
            const std::lock_guard lock(mutex_);
            if (status == 201 || status == 0) {
                samples_.push_back({Clock::now(), status == 201});
            }
            done_ += status == 201 ? 1 : 0;
        }
    }

    std::function<int()> request_;
    std::atomic<bool> stops_{false};
    std::mutex mutex_;
    std::vector<Sample> samples_;
    std::atomic<std::int64_t> done_{0};
    std::vector<std::thread> threads_;
};

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

    int addDraft() const
    {
        const Json draft = {{"kind", "mainland"}, {"form", {{"name", "样本甲"}}}};
        return asStaff("POST", pathOf("/persons"), draft).status;
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
    void registrationGoesOn()
    {
        begin();
        addPersons();
        const std::int64_t before = saved();
        Load load([this] { return addDraft(); });
        CPPUNIT_ASSERT(becomesTrue([&] { return load.done() > 0; }));

        submitPersons({person_});

        CPPUNIT_ASSERT_MESSAGE(hub().log(),
                               becomesTrue([&] { return !deadLetters().empty(); }, kDeadWithin));
        const std::int64_t by_then = load.done();
        CPPUNIT_ASSERT_MESSAGE("nobody registers behind the dead letter",
                               becomesTrue([&] { return load.done() > by_then + kClients; }));
        load.stop();
        const auto outages = load.outages();
        CPPUNIT_ASSERT_MESSAGE(std::to_string(outages.size()) + " outages",
                               outages.size() >= kTries);
        // Any one of them may have been held up by what else this machine does; all may not.
        CPPUNIT_ASSERT(*std::min_element(outages.begin(), outages.end()) <= kBackWithin);
        CPPUNIT_ASSERT(*std::max_element(outages.begin(), outages.end()) <= kAnyBackWithin);
        CPPUNIT_ASSERT_MESSAGE("what was answered is lost", saved() >= before - 1 + load.done());
        assertReported();
    }
};

HUB_TEST_SUITE_REGISTRATION(HungUnitTest, "hung_unit");

} // namespace

} // namespace hub::test
