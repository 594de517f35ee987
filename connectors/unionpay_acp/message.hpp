// Whether what came from UnionPay is genuine: the certificate that the message brings, and the
// signature under it. Pure: time is given.
#pragma once

#include "certificate.hpp"
#include "fields.hpp"

#include <cstdint>

namespace unionpay {

/// For answers and notifications of version 5.1.0 with signMethod 01. HUB_REJECTED says in one
/// sentence what is missing or wrong; nothing of such a message may be believed.
hub::Result<void> checkMessage(const Fields& fields,
                               const TrustAnchors& anchors,
                               const TrustRules& rules,
                               std::int64_t now_s);

} // namespace unionpay
