// Between the HTTP server and the parts behind it: reads a request, finds who answers, and ends
// the connection in the way that the answer or a fault wants.
#pragma once

#include "core/cashier.hpp"
#include "core/control.hpp"
#include "core/exchange.hpp"
#include "core/inbox.hpp"

#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>

#include <condition_variable>
#include <functional>
#include <mutex>

namespace hub::simulator {

/// Waiting that the end of the server interrupts. Thread-safe.
class Pause {
public:
    /// False when the server ends.
    bool wait(std::int64_t for_ms);
    void end();

private:
    std::mutex guard_;
    std::condition_variable changed_;
    bool ended_ = false;
};

/// Who answers what. All of them outlive the server.
struct Routes {
    const Providers& providers;
    Exchange& exchange;
    Cashier& cashier;
    Inbox& inbox;
    Control& control;
    Pause& pause;
    std::function<void()> changed; ///< after a person's step on the page
};

class HandlerFactory final : public Poco::Net::HTTPRequestHandlerFactory {
public:
    explicit HandlerFactory(Routes routes)
        : routes_(std::move(routes))
    {}

    Poco::Net::HTTPRequestHandler*
    createRequestHandler(const Poco::Net::HTTPServerRequest& request) override;

private:
    const Routes routes_;
};

} // namespace hub::simulator
