// How an order looks to its organization, to finance and to an operator.
#pragma once

#include "api/answers.hpp"
#include "domain/records.hpp"
#include "flow/registration.hpp"

#include <hub/plugin.hpp>

#include <vector>

namespace orders {

Json viewOf(const Order& order);
/// Names and masked documents of whom `persons` knows; they are shown to the organization alone.
Json linesView(const std::vector<Line>& lines, const Payables& persons);
Json viewOf(const Unapplied& unapplied);

hub::Answer getOrder(const hub::Snapshot& snapshot, const hub::Event& event);
hub::Answer listOrders(const hub::Snapshot& snapshot, const hub::Event& event);
hub::Answer getForFinance(const hub::Snapshot& snapshot, const hub::Event& event);
hub::Answer listForFinance(const hub::Snapshot& snapshot, const hub::Event& event);

/// The same for a number that does not exist and for one of another organization's.
Refusal unknownOrder();

} // namespace orders
