// A journal on a real store of either back end, with a clock, contracts and an outlet that the
// test holds in its hand.
#pragma once

#include "journal/call_desk.hpp"
#include "journal/calls.hpp"
#include "journal/directory.hpp"
#include "journal/event_log.hpp"
#include "journal/group.hpp"
#include "journal/sequences.hpp"
#include "unit/kernel/store/store_fixture.hpp"

#include <atomic>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace hub::journal::test {

class ManualClock final : public base::Clock {
public:
    std::int64_t nowMs() const override { return now_ms_; }
    std::int64_t monotonicMs() const override { return now_ms_; }
    void advance(std::int64_t ms) { now_ms_ += ms; }

private:
    std::atomic<std::int64_t> now_ms_{1'795'228'800'000};
};

/// One contract "parcel" with the operations send (found out by a query), stamp (sent again),
/// shout (never again), show (carried by the browser), whisper (personal), find and track (safe).
class FixedDirectory final : public Directory {
public:
    Result<OperationSpec> operation(std::string_view contract,
                                    std::string_view operation,
                                    std::string_view request) const override;
    Result<std::string> connector(std::string_view contract,
                                  std::string_view operation,
                                  std::string_view account) const override;
    /// Refuses a request or result with a member "wrong".
    Result<void> checkRequest(std::string_view contract,
                              std::string_view operation,
                              std::string_view payload) const override;
    Result<void> checkResult(std::string_view contract,
                             std::string_view operation,
                             std::string_view payload) const override;
    Result<void> checkPublication(std::string_view,
                                  std::string_view type,
                                  std::uint32_t,
                                  std::string_view) const override
    {
        return type == "thing.happened" ? Result<void>{} : Error{HUB_REJECTED, "is not listed"};
    }
    bool mayCall(std::string_view, std::string_view contract) const override
    {
        return contract == "parcel";
    }
};

/// What the owner of a call was told, one line each: "1 succeeded" or "1 unknown resolved".
class OutcomeNotes final : public OutcomeSink {
public:
    void deliverOutcome(Group& group, const CallRow& row, bool resolved) override;
    std::vector<std::string> notes;
};

std::string outcomeName(std::uint32_t outcome);

/// A seal that can be looked through: what is stored reads "sealed <place> <bytes backwards>".
class PlainSeal final : public PayloadSeal {
public:
    std::string seal(std::string_view place, std::string_view plain) const override;
    std::string open(std::string_view place, std::string_view sealed) const override;
};

template <store::Backend kBackend>
class JournalFixture : public store::test::StoreFixture<kBackend> {
public:
    void setUp() override
    {
        store::test::StoreFixture<kBackend>::setUp();
        this->open();
        sequences_.load(this->writer());
    }

protected:
    /// Runs and commits a group; returns its effects.
    Effects inGroup(const std::function<void(Group&)>& body)
    {
        Group group(this->writer(), sequences_, clock_.nowMs(), seal_);
        this->database().beginGroup();
        body(group);
        sequences_.flush(this->writer());
        CPPUNIT_ASSERT(this->database().commitGroup(++group_no_));
        return std::move(group.effects());
    }

    ManualClock clock_; // instead of the store's own
    Sequences sequences_;
    EventLog log_{100};
    FixedDirectory directory_;
    PlainSeal seal_;

private:
    std::int64_t group_no_ = 0;
};

/// Registers a template of a fixture for both back ends.
#define HUB_JOURNAL_SUITE(Fixture, name)                                                           \
    using Sqlite##Fixture = Fixture<store::Backend::SQLite>;                                       \
    using Postgres##Fixture = Fixture<store::Backend::PostgreSQL>;                                 \
    HUB_TEST_SUITE_REGISTRATION(Sqlite##Fixture, name);                                            \
    HUB_TEST_SUITE_REGISTRATION(Postgres##Fixture, name)

} // namespace hub::journal::test
