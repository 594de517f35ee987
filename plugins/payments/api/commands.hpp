// Commands of the command line, served as reads (sdk/ABI.md section 7): tables for people, data
// for programs.
#pragma once

#include "settings.hpp"

#include <hub/plugin.hpp>

namespace payments {

hub::Answer
showPayment(const hub::Snapshot& snapshot, const hub::Event& event, const Settings& settings);
hub::Answer
showPayments(const hub::Snapshot& snapshot, const hub::Event& event, const Settings& settings);
/// Exit 1 when a booking or a balance is wrong.
hub::Answer
checkLedger(const hub::Snapshot& snapshot, const hub::Event& event, const Settings& settings);

} // namespace payments
