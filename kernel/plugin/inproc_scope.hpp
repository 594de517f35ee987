// What the C tables for libraries in the hub's process share: the running delivery of this thread,
// and the barrier that keeps the kernel's exceptions out of the library.
#pragma once

#include "base/exception.hpp"
#include "plugin/inproc_library.hpp"

#include <exception>
#include <utility>

namespace hub::plugin {

extern thread_local InprocLibrary::Scope* current_scope;

/// NULL when the handle is none of a running delivery of this library on this thread.
InprocLibrary::Scope* scopeOf(hub_context* context, hub_unit* unit) noexcept;
/// The same, and only while it may write.
InprocLibrary::Scope* writingScopeOf(hub_context* context, hub_unit* unit) noexcept;

/// Runs `body`, which returns a status. Trouble of the store waits in the scope and ends the group
/// when the library has returned: it is not the library's failure.
template <typename Body>
hub_status guarded(InprocLibrary::Scope* scope, Body&& body) noexcept
{
    try {
        return body();
    } catch (const store::StoreFailure& failure) {
        if (scope != nullptr && failure.status() == HUB_UNAVAILABLE) {
            scope->store_failure = std::current_exception();
        }
        if (scope != nullptr) {
            scope->error = failure.message();
        }
        return failure.status();
    } catch (const base::Failure& failure) {
        return failure.status();
    } catch (...) {
        return HUB_INTERNAL;
    }
}

} // namespace hub::plugin
