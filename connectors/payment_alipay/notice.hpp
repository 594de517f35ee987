// The provider's asynchronous notice: what it states, once its signature is known to be genuine.
#pragma once

#include "account.hpp"
#include "encoding.hpp"

#include <hub/result.hpp>

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace alipay {

struct Notice {
    Parameters parameters;
    std::string signature; // raw
};

/// Decodes the form once. HUB_BAD_REQUEST names what is wrong with it.
hub::Result<Notice> parseNotice(std::string_view form_body);

/// The contract's `reading`. HUB_REJECTED when the notice is another account's, or its signed text
/// could be read in two ways. The signature must have been checked before.
hub::Result<nlohmann::json> readNotice(const Account& account, const Notice& notice);

/// What the provider is told: exactly "success", or anything else, after which it repeats.
nlohmann::json acceptance();
nlohmann::json refusal();

} // namespace alipay
