#include "app/plugin_works.hpp"

#include "base/failpoint.hpp"
#include "base/uuid.hpp"
#include "gateway/session_door.hpp"
#include "journal/idempotency.hpp"

#include <utility>

namespace hub::app {

namespace {

base::Json problem(int status, const std::string& code, const std::string& detail)
{
    return {{"status", status}, {"problem", {{"code", code}, {"detail", detail}}}};
}

/// sdk/ABI.md section 5: what a refusal without a problem of its own becomes. Texts of failures
/// stay in the log: they may tell a stranger how the hub is built.
base::Json problemOf(hub_status status, const std::string& message)
{
    switch (status) {
    case HUB_BAD_REQUEST:
        return problem(400, "bad_request", message);
    case HUB_NOT_FOUND:
        return problem(404, "not_found", message);
    case HUB_REJECTED:
        return problem(409, "conflict", message);
    case HUB_UNAUTHENTICATED:
        return problem(403, "forbidden", message);
    case HUB_THROTTLED:
        return problem(429, "too_many_requests", message);
    case HUB_UNAVAILABLE:
        return problem(
            503, "unavailable", "The hub can't work on this now; ask again with the same key.");
    default:
        return problem(500, "internal_error", "");
    }
}

bool isAccepted(hub_status status)
{
    return status == HUB_OK || status == HUB_ALREADY_DONE;
}

class RequestWork final : public journal::Work {
public:
    RequestWork(const gateway::Request& request,
                const security::Sessions& sessions,
                std::shared_ptr<std::promise<gateway::Reply>> done)
        : request_(request)
        , sessions_(sessions)
        , done_(std::move(done))
    {}

    void run(journal::LaneContext& context) override
    {
        reply_ = gateway::Reply{};
        visit_ = journal::Visit{};
        if (request_.session != nullptr && !admitAgain(context.group)) {
            return;
        }
        const bool idempotent = !request_.idempotency_key.empty() && !HUB_WEAK(DedupOff);
        const journal::IdempotencyKey key{
            request_.principal, request_.route->operation, request_.idempotency_key};
        if (idempotent) {
            if (const auto stored = journal::Idempotency::find(context.group.connection(), key)) {
                replay(*stored);
                return;
            }
        }
        journal::Envelope envelope = envelopeOf(request_, context.group.nowMs());
        envelope.visit = request_.keyless ? &visit_ : nullptr;
        bool answered = false;
        const auto failed = context.deliveries.runUnit(
            context.group,
            request_.route->library,
            envelope,
            "request:" + request_.route->operation + ":" + request_.body_digest,
            [&](journal::Unit&, const Answer& answer) {
                answered = true;
                reply_ = replyOf(answer);
                if (isAccepted(answer.status) && idempotent && !reply_.task) {
                    journal::Idempotency::store(context.group, key, stored());
                }
            });
        // An acceptance that was rolled back after all (its stored answer was refused) is none.
        const bool refused = answered && !isAccepted(reply_.status);
        if (failed && !refused) {
            reply_ = replyOf({failed->status, failed->message, "", 0});
        }
        if (!failed) {
            reply_.session_token = visit_.token;
            reply_.session_ended = visit_.ended;
        }
        if (HUB_WEAK(AckBeforeCommit)) {
            std::exchange(done_, std::make_shared<std::promise<gateway::Reply>>())
                ->set_value(reply_);
        }
        HUB_FAILPOINT(RequestUnitDone);
    }

    void committed() noexcept override
    {
        HUB_FAILPOINT(RequestCommitted);
        done_->set_value(std::move(reply_));
    }

    void failed(const journal::UnitFailed& why) noexcept override
    {
        done_->set_value(replyOf({why.status, why.message, "", 0}));
    }

private:
    bool admitAgain(journal::Group& group)
    {
        auto session = sessions_.current(group.connection(), group.nowMs(), request_.session->id);
        const std::string& scope = request_.route->scope;
        if (!session) {
            reply_.status = HUB_UNAUTHENTICATED;
            reply_.answer = problem(401, "session_missing", "The session has ended.");
            return false;
        }
        if (scope != gateway::kPublicScope && !session->holds(scope)) {
            reply_.status = HUB_UNAUTHENTICATED;
            reply_.answer =
                problem(403, "scope_missing", "The session lacks the scope " + scope + ".");
            return false;
        }
        visit_.session = session->id;
        request_.session = std::make_shared<const security::Session>(std::move(*session));
        return true;
    }

    journal::StoredAnswer stored() const
    {
        journal::StoredAnswer answer;
        answer.body_digest = request_.body_digest;
        answer.status = reply_.answer.value("status", 200);
        answer.location = reply_.answer.value("location", "");
        answer.etag = reply_.answer.value("etag", "");
        answer.body = reply_.answer.value("body", base::Json::object()).dump();
        return answer;
    }

    void replay(const journal::StoredAnswer& answer)
    {
        if (answer.body_digest != request_.body_digest) {
            reply_.status = HUB_REJECTED;
            reply_.answer = problem(409,
                                    "idempotency_key_reused",
                                    "This Idempotency-Key was used with another body; send a new "
                                    "key for a new request.");
            return;
        }
        reply_.status = HUB_ALREADY_DONE;
        reply_.replayed = true;
        reply_.answer = {{"status", answer.status}, {"body", base::Json::parse(answer.body)}};
        if (!answer.location.empty()) {
            reply_.answer["location"] = answer.location;
        }
        if (!answer.etag.empty()) {
            reply_.answer["etag"] = answer.etag;
        }
    }

    gateway::Request request_;
    const security::Sessions& sessions_;
    std::shared_ptr<std::promise<gateway::Reply>> done_;
    gateway::Reply reply_;
    journal::Visit visit_;
};

class UnitWork final : public journal::Work {
public:
    UnitWork(std::string library,
             journal::Envelope envelope,
             std::string item,
             std::shared_ptr<std::promise<Answer>> done)
        : library_(std::move(library))
        , envelope_(std::move(envelope))
        , item_(std::move(item))
        , done_(std::move(done))
    {}

    void run(journal::LaneContext& context) override
    {
        bool answered = false;
        const auto failed = context.deliveries.runUnit(
            context.group, library_, envelope_, item_, [&](journal::Unit&, const Answer& answer) {
                answered = true;
                answer_ = answer;
            });
        if (failed && (!answered || isAccepted(answer_.status))) {
            answer_ = {failed->status, failed->message, "", 0};
        }
        HUB_FAILPOINT(CallbackUnitDone);
    }
    void committed() noexcept override
    {
        HUB_FAILPOINT(CallbackCommitted);
        done_->set_value(std::move(answer_));
    }
    void failed(const journal::UnitFailed& why) noexcept override
    {
        done_->set_value({why.status, why.message, "", 0});
    }

private:
    std::string library_;
    journal::Envelope envelope_;
    std::string item_;
    std::shared_ptr<std::promise<Answer>> done_;
    Answer answer_;
};

} // namespace

gateway::Reply replyOf(const Answer& answer)
{
    gateway::Reply reply;
    reply.status = answer.status;
    const auto parsed = base::parseJson(answer.payload);
    const bool accepted = isAccepted(answer.status);
    if (!parsed.ok() || !parsed.value().is_object() || !parsed.value().contains("status")) {
        reply.answer =
            accepted ? problemOf(HUB_INTERNAL, "") : problemOf(answer.status, answer.message);
        return reply;
    }
    reply.answer = parsed.value();
    if (accepted && reply.answer.contains("task")) {
        reply.task = std::move(reply.answer["task"]);
        reply.answer.erase("task");
    }
    if (accepted && reply.answer.contains("file")) {
        const base::Json& file = reply.answer["file"];
        reply.file = {file.at("blob").get<std::string>(),
                      nullptr,
                      file.at("media_type").get<std::string>(),
                      file.at("name").get<std::string>()};
        reply.answer.erase("file");
    }
    if (accepted && reply.answer.contains("wait")) {
        const base::Json& wait = reply.answer["wait"];
        gateway::Wait target;
        target.call = std::stoull(wait.at("call").get<std::string>());
        target.operation = wait.at("operation").get<std::string>();
        target.path = wait.value("path", base::Json::object());
        reply.wait = std::move(target);
        reply.answer.erase("wait");
    }
    return reply;
}

journal::Envelope envelopeOf(const gateway::Request& request, std::int64_t now_ms)
{
    journal::Envelope envelope;
    envelope.source = HUB_SOURCE_REQUEST;
    envelope.id = base::makeUuidV7(now_ms);
    envelope.type = "request";
    envelope.operation = request.route->operation;
    envelope.edition = request.edition;
    envelope.idempotency_key = request.idempotency_key;
    envelope.trace = request.trace;
    envelope.principal = request.principal;
    envelope.time_ms = now_ms;
    envelope.deadline_ms = request.deadline_ms;
    envelope.payload = request.payload;
    if (request.session != nullptr) {
        // The payload is an object with members: the session is one more, without parsing it.
        envelope.payload.pop_back();
        envelope.payload.append(R"(,"session":)")
            .append(
                base::Json{{"id", request.session->id}, {"scopes", request.session->scopes}}.dump())
            .append("}");
    }
    return envelope;
}

std::unique_ptr<journal::Work> requestWork(const gateway::Request& request,
                                           const security::Sessions& sessions,
                                           std::shared_ptr<std::promise<gateway::Reply>> done)
{
    return std::make_unique<RequestWork>(request, sessions, std::move(done));
}

std::unique_ptr<journal::Work> unitWork(std::string library,
                                        journal::Envelope envelope,
                                        std::string item,
                                        std::shared_ptr<std::promise<Answer>> done)
{
    return std::make_unique<UnitWork>(
        std::move(library), std::move(envelope), std::move(item), std::move(done));
}

} // namespace hub::app
