// InprocTables: the C functions behind hub_host_api and the extensions for libraries in the hub's
// process. Each finds its library by the context and its unit by the handle.
#pragma once

#include "plugin/inproc_library.hpp"

#include <hub/ext/accounts.h>
#include <hub/ext/ask.h>
#include <hub/ext/blob.h>
#include <hub/ext/clock.h>
#include <hub/ext/session.h>
#include <hub/ext/store.h>
#include <hub/plugin.h>

namespace hub::plugin {

struct InprocTables {
    static const hub_host_api kHost;
    static const hub_store_v1 kStore;
    static const hub_ask_v1 kAsk;
    static const hub_accounts_v1 kAccounts;
    static const hub_blob_v1 kBlob;
    static const hub_clock_v1 kClock;
    static const hub_session_v1 kSession; // inproc_session.cpp

    static hub_context* contextOf(InprocLibrary& library) noexcept
    {
        return reinterpret_cast<hub_context*>(&library);
    }
    static InprocLibrary& libraryOf(hub_context* context) noexcept
    {
        return *reinterpret_cast<InprocLibrary*>(context);
    }
    static hub_unit* handleOf(InprocLibrary::Scope& scope) noexcept
    {
        return reinterpret_cast<hub_unit*>(&scope);
    }
    static void complete(hub_context*, hub_call_id, const hub_result*) noexcept;
    static hub_status
    publish(hub_context*, hub_unit*, const hub_event*, hub_published_fn, void*) noexcept;
    static hub_status call(hub_context*, hub_unit*, const hub_event*, hub_call_id*) noexcept;
    static hub_status releaseCall(hub_context*, hub_unit*, hub_call_id) noexcept;
    static void log(hub_context*, std::int32_t level, hub_text message) noexcept;
    static const void* getExtension(hub_context*, const char* id) noexcept;

    static hub_status execute(hub_context*,
                              hub_unit*,
                              hub_text sql,
                              const hub_value* parameters,
                              std::uint32_t count,
                              hub_row_fn row,
                              void* user,
                              std::int64_t* changes,
                              hub_text* error) noexcept;
    static hub_status ask(hub_context*,
                          hub_unit*,
                          hub_text contract,
                          hub_text operation,
                          hub_text key,
                          hub_bytes payload,
                          hub_answer_fn answer,
                          void* user) noexcept;
    static hub_status listAccounts(
        hub_context*, hub_unit*, hub_text contract, hub_bytes_fn json, void* user) noexcept;
    static hub_status blobBegin(hub_context*, hub_call_id, hub_blob_writer*) noexcept;
    static hub_status blobAppend(hub_context*, hub_blob_writer, hub_bytes) noexcept;
    static hub_status blobFinish(hub_context*, hub_blob_writer, hub_bytes_fn, void*) noexcept;
    static hub_status blobRead(hub_context*,
                               hub_unit*,
                               hub_text digest,
                               std::uint64_t offset,
                               std::uint64_t size,
                               hub_bytes_fn bytes,
                               void* user) noexcept;
    static hub_status blobSize(hub_context*, hub_text digest, std::uint64_t* size) noexcept;
    static std::int64_t nowMs(hub_context*, hub_unit*) noexcept;
    static void random(hub_context*, std::uint8_t* bytes, std::uint64_t size) noexcept;
    static hub_status setTimer(hub_context*,
                               hub_unit*,
                               hub_text kind,
                               hub_text key,
                               std::int64_t due_ms,
                               hub_bytes payload) noexcept;
    static hub_status cancelTimer(hub_context*, hub_unit*, hub_text kind, hub_text key) noexcept;

    static hub_status grantSession(
        hub_context*, hub_unit*, const hub_session_grant*, hub_bytes_fn id, void* user) noexcept;
    static hub_status
    rescopeSession(hub_context*, hub_unit*, hub_text session, hub_text scopes) noexcept;
    static hub_status endSession(hub_context*, hub_unit*, hub_text session) noexcept;
    static hub_status
    endSessions(hub_context*, hub_unit*, hub_text subject, hub_text except) noexcept;
    static hub_status
    listSessions(hub_context*, hub_unit*, hub_text subject, hub_bytes_fn each, void* user) noexcept;
};

/// The delivery that this thread is running innermost; NULL outside.

} // namespace hub::plugin
