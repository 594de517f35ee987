// Admin: carries out the commands of operators that come over the admin socket; each that changes
// something is audited with the operating system's user as actor.
#pragma once

#include "app/audit_trail.hpp"
#include "app/cli/admin_server.hpp"
#include "app/event_feed.hpp"
#include "app/fleet.hpp"
#include "app/provider_accounts.hpp"
#include "app/quarantine_desk.hpp"
#include "egress/exchanger.hpp"
#include "security/api_keys.hpp"
#include "security/secrets.hpp"
#include "security/sessions.hpp"

#include <functional>
#include <map>
#include <mutex>
#include <string>

namespace hub::app {

struct AdminParts {
    const plugin::LiveCatalogue& catalogue;
    const config::Settings& settings;
    const base::Clock& clock;
    store::Database& database;
    journal::Lane& lane;
    Fleet& fleet;
    AuditTrail& audit;
    EventFeed& feed;
    security::Secrets& secrets;
    security::ApiKeys& api_keys;
    security::Sessions& sessions;
    egress::Exchanger& exchanger;
    ProviderAccounts& accounts;
};

class Admin final : public cli::AdminHandler {
public:
    explicit Admin(AdminParts parts);

    cli::AdminReply handle(const cli::AdminRequest& request, cli::AdminStream& stream) override;

private:
    using Command = std::function<cli::AdminReply(const cli::AdminRequest&, cli::AdminStream&)>;

    cli::AdminReply pluginList();
    cli::AdminReply pluginApprove(const cli::AdminRequest& request);
    void addAccountCommands();
    cli::AdminReply pluginReload(const cli::AdminRequest& request);
    cli::AdminReply pluginAdmit(const cli::AdminRequest& request);
    cli::AdminReply pluginSwitch(const cli::AdminRequest& request, const std::string& verb);
    cli::AdminReply eventTail(const cli::AdminRequest& request, cli::AdminStream& stream);
    cli::AdminReply eventShow(const cli::AdminRequest& request);
    cli::AdminReply eventReplay(const cli::AdminRequest& request);
    cli::AdminReply deadLetterList(const cli::AdminRequest& request);
    cli::AdminReply deadLetterShow(const cli::AdminRequest& request);
    cli::AdminReply deadLetterDecide(const cli::AdminRequest& request, bool replay);
    cli::AdminReply jobList(const cli::AdminRequest& request);
    cli::AdminReply jobCancel(const cli::AdminRequest& request);
    cli::AdminReply doctor();
    /// What the durability of the writer's connection rests on.
    std::string storeSettingsText();
    cli::AdminReply apiKeyCreate(const cli::AdminRequest& request);
    cli::AdminReply apiKeyList();
    cli::AdminReply apiKeyRevoke(const cli::AdminRequest& request);
    cli::AdminReply sessionList(const cli::AdminRequest& request);
    cli::AdminReply sessionEnd(const cli::AdminRequest& request);
    cli::AdminReply commandList();
    cli::AdminReply pluginCommand(const cli::AdminRequest& request);
    /// Twice when the first unit asks for a task.
    cli::AdminReply runUnit(plugin::InprocLibrary& library,
                            const journal::Envelope& envelope,
                            const cli::AdminRequest& request,
                            const plugin::FileBytes& file);
    Answer runOnLane(const plugin::InprocLibrary& library, const journal::Envelope& envelope);
    cli::AdminReply auditVerify();
    cli::AdminReply auditList(const cli::AdminRequest& request);
    void addBackupCommands();
    cli::AdminReply backupOnline(const cli::AdminRequest& request, cli::AdminStream& stream);
    void audit(const cli::AdminRequest& request,
               const std::string& action,
               const std::string& subject,
               const std::string& detail = "");

    AdminParts parts_;
    QuarantineDesk quarantine_;
    std::mutex backup_running_;
    std::map<std::string, Command> commands_;
};

} // namespace hub::app
