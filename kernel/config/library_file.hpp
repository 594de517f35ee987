// LibraryFile: one file of plugins.d, by which an operator enables a library, gives it accounts
// and grants. Checked here against its own form and the profile; against the library's manifest
// in kernel/plugin.
#pragma once

#include "base/json.hpp"
#include "config/schema.hpp"
#include "config/settings.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace hub::config {

/// One account at one provider. Keys and secrets name entries of the secret store by the role
/// that the manifest gives them.
struct Account {
    /// Draining: nothing new begins there, what is under way goes on. Retired: nothing at all.
    enum class State { Enabled, Draining, Retired } state = State::Enabled;
    base::Json config = base::Json::object();
    std::map<std::string, std::string> keys;
    std::map<std::string, std::string> secrets;
    std::vector<std::string> callback_tokens; // newest first; older ones stay valid
    std::vector<std::string> http_exact;      // "127.0.0.1:9443"; profile demo only
    std::vector<std::string> stream_exact;    // "smtp.example.com:465"; private ones: demo only
};

const char* toText(Account::State state) noexcept;

/// The callback tokens of both, for as long as either may be used; `first` stays the newest.
std::vector<std::string> unitedTokens(const std::vector<std::string>& first,
                                      const std::vector<std::string>& others);

enum class Isolation { InProcess, Process };

struct LibraryFile {
    std::string library;
    std::string file;                       // "plugins.d/payments.json", for messages
    base::Json json = base::Json::object(); // all of it as written
    bool enabled = true;
    std::optional<Isolation> isolation; // as the manifest says when not set
    base::Json config = base::Json::object();
    std::map<std::string, Account> accounts;
    std::vector<std::string> granted_secrets; // roles that hub.secrets may reveal
};

struct LibraryFiles {
    std::vector<LibraryFile> files; // by library id; those with a problem are left out
    std::vector<std::string> problems;
};

/// Reads every *.json of the folder, in order of their names.
LibraryFiles readLibraryFiles(const std::filesystem::path& folder, Profile profile);

/// `file: "/pointer" is value, message`, without a remedy. `place` is where `document` lies in the
/// file. Long values and those of members that sound like secrets are left out.
std::string describeViolation(const std::string& file,
                              const base::Json& document,
                              const Violation& violation,
                              const std::string& place = "");

} // namespace hub::config
