#include "uscc_vectors.hpp"

#include "identifiers/arithmetic.hpp"
#include "identifiers/social_credit_code.hpp"

namespace vectors {

void checkSocialCreditCharacter(const VectorSet& /*set*/, const Vector& vector)
{
    const auto first_17 = vector.inputs.at("first17").get<std::string>();
    const auto expected = vector.expected.get<std::string>();
    const char actual = identifiers::socialCreditCheck(first_17);
    if (expected != std::string(1, actual)) {
        throw Mismatch("the check character differs: expected " + expected + " but got " + actual);
    }
    for (const char c : identifiers::kSocialCreditAlphabet) {
        const auto checked = identifiers::checkSocialCreditCode(first_17 + c);
        if (checked.isAcceptable() != (c == actual)) {
            throw Mismatch(std::string("a code that ends with ") + c + " is judged wrongly");
        }
    }
}

} // namespace vectors
