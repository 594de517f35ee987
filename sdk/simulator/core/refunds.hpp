// Money on its way back to the payer: what every provider's refunds do to the books. A refund takes
// the money from the seller when it is accepted; some providers pay it out at once, others later.
#pragma once

#include "core/provider.hpp"

namespace hub::simulator {

/// Books the refund, Done or Processing, and tells of it; `trade` follows. False, with nothing
/// changed, when the seller hasn't got the money. A trade that is refunded in full gets Closed.
bool startRefund(const Provider& provider, Book& book, Trade& trade, Refund& refund);

/// Ends a refund that is Processing, and tells of it.
void endRefund(
    const Provider& provider, Book& book, Trade& trade, Refund& refund, RefundState outcome);

} // namespace hub::simulator
