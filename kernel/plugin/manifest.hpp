// Manifest: what a library says of itself, read before anything of it is executed
// (sdk/ABI.md section 10). Parsed strictly: an unknown member is refused.
#pragma once

#include "base/json.hpp"
#include "config/library_file.hpp"
#include "config/schema.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hub::plugin {

using config::Isolation;

enum class Kind { Plugin, Connector, Subscriber };

const char* toText(Kind kind) noexcept;

/// A contract that a connector speaks, as far as it does.
struct Implementation {
    std::string contract;
    std::uint32_t version = 1;
    std::vector<std::string> operations;
    std::vector<std::string> products;
    base::Json traits = base::Json::object(); // as the contract describes them
};

struct Subscription {
    enum class Rule { BlockKey, Continue };

    std::string type;
    std::uint32_t version_min = 1;
    std::uint32_t version_max = 1;
    Rule rule = Rule::BlockKey;
};

struct PublishedType {
    std::string type;
    std::uint32_t version = 1;
};

/// A key by the name that the library uses; the account says which secret that is.
struct KeyRole {
    std::string name;
    base::Json title;
    std::vector<std::string> uses;
    std::vector<std::string> algorithms;
    bool is_required = false; // an account without it can't be enabled

    bool allows(const std::string& use, const std::string& algorithm) const;
};

struct SecretRole {
    std::string name;
    base::Json title;
    bool in_url = false; // put into addresses by the hub, never revealed
};

struct HttpWishes {
    std::vector<std::string> hosts;
    std::vector<std::string> methods;
    std::vector<std::string> mask_request;
    std::vector<std::string> mask_response;
};

struct StreamWishes {
    std::vector<std::string> hosts;    // "smtp.example.com:465"
    std::vector<std::string> security; // "tls", "plain"
    bool session = false;              // every account has a standing connection

    bool allows(const std::string& kind) const;
};

struct Command {
    std::string name; // "payment show"
    std::string operation;
    std::vector<std::string> arguments;
    base::Json title;
    bool is_unit = false;           // it changes something; otherwise it reads
    std::size_t file_bytes_max = 0; // it takes a file; 0: it does not
};

/// A view of the plugin's migrations that others may read.
struct Export {
    std::string view;
    std::uint32_t version = 1;
    std::vector<std::string> columns;
};

/// A view of another plugin.
struct ViewWish {
    std::string library;
    std::string view;
    std::uint32_t version = 1;
};

/// Its name in the store.
std::string viewName(const std::string& library, const std::string& view, std::uint32_t version);

struct Manifest {
    std::string id;
    std::string version;
    Kind kind = Kind::Connector;
    base::Json title;
    std::uint32_t abi_major = 0;
    std::uint32_t abi_minor_required = 0;
    Isolation isolation = Isolation::Process;
    std::uint32_t concurrency_max = 1;
    std::vector<Implementation> implements;
    std::vector<std::string> owns;
    std::vector<std::string> calls;
    std::vector<std::string> asks;
    std::vector<Export> exports;
    std::vector<ViewWish> reads;
    std::vector<Subscription> subscribes;
    std::vector<PublishedType> publishes;
    std::vector<std::string> extensions;
    std::vector<KeyRole> keys;
    std::vector<SecretRole> secrets;
    HttpWishes http;
    StreamWishes stream;
    base::Json configuration;         // schema
    base::Json account_configuration; // schema
    std::vector<Command> commands;
    std::string library; // file name; the build adds it
    std::string sha256;  // 64 lower-case hex digits; the build adds it

    base::Json json; // the whole document

    bool wants(const std::string& extension) const;
    /// By its name in the store.
    bool readsView(const std::string& view) const;
    bool publishesType(const std::string& type, std::uint32_t type_version) const;
    const KeyRole* findKey(const std::string& name) const;
    const SecretRole* findSecret(const std::string& name) const;
};

/// Ids of the extensions that this hub offers.
const std::vector<std::string>& knownExtensions();

/// Empty when something is wrong; then `problems` has a sentence for each. `name` begins them.
std::optional<Manifest>
parseManifest(const base::Json& json, const std::string& name, std::vector<std::string>& problems);

} // namespace hub::plugin
