// HostWorks: what libraries in other processes ask of the lane, as units of work.
#pragma once

#include "bus/router.hpp"
#include "journal/lane.hpp"

#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace hub::app {

/// New work goes to this host from now on.
std::unique_ptr<journal::Work> hostUpWork(bus::HostId host);
std::unique_ptr<journal::Work> hostLostWork(bus::HostId host, std::string reason);
std::unique_ptr<journal::Work> answerWork(std::string library, journal::CallAnswer answer);

/// Said by a library's host: so much credit, or the end of an event.
struct HostWord {
    bus::HostId host;
    std::variant<std::uint32_t, journal::Acknowledgement> what;
};
/// In this order.
std::unique_ptr<journal::Work> wordsWork(std::vector<HostWord> words);

struct HostPublication {
    bus::HostId host;
    std::uint64_t token = 0;
    journal::Publication publication;
};
using HostPublished = std::function<void(const HostPublication&, journal::Published)>;
/// `done` is called for each, on the lane's thread, after the commit or the refusal.
std::unique_ptr<journal::Work> publishWork(std::vector<HostPublication> publications,
                                           HostPublished done);

} // namespace hub::app
