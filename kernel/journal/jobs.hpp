// Jobs: the rows of hub_job: long work of plugins in small pieces. parsing -> staging ->
// activating -> done; a job that fails or is canceled is discarded first. Every move is a
// conditional update, so that a late step of an earlier state changes nothing.
#pragma once

#include "journal/group.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hub::journal {

enum class JobState { Parsing, Staging, Activating, Discarding, Done, Failed, Canceled };

const char* toText(JobState state) noexcept;
bool isOpen(JobState state) noexcept;

struct Job {
    std::string id;
    std::string library;
    std::string kind;
    std::string edition;
    std::string principal;
    std::string trace;
    std::string input;      // digest of a blob, or empty
    std::string parameters; // JSON object
    JobState state = JobState::Parsing;
    JobState ending = JobState::Failed; // what discarding leads to
    std::string blob;                   // what parsing found
    std::int64_t position = 0;
    std::int64_t total = 0;
    std::uint32_t attempt = 0; // failed tries of the present step
    std::int64_t due_ms = 0;
    std::string message;
    std::int64_t created_ms = 0;
    std::int64_t changed_ms = 0;
};

class Jobs {
public:
    /// Fills state, times; returns the id.
    static std::string create(Group& group, Job wanted);
    static std::optional<Job> load(store::Connection& connection, const std::string& id);
    /// Newest first; of one library, or of all.
    static std::vector<Job>
    list(store::Connection& connection, const std::string& library, std::size_t limit);
    static std::vector<std::string>
    due(store::Connection& connection, std::int64_t now_ms, std::size_t limit);

    /// All but `cancel` return false when the job is not in the state that `job` shows.
    static bool parsed(Group& group, const Job& job, const std::string& blob, std::int64_t total);
    static bool staged(Group& group, const Job& job, std::int64_t position, bool finished);
    static bool ended(Group& group, const Job& job, JobState state);
    /// One more failed try of the step; it is due again at `due_ms`.
    static bool
    failedStep(Group& group, const Job& job, std::int64_t due_ms, const std::string& message);
    static bool discard(Group& group, const Job& job, JobState ending, const std::string& message);
    /// HUB_NOT_FOUND · HUB_REJECTED: it has ended or is being activated or discarded.
    static hub_status cancel(Group& group, const std::string& id, const std::string& library);
};

} // namespace hub::journal
