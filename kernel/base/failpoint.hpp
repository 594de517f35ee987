// Failpoints: steps at which tests/chaos lets the hub die. Weaknesses: promises that it lets the
// hub break, to see that its checks notice. Only preset chaos (HUB_CHAOS) compiles them; elsewhere
// the macros are nothing and no name of a switch gets into a program.
//
// HUB_FAILPOINT=name:nth          abort at the nth time that this process comes there
// HUB_FAILPOINT_COUNTS=file       how often each was reached, over all processes
// HUB_WEAKNESS=name               one of the weaknesses
#pragma once

#include <cstdint>

/// Enumerator, name for people, which step it is.
#define HUB_ALL_FAILPOINTS(X)                                                                      \
    X(RequestReceived, "request.received", "a write was read, nothing is done")                    \
    X(RequestUnitDone, "request.unit_done", "its unit ran, nothing is committed")                  \
    X(RequestCommitted, "request.committed", "committed, the answer is not given")                 \
    X(RequestAnswering, "request.answering", "the answer is known, not written")                   \
    X(HttpAnswered, "http.answered", "an answer was written to its socket")                        \
    X(GroupCommitting, "group.committing", "all of a group ran, before its commit")                \
    X(GroupCommitted, "group.committed", "after the commit, before any effect of it")              \
    X(CallDispatched, "call.dispatched", "dispatched durably, not handed to its connector")        \
    X(MarkWanted, "mark.wanted", "connected, before the mark")                                     \
    X(MarkGranted, "mark.granted", "marked as sending, before the first byte")                     \
    X(RequestOnTheWire, "wire.sent", "bytes have left, no answer has begun")                       \
    X(AnswerArrived, "wire.answered", "the answer is there, nobody knows it")                      \
    X(OutcomeUnitDone, "outcome.unit_done", "the outcome is applied, not committed")               \
    X(OutcomeCommitted, "outcome.committed", "the outcome is committed")                           \
    X(CallbackRead, "callback.read", "verified and read by the connector")                         \
    X(CallbackUnitDone, "callback.unit_done", "its unit ran, nothing is committed")                \
    X(CallbackCommitted, "callback.committed", "committed, the provider does not know")            \
    X(CallbackAnswering, "callback.answering", "before its 2xx")                                   \
    X(EventUnitDone, "event.unit_done", "a plugin took an event, nothing is committed")            \
    X(EventHanding, "event.handing", "committed as on its way, not handed over")                   \
    X(EventHandedOver, "event.handed_over", "handed to a subscriber's process")                    \
    X(EventAcknowledged, "event.acknowledged", "acknowledged, the cursor is not committed")        \
    X(CursorsFlushed, "cursors.flushed", "cursors are written, not committed")                     \
    X(DeadLetterWritten, "dead_letter.written", "moved to the dead letters, not committed")        \
    X(TimerFired, "timer.fired", "a timer became an event, not committed")                         \
    X(PublicationAppended, "publication.appended", "appended, not committed")                      \
    X(PublicationCommitted, "publication.committed", "committed, the publisher does not know")     \
    X(MigrationStepDone, "migration.step_done", "a migration ran, not committed")                  \
    X(MigrationCommitted, "migration.committed", "a migration is committed, the next not begun")

#define HUB_ALL_WEAKNESSES(X)                                                                      \
    X(AckBeforeCommit, "ack-before-commit")                                                        \
    X(CursorOutsideUnit, "cursor-outside-unit")                                                    \
    X(DedupOff, "dedup-off")                                                                       \
    X(ParkingIgnored, "parking-ignored")                                                           \
    X(SynchronousOff, "synchronous-off")

namespace hub::base {

#define HUB_ENUMERATOR(name, ...) name,
enum class Failpoint : std::uint32_t { HUB_ALL_FAILPOINTS(HUB_ENUMERATOR) Count };
enum class Weakness : std::uint32_t { HUB_ALL_WEAKNESSES(HUB_ENUMERATOR) Count };
#undef HUB_ENUMERATOR

/// A file of these, one per failpoint in their order, is mapped by every process that counts.
struct FailpointCount {
    std::uint64_t reached = 0;
    std::uint64_t died = 0;
};

#ifdef HUB_CHAOS
/// Thread-safe. Does not return when it is the one that was asked for.
void reach(Failpoint step) noexcept;
/// Thread-safe.
bool isWeak(Weakness promise) noexcept;
#endif

} // namespace hub::base

#ifdef HUB_CHAOS
#define HUB_FAILPOINT(step) ::hub::base::reach(::hub::base::Failpoint::step)
/// For effects of a group: as soon as it is committed.
#define HUB_FAILPOINT_AFTER_COMMIT(group, step)                                                    \
    (group).effects().after_commit.push_back([] { HUB_FAILPOINT(step); })
#define HUB_WEAK(promise) ::hub::base::isWeak(::hub::base::Weakness::promise)
#else
#define HUB_FAILPOINT(step) static_cast<void>(::hub::base::Failpoint::step)
#define HUB_FAILPOINT_AFTER_COMMIT(group, step) HUB_FAILPOINT(step)
#define HUB_WEAK(promise) (::hub::base::Weakness::promise == ::hub::base::Weakness::Count)
#endif
