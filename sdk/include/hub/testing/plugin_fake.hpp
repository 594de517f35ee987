// PluginFake: the hub as a plugin sees it, without the hub. It drives the plugin's exported
// functions, keeps its tables in memory, and holds what a unit publishes, calls and sets timers
// for only if that unit commits. Time moves when the test moves it.
//
//     hub::testing::PluginFake fake;
//     fake.start(&hub_plugin_entry, "example", "…/migrations", R"({"config":{}})");
//     fake.request("thing.create", R"({"path":{},"query":{},"body":{"name":"a"}})");
//     fake.outcome(fake.lastCall("create").id, HUB_OUTCOME_SUCCEEDED, R"({"state":"done"})");
//     fake.passTime(60'000); // fires what comes due on the way
#pragma once

#include <hub/event.hpp>
#include <hub/ext/accounts.h>
#include <hub/ext/ask.h>
#include <hub/ext/job.h>
#include <hub/ext/person.h>
#include <hub/host.hpp>
#include <hub/plugin.h>
#include <hub/testing/blobs_fake.hpp>
#include <hub/testing/clock_fake.hpp>
#include <hub/testing/person_fake.hpp>
#include <hub/testing/plugin_store.hpp>
#include <hub/testing/session_fake.hpp>

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hub::testing {

/// A call that the plugin made.
struct MadeCall {
    hub_call_id id = 0;
    std::string contract;
    std::string operation;
    std::string key;
    std::string account;
    std::string idempotency_key;
    std::string edition;
    std::string payload;
    bool is_released = false;
};

/// A job that the plugin began. The test hands its steps over itself, with jobStep().
struct BegunJob {
    std::string id;
    std::string kind;
    std::string input;
    std::string parameters;
    bool is_canceled = false;
};

struct SetTimer {
    std::int64_t due_ms = 0;
    std::string payload;
};

/// What the hub hands to the plugin.
struct PluginEvent {
    std::uint32_t kind = HUB_KIND_UNIT;
    std::uint32_t source = HUB_SOURCE_EVENT;
    std::uint32_t flags = 0;
    std::uint32_t outcome = HUB_OUTCOME_NONE;
    hub_call_id subject = 0;
    std::string type;
    std::string operation;
    std::string key;
    std::string account;
    std::string edition = "7";
    std::string principal = "key:test";
    std::string message;
    std::string payload = "{}";
    std::string session; // of the request; it may be empty
    std::string id;      // of an event; the same at every delivery
};

class PluginFake {
    friend struct SessionTable<PluginFake>;

public:
    PluginFake() = default;
    PluginFake(const PluginFake&) = delete;
    PluginFake& operator=(const PluginFake&) = delete;
    ~PluginFake() { stop(); }

    /// Throws std::runtime_error with the plugin's own words when it refuses.
    void start(hub_plugin_entry_fn entry,
               const std::string& plugin_id,
               const std::filesystem::path& migrations,
               std::string_view create_json)
    {
        store_ = std::make_unique<PluginStore>(plugin_id, migrations);
        api_ = entry(HUB_ABI_MAJOR, HUB_ABI_MINOR);
        if (api_ == nullptr) {
            throw std::runtime_error("the plugin refuses this version of the hub");
        }
        hub_result error{};
        error.struct_size = sizeof error;
        instance_ = api_->create(context(), hostApi(), toText(create_json), &error);
        if (instance_ == nullptr) {
            throw std::runtime_error(std::string{view(error.message)});
        }
        if (api_->start(instance_) != HUB_OK) {
            stop();
            throw std::runtime_error("start() failed");
        }
    }

    void stop()
    {
        if (instance_ != nullptr) {
            api_->stop(instance_, clock_.nowMs() + 5000);
            api_->destroy(std::exchange(instance_, nullptr));
        }
    }

    ClockFake& clock() noexcept { return clock_; }
    /// A blob that the plugin can read; its name.
    std::string addBlob(std::string content) { return blobs_.add(std::move(content)); }
    PluginStore& store() noexcept { return *store_; }

    /// Every unit runs twice from now on, the first time to be rolled back: what a plugin keeps
    /// outside its tables shows.
    void rehearse(bool on) noexcept { rehearse_ = on; }

    Answer deliver(const PluginEvent& event)
    {
        if (event.kind == HUB_KIND_READ) {
            return read(event);
        }
        if (event.kind == HUB_KIND_TASK) {
            return handle(event);
        }
        if (rehearse_) {
            run(event, false);
        }
        return run(event, true);
    }

    Answer request(std::string operation, std::string payload)
    {
        return deliver(
            of(HUB_KIND_UNIT, HUB_SOURCE_REQUEST, std::move(operation), std::move(payload)));
    }

    /// A request of a person: of nobody, or of who has this open session. Throws
    /// std::runtime_error when there is none.
    Answer visit(std::uint32_t kind,
                 std::string operation,
                 std::string payload,
                 const std::string& session = {})
    {
        PluginEvent event = of(kind, HUB_SOURCE_REQUEST, std::move(operation), std::move(payload));
        effects_.sessions.visit(event, session, clock_.nowMs());
        return deliver(event);
    }

    /// The slow work that a request's unit asked for (sdk/ABI.md section 5), which has to be
    /// answered before task() of the plugin returns.
    Answer task(std::string operation, std::string payload)
    {
        return deliver(
            of(HUB_KIND_TASK, HUB_SOURCE_REQUEST, std::move(operation), std::move(payload)));
    }

    /// An event of another library. The same id once more is a repetition.
    Answer publish(std::string type, std::string id, std::string payload)
    {
        PluginEvent event = of(HUB_KIND_UNIT, HUB_SOURCE_EVENT, "", std::move(payload));
        event.type = std::move(type);
        event.id = std::move(id);
        return deliver(event);
    }

    Answer get(std::string operation, std::string payload)
    {
        return deliver(
            of(HUB_KIND_READ, HUB_SOURCE_REQUEST, std::move(operation), std::move(payload)));
    }

    /// `arguments` is a JSON array.
    Answer command(std::string operation, const std::string& arguments = "[]")
    {
        return deliver(of(HUB_KIND_READ,
                          HUB_SOURCE_COMMAND,
                          std::move(operation),
                          R"({"arguments":)" + arguments + "}"));
    }

    /// A command of mode unit.
    Answer commandUnit(std::string operation, const std::string& arguments = "[]")
    {
        return deliver(of(HUB_KIND_UNIT,
                          HUB_SOURCE_COMMAND,
                          std::move(operation),
                          R"({"arguments":)" + arguments + "}"));
    }

    Answer ask(std::string operation, std::string key, std::string payload = "{}")
    {
        PluginEvent event =
            of(HUB_KIND_READ, HUB_SOURCE_ASK, std::move(operation), std::move(payload));
        event.key = std::move(key);
        return deliver(event);
    }

    Answer callback(std::string account, std::string reading)
    {
        PluginEvent event = of(HUB_KIND_UNIT, HUB_SOURCE_CALLBACK, "callback", std::move(reading));
        event.account = std::move(account);
        return deliver(event);
    }

    Answer outcome(hub_call_id call,
                   std::uint32_t outcome,
                   std::string payload = "{}",
                   std::string message = {},
                   std::uint32_t flags = 0)
    {
        const MadeCall made = callOf(call);
        PluginEvent event =
            of(HUB_KIND_UNIT, HUB_SOURCE_OUTCOME, made.operation, std::move(payload));
        event.type = made.contract;
        event.key = made.key;
        event.account = made.account;
        event.subject = call;
        event.outcome = outcome;
        event.message = std::move(message);
        event.flags = flags;
        return deliver(event);
    }

    /// One step of a job: "stage", "activate" or "discard". `payload` as ext/job.h describes it.
    Answer jobStep(const BegunJob& job, std::string operation, std::string payload)
    {
        PluginEvent event =
            of(HUB_KIND_UNIT, HUB_SOURCE_JOB, std::move(operation), std::move(payload));
        event.type = job.kind;
        event.key = job.id;
        return deliver(event);
    }

    /// Moves the clock and fires, in their order, the timers that come due on the way. Throws
    /// std::runtime_error when a unit of a timer fails.
    void passTime(std::int64_t span_ms)
    {
        const std::int64_t end_ms = clock_.nowMs() + span_ms;
        while (fireNext(end_ms)) {}
        clock_.set(end_ms);
    }

    /// False when no timer is due until then.
    bool fireNext(std::int64_t until_ms)
    {
        auto first = effects_.timers.end();
        for (auto it = effects_.timers.begin(); it != effects_.timers.end(); ++it) {
            if (first == effects_.timers.end() || it->second.due_ms < first->second.due_ms) {
                first = it;
            }
        }
        if (first == effects_.timers.end() || first->second.due_ms > until_ms) {
            return false;
        }
        clock_.set(std::max(clock_.nowMs(), first->second.due_ms));
        PluginEvent event = of(HUB_KIND_UNIT, HUB_SOURCE_TIMER, "", first->second.payload);
        event.type = first->first.first;
        event.key = first->first.second;
        effects_.timers.erase(first);
        const Answer answer = deliver(event);
        if (answer.status != HUB_OK) {
            throw std::runtime_error("the timer " + event.type + " failed: " + answer.message);
        }
        return true;
    }

    const std::vector<MadeCall>& calls() const noexcept { return effects_.calls; }
    const std::vector<Publication>& publications() const noexcept { return effects_.publications; }
    /// By kind and key.
    const std::map<std::pair<std::string, std::string>, SetTimer>& timers() const noexcept
    {
        return effects_.timers;
    }
    const std::vector<std::string>& logs() const noexcept { return logs_; }
    const std::vector<BegunJob>& jobs() const noexcept { return effects_.jobs; }
    /// Whose keys the plugin had destroyed.
    const std::set<std::string>& erased() const noexcept { return effects_.erased; }
    /// All that were granted, the oldest first.
    const std::vector<FakeSession>& sessions() const noexcept { return effects_.sessions.all; }

    /// The newest call of an operation; throws when there is none.
    const MadeCall& lastCall(const std::string& operation) const
    {
        for (auto it = effects_.calls.rbegin(); it != effects_.calls.rend(); ++it) {
            if (it->operation == operation) {
                return *it;
            }
        }
        throw std::runtime_error("the plugin made no call " + operation);
    }

    int countCalls(const std::string& operation) const
    {
        int count = 0;
        for (const MadeCall& call : effects_.calls) {
            count += call.operation == operation ? 1 : 0;
        }
        return count;
    }

    int countPublished(const std::string& type) const
    {
        int count = 0;
        for (const Publication& publication : effects_.publications) {
            count += publication.type == type ? 1 : 0;
        }
        return count;
    }

    /// From now on no enabled account offers this: call() answers HUB_UNSUPPORTED.
    void withdraw(const std::string& account, const std::string& operation)
    {
        withdrawn_.insert({account, operation});
    }
    void offerAll() { withdrawn_.clear(); }

    /// All that the tables hold; see PluginStore::bytes().
    std::string storeBytes() { return store_->bytes(); }

    /// What hub.accounts/1 lists, of whatever contract.
    std::string accounts = "[]";
    /// What another plugin answers to hub.ask; without one, nobody owns the contract.
    void setAnswer(const std::string& contract, const std::string& operation, Answer answer)
    {
        answers_[{contract, operation}] = std::move(answer);
    }

private:
    struct Effects {
        std::vector<MadeCall> calls;
        std::vector<Publication> publications;
        std::map<std::pair<std::string, std::string>, SetTimer> timers;
        std::vector<BegunJob> jobs;
        std::set<std::string> erased;
        FakeSessions sessions;
    };

    static PluginEvent
    of(std::uint32_t kind, std::uint32_t source, std::string operation, std::string payload)
    {
        PluginEvent event;
        event.kind = kind;
        event.source = source;
        event.operation = std::move(operation);
        event.payload = std::move(payload);
        return event;
    }

    MadeCall callOf(hub_call_id id) const
    {
        for (const MadeCall& call : effects_.calls) {
            if (call.id == id) {
                return call;
            }
        }
        throw std::runtime_error("the plugin made no call " + std::to_string(id));
    }

    Answer run(const PluginEvent& event, bool keep)
    {
        const Effects before = effects_;
        store_->begin();
        Answer answer = handle(event);
        if (is_broken_ && (answer.status == HUB_OK || answer.status == HUB_ALREADY_DONE)) {
            answer = {HUB_INTERNAL, "the unit went on after a failed statement", "", 0};
        }
        const bool commits = answer.status == HUB_OK || answer.status == HUB_ALREADY_DONE;
        if (commits && keep) {
            store_->commit();
        } else {
            store_->rollback();
            effects_ = before;
        }
        return answer;
    }

    Answer read(const PluginEvent& event)
    {
        store_->setReadOnly(true);
        Answer answer = handle(event);
        store_->setReadOnly(false);
        return answer;
    }

    Answer handle(const PluginEvent& event)
    {
        is_broken_ = false;
        effects_.sessions.begin(event);
        answer_.reset();
        current_ = &event;
        hub_event raw{};
        raw.struct_size = sizeof raw;
        raw.kind = event.kind;
        raw.source = event.source;
        raw.flags = event.flags;
        raw.call_id = ++last_delivery_;
        raw.unit = event.kind == HUB_KIND_TASK ? nullptr : unit();
        raw.schema_version = 1;
        raw.attempt = 1;
        raw.outcome = event.outcome;
        raw.subject = event.subject;
        raw.id = toText(event.id);
        raw.type = toText(event.type);
        raw.operation = toText(event.operation);
        raw.key = toText(event.key);
        raw.edition = toText(event.edition);
        raw.account = toText(event.account);
        raw.trace = toText("0af7651916cd43dd8448eb211c80319c");
        raw.principal = toText(event.principal);
        raw.message = toText(event.message);
        raw.time_unix_ms = clock_.nowMs();
        raw.payload = toBytes(event.payload);
        api_->handle(instance_, &raw);
        current_ = nullptr;
        if (!answer_) {
            throw std::runtime_error("handle() returned without an answer");
        }
        return *answer_;
    }

    hub_context* context() noexcept { return reinterpret_cast<hub_context*>(this); }
    hub_unit* unit() noexcept { return reinterpret_cast<hub_unit*>(&effects_); }

    static PluginFake& self(hub_context* context) noexcept
    {
        return *reinterpret_cast<PluginFake*>(context);
    }

    bool isWriting(const hub_unit* handle) noexcept
    {
        return current_ != nullptr && current_->kind == HUB_KIND_UNIT && handle == unit();
    }

    // ---- The C functions that the plugin sees.

    static const hub_host_api* hostApi() noexcept
    {
        static const hub_host_api kApi = {sizeof(hub_host_api),
                                          HUB_ABI_MAJOR,
                                          HUB_ABI_MINOR,
                                          &PluginFake::onComplete,
                                          &PluginFake::onPublish,
                                          &PluginFake::onCall,
                                          &PluginFake::onReleaseCall,
                                          &PluginFake::onLog,
                                          &PluginFake::onGetExtension};
        return &kApi;
    }

    static void onComplete(hub_context* context, hub_call_id, const hub_result* result) noexcept
    {
        auto& answer = self(context).answer_;
        if (!answer) {
            answer = Answer{result->status,
                            std::string{view(result->message)},
                            std::string{view(result->payload)},
                            result->retry_after_ms};
        }
    }

    static hub_status onPublish(hub_context* context,
                                hub_unit* handle,
                                const hub_event* event,
                                hub_published_fn done,
                                void*) noexcept
    {
        PluginFake& fake = self(context);
        if (!fake.isWriting(handle) || done != nullptr) {
            return HUB_UNAUTHENTICATED;
        }
        fake.effects_.publications.push_back({std::string{view(event->type)},
                                              std::string{view(event->key)},
                                              std::string{view(event->payload)},
                                              event->schema_version,
                                              std::string{view(event->id)},
                                              std::string{view(event->edition)},
                                              std::string{view(event->correlation_id)}});
        return HUB_OK;
    }

    static hub_status onCall(hub_context* context,
                             hub_unit* handle,
                             const hub_event* event,
                             hub_call_id* call_id) noexcept
    {
        PluginFake& fake = self(context);
        if (!fake.isWriting(handle)) {
            return HUB_UNAUTHENTICATED;
        }
        MadeCall call;
        call.contract = view(event->type);
        call.operation = view(event->operation);
        call.key = view(event->key);
        call.account = view(event->account);
        call.idempotency_key = view(event->idempotency_key);
        call.edition = view(event->edition);
        call.payload = view(event->payload);
        if (fake.withdrawn_.count({call.account, call.operation}) != 0) {
            return HUB_UNSUPPORTED;
        }
        call.id = ++fake.last_call_;
        *call_id = call.id;
        fake.effects_.calls.push_back(std::move(call));
        return HUB_OK;
    }

    static hub_status onReleaseCall(hub_context* context, hub_unit* handle, hub_call_id id) noexcept
    {
        PluginFake& fake = self(context);
        if (!fake.isWriting(handle)) {
            return HUB_UNAUTHENTICATED;
        }
        for (MadeCall& call : fake.effects_.calls) {
            if (call.id == id) {
                call.is_released = true;
                return HUB_OK;
            }
        }
        return HUB_NOT_FOUND;
    }

    static void onLog(hub_context* context, std::int32_t, hub_text message) noexcept
    {
        self(context).logs_.emplace_back(view(message));
    }

    static const void* onGetExtension(hub_context*, const char* id) noexcept
    {
        const std::string_view name{id};
        static const hub_store_v1 kStore = {sizeof(hub_store_v1), 0, &PluginFake::onExecute};
        static const hub_ask_v1 kAsk = {sizeof(hub_ask_v1), 0, &PluginFake::onAsk};
        static const hub_clock_v1 kClock = {sizeof(hub_clock_v1),
                                            0,
                                            &PluginFake::onNow,
                                            &PluginFake::onRandom,
                                            &PluginFake::onSetTimer,
                                            &PluginFake::onCancelTimer};
        if (name == HUB_EXT_STORE_1) {
            return &kStore;
        }
        if (name == HUB_EXT_ASK_1) {
            return &kAsk;
        }
        static const hub_blob_v1 kBlobs = {sizeof(hub_blob_v1),
                                           0,
                                           &PluginFake::onBeginBlob,
                                           &PluginFake::onAppendBlob,
                                           &PluginFake::onFinishBlob,
                                           &PluginFake::onReadBlob,
                                           &PluginFake::onSizeOfBlob};
        if (name == HUB_EXT_BLOB_1) {
            return &kBlobs;
        }
        static const hub_accounts_v1 kAccounts = {
            sizeof(hub_accounts_v1), 0, &PluginFake::onListAccounts};
        if (name == HUB_EXT_ACCOUNTS_1) {
            return &kAccounts;
        }
        static const hub_person_v1 kPerson = {sizeof(hub_person_v1),
                                              0,
                                              &PluginFake::onSeal,
                                              &PluginFake::onOpen,
                                              &PluginFake::onBlindIndex,
                                              &PluginFake::onErase};
        static const hub_job_v1 kJob = {sizeof(hub_job_v1),
                                        0,
                                        &PluginFake::onBeginJob,
                                        &PluginFake::onCancelJob,
                                        &PluginFake::onShowJob};
        if (name == HUB_EXT_PERSON_1) {
            return &kPerson;
        }
        if (name == HUB_EXT_JOB_1) {
            return &kJob;
        }
        if (name == HUB_EXT_SESSION_1) {
            return SessionTable<PluginFake>::get();
        }
        return name == HUB_EXT_CLOCK_1 ? &kClock : nullptr;
    }

    static hub_status onBeginBlob(hub_context*, hub_call_id, hub_blob_writer*) noexcept
    {
        return HUB_UNSUPPORTED;
    }

    static hub_status onAppendBlob(hub_context*, hub_blob_writer, hub_bytes) noexcept
    {
        return HUB_UNSUPPORTED;
    }

    static hub_status onFinishBlob(hub_context*, hub_blob_writer, hub_bytes_fn, void*) noexcept
    {
        return HUB_UNSUPPORTED;
    }

    static hub_status onReadBlob(hub_context* context,
                                 hub_unit*,
                                 hub_text digest,
                                 std::uint64_t offset,
                                 std::uint64_t size,
                                 hub_bytes_fn bytes,
                                 void* user) noexcept
    {
        return self(context).blobs_.read(std::string{view(digest)}, offset, size, bytes, user);
    }

    static hub_status
    onSizeOfBlob(hub_context* context, hub_text digest, std::uint64_t* size) noexcept
    {
        return self(context).blobs_.size(std::string{view(digest)}, size);
    }

    static hub_status onListAccounts(
        hub_context* context, hub_unit*, hub_text, hub_bytes_fn json, void* user) noexcept
    {
        json(user, toBytes(self(context).accounts));
        return HUB_OK;
    }

    static hub_status onSeal(hub_context* context,
                             hub_unit* handle,
                             hub_text person,
                             hub_text column,
                             hub_bytes plain,
                             hub_bytes_fn sealed,
                             void* user) noexcept
    {
        PluginFake& fake = self(context);
        if (!fake.isWriting(handle)) {
            return HUB_UNSUPPORTED;
        }
        if (fake.effects_.erased.count(std::string{view(person)}) != 0) {
            return HUB_REJECTED;
        }
        sealed(user, toBytes(PersonFake::seal(view(person), view(column), view(plain))));
        return HUB_OK;
    }

    static hub_status onOpen(hub_context* context,
                             hub_unit*,
                             hub_text person,
                             hub_text column,
                             hub_bytes sealed,
                             hub_bytes_fn plain,
                             void* user) noexcept
    {
        if (self(context).effects_.erased.count(std::string{view(person)}) != 0) {
            return HUB_NOT_FOUND;
        }
        const auto opened = PersonFake::open(view(person), view(column), view(sealed));
        if (!opened.ok()) {
            return opened.error().code;
        }
        plain(user, toBytes(opened.value()));
        return HUB_OK;
    }

    static hub_status onBlindIndex(hub_context*,
                                   hub_unit*,
                                   hub_text column,
                                   hub_bytes normalized,
                                   hub_bytes_fn index,
                                   void* user) noexcept
    {
        index(user, toBytes(PersonFake::blindIndex(view(column), view(normalized))));
        return HUB_OK;
    }

    static hub_status onErase(hub_context* context, hub_unit* handle, hub_text person) noexcept
    {
        PluginFake& fake = self(context);
        if (!fake.isWriting(handle)) {
            return HUB_UNSUPPORTED;
        }
        const bool fresh = fake.effects_.erased.insert(std::string{view(person)}).second;
        return fresh ? HUB_OK : HUB_ALREADY_DONE;
    }

    static hub_status onBeginJob(hub_context* context,
                                 hub_unit* handle,
                                 hub_text kind,
                                 hub_text input,
                                 hub_bytes parameters,
                                 hub_bytes_fn id,
                                 void* user) noexcept
    {
        PluginFake& fake = self(context);
        if (!fake.isWriting(handle)) {
            return HUB_UNSUPPORTED;
        }
        BegunJob job;
        job.id = "job-" + std::to_string(fake.effects_.jobs.size() + 1);
        job.kind = view(kind);
        job.input = view(input);
        job.parameters = view(parameters);
        id(user, toBytes(job.id));
        fake.effects_.jobs.push_back(std::move(job));
        return HUB_OK;
    }

    static hub_status onCancelJob(hub_context* context, hub_unit* handle, hub_text id) noexcept
    {
        PluginFake& fake = self(context);
        if (!fake.isWriting(handle)) {
            return HUB_UNSUPPORTED;
        }
        for (BegunJob& job : fake.effects_.jobs) {
            if (job.id == view(id)) {
                job.is_canceled = true;
                return HUB_OK;
            }
        }
        return HUB_NOT_FOUND;
    }

    static hub_status
    onShowJob(hub_context* context, hub_unit*, hub_text id, hub_bytes_fn json, void* user) noexcept
    {
        for (const BegunJob& job : self(context).effects_.jobs) {
            if (job.id == view(id)) {
                const std::string text = "{\"id\":\"" + job.id + "\",\"kind\":\"" + job.kind +
                                         "\",\"state\":\"" +
                                         (job.is_canceled ? "canceled" : "staging") + "\"}";
                json(user, toBytes(text));
                return HUB_OK;
            }
        }
        return HUB_NOT_FOUND;
    }

    static hub_status onExecute(hub_context* context,
                                hub_unit* handle,
                                hub_text sql,
                                const hub_value* parameters,
                                std::uint32_t parameter_count,
                                hub_row_fn row,
                                void* user,
                                std::int64_t* changes,
                                hub_text* error) noexcept
    {
        PluginFake& fake = self(context);
        if (fake.current_ == nullptr || handle != fake.unit()) {
            *error = toText("this unit has ended");
            return HUB_UNAUTHENTICATED;
        }
        const hub_status status =
            fake.store_->execute(view(sql), parameters, parameter_count, row, user, changes, error);
        fake.is_broken_ = fake.is_broken_ || status != HUB_OK;
        return status;
    }

    static hub_status onAsk(hub_context* context,
                            hub_unit*,
                            hub_text contract,
                            hub_text operation,
                            hub_text,
                            hub_bytes,
                            hub_answer_fn answer,
                            void* user) noexcept
    {
        PluginFake& fake = self(context);
        const auto found =
            fake.answers_.find({std::string{view(contract)}, std::string{view(operation)}});
        if (found == fake.answers_.end()) {
            return HUB_NOT_FOUND;
        }
        hub_result result{};
        result.struct_size = sizeof result;
        result.status = found->second.status;
        result.message = toText(found->second.message);
        result.payload = toBytes(found->second.payload);
        answer(user, &result);
        return HUB_OK;
    }

    static std::int64_t onNow(hub_context* context, hub_unit*) noexcept
    {
        return self(context).clock_.nowMs();
    }

    static void onRandom(hub_context* context, std::uint8_t* bytes, std::uint64_t size) noexcept
    {
        self(context).clock_.random(bytes, size);
    }

    static hub_status onSetTimer(hub_context* context,
                                 hub_unit* handle,
                                 hub_text kind,
                                 hub_text key,
                                 std::int64_t due_ms,
                                 hub_bytes payload) noexcept
    {
        PluginFake& fake = self(context);
        if (!fake.isWriting(handle)) {
            return HUB_UNAUTHENTICATED;
        }
        fake.effects_.timers[{std::string{view(kind)}, std::string{view(key)}}] = {
            due_ms, std::string{view(payload)}};
        return HUB_OK;
    }

    static hub_status
    onCancelTimer(hub_context* context, hub_unit* handle, hub_text kind, hub_text key) noexcept
    {
        PluginFake& fake = self(context);
        if (!fake.isWriting(handle)) {
            return HUB_UNAUTHENTICATED;
        }
        const std::size_t erased =
            fake.effects_.timers.erase({std::string{view(kind)}, std::string{view(key)}});
        return erased == 0 ? HUB_NOT_FOUND : HUB_OK;
    }

    ClockFake clock_;
    BlobsFake blobs_;
    std::unique_ptr<PluginStore> store_;
    const hub_plugin_api* api_ = nullptr;
    hub_instance* instance_ = nullptr;
    Effects effects_;
    std::vector<std::string> logs_;
    std::set<std::pair<std::string, std::string>> withdrawn_;
    std::map<std::pair<std::string, std::string>, Answer> answers_;
    std::optional<Answer> answer_;
    const PluginEvent* current_ = nullptr;
    hub_call_id last_call_ = 0;
    hub_call_id last_delivery_ = 0;
    bool rehearse_ = false;
    bool is_broken_ = false;
};

} // namespace hub::testing
