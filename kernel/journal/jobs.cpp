#include "journal/jobs.hpp"

#include "base/exception.hpp"
#include "base/uuid.hpp"

#include <array>
#include <string_view>
#include <utility>

namespace hub::journal {

namespace {

constexpr std::array<const char*, 7> kStates = {
    "parsing", "staging", "activating", "discarding", "done", "failed", "canceled"};

#define HUB_JOB_COLUMNS                                                                            \
    "id, library, kind, edition, principal, trace, input, parameters, state, ending, blob, "       \
    "position, total, attempt, due_ms, message, created_ms, changed_ms"

JobState toState(std::string_view text)
{
    for (std::size_t i = 0; i < kStates.size(); ++i) {
        if (kStates[i] == text) {
            return static_cast<JobState>(i);
        }
    }
    throw base::Failure(HUB_INTERNAL, "hub_job.state is \"{}\", which no hub writes", text);
}

Job readJob(const store::Statement& row)
{
    Job job;
    job.id = row.text(0);
    job.library = row.text(1);
    job.kind = row.text(2);
    job.edition = row.text(3);
    job.principal = row.text(4);
    job.trace = row.text(5);
    job.input = row.text(6);
    job.parameters = row.text(7);
    job.state = toState(row.bytes(8));
    job.ending = toState(row.bytes(9));
    job.blob = row.text(10);
    job.position = row.integer(11);
    job.total = row.integer(12);
    job.attempt = static_cast<std::uint32_t>(row.integer(13));
    job.due_ms = row.integer(14);
    job.message = row.text(15);
    job.created_ms = row.integer(16);
    job.changed_ms = row.integer(17);
    return job;
}

/// The next step begins with no failed try and no message.
bool enter(Group& group, const Job& job, JobState next, std::int64_t position)
{
    return group.connection()
               .prepare("UPDATE hub_job SET state = ?, position = ?, attempt = 0, message = '', "
                        "due_ms = ?, changed_ms = ? "
                        "WHERE partition = 0 AND id = ? AND state = ? AND position = ?")
               .bindText(1, toText(next))
               .bind(2, position)
               .bind(3, group.nowMs())
               .bind(4, group.nowMs())
               .bindText(5, job.id)
               .bindText(6, toText(job.state))
               .bind(7, job.position)
               .run() != 0;
}

} // namespace

const char* toText(JobState state) noexcept
{
    return kStates[static_cast<std::size_t>(state)];
}

bool isOpen(JobState state) noexcept
{
    return state < JobState::Done;
}

std::string Jobs::create(Group& group, Job wanted)
{
    wanted.id = group.makeId();
    group.connection()
        .prepare("INSERT INTO hub_job (partition, " HUB_JOB_COLUMNS ") VALUES "
                 "(0, ?, ?, ?, ?, ?, ?, ?, ?, 'parsing', 'failed', '', 0, 0, 0, ?, '', ?, ?)")
        .bindText(1, wanted.id)
        .bindText(2, wanted.library)
        .bindText(3, wanted.kind)
        .bindText(4, wanted.edition)
        .bindText(5, wanted.principal)
        .bindText(6, wanted.trace)
        .bindText(7, wanted.input)
        .bindBlob(8, wanted.parameters)
        .bind(9, group.nowMs())
        .bind(10, group.nowMs())
        .bind(11, group.nowMs())
        .run();
    return wanted.id;
}

std::optional<Job> Jobs::load(store::Connection& connection, const std::string& id)
{
    auto& query = connection.prepare("SELECT " HUB_JOB_COLUMNS
                                     " FROM hub_job WHERE partition = 0 AND id = ?");
    query.bindText(1, id);
    return query.step() ? std::optional{readJob(query)} : std::nullopt;
}

std::vector<Job>
Jobs::list(store::Connection& connection, const std::string& library, std::size_t limit)
{
    auto& query = connection.prepare(
        "SELECT " HUB_JOB_COLUMNS " FROM hub_job WHERE partition = 0 AND (library = ? OR ? = '') "
        "ORDER BY id DESC LIMIT ?");
    query.bindText(1, library).bindText(2, library).bind(3, static_cast<std::int64_t>(limit));
    std::vector<Job> jobs;
    while (query.step()) {
        jobs.push_back(readJob(query));
    }
    return jobs;
}

std::vector<std::string>
Jobs::due(store::Connection& connection, std::int64_t now_ms, std::size_t limit)
{
    auto& query = connection.prepare(
        "SELECT id FROM hub_job WHERE state IN ('parsing', 'staging', 'activating', 'discarding') "
        "AND due_ms <= ? ORDER BY due_ms LIMIT ?");
    query.bind(1, now_ms).bind(2, static_cast<std::int64_t>(limit));
    std::vector<std::string> ids;
    while (query.step()) {
        ids.push_back(query.text(0));
    }
    return ids;
}

bool Jobs::parsed(Group& group, const Job& job, const std::string& blob, std::int64_t total)
{
    if (!enter(group, job, JobState::Staging, 0)) {
        return false;
    }
    group.connection()
        .prepare("UPDATE hub_job SET blob = ?, total = ? WHERE partition = 0 AND id = ?")
        .bindText(1, blob)
        .bind(2, total)
        .bindText(3, job.id)
        .run();
    return true;
}

bool Jobs::staged(Group& group, const Job& job, std::int64_t position, bool finished)
{
    return enter(group, job, finished ? JobState::Activating : JobState::Staging, position);
}

bool Jobs::ended(Group& group, const Job& job, JobState state)
{
    // What was said when it began to be discarded stays.
    return group.connection()
               .prepare("UPDATE hub_job SET state = ?, changed_ms = ? "
                        "WHERE partition = 0 AND id = ? AND state = ?")
               .bindText(1, toText(state))
               .bind(2, group.nowMs())
               .bindText(3, job.id)
               .bindText(4, toText(job.state))
               .run() != 0;
}

bool Jobs::failedStep(Group& group, const Job& job, std::int64_t due_ms, const std::string& message)
{
    return group.connection()
               .prepare("UPDATE hub_job SET attempt = attempt + 1, due_ms = ?, changed_ms = ?, "
                        "message = CASE WHEN state = 'discarding' THEN message ELSE ? END "
                        "WHERE partition = 0 AND id = ? AND state = ? AND position = ?")
               .bind(1, due_ms)
               .bind(2, group.nowMs())
               .bindText(3, message)
               .bindText(4, job.id)
               .bindText(5, toText(job.state))
               .bind(6, job.position)
               .run() != 0;
}

bool Jobs::discard(Group& group, const Job& job, JobState ending, const std::string& message)
{
    if (!enter(group, job, JobState::Discarding, job.position)) {
        return false;
    }
    group.connection()
        .prepare("UPDATE hub_job SET ending = ?, message = ? WHERE partition = 0 AND id = ?")
        .bindText(1, toText(ending))
        .bindText(2, message)
        .bindText(3, job.id)
        .run();
    return true;
}

hub_status Jobs::cancel(Group& group, const std::string& id, const std::string& library)
{
    const auto job = load(group.connection(), id);
    if (!job || (!library.empty() && job->library != library)) {
        return HUB_NOT_FOUND;
    }
    if (job->state != JobState::Parsing && job->state != JobState::Staging) {
        return HUB_REJECTED;
    }
    discard(group, *job, JobState::Canceled, "canceled");
    return HUB_OK;
}

} // namespace hub::journal
