// The vectors of social credit codes, run through the library that plugins share.
#pragma once

#include "vector_set.hpp"

namespace vectors {

/// Throws Mismatch unless the check character of 17 others is the expected one, and no other is
/// taken.
void checkSocialCreditCharacter(const VectorSet& set, const Vector& vector);

} // namespace vectors
