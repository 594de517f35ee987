// Mutants of genuine signed callbacks, by seed. Each is judged by the provider's own verification,
// as lenient as any reader could be: what verifies and says the same is harmless, anything else is
// forged and must be refused.
#pragma once

#include "callbacks_notice.hpp"

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace chaos {

struct Mutant {
    const char* kind = "";
    std::string body;
    bool harmless = false;
};

/// True when some reading of the form verifies with the key and states exactly `genuine`.
bool saysTheSame(const std::string& form, const Fields& genuine, const Key& provider);

class Mutator {
public:
    /// `other_signature`: a genuine one of another notice. `provider` is its public key.
    Mutator(Key provider, std::string other_signature, std::uint64_t seed);

    /// Never equal to the genuine form. `fields` are those of the form, without sign and
    /// sign_type.
    Mutant draw(const std::string& form, const Fields& fields);

private:
    using Pairs = std::vector<std::pair<std::string, std::string>>;
    struct Kind {
        const char* name;
        std::string (Mutator::*make)(const std::string& form);
    };
    static const std::vector<Kind>& kinds();

    std::size_t below(std::size_t limit);
    std::pair<std::string, std::string>& any(Pairs& pairs);
    static std::string join(const Pairs& pairs);

    std::string flipBit(const std::string& form);
    std::string replaceByte(const std::string& form);
    std::string removeByte(const std::string& form);
    std::string insertByte(const std::string& form);
    std::string truncate(const std::string& form);
    std::string flipSignature(const std::string& form);
    std::string replaceSignature(const std::string& form);
    std::string swapSignType(const std::string& form);
    std::string dropParameter(const std::string& form);
    std::string duplicateParameter(const std::string& form);
    std::string reorder(const std::string& form);
    std::string encodeOtherwise(const std::string& form);
    std::string changeValue(const std::string& form);
    std::string addParameter(const std::string& form);
    std::string mergeParameters(const std::string& form);
    std::string splitParameter(const std::string& form);
    std::string changeName(const std::string& form);

    Key provider_;
    std::string other_signature_;
    std::mt19937_64 random_;
};

} // namespace chaos
