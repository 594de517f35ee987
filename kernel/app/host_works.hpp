// HostWorks: what libraries in other processes ask of the lane, as units of work.
#pragma once

#include "bus/router.hpp"
#include "journal/lane.hpp"

#include <functional>
#include <memory>
#include <string>

namespace hub::app {

std::unique_ptr<journal::Work> hostUpWork(std::string library);
std::unique_ptr<journal::Work> creditWork(std::string library, std::uint32_t count);
std::unique_ptr<journal::Work> hostLostWork(std::string library, std::string reason);
std::unique_ptr<journal::Work> answerWork(std::string library, journal::CallAnswer answer);
std::unique_ptr<journal::Work> acknowledgeWork(std::string library,
                                               journal::Acknowledgement acknowledgement);
/// `done` is called on the lane's thread, after the commit or the refusal.
std::unique_ptr<journal::Work> publishWork(journal::Publication publication,
                                           std::function<void(journal::Published)> done);

} // namespace hub::app
