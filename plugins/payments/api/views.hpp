// Views: what reads answer. They only read; the same JSON serves routes, asks and commands.
#pragma once

#include "domain/evidence.hpp"
#include "domain/records.hpp"
#include "settings.hpp"

#include <hub/plugin.hpp>

#include <string>

namespace payments {

/// With the checkout, whose address is below the settings' public_url.
Json viewOf(const hub::Snapshot& snapshot, const Payment& payment, const Settings& settings);
Json viewOf(const Refund& refund);
Json timelineOf(const hub::Snapshot& snapshot, const Payment& payment);
std::string etagOf(const Payment& payment);

hub::Answer
getPayment(const hub::Snapshot& snapshot, const hub::Event& event, const Settings& settings);
hub::Answer
listPayments(const hub::Snapshot& snapshot, const hub::Event& event, const Settings& settings);
hub::Answer
getTimeline(const hub::Snapshot& snapshot, const hub::Event& event, const Settings& settings);
hub::Answer
getRefund(const hub::Snapshot& snapshot, const hub::Event& event, const Settings& settings);

/// hub.ask payment.status: the key is the order's reference.
hub::Answer
askStatus(const hub::Snapshot& snapshot, const hub::Event& event, const Settings& settings);

} // namespace payments
