// The contract's operation `bill` in the provider's words: which day is asked for, where the
// archive lies, and from when on "there is none" is believed. Pure; bill.cpp reads the archive.
#pragma once

#include "account.hpp"

#include <hub/event.hpp>
#include <hub/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace alipay {

/// HUB_UNSUPPORTED for another kind than `trades`, HUB_BAD_REQUEST for a date that is none.
hub::Result<nlohmann::json> makeBillContent(const Account& account, const nlohmann::json& request);

/// HUB_OK with {"state": "ready", "address"} or {"state": "empty"}. The address is for this
/// connector alone: whoever knows it may download the bill.
hub::Answer
readBillAddress(const Account& account, const nlohmann::json& request, const nlohmann::json& node);

/// True while the provider can't have the bill of that day: the day itself is not over.
bool isBillDayOpen(const nlohmann::json& request, std::int64_t now_ms);
/// True while the bill may still come although the provider knows of none.
bool mayBillStillCome(const Account& account, const nlohmann::json& request, std::int64_t now_ms);

} // namespace alipay
