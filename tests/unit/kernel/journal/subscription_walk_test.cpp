// Goal: under any order of deliveries, failures, crashes and restarts nothing overtakes within its
// key and every event ends exactly once. Method: a seeded walk over subscription, store and a
// receiver as simple models; a failing seed is printed and can be run again.
#include "journal/subscription.hpp"
#include "support/suite.hpp"

#include <deque>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace hub::journal {

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kSeeds = 60; // the same steps cost ten times as much
#else
constexpr int kSeeds = 300;
#endif
constexpr int kSteps = 400;
constexpr std::size_t kCredit = 6;

class Walk {
public:
    Walk(std::uint32_t seed, bool blocks_key)
        : seed_(seed)
        , random_(seed)
        , blocks_key_(blocks_key)
        , subscription_(spec(), RetryPolicy{})
    {}

    void run()
    {
        for (int step = 0; step < kSteps; ++step) {
            now_ms_ += static_cast<std::int64_t>(below(400));
            act(below(100));
            check();
        }
        drain();
    }

private:
    SubscriptionSpec spec() const
    {
        SubscriptionSpec spec;
        spec.library = "partner";
        spec.types["thing.happened"] = {1, 1};
        spec.blocks_key = blocks_key_;
        return spec;
    }

    std::uint32_t below(std::uint32_t limit)
    {
        return static_cast<std::uint32_t>(random_()) % limit;
    }

    void require(bool condition, const std::string& what) const
    {
        CPPUNIT_ASSERT_MESSAGE("seed " + std::to_string(seed_) + ": " + what, condition);
    }

    void act(std::uint32_t dice)
    {
        if (dice < 30) {
            publish();
        } else if (dice < 65) {
            deliver();
        } else if (dice < 92) {
            receive(below(10) < 6);
        } else if (dice < 94) {
            loseHost();
        } else if (dice < 97) {
            decide();
        } else {
            restart();
        }
    }

    void publish()
    {
        static const std::vector<std::string> keys = {"a", "b", "c", ""};
        Event event;
        event.seq = static_cast<std::int64_t>(journal_.size()) + 1;
        event.type = below(5) == 0 ? "thing.ended" : "thing.happened";
        event.key = keys[below(4)];
        journal_.push_back(event);
    }

    const Event& at(std::int64_t seq) const
    {
        return journal_.at(static_cast<std::size_t>(seq - 1));
    }

    bool deliver()
    {
        if (wire_.size() >= kCredit || (subscription_.singly() && subscription_.inFlight() != 0)) {
            return false;
        }
        if (const auto due = subscription_.due(now_ms_)) {
            send(at(*due));
            return true;
        }
        if (subscription_.singly() ||
            subscription_.position() >= static_cast<std::int64_t>(journal_.size())) {
            return false;
        }
        const Event& next = at(subscription_.position() + 1);
        if (subscription_.examine(next)) {
            send(next);
        }
        return true;
    }

    void send(const Event& event)
    {
        require(!subscription_.inFlight(event.seq), "sent while it is in flight");
        if (subscription_.isMarked(event.seq)) {
            resumes_.insert(event.seq);
        }
        wire_.push_back(event.seq);
        subscription_.sent(event);
    }

    /// The receiver takes one: the first in flight of some key.
    void receive(bool works)
    {
        if (wire_.empty()) {
            return;
        }
        const std::int64_t chosen = wire_[below(static_cast<std::uint32_t>(wire_.size()))];
        std::int64_t seq = chosen;
        for (const std::int64_t other : wire_) {
            if (!at(chosen).key.empty() && at(other).key == at(chosen).key) {
                seq = other;
                break;
            }
        }
        std::erase(wire_, seq);
        const Event& event = at(seq);
        if (resumes_.erase(seq) != 0) {
            refused_keys_.erase(event.key);
        }
        if (!event.key.empty() && refused_keys_.count(event.key) != 0) {
            subscription_.blocked(seq, event.key);
        } else if (works) {
            settle(event);
        } else {
            refused_keys_.insert(event.key);
            if (subscription_.failed(seq, event.key, "no", now_ms_) == Subscription::After::Dead) {
                ended_[seq] = "dead";
            }
        }
        write();
    }

    void settle(const Event& event)
    {
        const bool replay = subscription_.isReplay(event.seq);
        require(ended_.count(event.seq) == 0 || replay, "settled twice");
        std::int64_t& last = last_settled_[event.key];
        if (!event.key.empty() && blocks_key_) {
            require(event.seq > last, "overtaken within its key");
        }
        last = event.seq;
        ended_[event.seq] = "settled";
        subscription_.settled(event.seq);
    }

    void loseHost()
    {
        wire_.clear();
        resumes_.clear();
        refused_keys_.clear();
        if (const auto dead = subscription_.hostLost(now_ms_, "crashed")) {
            ended_[*dead] = "dead";
        }
        write();
    }

    void decide()
    {
        for (const auto& [seq, how] : ended_) {
            const bool may =
                how == "dead" && !subscription_.isReplay(seq) && !subscription_.inFlight(seq);
            if (may && below(2) == 0) {
                subscription_.replay(seq, at(seq).key, now_ms_);
                write();
                return;
            }
        }
    }

    /// The hub starts again from what it wrote.
    void restart()
    {
        write();
        wire_.clear();
        resumes_.clear();
        refused_keys_.clear();
        subscription_.load(cursor_, marks_);
    }

    void write()
    {
        const auto changes = subscription_.takeChanges();
        for (const std::int64_t seq : changes.deletes) {
            require(marks_.erase(seq) == 1, "deletes a mark that is not there");
        }
        for (const auto& [seq, mark] : changes.upserts) {
            marks_[seq] = mark;
        }
        cursor_ = changes.cursor.value_or(cursor_);
    }

    void check() const
    {
        for (const Event& event : journal_) {
            if (event.seq > subscription_.cursor()) {
                break;
            }
            const bool ends = !subscription_.wants(event) || subscription_.isMarked(event.seq) ||
                              ended_.count(event.seq) != 0;
            require(ends, "an event below the cursor vanished");
        }
    }

    /// From now on all works: everything must end.
    void drain()
    {
        for (int rounds = 0; rounds < 20000; ++rounds) {
            now_ms_ += 1000;
            decide();
            deliver();
            receive(true);
        }
        write();
        require(wire_.empty() && subscription_.inFlight() == 0, "something stays in flight");
        require(subscription_.marks().empty(), "a mark stays");
        require(cursor_ == static_cast<std::int64_t>(journal_.size()),
                "the cursor is not at the end");
        require(marks_.empty(), "the store keeps a mark");
        for (const Event& event : journal_) {
            require(!subscription_.wants(event) || ended_[event.seq] == "settled", "not settled");
        }
    }

    std::uint32_t seed_;
    std::mt19937 random_;
    bool blocks_key_;
    Subscription subscription_;
    std::int64_t now_ms_ = 0;
    std::vector<Event> journal_;
    std::deque<std::int64_t> wire_;
    std::set<std::int64_t> resumes_;     // deliveries that end a key's refusal
    std::set<std::string> refused_keys_; // the receiver's memory
    std::map<std::int64_t, std::string> ended_;
    std::map<std::string, std::int64_t> last_settled_;
    std::int64_t cursor_ = 0;
    std::map<std::int64_t, Mark> marks_;
};

class SubscriptionWalkTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SubscriptionWalkTest);
    CPPUNIT_TEST(everyEventEndsOnceWhenDeadOnesBlockTheirKey);
    CPPUNIT_TEST(everyEventEndsOnceWhenTheyDoNot);
    CPPUNIT_TEST_SUITE_END();

public:
    void everyEventEndsOnceWhenDeadOnesBlockTheirKey() { walk(true); }
    void everyEventEndsOnceWhenTheyDoNot() { walk(false); }

private:
    static void walk(bool blocks_key)
    {
        for (std::uint32_t seed = 1; seed <= kSeeds; ++seed) {
            Walk(seed, blocks_key).run();
        }
    }
};

HUB_TEST_SUITE_REGISTRATION(SubscriptionWalkTest, "subscription_walk");

} // namespace

} // namespace hub::journal
