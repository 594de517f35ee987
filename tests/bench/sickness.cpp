#include "sickness.hpp"

#include "support/hub_process.hpp"

#include <fmt/format.h>

#include <exception>
#include <iostream>

#include <poll.h>

namespace bench {

namespace {

using nlohmann::json;

constexpr int kCallPauseMs = 250;     // between two calls of one of them
constexpr int kCallbackPauseMs = 250; // after a callback was answered
constexpr int kLookMs = 1000;

/// The load has its own pace: nothing is waited for.
void pause(int milliseconds)
{
    ::poll(nullptr, 0, milliseconds);
}

void command(PaymentsHub& hub, const char* verb, const std::string& library)
{
    const auto end = hub.hub().command({"plugin", verb, library});
    if (end.code != 0) {
        throw std::runtime_error(fmt::format("plugin {} {}: {}", verb, library, end.output));
    }
}

std::vector<std::string> faulted(PaymentsHub& hub)
{
    std::vector<std::string> found;
    for (const json& one : hub.hub().ask({"plugin", "list"})) {
        if (one.value("state", "") == "faulted") {
            found.push_back(one.value("library", ""));
        }
    }
    return found;
}

void guarded(const char* what, const std::function<void()>& body)
{
    try {
        body();
    } catch (const std::exception& problem) {
        std::cerr << "contain: " << what << ": " << problem.what() << std::endl;
    }
}

} // namespace

std::vector<TestConnector> Sickness::connectors()
{
    return {{"bench_hanging", "00000000000000000000000000000001"},
            {"bench_crashing", "00000000000000000000000000000002"}};
}

void Sickness::enable(PaymentsHub& hub)
{
    for (const TestConnector& connector : connectors()) {
        command(hub, "enable", connector.id);
    }
}

void Sickness::disable(PaymentsHub& hub)
{
    for (const TestConnector& connector : connectors()) {
        command(hub, "disable", connector.id);
    }
}

Sickness::Sickness(PaymentsHub& hub)
    : hub_(hub)
{
    threads_.emplace_back([this] { guarded("calls", [this] { callUntilEnd(); }); });
    threads_.emplace_back([this] { guarded("watch", [this] { nurseUntilEnd(); }); });
    for (const TestConnector& connector : connectors()) {
        threads_.emplace_back(
            [this, connector] { guarded("callbacks", [&] { callBackUntilEnd(connector); }); });
    }
}

Sickness::~Sickness()
{
    over_ = true;
    for (std::thread& thread : threads_) {
        thread.join();
    }
}

/// A customer for whom the cashier tries another account.
void Sickness::callUntilEnd()
{
    static std::atomic<int> number{0};
    while (!isOver()) {
        for (const TestConnector& connector : connectors()) {
            const std::string payment = hub_.hub().pay("Sick ticket " + std::to_string(++number));
            const auto attempt = hub_.hub().post("/api/v1/payments/" + payment + "/attempts",
                                                 {{"account", connector.id}},
                                                 "sick-" + std::to_string(number));
            calls_ += attempt.status == 201 ? 1 : 0;
        }
        pause(kCallPauseMs);
    }
}

void Sickness::callBackUntilEnd(const TestConnector& connector)
{
    const std::string path =
        fmt::format("/callback/{0}/{0}/{1}", connector.id, connector.callback_token);
    while (!isOver()) {
        const auto answer = hub_.hub().request("POST", path, "sick=yes");
        callbacks_refused_ += answer.status >= 500 ? 1 : 0;
        pause(kCallbackPauseMs);
    }
}

void Sickness::nurseUntilEnd()
{
    while (!isOver()) {
        for (const std::string& library : faulted(hub_)) {
            command(hub_, "enable", library);
            ++enabled_again_;
        }
        pause(kLookMs);
    }
}

} // namespace bench
