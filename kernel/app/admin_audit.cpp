// The commands about the audit log, and how operators' own commands get into it.

#include "app/admin.hpp"
#include "app/admin_words.hpp"
#include "app/doctor.hpp"
#include "base/uuid.hpp"

namespace hub::app {

using cli::AdminReply;
using cli::AdminRequest;

void Admin::audit(const AdminRequest& request,
                  const std::string& action,
                  const std::string& subject,
                  const std::string& detail)
{
    const security::AuditEntry entry{
        request.actor, action, subject, detail, base::makeTraceId(), 0};
    try {
        // Before the operator is told that it is done.
        parts_.lane.runNow(
            [&](journal::LaneContext& context) { parts_.audit.write(context, entry); });
    } catch (const base::Failure&) {
        parts_.audit.write(entry); // kept until the store is back
    }
}

AdminReply Admin::auditVerify()
{
    parts_.audit.anchor();
    return verifyAudit(parts_.settings);
}

AdminReply Admin::auditList(const AdminRequest& request)
{
    AdminReply reply;
    reply.data = base::Json::array();
    cli::Section section{"Audit log", {"time", "actor", "action", "subject", "detail"}, {}};
    store::Lease snapshot = parts_.database.snapshot();
    for (const security::AuditEntry& entry : security::Audit::newest(
             *snapshot, request.options.value("action", ""), limitOption(request))) {
        const std::string time = toUtcText(entry.time_ms);
        reply.data.push_back({{"time", time},
                              {"actor", entry.actor},
                              {"action", entry.action},
                              {"subject", entry.subject},
                              {"detail", entry.detail},
                              {"trace", entry.trace}});
        section.rows.push_back({time, entry.actor, entry.action, entry.subject, entry.detail});
    }
    reply.sections.push_back(std::move(section));
    return reply;
}

} // namespace hub::app
