#include "plugin/inproc_library.hpp"

#include "base/encoding.hpp"
#include "plugin/inproc_scope.hpp"
#include "plugin/inproc_tables.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

namespace hub::plugin {

namespace {

constexpr int kAskDepthMax = 3;

hub_event
rawEvent(const journal::Envelope& envelope, std::uint32_t kind, hub_call_id call_id, hub_unit* unit)
{
    hub_event raw{};
    raw.struct_size = sizeof raw;
    raw.kind = kind;
    raw.source = envelope.source;
    raw.flags = envelope.flags;
    raw.call_id = call_id;
    raw.unit = unit;
    raw.seq = envelope.seq;
    raw.schema_version = envelope.version;
    raw.attempt = envelope.attempt;
    raw.outcome = envelope.outcome;
    raw.subject = envelope.subject;
    raw.id = toText(envelope.id);
    raw.type = toText(envelope.type);
    raw.operation = toText(envelope.operation);
    raw.key = toText(envelope.key);
    raw.edition = toText(envelope.edition);
    raw.account = toText(envelope.account);
    raw.idempotency_key = toText(envelope.idempotency_key);
    raw.correlation_id = toText(envelope.correlation);
    raw.trace = toText(envelope.trace);
    raw.principal = toText(envelope.principal);
    raw.message = toText(envelope.message);
    raw.time_unix_ms = envelope.time_ms;
    raw.deadline_unix_ms = envelope.deadline_ms;
    raw.payload = toBytes(envelope.payload);
    return raw;
}

} // namespace

InprocLibrary::InprocLibrary(std::string id, const hub_plugin_api& api, InprocServices services)
    : id_(std::move(id))
    , api_(api)
    , services_(std::move(services))
{}

InprocLibrary::~InprocLibrary()
{
    if (instance_ != nullptr) {
        api_.destroy(instance_);
    }
}

Result<void> InprocLibrary::create(const std::string& config_json)
{
    const std::unique_lock alone(instance_mutex_);
    if (instance_ != nullptr) {
        api_.destroy(std::exchange(instance_, nullptr));
    }
    hub_result error{};
    error.struct_size = sizeof error;
    instance_ = api_.create(
        InprocTables::contextOf(*this), &InprocTables::kHost, toText(config_json), &error);
    if (instance_ == nullptr) {
        return Error{HUB_BAD_REQUEST, std::string{view(error.message)}};
    }
    return {};
}

Result<void> InprocLibrary::start()
{
    const hub_status status = api_.start(instance_);
    if (status != HUB_OK) {
        return Error{status, "its start() failed; the log has the reason"};
    }
    return {};
}

void InprocLibrary::stop(std::int64_t deadline_ms)
{
    if (instance_ != nullptr) {
        api_.stop(instance_, deadline_ms);
    }
}

Answer InprocLibrary::runUnit(journal::Unit& unit, const journal::Envelope& envelope)
{
    Scope scope{*this,
                next_call_++,
                &unit,
                unit.connection(),
                unit.nowMs(),
                0,
                envelope,
                {},
                false,
                nullptr,
                {}};
    return run(scope, HUB_KIND_UNIT);
}

Answer InprocLibrary::read(store::Connection& connection, const journal::Envelope& envelope)
{
    const std::shared_lock lock(instance_mutex_);
    if (instance_ == nullptr) {
        return {HUB_UNAVAILABLE, "the plugin is not running", "", 0};
    }
    Scope scope{*this,
                next_call_++,
                nullptr,
                connection,
                services_.clock.nowMs(),
                0,
                envelope,
                {},
                false,
                nullptr,
                {}};
    return run(scope, HUB_KIND_READ);
}

Answer InprocLibrary::run(Scope& scope, std::uint32_t kind)
{
    Scope* const outer = std::exchange(current_scope, &scope);
    const hub_event event =
        rawEvent(scope.envelope, kind, scope.call_id, InprocTables::handleOf(scope));
    api_.handle(instance_, &event);
    current_scope = outer;
    scope.connection.actAs({});
    if (scope.store_failure) {
        // The store's trouble is not the plugin's: it must not count as its failure.
        std::rethrow_exception(scope.store_failure);
    }
    if (!scope.answered) {
        return {HUB_INTERNAL, "the plugin returned from handle() without an answer", "", 0};
    }
    return std::move(scope.answer);
}

Answer InprocLibrary::ask(Scope& from, const journal::Envelope& envelope)
{
    if (from.depth >= kAskDepthMax) {
        return {HUB_BAD_REQUEST, "hub.ask is nested deeper than 3", "", 0};
    }
    const std::shared_lock lock(instance_mutex_);
    if (instance_ == nullptr) {
        return {HUB_UNAVAILABLE, "the plugin is not running", "", 0};
    }
    // In a unit the asked plugin sees what the unit wrote so far, and may write nothing.
    Scope scope{*this,
                next_call_++,
                nullptr,
                from.connection,
                from.now_ms,
                from.depth + 1,
                envelope,
                {},
                false,
                nullptr,
                {}};
    return run(scope, HUB_KIND_READ);
}

bool InprocLibrary::beginTask(std::int64_t wait_ms)
{
    std::unique_lock lock(tasks_mutex_);
    const bool has_room =
        tasks_changed_.wait_for(lock,
                                std::chrono::milliseconds(std::max<std::int64_t>(0, wait_ms)),
                                [this] { return tasks_inside_ < services_.tasks_max; });
    tasks_inside_ += has_room ? 1 : 0;
    return has_room;
}

void InprocLibrary::leaveTask()
{
    {
        const std::lock_guard lock(tasks_mutex_);
        --tasks_inside_;
    }
    tasks_changed_.notify_one();
}

class InprocLibrary::Shown {
public:
    Shown(InprocLibrary& library, const FileBytes& upload)
        : library_(library)
    {
        if (upload) {
            const std::string digest = base::sha256Hex(*upload);
            const std::lock_guard lock(library_.tasks_mutex_);
            entry_ = library_.uploads_.emplace(digest, upload);
        }
    }
    ~Shown()
    {
        if (entry_) {
            const std::lock_guard lock(library_.tasks_mutex_);
            library_.uploads_.erase(*entry_);
        }
    }
    Shown(const Shown&) = delete;
    Shown& operator=(const Shown&) = delete;

private:
    InprocLibrary& library_;
    std::optional<decltype(uploads_)::iterator> entry_;
};

FileBytes InprocLibrary::findUpload(std::string_view digest)
{
    const std::lock_guard lock(tasks_mutex_);
    const auto found = uploads_.find(digest);
    return found == uploads_.end() ? nullptr : found->second;
}

Answer InprocLibrary::task(const journal::Envelope& envelope,
                           const std::shared_ptr<RequestFiles>& files)
{
    if (!beginTask(envelope.deadline_ms - services_.clock.nowMs())) {
        return {HUB_UNAVAILABLE, "the plugin was busy with other tasks until the deadline", "", 0};
    }
    const Leaving leaving{*this};
    const Shown shown(*this, files ? files->upload() : nullptr);
    const std::shared_lock lock(instance_mutex_);
    if (instance_ == nullptr) {
        return {HUB_UNAVAILABLE, "the plugin is not running", "", 0};
    }
    const hub_call_id call = next_call_++;
    std::future<Answer> answer;
    {
        const std::lock_guard tasks_lock(tasks_mutex_);
        Task& task = tasks_[call];
        task.files = files;
        answer = task.promise.get_future();
    }
    const hub_event event = rawEvent(envelope, HUB_KIND_TASK, call, nullptr);
    api_.handle(instance_, &event);
    const std::int64_t left_ms = envelope.deadline_ms - services_.clock.nowMs();
    if (answer.wait_for(std::chrono::milliseconds(left_ms)) != std::future_status::ready) {
        endTask(call);
        return {HUB_UNAVAILABLE, "the plugin did not answer before the deadline", "", 0};
    }
    endTask(call);
    return answer.get();
}

void InprocLibrary::endTask(hub_call_id call)
{
    const std::lock_guard lock(tasks_mutex_);
    tasks_.erase(call);
    std::erase_if(open_blobs_, [call](const auto& open) { return open.second.task == call; });
}

hub_status InprocLibrary::beginBlob(hub_call_id task, hub_blob_writer& writer)
{
    const std::lock_guard lock(tasks_mutex_);
    const auto found = tasks_.find(task);
    if (found == tasks_.end()) {
        return HUB_NOT_FOUND;
    }
    const auto& files = found->second.files;
    writer = next_blob_++;
    open_blobs_[writer] = {
        task, files && files->takesDownloads() ? writeTo(files) : services_.blobs.begin()};
    return HUB_OK;
}

std::shared_ptr<store::BlobWriter> InprocLibrary::blobWriter(hub_blob_writer writer, bool take)
{
    const std::lock_guard lock(tasks_mutex_);
    const auto found = open_blobs_.find(writer);
    if (found == open_blobs_.end()) {
        return nullptr;
    }
    auto open = found->second.writer;
    if (take) {
        open_blobs_.erase(found);
    }
    return open;
}

void InprocLibrary::complete(hub_call_id call, const hub_result& result)
{
    Answer answer{result.status,
                  std::string{view(result.message)},
                  std::string{view(result.payload)},
                  result.retry_after_ms};
    Scope* scope = current_scope;
    if (scope != nullptr && scope->call_id == call && &scope->library == this) {
        if (!scope->answered) {
            scope->answer = std::move(answer);
            scope->answered = true;
        }
        return;
    }
    std::promise<Answer> promise;
    {
        const std::lock_guard lock(tasks_mutex_);
        const auto found = tasks_.find(call);
        if (found == tasks_.end()) {
            return; // late or answered before
        }
        promise = std::move(found->second.promise);
        tasks_.erase(found);
    }
    promise.set_value(std::move(answer));
}

} // namespace hub::plugin
