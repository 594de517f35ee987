#include "plugin_host/service_client.hpp"

#include <hub/ext/http.h>
#include <hub/ext/stream.h>

#include <utility>

namespace hub::plugin_host {

namespace {

/// Of what was asked for when nobody answers any more.
hub_status lostStatus(const std::string& extension, const std::string& operation)
{
    const bool unknown =
        extension == HUB_EXT_HTTP_1 || (extension == HUB_EXT_STREAM_1 && operation == "write");
    return unknown ? HUB_OUTCOME_UNKNOWN : HUB_UNAVAILABLE;
}

} // namespace

ServiceClient::Answer ServiceClient::ask(hub_call_id call_id,
                                         const std::string& extension,
                                         const std::string& operation,
                                         std::string arguments)
{
    Waiting waiting;
    waiting.stream = extension == HUB_EXT_STREAM_1;
    std::unique_lock lock(mutex_);
    if (abandoned_ || (waiting.stream && streams_abandoned_)) {
        return {HUB_UNAVAILABLE, {}};
    }
    const std::uint64_t id = ++last_id_;
    const Result<void> sent =
        wire_.send(hubp::Service{id, call_id, extension, operation, std::move(arguments)});
    if (!sent.ok()) {
        return {HUB_BAD_REQUEST, {}};
    }
    waiting_.emplace(id, &waiting);
    answered_.wait(lock, [&] {
        return waiting.answered || abandoned_ || (waiting.stream && streams_abandoned_);
    });
    waiting_.erase(id);
    if (!waiting.answered) {
        waiting.answer.status = lostStatus(extension, operation);
    }
    return std::move(waiting.answer);
}

void ServiceClient::served(hubp::Served&& served)
{
    const std::lock_guard lock(mutex_);
    const auto found = waiting_.find(served.service_id);
    if (found == waiting_.end() || found->second->answered) {
        ++ignored_answers_;
        return;
    }
    found->second->answer = {served.status, std::move(served.result)};
    found->second->answered = true;
    answered_.notify_all();
}

void ServiceClient::abandonStreams()
{
    const std::lock_guard lock(mutex_);
    streams_abandoned_ = true;
    answered_.notify_all();
}

void ServiceClient::abandon()
{
    const std::lock_guard lock(mutex_);
    abandoned_ = true;
    answered_.notify_all();
}

} // namespace hub::plugin_host
