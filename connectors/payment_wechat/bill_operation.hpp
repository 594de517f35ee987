// The contract's operation `bill` in the provider's words: which file is asked for, whether what
// came is that file, and from when on "there is none" is believed. Pure; bill.cpp reads the table.
#pragma once

#include "account.hpp"
#include "protocol.hpp"

#include <hub/event.hpp>
#include <hub/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace wechat {

/// HUB_BAD_REQUEST for a day or kind that is none.
hub::Result<Request> makeBillLink(const Account& account, const nlohmann::json& request);

/// HUB_OK with {"state": "ready", "address", "sha1"}. The address is for this connector alone:
/// whoever knows it may download the bill.
hub::Answer
readBillLink(const Account& account, const nlohmann::json& request, const nlohmann::json& node);

/// Path and query of an address, as they are signed; empty when it is none over TLS.
std::string uriOf(std::string_view address);

/// The bill's lines out of the file. HUB_BAD_REQUEST unless the SHA-1 of the unpacked file is the
/// one that the signed answer named.
hub::Result<std::string>
readBillFile(const nlohmann::json& request, std::string_view bytes, std::string_view sha1_hex);

/// True while the provider can't have the bill of that day: the day itself is not over.
bool isBillDayOpen(const nlohmann::json& request, std::int64_t now_ms);
/// True while the bill may still come although the provider knows of none.
bool mayBillStillCome(const Account& account, const nlohmann::json& request, std::int64_t now_ms);

} // namespace wechat
