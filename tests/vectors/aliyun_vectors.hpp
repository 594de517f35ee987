// The vectors of Alibaba Cloud's two signatures. The connector signs by ACS3 alone, with the hub's
// own cryptography; the simulator verifies both.
#pragma once

#include "vector_set.hpp"

namespace vectors {

// Each throws Mismatch with the difference.

/// ACS3-HMAC-SHA256: the canonical request, the text that is signed, the signature; by the
/// connector's code and by the simulator's.
void checkAliyunAcs3(const VectorSet& set, const Vector& vector);
/// The older HMAC-SHA1 over parameters, by the simulator's code.
void checkAliyunRpc(const VectorSet& set, const Vector& vector);

} // namespace vectors
