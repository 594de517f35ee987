#include "caller.hpp"

#include "waiting.hpp"

#include <stdexcept>
#include <utility>

namespace chaos {

namespace {

constexpr Milliseconds kPatience{60'000}; ///< for one request, repeats included
constexpr Milliseconds kPause{100};
constexpr int kInternalError = 500;

bool isUndecided(int status)
{
    return status == 0 || status == 429 || status >= kInternalError;
}

} // namespace

HttpAnswer persist(Effort& effort, const std::string& what, const std::function<HttpAnswer()>& send)
{
    HttpAnswer answer;
    bool again = false;
    bool is_told = false;
    const bool decided = waitUntil(
        kPatience,
        [&] {
            effort.repeats += again ? 1 : 0;
            again = true;
            answer = send();
            if (answer.status == kInternalError && !is_told) {
                is_told = true;
                effort.surprise(what + " was answered 500 " + answer.body.dump());
            }
            return !isUndecided(answer.status) || effort.hopeless;
        },
        kPause);
    if (!decided || isUndecided(answer.status)) {
        ++effort.given_up;
        return {};
    }
    return answer;
}

void Effort::surprise(const std::string& sentence)
{
    const std::lock_guard lock(mutex_);
    surprises_.push_back(sentence);
}

std::vector<std::string> Effort::surprises() const
{
    const std::lock_guard lock(mutex_);
    return surprises_;
}

Caller::Caller(Server hub, const std::string& edition, Effort& effort)
    : client_(std::move(hub))
    , effort_(effort)
{
    client_.setHeader("Edition", edition);
    client_.setHeader("Accept-Language", "zh");
}

HttpAnswer Caller::get(const std::string& path)
{
    return persist(effort_, "GET " + path, [&] { return client_.get(path); });
}

HttpAnswer Caller::post(const std::string& path, const Json& body, const std::string& key)
{
    return persist(effort_, "POST " + path, [&] {
        return client_.post(path, body, {{"Idempotency-Key", key}});
    });
}

HttpAnswer Caller::put(const std::string& path, const Json& body, const Headers& headers)
{
    return persist(effort_, "PUT " + path, [&] { return client_.put(path, body, headers); });
}

void Caller::keepSession(const HttpAnswer& login)
{
    client_.setHeader("Cookie", login.cookie);
    const HttpAnswer session = expect(200, get("/api/v1/session"), "the session");
    client_.setHeader("X-CSRF-Token", session.body.at("csrf_token").get<std::string>());
}

HttpAnswer expect(int status, HttpAnswer answer, const std::string& what)
{
    if (answer.status != status) {
        throw std::runtime_error(what + " was answered " + std::to_string(answer.status) + " " +
                                 answer.body.dump());
    }
    return answer;
}

} // namespace chaos
