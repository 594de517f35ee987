// HttpFake: the provider's side of hub.http/1 as a script. A test says beforehand what each
// exchange does, and looks afterwards at what was asked. Thread-safe.
#pragma once

#include <hub/host.hpp>
#include <hub/result.hpp>

#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace hub::testing {

class HttpFake {
public:
    /// Answers, or refuses with a code of hub.http/1. An exception of it reaches the test as
    /// `failures()`, not the library.
    using Step = std::function<Result<HttpResponse>(const HttpRequest&)>;

    /// The next exchange is answered.
    void answer(std::uint32_t status, std::string body)
    {
        answerWith([response = HttpResponse{status, {}, std::move(body)}](const HttpRequest&) {
            return Result<HttpResponse>{response};
        });
    }

    /// The next exchange certainly does not leave: no connection, breaker open, call fenced.
    void notSent() { end(HUB_UNAVAILABLE, "scripted: not sent"); }
    /// The next exchange leaves, and no complete answer comes back.
    void unknown() { end(HUB_OUTCOME_UNKNOWN, "scripted: cut after sending"); }
    /// The next exchange is one that the hub does not allow.
    void refused() { end(HUB_REJECTED, "scripted: not on the allow-list"); }

    /// The next exchange is answered by a function that may look at the request.
    void answerWith(Step step)
    {
        const std::lock_guard lock(mutex_);
        steps_.push_back(std::move(step));
    }

    /// What was asked, in order.
    std::vector<HttpRequest> requests() const
    {
        const std::lock_guard lock(mutex_);
        return requests_;
    }

    /// Empty after a good run: exchanges without a step, a second exchange of one call, steps
    /// that threw.
    std::vector<std::string> failures() const
    {
        const std::lock_guard lock(mutex_);
        return failures_;
    }

    /// Steps that no exchange has taken.
    std::size_t stepsLeft() const
    {
        const std::lock_guard lock(mutex_);
        return steps_.size();
    }

    /// For ConnectorFake. Like the hub it allows one exchange per delivery.
    Result<HttpResponse> exchange(hub_call_id call, const HttpRequest& request)
    {
        Step step;
        {
            const std::lock_guard lock(mutex_);
            if (++exchanges_[call] > 1) {
                return fail("delivery " + std::to_string(call) + " made a second exchange");
            }
            requests_.push_back(request);
            if (steps_.empty()) {
                return fail("an exchange with " + request.url + " has no step in the script");
            }
            step = std::move(steps_.front());
            steps_.pop_front();
        }
        try {
            return step(request);
        } catch (const std::exception& problem) {
            const std::lock_guard lock(mutex_);
            return fail(std::string{"a step threw: "} + problem.what());
        }
    }

private:
    void end(hub_status status, const char* message)
    {
        answerWith([error = Error{status, message}](const HttpRequest&) {
            return Result<HttpResponse>{error};
        });
    }

    Error fail(std::string message)
    {
        failures_.push_back(message);
        return Error{HUB_REJECTED, std::move(message)};
    }

    mutable std::mutex mutex_;
    std::deque<Step> steps_;
    std::map<hub_call_id, int> exchanges_;
    std::vector<HttpRequest> requests_;
    std::vector<std::string> failures_;
};

} // namespace hub::testing
