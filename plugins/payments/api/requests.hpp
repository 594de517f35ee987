// Requests that write: the POST routes of routes.json.
#pragma once

#include "flow/work.hpp"

#include <hub/plugin.hpp>

namespace payments {

hub::Answer createPayment(const Work& work, const hub::Event& event);
hub::Answer createAttempt(const Work& work, const hub::Event& event);
hub::Answer cancelPayment(const Work& work, const hub::Event& event);
hub::Answer createRefund(const Work& work, const hub::Event& event);

} // namespace payments
