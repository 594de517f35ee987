#include "store_damage.hpp"

#include <fstream>
#include <functional>
#include <iostream>
#include <random>
#include <sstream>
#include <stdexcept>

#include <sqlite3.h>

namespace chaos {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPage = 4'096;

std::string readAll(const fs::path& file)
{
    std::ifstream in(file, std::ios::binary);
    std::ostringstream whole;
    whole << in.rdbuf();
    return whole.str();
}

void writeAll(const fs::path& file, const std::string& bytes)
{
    fs::remove(file); // it may be a copy of a file that nobody may write
    std::ofstream(file, std::ios::binary) << bytes;
}

class Damager {
public:
    Damager(const Installation& installation, fs::path scratch, std::uint64_t seed)
        : installation_(installation)
        , copy_(std::move(scratch) / "copy")
        , random_(seed)
    {}

    void damageStore(const fs::path& store);
    void damageSettings();
    const Damage& damage() const noexcept { return damage_; }

private:
    using Change = std::function<void(std::string&)>;

    std::size_t at(std::size_t from, std::size_t to)
    {
        return std::uniform_int_distribution<std::size_t>(from, to)(random_);
    }
    void makeCopy(const fs::path& folder)
    {
        fs::remove_all(copy_);
        fs::copy(folder, copy_, fs::copy_options::recursive | fs::copy_options::skip_symlinks);
    }
    /// A hub of its own; it must end with a sentence instead of serving.
    void demandRefusal(const std::string& what,
                       const std::string& named,
                       const fs::path& settings,
                       const std::vector<std::string>& changes);
    void tryStore(const fs::path& store, const char* file, const char* what, const Change& change);
    void moveLogIntoStore() const;
    std::string hostsStarted() const;

    const Installation& installation_;
    fs::path copy_;
    std::mt19937_64 random_;
    Damage damage_;
};

/// Which process was noted last for every library.
std::string Damager::hostsStarted() const
{
    std::string all;
    for (const auto& entry : fs::directory_iterator(installation_.folder() / "hosts")) {
        all += entry.path().filename().string() + " " + readAll(entry.path());
    }
    return all;
}

void Damager::demandRefusal(const std::string& what,
                            const std::string& named,
                            const fs::path& settings,
                            const std::vector<std::string>& changes)
{
    // What it says goes to its log or to stderr, which run() lets pass.
    std::vector<std::string> command = {"/bin/sh",
                                        "-c",
                                        "exec timeout -s KILL 10 \"$@\" 2>&1",
                                        "sh",
                                        installation_.build() / "bin/expohub",
                                        "--config",
                                        settings};
    for (const std::string& change : changes) {
        command.insert(command.end(), {"--set", change});
    }
    command.insert(command.end(), {"--set", "log.file=", "serve"});
    const std::string before = hostsStarted();
    const Ended ended = chaos::run(command);
    ++damage_.tried;
    const auto fail = [&](const std::string& sentence) {
        damage_.failures.push_back(what + ": " + sentence + ", code " + std::to_string(ended.code));
    };
    constexpr int kSignal = 128;
    constexpr int kAgain = 75; ///< it would be started for ever
    if (ended.code == 0 || ended.code >= kSignal || ended.code == kAgain) {
        fail("the hub was not refused");
    } else if (ended.output.find(named) == std::string::npos) {
        fail("the refusal does not name " + named);
    } else if (hostsStarted() != before) {
        fail("a library was started");
    } else {
        ++damage_.refused;
    }
    std::cout << what << ": "
              << (ended.output.empty() ? "" : ended.output.substr(0, ended.output.find('\n')))
              << std::endl;
}

void Damager::moveLogIntoStore() const
{
    sqlite3* database = nullptr;
    const bool done =
        sqlite3_open((copy_ / "hub.db").c_str(), &database) == SQLITE_OK &&
        sqlite3_exec(database, "PRAGMA wal_checkpoint(TRUNCATE)", nullptr, nullptr, nullptr) ==
            SQLITE_OK;
    sqlite3_close(database);
    if (!done) {
        throw std::runtime_error("a copy of the store can't be opened");
    }
}

void Damager::tryStore(const fs::path& store,
                       const char* file,
                       const char* what,
                       const Change& change)
{
    makeCopy(store);
    fs::remove(copy_ / "hub.db-shm"); // an index of the log, made anew
    if (std::string(file) == "hub.db") {
        moveLogIntoStore(); // it would cover the damage
    }
    std::string bytes = readAll(copy_ / file);
    change(bytes);
    writeAll(copy_ / file, bytes);
    demandRefusal(std::string(file) + " with " + what,
                  (copy_ / "hub.db").string(),
                  installation_.folder() / "hub/hub.properties",
                  {"store.folder=" + copy_.string()});
}

void Damager::damageStore(const fs::path& store)
{
    const auto damage = [&](const char* what, const Change& change) {
        tryStore(store, "hub.db", what, change);
    };
    damage("a wrong head", [&](std::string& bytes) { bytes[at(0, 15)] ^= 0x55; });
    damage("half of its pages", [](std::string& bytes) { bytes.resize(bytes.size() / 2); });
    damage("a schema of zeros",
           [](std::string& bytes) { bytes.replace(100, kPage - 100, kPage - 100, '\0'); });
    damage("pages of noise", [&](std::string& bytes) {
        for (std::size_t page = 1; page < bytes.size() / kPage; page += 2) {
            for (std::size_t i = 0; i < 512; ++i) {
                bytes[page * kPage + i] = static_cast<char>(at(0, 255));
            }
        }
    });
    damage("nothing in it", [](std::string& bytes) { bytes.assign(kPage, 'x'); });
}

void Damager::damageSettings()
{
    const fs::path original = installation_.folder() / "hub/hub.properties";
    const std::string sound = readAll(original);
    const auto damage = [&](const char* what, const Change& change) {
        makeCopy(installation_.folder() / "hub/plugins.d");
        std::string bytes = sound;
        change(bytes);
        writeAll(copy_ / "hub.properties", bytes);
        demandRefusal(
            std::string("settings with ") + what, "hub.properties", copy_ / "hub.properties", {});
    };
    damage("half a line", [](std::string& bytes) { bytes.resize(bytes.find("store.folder") + 7); });
    damage("bytes of noise", [&](std::string& bytes) {
        for (char& byte : bytes) {
            byte = at(0, 3) == 0 ? static_cast<char>(at(128, 255)) : byte;
        }
    });
    damage("nothing in it", [](std::string& bytes) { bytes.clear(); });

    for (const char* file : {"payments.json", "payment_alipay.json"}) {
        makeCopy(installation_.folder() / "hub/plugins.d");
        std::string bytes = readAll(copy_ / file);
        bytes.resize(bytes.size() / 2);
        writeAll(copy_ / file, bytes);
        demandRefusal(std::string("half of ") + file,
                      file,
                      original,
                      {"plugins.config_folder=" + copy_.string()});
    }
    const fs::path key = copy_ / "master.key";
    writeAll(key, "0123456789abcdef");
    fs::permissions(key, fs::perms::owner_read | fs::perms::owner_write);
    demandRefusal(
        "a short master key", key.string(), original, {"secrets.master_key_file=" + key.string()});
}

} // namespace

Damage damageAll(const Installation& installation,
                 const fs::path& store,
                 const fs::path& scratch,
                 std::uint64_t seed,
                 bool settings_only)
{
    Damager damager(installation, scratch, seed);
    if (!settings_only) {
        damager.damageStore(store);
    }
    damager.damageSettings();
    return damager.damage();
}

} // namespace chaos
