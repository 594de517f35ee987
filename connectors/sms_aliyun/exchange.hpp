// Signed exchanges within a live call: the one place where the hub's services are used.
#pragma once

#include "protocol.hpp"

#include <hub/host.hpp>

namespace aliyun {

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

    hub::Answer send(const Task& task) const;
    /// Asks day by day and page by page until the message is found or there is nothing more.
    hub::Answer query(const Task& task) const;

private:
    std::variant<hub::HttpResponse, hub::Answer> exchange(const Task& task,
                                                          const Request& request) const;
    hub::Result<hub::HttpRequest> sign(const Task& task, const Request& request) const;
    std::variant<Page, hub::Answer>
    askPage(const Task& task, const std::string& day, int page) const;

    hub::Host host_;
};

} // namespace aliyun
