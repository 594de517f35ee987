#include "plugin/inproc_tables.hpp"

#include "base/uuid.hpp"
#include "plugin/inproc_job.hpp"
#include "plugin/inproc_person.hpp"
#include "plugin/inproc_scope.hpp"

#include <cstring>
#include <vector>

namespace hub::plugin {

thread_local InprocLibrary::Scope* current_scope = nullptr;

InprocLibrary::Scope* scopeOf(hub_context* context, hub_unit* unit) noexcept
{
    auto* scope = reinterpret_cast<InprocLibrary::Scope*>(unit);
    return scope != nullptr && scope == current_scope &&
                   &scope->library == &InprocTables::libraryOf(context)
               ? scope
               : nullptr;
}

InprocLibrary::Scope* writingScopeOf(hub_context* context, hub_unit* unit) noexcept
{
    InprocLibrary::Scope* scope = scopeOf(context, unit);
    return scope != nullptr && scope->unit != nullptr ? scope : nullptr;
}

namespace {

constexpr std::uint64_t kUnitBlobBytesMax = 65536;

void bind(store::Statement& statement, const hub_value* parameters, std::uint32_t count)
{
    for (std::uint32_t i = 0; i < count; ++i) {
        const hub_value& value = parameters[i];
        const int index = static_cast<int>(i) + 1;
        switch (value.type) {
        case HUB_VALUE_INTEGER:
            statement.bind(index, value.integer);
            break;
        case HUB_VALUE_TEXT:
            statement.bindText(index, view(value.bytes));
            break;
        case HUB_VALUE_BLOB:
            statement.bindBlob(index, view(value.bytes));
            break;
        default:
            statement.bindNull(index);
        }
    }
}

hub_value columnOf(const store::Statement& row, int column)
{
    hub_value value{};
    switch (row.type(column)) {
    case store::ValueType::Integer:
        value.type = HUB_VALUE_INTEGER;
        value.integer = row.integer(column);
        break;
    case store::ValueType::Text:
        value.type = HUB_VALUE_TEXT;
        value.bytes = toBytes(row.bytes(column));
        break;
    case store::ValueType::Blob:
        value.type = HUB_VALUE_BLOB;
        value.bytes = toBytes(row.bytes(column));
        break;
    case store::ValueType::Null:
        value.type = HUB_VALUE_NULL;
        break;
    }
    return value;
}

} // namespace

void InprocTables::complete(hub_context* context,
                            hub_call_id call,
                            const hub_result* result) noexcept
{
    libraryOf(context).complete(call, *result);
}

hub_status InprocTables::publish(hub_context* context,
                                 hub_unit* unit,
                                 const hub_event* event,
                                 hub_published_fn done,
                                 void*) noexcept
{
    InprocLibrary::Scope* scope = writingScopeOf(context, unit);
    if (scope == nullptr || done != nullptr) {
        return HUB_UNSUPPORTED;
    }
    return guarded(scope, [&] {
        journal::Publication publication;
        publication.id = std::string{view(event->id)};
        publication.type = std::string{view(event->type)};
        publication.version = event->schema_version;
        publication.key = std::string{view(event->key)};
        publication.edition = std::string{view(event->edition)};
        publication.account = std::string{view(event->account)};
        publication.correlation = std::string{view(event->correlation_id)};
        publication.payload = std::string{view(event->payload)};
        const journal::Published published = scope->unit->publish(std::move(publication));
        if (!published.message.empty()) {
            scope->library.services_.log(3, published.message);
        }
        return published.status;
    });
}

hub_status InprocTables::call(hub_context* context,
                              hub_unit* unit,
                              const hub_event* event,
                              hub_call_id* call_id) noexcept
{
    InprocLibrary::Scope* scope = writingScopeOf(context, unit);
    if (scope == nullptr) {
        return HUB_UNSUPPORTED;
    }
    return guarded(scope, [&] {
        journal::CallWanted wanted;
        wanted.contract = std::string{view(event->type)};
        wanted.operation = std::string{view(event->operation)};
        wanted.key = std::string{view(event->key)};
        wanted.edition = std::string{view(event->edition)};
        wanted.account = std::string{view(event->account)};
        wanted.idempotency_key = std::string{view(event->idempotency_key)};
        wanted.payload = std::string{view(event->payload)};
        wanted.deadline_ms = event->deadline_unix_ms;
        auto created = scope->unit->call(wanted);
        if (!created.ok()) {
            scope->library.services_.log(3, created.error().message);
            return created.error().code;
        }
        *call_id = created.value();
        return hub_status{HUB_OK};
    });
}

hub_status
InprocTables::releaseCall(hub_context* context, hub_unit* unit, hub_call_id call) noexcept
{
    InprocLibrary::Scope* scope = writingScopeOf(context, unit);
    if (scope == nullptr) {
        return HUB_UNSUPPORTED;
    }
    return guarded(scope, [&] {
        const auto released = scope->unit->releaseCall(call);
        return released.ok() ? hub_status{HUB_OK} : released.error().code;
    });
}

void InprocTables::log(hub_context* context, std::int32_t level, hub_text message) noexcept
{
    guarded(nullptr, [&] {
        libraryOf(context).services_.log(level, view(message).substr(0, HUB_MESSAGE_BYTES_MAX));
        return hub_status{HUB_OK};
    });
}

const void* InprocTables::getExtension(hub_context* context, const char* id) noexcept
{
    const std::string_view wanted(id);
    if (libraryOf(context).services_.extensions.count(std::string{wanted}) == 0) {
        return nullptr;
    }
    if (wanted == HUB_EXT_STORE_1) {
        return &kStore;
    }
    if (wanted == HUB_EXT_ASK_1) {
        return &kAsk;
    }
    if (wanted == HUB_EXT_ACCOUNTS_1) {
        return &kAccounts;
    }
    if (wanted == HUB_EXT_BLOB_1) {
        return &kBlob;
    }
    if (wanted == HUB_EXT_PERSON_1) {
        return &personTable();
    }
    if (wanted == HUB_EXT_JOB_1) {
        return &jobTable();
    }
    if (wanted == HUB_EXT_SESSION_1) {
        return &kSession;
    }
    return wanted == HUB_EXT_CLOCK_1 ? &kClock : nullptr;
}

hub_status InprocTables::execute(hub_context* context,
                                 hub_unit* unit,
                                 hub_text sql,
                                 const hub_value* parameters,
                                 std::uint32_t count,
                                 hub_row_fn row,
                                 void* user,
                                 std::int64_t* changes,
                                 hub_text* error) noexcept
{
    InprocLibrary::Scope* scope = scopeOf(context, unit);
    if (scope == nullptr) {
        return HUB_UNSUPPORTED;
    }
    const hub_status status = guarded(scope, [&] {
        scope->connection.actAs({scope->library.id_, scope->unit == nullptr});
        store::Statement& statement = scope->connection.prepare(view(sql));
        bind(statement, parameters, count);
        if (row == nullptr) {
            const std::int64_t written = statement.run();
            if (changes != nullptr) {
                *changes = written;
            }
            return hub_status{HUB_OK};
        }
        std::vector<hub_value> columns;
        while (statement.step()) {
            columns.clear();
            for (int i = 0; i < statement.columnCount(); ++i) {
                columns.push_back(columnOf(statement, i));
            }
            if (row(user, columns.data(), static_cast<std::uint32_t>(columns.size())) == 0) {
                break;
            }
        }
        return hub_status{HUB_OK};
    });
    if (status != HUB_OK && error != nullptr) {
        *error = toText(scope->error);
    }
    return status;
}

hub_status InprocTables::ask(hub_context* context,
                             hub_unit* unit,
                             hub_text contract,
                             hub_text operation,
                             hub_text key,
                             hub_bytes payload,
                             hub_answer_fn answer,
                             void* user) noexcept
{
    InprocLibrary::Scope* scope = scopeOf(context, unit);
    if (scope == nullptr) {
        return HUB_UNSUPPORTED;
    }
    return guarded(scope, [&]() -> hub_status {
        InprocLibrary& library = scope->library;
        const bool answers_a_leaf = scope->envelope.source == HUB_SOURCE_ASK &&
                                    library.services_.leaves.count(scope->envelope.type) != 0;
        if (answers_a_leaf || library.services_.asks.count(std::string{view(contract)}) == 0) {
            return HUB_UNAUTHENTICATED;
        }
        InprocLibrary* owner = library.services_.owner(view(contract));
        if (owner == nullptr) {
            return HUB_NOT_FOUND;
        }
        journal::Envelope envelope;
        envelope.source = HUB_SOURCE_ASK;
        envelope.type = std::string{view(contract)};
        envelope.operation = std::string{view(operation)};
        envelope.key = std::string{view(key)};
        envelope.edition = scope->envelope.edition;
        envelope.trace = scope->envelope.trace;
        envelope.principal = "library:" + library.id_;
        envelope.payload = std::string{view(payload)};
        const Answer given = owner->ask(*scope, envelope);
        hub_result result{};
        result.struct_size = sizeof result;
        result.status = given.status;
        result.message = toText(given.message);
        result.payload = toBytes(given.payload);
        answer(user, &result);
        return HUB_OK;
    });
}

hub_status
InprocTables::blobBegin(hub_context* context, hub_call_id call, hub_blob_writer* writer) noexcept
{
    return guarded(nullptr, [&] { return libraryOf(context).beginBlob(call, *writer); });
}

hub_status
InprocTables::blobAppend(hub_context* context, hub_blob_writer writer, hub_bytes bytes) noexcept
{
    if (bytes.size > HUB_PAYLOAD_BYTES_MAX) {
        return HUB_BAD_REQUEST;
    }
    return guarded(nullptr, [&] {
        const auto open = libraryOf(context).blobWriter(writer, false);
        if (!open) {
            return hub_status{HUB_NOT_FOUND};
        }
        const auto appended = open->append(view(bytes));
        return appended.ok() ? hub_status{HUB_OK} : appended.error().code;
    });
}

hub_status InprocTables::blobFinish(hub_context* context,
                                    hub_blob_writer writer,
                                    hub_bytes_fn digest,
                                    void* user) noexcept
{
    return guarded(nullptr, [&] {
        const auto open = libraryOf(context).blobWriter(writer, true);
        if (!open) {
            return hub_status{HUB_NOT_FOUND};
        }
        const auto finished = open->finish();
        if (!finished.ok()) {
            return finished.error().code;
        }
        digest(user, toBytes(finished.value()));
        return hub_status{HUB_OK};
    });
}

hub_status InprocTables::blobRead(hub_context* context,
                                  hub_unit* unit,
                                  hub_text digest,
                                  std::uint64_t offset,
                                  std::uint64_t size,
                                  hub_bytes_fn bytes,
                                  void* user) noexcept
{
    InprocLibrary::Scope* scope = unit == nullptr ? nullptr : scopeOf(context, unit);
    if (unit != nullptr && (scope == nullptr || size > kUnitBlobBytesMax)) {
        return HUB_BAD_REQUEST;
    }
    return guarded(scope, [&] {
        if (const auto upload =
                unit == nullptr ? libraryOf(context).findUpload(view(digest)) : nullptr) {
            const std::string_view all(*upload);
            bytes(user, toBytes(offset < all.size() ? all.substr(offset, size) : ""));
            return hub_status{HUB_OK};
        }
        const auto read = libraryOf(context).services_.blobs.read(view(digest), offset, size);
        if (!read.ok()) {
            return read.error().code;
        }
        bytes(user, toBytes(read.value()));
        return hub_status{HUB_OK};
    });
}

hub_status
InprocTables::blobSize(hub_context* context, hub_text digest, std::uint64_t* size) noexcept
{
    return guarded(nullptr, [&] {
        if (const auto upload = libraryOf(context).findUpload(view(digest))) {
            *size = upload->size();
            return hub_status{HUB_OK};
        }
        const auto found = libraryOf(context).services_.blobs.size(view(digest));
        if (!found.ok()) {
            return found.error().code;
        }
        *size = found.value();
        return hub_status{HUB_OK};
    });
}

std::int64_t InprocTables::nowMs(hub_context* context, hub_unit* unit) noexcept
{
    const InprocLibrary::Scope* scope = unit == nullptr ? nullptr : scopeOf(context, unit);
    return scope != nullptr ? scope->now_ms : libraryOf(context).services_.clock.nowMs();
}

void InprocTables::random(hub_context*, std::uint8_t* bytes, std::uint64_t size) noexcept
{
    // A generator that fails must not be taken for one that drew zeros: terminate.
    const std::string drawn = base::randomBytes(static_cast<std::size_t>(size));
    std::memcpy(bytes, drawn.data(), drawn.size());
}

hub_status InprocTables::setTimer(hub_context* context,
                                  hub_unit* unit,
                                  hub_text kind,
                                  hub_text key,
                                  std::int64_t due_ms,
                                  hub_bytes payload) noexcept
{
    InprocLibrary::Scope* scope = writingScopeOf(context, unit);
    if (scope == nullptr) {
        return HUB_UNSUPPORTED;
    }
    return guarded(scope, [&] {
        scope->unit->setTimer(
            std::string{view(kind)}, std::string{view(key)}, due_ms, std::string{view(payload)});
        return hub_status{HUB_OK};
    });
}

hub_status InprocTables::cancelTimer(hub_context* context,
                                     hub_unit* unit,
                                     hub_text kind,
                                     hub_text key) noexcept
{
    InprocLibrary::Scope* scope = writingScopeOf(context, unit);
    if (scope == nullptr) {
        return HUB_UNSUPPORTED;
    }
    return guarded(scope, [&] {
        const bool was_set =
            scope->unit->cancelTimer(std::string{view(kind)}, std::string{view(key)});
        return was_set ? hub_status{HUB_OK} : hub_status{HUB_NOT_FOUND};
    });
}

const hub_host_api InprocTables::kHost = {sizeof(hub_host_api),
                                          HUB_ABI_MAJOR,
                                          HUB_ABI_MINOR,
                                          &InprocTables::complete,
                                          &InprocTables::publish,
                                          &InprocTables::call,
                                          &InprocTables::releaseCall,
                                          &InprocTables::log,
                                          &InprocTables::getExtension};
const hub_store_v1 InprocTables::kStore = {sizeof(hub_store_v1), 0, &InprocTables::execute};
hub_status InprocTables::listAccounts(
    hub_context* context, hub_unit* unit, hub_text contract, hub_bytes_fn json, void* user) noexcept
{
    InprocLibrary::Scope* scope = scopeOf(context, unit);
    if (scope == nullptr) {
        return HUB_UNSUPPORTED;
    }
    return guarded(scope, [&]() -> hub_status {
        const InprocServices& services = scope->library.services_;
        const std::string name{view(contract)};
        if (services.contracts.count(name) == 0) {
            return HUB_UNAUTHENTICATED;
        }
        const std::string accounts = services.accounts ? services.accounts(name) : "[]";
        json(user, toBytes(accounts));
        return HUB_OK;
    });
}

const hub_accounts_v1 InprocTables::kAccounts = {
    sizeof(hub_accounts_v1), 0, &InprocTables::listAccounts};
const hub_ask_v1 InprocTables::kAsk = {sizeof(hub_ask_v1), 0, &InprocTables::ask};
const hub_blob_v1 InprocTables::kBlob = {sizeof(hub_blob_v1),
                                         0,
                                         &InprocTables::blobBegin,
                                         &InprocTables::blobAppend,
                                         &InprocTables::blobFinish,
                                         &InprocTables::blobRead,
                                         &InprocTables::blobSize};
const hub_clock_v1 InprocTables::kClock = {sizeof(hub_clock_v1),
                                           0,
                                           &InprocTables::nowMs,
                                           &InprocTables::random,
                                           &InprocTables::setTimer,
                                           &InprocTables::cancelTimer};

} // namespace hub::plugin
