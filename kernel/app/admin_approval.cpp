// The command that approves a library.

#include "app/admin.hpp"
#include "app/approval.hpp"

#include <utility>

namespace hub::app {

namespace {

using cli::AdminReply;
using cli::AdminRequest;

/// Passed rules are many; what a person reads is what is not kept, and why something does not
/// apply.
cli::Section toSection(const base::Json& report)
{
    cli::Section section{"Rules that are not kept or don't apply", {"rule", "verdict", "why"}, {}};
    for (const base::Json& rule : report.value("rules", base::Json::array())) {
        if (rule.value("verdict", "") != "pass") {
            section.rows.push_back(
                {rule.value("rule", ""),
                 rule.value("verdict", ""),
                 rule.value("detail", "") +
                     (rule.value("verdict", "") == "fail" ? " " + rule.value("remedy", "") : "")});
        }
    }
    return section;
}

} // namespace

AdminReply Admin::pluginApprove(const AdminRequest& request)
{
    const std::string library = request.words.size() > 2 ? request.words[2] : "";
    const auto manifest = installedManifest(parts_.settings, library);
    if (!manifest.ok()) {
        return AdminReply::failure(cli::kExitFailed, manifest.error().message);
    }
    const auto report = runConformance(parts_.settings, manifest.value());
    if (!report.ok()) {
        return AdminReply::failure(cli::kExitFailed, report.error().message);
    }
    AdminReply reply;
    reply.data = report.value();
    reply.sections.push_back(toSection(report.value()));
    const Result<void> approved =
        approvals(parts_.settings, parts_.secrets)
            .approve(manifest.value(), report.value(), request.actor, parts_.clock.nowMs());
    audit(request,
          approved.ok() ? "plugin.approved" : "plugin.not_approved",
          library,
          manifest.value().version + " sha256 " + manifest.value().sha256);
    if (!approved.ok()) {
        reply.exit = cli::kExitFailed;
        reply.error = approved.error().message;
        return reply;
    }
    const bool is_demo = parts_.settings.profile == config::Profile::Demo;
    reply.sections.push_back(
        {"",
         {"library", "version", "approved"},
         {{library,
           manifest.value().version,
           is_demo ? "yes; profile demo loads libraries without it, too"
                   : "yes; a library that was refused is loaded with the hub's next start"}}});
    return reply;
}

} // namespace hub::app
