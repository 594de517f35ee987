// The provider's back notification: what it states, once it is known to be genuine.
#pragma once

#include "account.hpp"
#include "unionpay_acp/fields.hpp"

#include <hub/result.hpp>

#include <cstdint>

#include <nlohmann/json.hpp>

namespace payment_unionpay {

/// The contract's `reading`. HUB_REJECTED when the notification is another account's or states
/// nothing that this connector understands. unionpay::checkMessage must have passed before.
hub::Result<nlohmann::json>
readNotice(const Account& account, const unionpay::Fields& notice, std::int64_t now_ms);

/// What the provider is told: 200, or anything else, after which it repeats.
nlohmann::json acceptance();
nlohmann::json refusal();

} // namespace payment_unionpay
