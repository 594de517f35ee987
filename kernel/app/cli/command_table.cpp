#include "app/cli/command_table.hpp"

namespace hub::cli {

namespace {

const OptionSpec kSubscriber{"subscriber", "LIBRARY", "only of this subscriber"};
const OptionSpec kLimit{"limit", "N", "at most this many, newest first"};

void addHub(std::vector<CommandSpec>& table)
{
    table.push_back({"serve", "Runs the hub until it is told to stop.", Place::Here, {}, {}});
    table.push_back({"config check",
                     "Reads all settings, plugins.d and manifests, and says what does not fit.",
                     Place::Here,
                     {},
                     {{"origins", "", "show every setting and where it comes from"}}});
    table.push_back({"doctor",
                     "Looks at store, secrets, libraries, queues and providers.",
                     Place::HubOrHere,
                     {},
                     {}});
    table.push_back({"audit verify",
                     "Checks the chain of the audit log and its anchor.",
                     Place::HubOrHere,
                     {},
                     {}});
    table.push_back({"audit list",
                     "Shows who did what, and what was refused.",
                     Place::Hub,
                     {},
                     {{"action", "ACTION", "only these, such as callback.refused"}, kLimit}});
    table.push_back({"plugin list", "Shows libraries and their states.", Place::Hub, {}, {}});
    table.push_back({"plugin enable", "Starts a library.", Place::Hub, {{"library"}}, {}});
    table.push_back({"plugin disable",
                     "Lets a library finish what it has, then stops it.",
                     Place::Hub,
                     {{"library"}},
                     {}});
    table.push_back({"plugin approve",
                     "Judges an installed library by the conformance suite and keeps the verdict.",
                     Place::Hub,
                     {{"library"}},
                     {}});
    table.push_back({"plugin reload",
                     "Takes over what is newly installed and configured, while work goes on.",
                     Place::Hub,
                     {},
                     {}});
    table.push_back({"plugin admit",
                     "Lets a version be tried again that was rolled back.",
                     Place::Hub,
                     {{"library"}},
                     {}});
    table.push_back({"plugin restart",
                     "Stops a library and starts it in a new process.",
                     Place::Hub,
                     {{"library"}},
                     {}});
}

void addEvents(std::vector<CommandSpec>& table)
{
    table.push_back({"event tail",
                     "Shows events as they are committed, until interrupted.",
                     Place::Hub,
                     {},
                     {{"type", "TYPE", "only of this type; may be repeated", true},
                      {"key", "KEY", "only with this key"},
                      {"from", "SEQ", "begin with this number instead of the next event"},
                      {"count", "N", "end after this many"}}});
    table.push_back(
        {"event show", "Shows one event by number or id.", Place::Hub, {{"event"}}, {}});
    table.push_back({"event replay",
                     "Delivers events to one subscriber again, marked as replay.",
                     Place::Hub,
                     {{"subscriber"}, {"from"}, {"to", false}},
                     {{"type", "TYPE", "only of this type; may be repeated", true},
                      {"key", "KEY", "only with this key"}}});
    table.push_back({"dead-letter list",
                     "Shows what could not be delivered.",
                     Place::Hub,
                     {},
                     {kSubscriber, kLimit}});
    table.push_back(
        {"dead-letter show", "Shows one dead letter.", Place::Hub, {{"dead-letter"}}, {}});
    table.push_back({"dead-letter replay",
                     "Delivers a dead letter again and frees its key.",
                     Place::Hub,
                     {{"dead-letter"}},
                     {}});
    table.push_back({"dead-letter dismiss",
                     "Gives a dead letter up and frees its key.",
                     Place::Hub,
                     {{"dead-letter"}},
                     {{"reason", "TEXT", "why; kept in the audit log"}}});
}

void addJobs(std::vector<CommandSpec>& table)
{
    table.push_back({"job list", "Shows imports and other long work.", Place::Hub, {}, {kLimit}});
    table.push_back({"job cancel",
                     "Ends a job that is not in force yet; what it staged goes.",
                     Place::Hub,
                     {{"job"}},
                     {}});
}

void addBackup(std::vector<CommandSpec>& table)
{
    table.push_back({"backup",
                     "Copies the store into a new folder, while the hub works or is stopped.",
                     Place::HubOrHere,
                     {},
                     {{"to", "FOLDER", "where to; must not be there yet", false, true},
                      {"persons-to",
                       "FOLDER",
                       "the keys of persons, apart; delete it after 30 days",
                       false,
                       true}}});
    table.push_back({"restore",
                     "Makes the data folder from a backup; the hub must be stopped. It starts in "
                     "quarantine.",
                     Place::Here,
                     {},
                     {{"from", "FOLDER", "a backup", false, true},
                      {"persons-from", "FOLDER", "the keys of persons", false, true},
                      {"replace", "", "keep the data folder that is there aside"}}});
    table.push_back(
        {"quarantine show", "Shows what a restored hub does not know yet.", Place::Hub, {}, {}});
    table.push_back({"quarantine release",
                     "Lets a restored hub send and take requests again.",
                     Place::Hub,
                     {},
                     {{"reason", "TEXT", "why; kept in the audit log"},
                      {"force", "", "although something is open"}}});
}

void addSecurity(std::vector<CommandSpec>& table)
{
    table.push_back({"api-key create",
                     "Makes a key for a program and shows it once.",
                     Place::Hub,
                     {},
                     {{"holder", "NAME", "the person or system that holds it"},
                      {"scope", "SCOPE", "what it may do; may be repeated", true},
                      {"days", "N", "valid for so many days; without it until revoked"}}});
    table.push_back({"api-key list", "Shows keys, not their secrets.", Place::Hub, {}, {}});
    table.push_back({"api-key revoke", "Ends a key at once.", Place::Hub, {{"key"}}, {}});
    table.push_back({"session list",
                     "Shows who is logged in.",
                     Place::Hub,
                     {},
                     {{"subject", "SUBJECT", "only this person's"}, kLimit}});
    table.push_back({"session end", "Logs a session out at once.", Place::Hub, {{"session"}}, {}});
    table.push_back({"secret put",
                     "Stores a new version of a secret from --file or standard input.",
                     Place::HubOrHere,
                     {{"name"}},
                     {{"file", "PATH", "read it from this file"}},
                     true});
    table.push_back(
        {"secret list", "Shows names and versions, not the secrets.", Place::HubOrHere, {}, {}});
    table.push_back({"secret retire",
                     "Ends a version: nothing is signed or verified with it any more.",
                     Place::HubOrHere,
                     {{"name"}, {"version"}},
                     {}});
}

void addAccounts(std::vector<CommandSpec>& table)
{
    const OptionSpec file{"file", "PATH", "read it from this file"};
    table.push_back({"provider-account list",
                     "Shows the accounts at providers, their states and health.",
                     Place::Hub,
                     {},
                     {}});
    table.push_back({"provider-account show", "Shows one account.", Place::Hub, {{"account"}}, {}});
    table.push_back({"provider-account describe",
                     "Shows what an account of a connector needs.",
                     Place::Hub,
                     {{"connector"}},
                     {}});
    table.push_back({"provider-account create",
                     "Makes an account; its configuration is JSON from --file or standard input.",
                     Place::Hub,
                     {{"connector"}, {"account"}},
                     {file},
                     true});
    table.push_back({"provider-account configure",
                     "Changes members of the configuration (JSON merge patch).",
                     Place::Hub,
                     {{"account"}},
                     {file},
                     true});
    table.push_back(
        {"provider-account put",
         "Checks and stores a new version of a key, certificate (PEM, PFX) or secret.",
         Place::Hub,
         {{"account"}, {"role"}},
         {file,
          {"password-file", "PATH", "its first line is the password of a PFX or an encrypted key"}},
         true});
    table.push_back({"provider-account test",
                     "Asks the provider something harmless and says whether the account works.",
                     Place::Hub,
                     {{"account"}},
                     {}});
    for (const auto& [verb, about] :
         {std::pair{"enable", "Lets new work begin at the account."},
          std::pair{"drain", "Begins nothing new there; what is under way goes on."},
          std::pair{"retire", "Asks nothing of the account any more."}}) {
        table.push_back(
            {std::string("provider-account ") + verb, about, Place::Hub, {{"account"}}, {}});
    }
    table.push_back({"provider-account rotate-callback",
                     "Makes a new callback address; earlier ones stay valid.",
                     Place::Hub,
                     {{"account"}},
                     {}});
}

void addPartner(std::vector<CommandSpec>& table)
{
    table.push_back({"connector new",
                     "Starts a connector: the SDK's template under this name, with a simulator.",
                     Place::Here,
                     {{"name"}},
                     {{"folder", "FOLDER", "where to, instead of a folder of that name here"},
                      {"contract", "NAME", "what it implements, when templates differ"}}});
}

} // namespace

const std::vector<CommandSpec>& commandTable()
{
    static const std::vector<CommandSpec> kTable = [] {
        std::vector<CommandSpec> table;
        addHub(table);
        addEvents(table);
        addJobs(table);
        addBackup(table);
        addSecurity(table);
        addAccounts(table);
        addPartner(table);
        return table;
    }();
    return kTable;
}

const std::vector<OptionSpec>& globalOptions()
{
    static const std::vector<OptionSpec> kOptions = {
        {"config", "FILE", "the hub.properties to read"},
        {"set", "KEY=VALUE", "overrule a setting; may be repeated", true},
        {"json", "", "print JSON for programs"},
        {"help", "", "show help"},
        {"version", "", "show the version"},
    };
    return kOptions;
}

const std::vector<OptionSpec>& pluginOptions()
{
    static const std::vector<OptionSpec> kOptions = {{"file", "PATH", "what the command works on"}};
    return kOptions;
}

} // namespace hub::cli
