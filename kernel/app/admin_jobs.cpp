// The commands about jobs: long work of plugins in small pieces.

#include "app/admin.hpp"
#include "app/admin_words.hpp"
#include "plugin/inproc_job.hpp"

#include <fmt/format.h>

namespace hub::app {

namespace {

using cli::AdminReply;
using cli::AdminRequest;

std::string progressOf(const journal::Job& job)
{
    return job.total == 0 ? "" : fmt::format("{} of {}", job.position, job.total);
}

std::string wordAt(const AdminRequest& request, std::size_t index)
{
    return index < request.words.size() ? request.words[index] : "";
}

} // namespace

AdminReply Admin::jobList(const AdminRequest& request)
{
    AdminReply reply;
    reply.data = base::Json::array();
    cli::Section section{
        "Jobs", {"id", "library", "kind", "state", "progress", "changed", "message"}, {}};
    store::Lease snapshot = parts_.database.snapshot();
    for (const journal::Job& job : journal::Jobs::list(*snapshot, "", limitOption(request))) {
        base::Json told = plugin::describeJob(job);
        told["library"] = job.library;
        reply.data.push_back(std::move(told));
        section.rows.push_back({job.id,
                                job.library,
                                job.kind,
                                journal::toText(job.state),
                                progressOf(job),
                                toUtcText(job.changed_ms),
                                job.message});
    }
    reply.sections.push_back(std::move(section));
    return reply;
}

AdminReply Admin::jobCancel(const AdminRequest& request)
{
    const std::string id = wordAt(request, 2);
    hub_status canceled = HUB_NOT_FOUND;
    parts_.lane.runNow([&](journal::LaneContext& context) {
        canceled = journal::Jobs::cancel(context.group, id, "");
    });
    if (canceled == HUB_NOT_FOUND) {
        return AdminReply::failure(cli::kExitFailed, "no job has this id; see `expohub job list`");
    }
    if (canceled != HUB_OK) {
        return AdminReply::failure(cli::kExitFailed,
                                   "the job has ended or is being put in force, so it can't be "
                                   "canceled any more; see `expohub job list`");
    }
    audit(request, "job.canceled", id);
    return {};
}

} // namespace hub::app
