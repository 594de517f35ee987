// A signed exchange within a live call: the one place where keys, time and HTTP of the hub are
// used.
#pragma once

#include "account.hpp"
#include "envelope.hpp"
#include "protocol.hpp"

#include <hub/host.hpp>

namespace licence_reader {

/// One call to be carried out.
struct Task {
    hub_call_id call;
    const Account& account;
    const Json& request;
};

/// Thread-safe.
class Exchanger {
public:
    explicit Exchanger(hub::Host host)
        : host_(host)
    {}

    hub::Answer read(const Task& task) const;

private:
    hub::Result<hub::HttpRequest>
    sign(const Task& task, const Order& order, const Envelope& envelope, std::string picture) const;
    hub::Result<std::string> signature(const Task& task, const std::string& text) const;
    hub::Answer
    prove(const Task& task, const Envelope& envelope, const hub::HttpResponse& response) const;

    hub::Host host_;
};

} // namespace licence_reader
