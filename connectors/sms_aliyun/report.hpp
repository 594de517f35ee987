// Reports of delivery that the provider pushes. They are not signed: only the secret address
// vouches for them, and the contract's owner treats them so. Pure.
#pragma once

#include "account.hpp"

#include <hub/result.hpp>

#include <string_view>

#include <nlohmann/json.hpp>

namespace aliyun {

/// The contract's `reading` of one push, which holds any number of reports. Those of messages that
/// the hub did not send, and so have no number of ours, are left out. HUB_BAD_REQUEST when it is
/// not of the provider's form.
hub::Result<nlohmann::json> readReports(const Account& account, std::string_view body);

/// What the provider wants to hear.
nlohmann::json acceptance();
nlohmann::json refusal();

} // namespace aliyun
