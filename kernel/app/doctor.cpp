#include "app/doctor.hpp"

#include "app/approval.hpp"
#include "app/machine.hpp"
#include "app/own_secrets.hpp"
#include "app/translate.hpp"
#include "plugin/catalogue.hpp"
#include "security/audit.hpp"
#include "store/database.hpp"
#include "store/store_copy.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>
#include <utility>

namespace hub::app {

namespace {

constexpr std::uintmax_t kRoomBytes = std::uintmax_t{1} << 30U;

/// A check that fails becomes a finding, not an end.
template <typename Body>
void examine(std::vector<Finding>& findings, const std::string& subject, Body&& body)
{
    try {
        findings.push_back({subject, Finding::Kind::Good, body()});
    } catch (const base::Failure& failure) {
        findings.push_back({subject, Finding::Kind::Bad, failure.message()});
    }
}

std::string roomIn(const std::filesystem::path& folder)
{
    std::error_code error;
    const auto space = std::filesystem::space(folder, error);
    if (error || space.available < kRoomBytes) {
        throw base::Failure(HUB_UNAVAILABLE,
                            "less than 1 GiB is free in {}; make room or move the store",
                            folder.string());
    }
    return fmt::format("{} GiB free", space.available / kRoomBytes);
}

std::string keysOf(const config::Settings& settings)
{
    const security::Secrets secrets(settings.secrets.folder,
                                    security::loadMasterKey(settings.secrets.master_key_file));
    const plugin::Catalogue catalogue =
        plugin::Catalogue::read(plugin::CatalogueSettings::from(settings));
    std::size_t count = 0;
    for (const plugin::Package* package : catalogue.enabled()) {
        for (const auto& [name, account] : package->file.accounts) {
            for (const auto& [role, secret] : account.keys) {
                const auto found = secrets.newest(secret);
                if (!found.ok()) {
                    throw base::Failure(found.error().code,
                                        "account {}: key {} is secret \"{}\": {}; store it with "
                                        "`expohub secret put {} --file …`",
                                        name,
                                        role,
                                        secret,
                                        found.error().message,
                                        secret);
                }
                ++count;
            }
        }
    }
    return fmt::format("{} keys of accounts can be read", count);
}

std::string approvalsOf(const config::Settings& settings)
{
    if (settings.profile != config::Profile::Production) {
        return "not asked for in this profile";
    }
    const std::vector<std::string> missing = missingApprovals(settings);
    if (!missing.empty()) {
        throw base::Failure(HUB_REJECTED, "{}", fmt::join(missing, "; "));
    }
    return "every enabled library that needs one has one";
}

Finding sandboxOf(const config::Settings& settings)
{
    const std::string warning = sandboxWarning(settings.plugin_host.sandbox, Machine::probe());
    return warning.empty() ? Finding{"sandbox", Finding::Kind::Good, "nothing is missing"}
                           : Finding{"sandbox", Finding::Kind::Warning, warning};
}

const char* toText(Finding::Kind kind)
{
    switch (kind) {
    case Finding::Kind::Good:
        return "ok";
    case Finding::Kind::Warning:
        return "warning";
    default:
        return "bad";
    }
}

} // namespace

std::vector<Finding> examineInstallation(const config::Settings& settings)
{
    std::vector<Finding> findings;
    examine(findings, "disk", [&] { return roomIn(settings.store.folder); });
    examine(findings, "secrets", [&] { return keysOf(settings); });
    examine(findings, "libraries", [&] {
        const auto catalogue = plugin::Catalogue::read(plugin::CatalogueSettings::from(settings));
        if (!catalogue.problems().empty()) {
            throw base::Failure(HUB_BAD_REQUEST, "{}", fmt::join(catalogue.problems(), "; "));
        }
        return fmt::format("{} installed", catalogue.packages().size());
    });
    examine(findings, "approvals", [&] { return approvalsOf(settings); });
    findings.push_back(sandboxOf(settings));
    return findings;
}

std::vector<Finding> examineOffline(const config::Settings& settings)
{
    std::vector<Finding> findings = examineInstallation(settings);
    examine(findings, "store", [&] {
        const auto database = store::Database::openReadOnly(storeSettings(settings));
        store::Lease lease = database->snapshot();
        auto& query = lease->prepare("SELECT COUNT(*) FROM hub_event");
        return fmt::format("{} events", query.step() ? query.integer(0) : 0);
    });
    if (settings.store.backend == config::StoreBackend::SQLite) {
        examine(findings, "store file", [&] {
            store::examineSqlite(settings.store.folder / "hub.db");
            return "every page and index was read and fits";
        });
    }
    return findings;
}

cli::AdminReply reportOf(const std::vector<Finding>& findings)
{
    cli::AdminReply reply;
    reply.data = base::Json::array();
    cli::Section section{"Doctor", {"subject", "state", "finding"}, {}};
    for (const Finding& finding : findings) {
        reply.data.push_back({{"subject", finding.subject},
                              {"state", toText(finding.kind)},
                              {"finding", finding.text}});
        section.rows.push_back({finding.subject, toText(finding.kind), finding.text});
        if (finding.kind == Finding::Kind::Bad) {
            reply.exit = cli::kExitFailed;
            reply.error = "something needs an operator";
        }
    }
    reply.sections.push_back(std::move(section));
    return reply;
}

cli::AdminReply verifyAudit(const config::Settings& settings)
{
    security::Secrets secrets(settings.secrets.folder,
                              security::loadMasterKey(settings.secrets.master_key_file));
    const security::SecretBytes key = auditKey(secrets);
    const auto database = store::Database::openReadOnly(storeSettings(settings));
    store::Lease lease = database->snapshot();
    const security::AuditVerdict verdict =
        security::Audit::verify(*lease, key, settings.store.folder / kAuditAnchor);
    cli::AdminReply reply;
    reply.data = {{"rows", verdict.rows}, {"intact", !verdict.broken_at.has_value()}};
    if (verdict.broken_at) {
        reply.exit = cli::kExitFailed;
        reply.error = fmt::format("row {}: {}", *verdict.broken_at, verdict.reason);
        reply.data["broken_at"] = *verdict.broken_at;
        reply.data["reason"] = verdict.reason;
    }
    reply.sections.push_back(
        {"Audit log",
         {"rows", "chain"},
         {{std::to_string(verdict.rows), verdict.broken_at ? "broken" : "intact"}}});
    return reply;
}

} // namespace hub::app
