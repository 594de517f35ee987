// hub.session/1 for plugins: what they do to sessions is part of their unit.

#include "base/json.hpp"
#include "plugin/inproc_scope.hpp"
#include "plugin/inproc_tables.hpp"

#include <cstddef>
#include <string>

namespace hub::plugin {

namespace {

constexpr std::size_t kListMax = 1000;

/// The rows are the hub's own; the plugin's role comes back with its next statement.
security::SessionChange changeOf(journal::Unit& unit)
{
    unit.connection().actAs({});
    return {unit.connection(), unit.nowMs(), [&unit](std::function<void()> action) {
                unit.onCommit(std::move(action));
            }};
}

/// The request's own session is gone, or the one that its unit granted.
void noteEnd(journal::Visit* visit, std::string_view id)
{
    if (visit == nullptr) {
        return;
    }
    if (id == visit->granted) {
        visit->granted.clear();
        visit->token.clear();
        visit->ended = true;
    }
    visit->ended = visit->ended || (id == visit->session && !id.empty());
}

std::string describe(const security::Session& session)
{
    return base::Json{{"id", session.id},
                      {"label", session.label},
                      {"scopes", session.scopes},
                      {"created_at_ms", session.created_ms},
                      {"seen_at_ms", session.seen_ms},
                      {"expires_at_ms", session.expires_ms}}
        .dump();
}

} // namespace

hub_status InprocTables::grantSession(hub_context* context,
                                      hub_unit* unit,
                                      const hub_session_grant* grant,
                                      hub_bytes_fn id,
                                      void* user) noexcept
{
    InprocLibrary::Scope* scope = scopeOf(context, unit);
    if (scope == nullptr || scope->unit == nullptr) {
        return HUB_UNSUPPORTED;
    }
    return guarded(scope, [&] {
        InprocLibrary& library = scope->library;
        journal::Visit* visit = scope->envelope.visit;
        if (visit == nullptr || !visit->granted.empty() ||
            grant->struct_size < sizeof(hub_session_grant)) {
            library.services_.log(3, "hub.session: this unit may grant no session, or no further");
            return hub_status{HUB_BAD_REQUEST};
        }
        security::Sessions& sessions = *library.services_.sessions;
        const security::SessionChange change = changeOf(*scope->unit);
        const auto granted = sessions.grant(change,
                                            {library.id_,
                                             std::string{view(grant->subject)},
                                             std::string{view(grant->scopes)},
                                             std::string{view(grant->label)},
                                             grant->expires_unix_ms,
                                             grant->idle_ms,
                                             visit->session});
        if (!granted.ok()) {
            library.services_.log(3, "hub.session: " + granted.error().message);
            return granted.error().code;
        }
        visit->granted = granted.value().id;
        visit->token = granted.value().token;
        id(user, toBytes(visit->granted));
        return hub_status{HUB_OK};
    });
}

hub_status InprocTables::rescopeSession(hub_context* context,
                                        hub_unit* unit,
                                        hub_text session,
                                        hub_text scopes) noexcept
{
    InprocLibrary::Scope* scope = scopeOf(context, unit);
    if (scope == nullptr || scope->unit == nullptr) {
        return HUB_UNSUPPORTED;
    }
    return guarded(scope, [&] {
        InprocLibrary& library = scope->library;
        const auto done = library.services_.sessions->rescope(
            changeOf(*scope->unit), library.id_, view(session), view(scopes));
        return done.ok() ? hub_status{HUB_OK} : done.error().code;
    });
}

hub_status InprocTables::endSession(hub_context* context, hub_unit* unit, hub_text session) noexcept
{
    InprocLibrary::Scope* scope = scopeOf(context, unit);
    if (scope == nullptr || scope->unit == nullptr) {
        return HUB_UNSUPPORTED;
    }
    return guarded(scope, [&] {
        InprocLibrary& library = scope->library;
        const auto done =
            library.services_.sessions->end(changeOf(*scope->unit), library.id_, view(session));
        if (!done.ok()) {
            return done.error().code;
        }
        noteEnd(scope->envelope.visit, view(session));
        return hub_status{HUB_OK};
    });
}

hub_status InprocTables::endSessions(hub_context* context,
                                     hub_unit* unit,
                                     hub_text subject,
                                     hub_text except) noexcept
{
    InprocLibrary::Scope* scope = scopeOf(context, unit);
    if (scope == nullptr || scope->unit == nullptr) {
        return HUB_UNSUPPORTED;
    }
    return guarded(scope, [&] {
        if (subject.size == 0) {
            return hub_status{HUB_BAD_REQUEST};
        }
        InprocLibrary& library = scope->library;
        for (const std::string& id : library.services_.sessions->endAll(
                 changeOf(*scope->unit), library.id_, view(subject), view(except))) {
            noteEnd(scope->envelope.visit, id);
        }
        return hub_status{HUB_OK};
    });
}

hub_status InprocTables::listSessions(
    hub_context* context, hub_unit* unit, hub_text subject, hub_bytes_fn each, void* user) noexcept
{
    InprocLibrary::Scope* scope = scopeOf(context, unit);
    if (scope == nullptr) {
        return HUB_UNSUPPORTED;
    }
    return guarded(scope, [&] {
        if (subject.size == 0) {
            return hub_status{HUB_BAD_REQUEST};
        }
        InprocLibrary& library = scope->library;
        scope->connection.actAs({});
        const auto open = library.services_.sessions->list(
            scope->connection, scope->now_ms, library.id_, view(subject), kListMax);
        for (const security::Session& session : open) {
            const std::string text = describe(session);
            each(user, toBytes(text));
        }
        return hub_status{HUB_OK};
    });
}

const hub_session_v1 InprocTables::kSession = {sizeof(hub_session_v1),
                                               0,
                                               &InprocTables::grantSession,
                                               &InprocTables::rescopeSession,
                                               &InprocTables::endSession,
                                               &InprocTables::endSessions,
                                               &InprocTables::listSessions};

} // namespace hub::plugin
