// InprocLibrary: a plugin that runs in the hub's process. It gives the plugin its host functions,
// runs its units on the lane's thread, its reads on any, its tasks on the caller's, and keeps the
// C ABI from the rest of the kernel.
#pragma once

#include "base/clock.hpp"
#include "journal/runner.hpp"
#include "journal/unit.hpp"
#include "plugin/request_files.hpp"
#include "security/person_keys.hpp"
#include "security/sessions.hpp"
#include "store/blobs.hpp"
#include "store/connection.hpp"

#include <hub/event.hpp>
#include <hub/ext/blob.h>
#include <hub/plugin.h>
#include <hub/result.hpp>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <future>
#include <map>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <string>

namespace hub::plugin {

class InprocLibrary;

/// Finds the owner of a contract for hub.ask; NULL when nobody owns it.
using OwnerLookup = std::function<InprocLibrary*(std::string_view contract)>;

/// What the hub grants to one library.
struct InprocServices {
    const base::Clock& clock;
    store::Blobs& blobs;
    security::PersonKeys& persons;
    OwnerLookup owner;
    std::function<void(int level, std::string_view message)> log;
    std::set<std::string> extensions; // ids that the manifest lists
    std::set<std::string> asks;       // contracts that it lists
    security::Sessions* sessions = nullptr;
    std::set<std::string> contracts = {}; // that it owns or calls
    /// The array of hub.accounts/1 for a contract. Any thread.
    std::function<std::string(const std::string& contract)> accounts = {};
    std::uint32_t tasks_max = 1;       // at once; the others wait
    std::set<std::string> leaves = {}; // contracts that it answers without asking
};

class InprocLibrary final : public journal::UnitRunner {
public:
    InprocLibrary(std::string id, const hub_plugin_api& api, InprocServices services);
    ~InprocLibrary() override;
    InprocLibrary(const InprocLibrary&) = delete;
    InprocLibrary& operator=(const InprocLibrary&) = delete;

    const std::string& id() const noexcept { return id_; }

    /// [control] A former instance is destroyed first. The error is the library's own sentence.
    Result<void> create(const std::string& config_json);
    Result<void> start();
    void stop(std::int64_t deadline_ms);

    Answer runUnit(journal::Unit& unit, const journal::Envelope& envelope) override;
    /// Any thread, with a snapshot of its own.
    Answer read(store::Connection& connection, const journal::Envelope& envelope);
    /// Any thread; waits for the answer, at most until the envelope's deadline. `files`, which may
    /// be null, are the blobs that it can read and write meanwhile without the disk.
    Answer task(const journal::Envelope& envelope,
                const std::shared_ptr<RequestFiles>& files = nullptr);

    /// For a live task; abandoned when the task ends. HUB_NOT_FOUND: no such task.
    hub_status beginBlob(hub_call_id task, hub_blob_writer& writer);
    /// Null when there is none; `take` gives it away.
    std::shared_ptr<store::BlobWriter> blobWriter(hub_blob_writer writer, bool take);
    /// What was uploaded for a live task; null when nothing has this digest.
    FileBytes findUpload(std::string_view digest);
    const InprocServices& services() const noexcept { return services_; }

    /// One delivery that is being answered on this thread; for the tables of C functions.
    struct Scope {
        InprocLibrary& library;
        hub_call_id call_id = 0;
        journal::Unit* unit = nullptr; // NULL in a read
        store::Connection& connection;
        std::int64_t now_ms = 0;
        int depth = 0;
        const journal::Envelope& envelope;
        Answer answer;
        bool answered = false;
        std::exception_ptr store_failure;
        std::string error; // borrowed by the plugin until its next statement
    };

private:
    friend struct InprocTables;

    Answer run(Scope& scope, std::uint32_t kind);
    Answer ask(Scope& from, const journal::Envelope& envelope);
    void complete(hub_call_id call, const hub_result& result);
    void endTask(hub_call_id call);
    /// Waits for room; false when there is none in time.
    bool beginTask(std::int64_t wait_ms);
    void leaveTask();

    struct Leaving {
        InprocLibrary& library;
        ~Leaving() { library.leaveTask(); }
    };
    /// Readable by its digest as long as this lives.
    class Shown;

    std::string id_;
    hub_plugin_api api_;
    InprocServices services_;
    // Held shared by reads, asks and tasks, alone while the instance is made anew. Units need it
    // not: the lane knows the library only while it is started.
    mutable std::shared_mutex instance_mutex_;
    hub_instance* instance_ = nullptr;
    std::atomic<hub_call_id> next_call_{1};
    std::mutex tasks_mutex_;
    struct Task {
        std::promise<Answer> promise;
        std::shared_ptr<RequestFiles> files; // may be null
    };
    std::map<hub_call_id, Task> tasks_;
    std::condition_variable tasks_changed_;
    std::uint32_t tasks_inside_ = 0;
    std::multimap<std::string, FileBytes, std::less<>> uploads_;
    struct OpenBlob {
        hub_call_id task = 0;
        std::shared_ptr<store::BlobWriter> writer;
    };
    std::map<hub_blob_writer, OpenBlob> open_blobs_; // by tasks_mutex_, too
    hub_blob_writer next_blob_ = 1;
};

} // namespace hub::plugin
