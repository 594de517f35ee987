// Mutants of genuine signed callbacks, by seed. Each is judged by the provider's own verification,
// as lenient as any reader could be: what verifies and says the same is harmless, anything else is
// forged and must be refused.
#pragma once

#include "callbacks_notice.hpp"
#include "http_raw.hpp"

#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace chaos {

struct Mutant {
    const char* kind = "";
    Notice notice;
    bool harmless = false;
};

class Mutator {
public:
    virtual ~Mutator() = default;
    /// Never equal to the genuine notice.
    virtual Mutant draw() = 0;

protected:
    explicit Mutator(std::uint64_t seed)
        : random_(seed)
    {}
    std::size_t below(std::size_t limit);
    std::string flipBit(const std::string& text);
    std::string replaceByte(const std::string& text);
    std::string removeByte(const std::string& text);
    std::string insertByte(const std::string& text);
    std::string truncate(const std::string& text);

    std::mt19937_64 random_;
};

/// A provider's way to sign a form, and what a forger would try with it.
struct FormDialect {
    using Values = std::vector<std::pair<const char*, const char*>>;
    std::string signature;               ///< the field that holds it
    std::string scheme;                  ///< the field that names the way of signing
    std::vector<const char*> schemes;    ///< other ways
    std::vector<std::string> not_signed; ///< fields that the signature does not cover
    Values changes;                      ///< of fields to other values
    Values additions;
    /// In any reading of what is signed.
    std::function<bool(const Fields& fields)> verifies;
};

/// True when some reading of the form verifies and states exactly `genuine`.
bool saysTheSame(const std::string& form, const Fields& genuine, const FormDialect& dialect);

class FormMutator : public Mutator {
public:
    /// `fields` are all of the notice; `other_signature` is a genuine one of another notice.
    FormMutator(FormDialect dialect,
                const Fields& fields,
                std::string other_signature,
                std::uint64_t seed);

    Mutant draw() override;

private:
    using Pairs = std::vector<std::pair<std::string, std::string>>;
    struct Kind {
        const char* name;
        std::string (FormMutator::*make)(const std::string& form);
    };
    static const std::vector<Kind>& kinds();

    std::pair<std::string, std::string>& any(Pairs& pairs);
    static std::string join(const Pairs& pairs);

    std::string flip(const std::string& form) { return flipBit(form); }
    std::string replace(const std::string& form) { return replaceByte(form); }
    std::string remove(const std::string& form) { return removeByte(form); }
    std::string insert(const std::string& form) { return insertByte(form); }
    std::string cut(const std::string& form) { return truncate(form); }
    std::string flipSignature(const std::string& form);
    std::string replaceSignature(const std::string& form);
    std::string swapScheme(const std::string& form);
    std::string dropParameter(const std::string& form);
    std::string duplicateParameter(const std::string& form);
    std::string reorder(const std::string& form);
    std::string encodeOtherwise(const std::string& form);
    std::string changeValue(const std::string& form);
    std::string addParameter(const std::string& form);
    std::string mergeParameters(const std::string& form);
    std::string splitParameter(const std::string& form);
    std::string changeName(const std::string& form);

    FormDialect dialect_;
    Fields fields_;
    std::string form_;
    std::string other_signature_;
};

} // namespace chaos
