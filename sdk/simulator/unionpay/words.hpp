// How UnionPay words a payment and what gives it back: the fields of answers and notifications,
// without those that every message has.
#pragma once

#include "core/provider.hpp"
#include "unionpay/fields.hpp"
#include "unionpay/settings.hpp"

#include <string>
#include <string_view>

namespace hub::simulator::unionpay {

/// A queryId: the time and seven digits, of which the first six are the traceNo.
std::string newQueryId();
std::string traceNumberOf(std::string_view query_id);

/// "20261121": the settlement day, which ends at 23:00 in Beijing, that holds this moment of the
/// test clock.
std::string settlementDay(std::int64_t test_ms);
/// When the settlement day of that name begins. Empty when there is no such day.
std::optional<std::int64_t> startOfSettlementDay(std::string_view day);

/// The request that made the trade or the refund, as fields.
Fields requestOf(const Trade& trade);
Fields requestOf(const Refund& refund);

/// When a refund was accepted by the test clock.
std::int64_t acceptedMs(const Refund& refund);

/// 00, 05, 04 or 01.
std::string_view stateCode(const Refund& refund);

/// Of what was paid: the provider's number, account and settlement.
Json paymentFields(const Settings& settings, const Trade& trade);
/// The same of a refund or an undo.
Json returnFields(const Trade& trade, const Refund& refund);

/// The whole of a notification but for certificate and signature. `code` is the respCode.
Fields paymentNotice(const Settings& settings, const Trade& trade);
Fields returnNotice(const Trade& trade, const Refund& refund, std::string_view code);

/// Every amount is one fen higher.
void raiseAmounts(Fields& fields);

} // namespace hub::simulator::unionpay
