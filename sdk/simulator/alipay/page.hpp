// Orders that a payer's browser brings (alipay.trade.wap.pay, alipay.trade.page.pay): they are
// answered with a page instead of a signed node, and lead back to the merchant.
#pragma once

#include "alipay/gateway.hpp"
#include "core/provider.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace hub::simulator::alipay {

bool isPageMethod(std::string_view method);

/// The order in the form in which Trade::content keeps it. One that a browser brought holds where
/// the browser goes afterwards, too.
std::string orderText(const Call& call);

/// Where the browser that brought an order goes; an empty address where the merchant named none.
struct Visit {
    std::string method;
    std::string return_url; ///< after the payment
    std::string quit_url;   ///< without one
};
/// Nothing for an order that came with a code.
std::optional<Visit> visitOf(const Trade& trade);

/// What the browser carries to return_url, but for sign and sign_type, which the signature does
/// not cover.
Parameters returnParameters(const App& app, const Trade& trade, const Visit& visit);

/// To `address`, whose own parameters stay beside `parameters`.
WayBack wayTo(const std::string& address, Parameters parameters);

/// The answer to an order that was taken: where the browser goes on.
Answer redirection(const std::string& path);
constexpr std::string_view kRedirection = "redirection";

/// What the payer sees when the gateway doesn't take the order.
Reply refusedPage(const Answer& answer);

} // namespace hub::simulator::alipay
