// The gate of ACP 5.1.0: which addresses there are, who asks, and whether the request is genuine.
#pragma once

#include "core/provider.hpp"
#include "unionpay/rules.hpp"
#include "unionpay/settings.hpp"

#include <string>
#include <string_view>

namespace hub::simulator::unionpay {

// Names of requests, which faults match by: the last part of the address and the txnType.
inline constexpr std::string_view kQr = "backTransReq.do 01";
inline constexpr std::string_view kGateway = "frontTransReq.do 01";
inline constexpr std::string_view kApp = "appTransReq.do 01";
inline constexpr std::string_view kQuery = "queryTrans.do 00";
inline constexpr std::string_view kRefund = "backTransReq.do 04";
inline constexpr std::string_view kUndo = "backTransReq.do 31";
inline constexpr std::string_view kFile = "file 76";

/// The gateway's addresses, and "/" as the address of files, for which UnionPay has a host of its
/// own.
bool isOurs(const HttpMessage& message);

/// The request with its fields in `parameters`; `app` is the merId, `number` the orderId. `refusal`
/// is set when the gate doesn't let it through.
Call readCall(const Settings& settings, const HttpMessage& message);

/// The transaction of a call that the gate let through.
const Transaction& transactionOf(const Call& call);

} // namespace hub::simulator::unionpay
