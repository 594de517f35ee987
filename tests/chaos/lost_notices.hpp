// Notices that never come: the hub finds out by asking, near the end of a code's life.
#pragma once

#include "installation.hpp"
#include "memory.hpp"
#include "verdict.hpp"
#include "wallet.hpp"

namespace chaos {

/// Orders of every wallet are paid, one is refunded, and nobody tells. The hub is started again
/// some minutes ahead and stays there, so this comes last.
void loseNotices(Installation& installation,
                 Memory& memory,
                 Proof& proof,
                 const Wallets& wallets,
                 int orders_per_wallet);

} // namespace chaos
