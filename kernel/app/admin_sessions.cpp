// The commands about sessions of people. A look at them is audited, too: it tells who is there.

#include "app/admin.hpp"
#include "app/admin_words.hpp"
#include "app/session_upkeep.hpp"

#include <string>
#include <utility>
#include <vector>

namespace hub::app {

using cli::AdminReply;
using cli::AdminRequest;

AdminReply Admin::sessionList(const AdminRequest& request)
{
    const std::string subject = request.options.value("subject", "");
    std::vector<security::Session> sessions;
    {
        store::Lease snapshot = parts_.database.snapshot();
        sessions = parts_.sessions.list(
            *snapshot, parts_.clock.nowMs(), "", subject, limitOption(request));
    }
    AdminReply reply;
    reply.data = base::Json::array();
    cli::Section section{
        "Open sessions", {"id", "library", "subject", "label", "seen", "expires"}, {}};
    for (const security::Session& session : sessions) {
        reply.data.push_back({{"id", session.id},
                              {"library", session.library},
                              {"subject", session.subject},
                              {"scopes", session.scopes},
                              {"label", session.label},
                              {"created_at", toUtcText(session.created_ms)},
                              {"seen_at", toUtcText(session.seen_ms)},
                              {"expires_at", toUtcText(session.expires_ms)}});
        section.rows.push_back({session.id,
                                session.library,
                                session.subject,
                                session.label,
                                toUtcText(session.seen_ms),
                                toUtcText(session.expires_ms)});
    }
    reply.sections.push_back(std::move(section));
    audit(request, "session.listed", subject);
    return reply;
}

AdminReply Admin::sessionEnd(const AdminRequest& request)
{
    const std::string id = request.words.size() > 2 ? request.words[2] : "";
    bool ended = false;
    parts_.lane.runNow([&](journal::LaneContext& context) {
        ended = parts_.sessions.end(sessionChange(context.group), "", id).ok();
    });
    if (!ended) {
        return AdminReply::failure(cli::kExitFailed,
                                   "no open session \"" + id + "\"; see `expohub session list`");
    }
    audit(request, "session.ended", id);
    return {};
}

} // namespace hub::app
