// SessionFake: the sessions that PluginFake keeps, with the rules of the hub, and the table of C
// functions that a plugin sees of them.
#pragma once

#include <hub/ext/session.h>
#include <hub/host.hpp>
#include <hub/plugin.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace hub::testing {

struct FakeSession {
    std::string id; // "session-1"
    std::string subject;
    std::string scopes; // JSON array
    std::string label;
    std::int64_t created_ms = 0;
    std::int64_t expires_ms = 0;
    std::int64_t idle_ms = 0;
    bool is_ended = false;
};

/// What a unit changes; copied before it and put back when it is rolled back.
struct FakeSessions {
    std::vector<FakeSession> all;
    std::string own;     // of the request that is being handled
    std::string granted; // by its unit
    bool may_grant = false;

    FakeSession* findOpen(std::string_view id, std::int64_t now_ms)
    {
        for (FakeSession& session : all) {
            if (session.id == id && !session.is_ended && now_ms < session.expires_ms) {
                return &session;
            }
        }
        return nullptr;
    }

    /// Makes `event` the request of who has that session, or of nobody.
    template <typename Event>
    void visit(Event& event, const std::string& id, std::int64_t now_ms)
    {
        event.principal = "anonymous";
        if (id.empty()) {
            return;
        }
        const FakeSession* session = findOpen(id, now_ms);
        if (session == nullptr) {
            throw std::runtime_error("there is no open session " + id);
        }
        event.principal = "person:" + session->subject;
        event.session = id;
        event.payload.pop_back();
        event.payload.append(event.payload.size() > 1 ? "," : "")
            .append(R"("session":{"id":")" + id + R"(","scopes":)" + session->scopes + "}}");
    }

    template <typename Event>
    void begin(const Event& event)
    {
        own = event.session;
        granted.clear();
        may_grant = event.source == HUB_SOURCE_REQUEST && event.principal.rfind("key:", 0) != 0;
    }

    hub_status grant(const hub_session_grant& wish, std::int64_t now_ms)
    {
        constexpr std::int64_t kLifeMsMax = std::int64_t{90} * 24 * 3600 * 1000;
        const std::string_view scopes = view(wish.scopes);
        const bool fits = wish.subject.size >= 1 && wish.subject.size <= 255 &&
                          wish.label.size <= 255 && scopes.size() <= 4096 &&
                          scopes.substr(0, 1) == "[" && wish.expires_unix_ms > now_ms &&
                          wish.expires_unix_ms <= now_ms + kLifeMsMax && wish.idle_ms >= 0;
        if (!may_grant || !granted.empty() || !fits) {
            return HUB_BAD_REQUEST;
        }
        if (FakeSession* before = findOpen(own, now_ms)) {
            before->is_ended = true;
        }
        granted = "session-" + std::to_string(all.size() + 1);
        all.push_back({granted,
                       std::string{view(wish.subject)},
                       std::string{scopes},
                       std::string{view(wish.label)},
                       now_ms,
                       wish.expires_unix_ms,
                       wish.idle_ms});
        return HUB_OK;
    }
};

/// For PluginFake, which has this as a friend.
template <typename Fake>
struct SessionTable {
    static const hub_session_v1* get() noexcept
    {
        static const hub_session_v1 kTable = {
            sizeof(hub_session_v1), 0, &onGrant, &onRescope, &onEnd, &onEndAll, &onList};
        return &kTable;
    }

    static hub_status onGrant(hub_context* context,
                              hub_unit* unit,
                              const hub_session_grant* wish,
                              hub_bytes_fn id,
                              void* user) noexcept
    {
        Fake& fake = Fake::self(context);
        if (!fake.isWriting(unit)) {
            return HUB_UNSUPPORTED;
        }
        FakeSessions& sessions = fake.effects_.sessions;
        const hub_status status = sessions.grant(*wish, fake.clock().nowMs());
        if (status == HUB_OK) {
            id(user, toBytes(sessions.granted));
        }
        return status;
    }

    static hub_status
    onRescope(hub_context* context, hub_unit* unit, hub_text id, hub_text scopes) noexcept
    {
        Fake& fake = Fake::self(context);
        if (!fake.isWriting(unit)) {
            return HUB_UNSUPPORTED;
        }
        FakeSession* session = fake.effects_.sessions.findOpen(view(id), fake.clock().nowMs());
        if (session == nullptr) {
            return HUB_NOT_FOUND;
        }
        session->scopes.assign(view(scopes));
        return HUB_OK;
    }

    static hub_status onEnd(hub_context* context, hub_unit* unit, hub_text id) noexcept
    {
        Fake& fake = Fake::self(context);
        if (!fake.isWriting(unit)) {
            return HUB_UNSUPPORTED;
        }
        FakeSession* session = fake.effects_.sessions.findOpen(view(id), fake.clock().nowMs());
        if (session == nullptr) {
            return HUB_NOT_FOUND;
        }
        session->is_ended = true;
        return HUB_OK;
    }

    static hub_status
    onEndAll(hub_context* context, hub_unit* unit, hub_text subject, hub_text except) noexcept
    {
        Fake& fake = Fake::self(context);
        if (!fake.isWriting(unit)) {
            return HUB_UNSUPPORTED;
        }
        for (FakeSession& session : fake.effects_.sessions.all) {
            session.is_ended = session.is_ended ||
                               (session.subject == view(subject) && session.id != view(except));
        }
        return HUB_OK;
    }

    static hub_status onList(hub_context* context,
                             hub_unit* unit,
                             hub_text subject,
                             hub_bytes_fn each,
                             void* user) noexcept
    {
        Fake& fake = Fake::self(context);
        if (fake.current_ == nullptr || unit != fake.unit()) {
            return HUB_UNSUPPORTED;
        }
        FakeSessions& sessions = fake.effects_.sessions;
        for (auto it = sessions.all.rbegin(); it != sessions.all.rend(); ++it) {
            if (it->subject != view(subject) ||
                sessions.findOpen(it->id, fake.clock().nowMs()) == nullptr) {
                continue;
            }
            const std::string created = std::to_string(it->created_ms);
            const std::string text = R"({"id":")" + it->id + R"(","label":")" + it->label +
                                     R"(","scopes":)" + it->scopes + R"(,"created_at_ms":)" +
                                     created + R"(,"seen_at_ms":)" + created +
                                     R"(,"expires_at_ms":)" + std::to_string(it->expires_ms) + "}";
            each(user, toBytes(text));
        }
        return HUB_OK;
    }
};

} // namespace hub::testing
