#include "app/job_runner.hpp"

#include "base/json.hpp"
#include "base/uuid.hpp"
#include "observe/log.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include <pthread.h>

namespace hub::app {

namespace {

using journal::Job;
using journal::Jobs;
using journal::JobState;

const observe::Log kLog("jobs");

constexpr std::size_t kAtOnce = 2;
constexpr std::size_t kInHandMax = 64;
constexpr std::chrono::milliseconds kLookEvery{200};
constexpr std::int64_t kParseMs = 30 * 60 * 1000;
constexpr std::uint32_t kTriesMax = 3;

std::int64_t retryMs(std::uint32_t attempt)
{
    static constexpr std::array<std::int64_t, 6> kDelays = {
        1000, 5000, 15000, 60000, 120000, 300000};
    return kDelays[std::min<std::size_t>(attempt, kDelays.size() - 1)];
}

/// sdk/include/hub/ext/job.h names the steps.
const char* operationOf(JobState state)
{
    switch (state) {
    case JobState::Parsing:
        return "parse";
    case JobState::Staging:
        return "stage";
    case JobState::Activating:
        return "activate";
    default:
        return "discard";
    }
}

journal::Envelope envelopeOf(const Job& job, std::int64_t now_ms)
{
    const auto parameters = base::parseJson(job.parameters);
    journal::Envelope envelope;
    envelope.source = HUB_SOURCE_JOB;
    envelope.id = job.id;
    envelope.type = job.kind;
    envelope.operation = operationOf(job.state);
    envelope.key = job.id;
    envelope.edition = job.edition;
    envelope.trace = job.trace;
    envelope.principal = job.principal;
    envelope.attempt = job.attempt + 1;
    envelope.time_ms = job.created_ms;
    envelope.deadline_ms = now_ms + kParseMs;
    envelope.payload =
        base::Json{{"job", job.id},
                   {"kind", job.kind},
                   {"input", job.input},
                   {"blob", job.blob},
                   {"position", job.position},
                   {"total", job.total},
                   {"parameters", parameters.ok() ? parameters.value() : base::Json::object()}}
            .dump();
    return envelope;
}

bool isAccepted(hub_status status)
{
    return status == HUB_OK || status == HUB_ALREADY_DONE;
}

/// Tried again: what may go away by itself. Anything else is the library's final word.
bool isPassing(hub_status status)
{
    return status == HUB_UNAVAILABLE || status == HUB_THROTTLED;
}

/// What the unit's answer says about the job, in the same savepoint. Throws to roll it back.
void apply(journal::Group& group, const Job& job, const Answer& answer)
{
    bool moved = false;
    if (job.state == JobState::Staging) {
        const auto said = base::parseJson(answer.payload);
        const bool is_object = said.ok() && said.value().is_object();
        const bool finished = is_object && said.value().value("finished", false);
        const std::int64_t position =
            is_object ? said.value().value("position", job.position) : job.position;
        if (position < job.position || (!finished && position == job.position)) {
            throw base::Failure(HUB_INTERNAL,
                                "staging answered position {} after {}: it must move on, or say "
                                "that it is finished",
                                position,
                                job.position);
        }
        moved = Jobs::staged(group, job, position, finished);
    } else {
        moved = Jobs::ended(
            group, job, job.state == JobState::Activating ? JobState::Done : job.ending);
    }
    if (!moved) {
        throw base::Failure(HUB_UNAVAILABLE, "the job has gone on meanwhile");
    }
}

} // namespace

JobRunner::JobRunner(JobRunnerParts parts)
    : parts_(parts)
{}

JobRunner::~JobRunner()
{
    stop();
}

void JobRunner::start()
{
    queue_ = std::make_unique<base::WorkQueue>("jobs", kAtOnce, kInHandMax);
    thread_ = std::thread([this] { watch(); });
}

void JobRunner::stop() noexcept
{
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) {
        thread_.join();
    }
    queue_.reset();
}

bool JobRunner::isStopping() const
{
    const std::lock_guard lock(mutex_);
    return stopping_;
}

void JobRunner::watch()
{
    pthread_setname_np(pthread_self(), "jobs");
    std::unique_lock lock(mutex_);
    while (!changed_.wait_for(lock, kLookEvery, [this] { return stopping_; })) {
        lock.unlock();
        std::vector<std::string> due;
        try {
            store::Lease snapshot = parts_.database.snapshot();
            due = Jobs::due(*snapshot, parts_.clock.nowMs(), kInHandMax);
        } catch (const base::Failure&) {
            due.clear(); // the store is away: the next look will do
        }
        for (const std::string& id : due) {
            take(id);
        }
        lock.lock();
    }
}

void JobRunner::take(const std::string& id)
{
    {
        const std::lock_guard lock(mutex_);
        if (!in_hand_.insert(id).second) {
            return;
        }
    }
    if (!queue_->post([this, id] { carry(id); })) {
        const std::lock_guard lock(mutex_);
        in_hand_.erase(id);
    }
}

void JobRunner::carry(const std::string& id)
{
    try {
        while (!isStopping() && step(id)) {}
    } catch (const std::exception&) {
        kLog.warning("job {}: {}", id, base::currentExceptionText());
    }
    const std::lock_guard lock(mutex_);
    in_hand_.erase(id);
}

bool JobRunner::step(const std::string& id)
{
    std::optional<Job> job;
    {
        store::Lease snapshot = parts_.database.snapshot();
        job = Jobs::load(*snapshot, id);
    }
    if (!job || !journal::isOpen(job->state) || job->due_ms > parts_.clock.nowMs() ||
        parts_.fleet.inproc(job->library) == nullptr) {
        return false;
    }
    return job->state == JobState::Parsing ? parse(*job) : unit(*job);
}

bool JobRunner::parse(const Job& job)
{
    const Answer answer =
        parts_.fleet.inproc(job.library)->task(envelopeOf(job, parts_.clock.nowMs()));
    if (!isAccepted(answer.status)) {
        return fail(job, answer.status, answer.message);
    }
    const auto found = base::parseJson(answer.payload);
    if (!found.ok() || !found.value().is_object()) {
        return fail(job, HUB_INTERNAL, "parsing answered no JSON object");
    }
    const std::string blob = found.value().value("blob", "");
    const std::int64_t total = found.value().value("total", std::int64_t{0});
    bool moved = false;
    parts_.lane.runNow([&](journal::LaneContext& context) {
        moved = Jobs::parsed(context.group, job, blob, total);
    });
    return moved;
}

bool JobRunner::unit(const Job& job)
{
    std::optional<journal::UnitFailed> failed;
    parts_.lane.runNow([&](journal::LaneContext& context) {
        failed = context.deliveries.runUnit(context.group,
                                            job.library,
                                            envelopeOf(job, context.group.nowMs()),
                                            "job:" + job.id + ":" + operationOf(job.state) + ":" +
                                                std::to_string(job.position),
                                            [&](journal::Unit& unit, const Answer& answer) {
                                                if (isAccepted(answer.status)) {
                                                    apply(unit.group(), job, answer);
                                                }
                                            });
    });
    return !failed || fail(job, failed->status, failed->message);
}

bool JobRunner::fail(const Job& job, hub_status status, const std::string& message)
{
    const bool must_go_on = job.state == JobState::Discarding;
    const bool again = must_go_on || isPassing(status) || job.attempt + 1 < kTriesMax;
    const bool final_word = !must_go_on && !isPassing(status) && status != HUB_INTERNAL;
    kLog.withLibrary(job.library)
        .warning("job {} ({}): {} failed: {}", job.id, job.kind, operationOf(job.state), message);
    parts_.lane.runNow([&](journal::LaneContext& context) {
        if (again && !final_word) {
            // What passes by itself does not count as a try of the library's.
            Jobs::failedStep(
                context.group, job, context.group.nowMs() + retryMs(job.attempt), message);
        } else {
            Jobs::discard(context.group, job, JobState::Failed, message);
        }
    });
    return !again || final_word;
}

} // namespace hub::app
