#include "callbacks_mutator.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <utility>

namespace chaos {

namespace {

Fields signedPart(Fields fields, const FormDialect& dialect)
{
    std::erase_if(fields, [&](const auto& field) {
        const auto& skipped = dialect.not_signed;
        return field.second.empty() ||
               std::find(skipped.begin(), skipped.end(), field.first) != skipped.end();
    });
    return fields;
}

std::string escapeAll(const std::string& text)
{
    std::string escaped;
    for (const char c : text) {
        std::array<char, 4> code{};
        std::snprintf(code.data(), code.size(), "%%%02x", static_cast<unsigned char>(c));
        escaped += code.data();
    }
    return escaped;
}

} // namespace

bool saysTheSame(const std::string& form, const Fields& genuine, const FormDialect& dialect)
{
    Fields first;
    Fields last;
    for (const auto& [name, value] : readForm(form)) {
        first.emplace(name, value);
        last[name] = value;
    }
    const Fields wanted = signedPart(genuine, dialect);
    return (signedPart(first, dialect) == wanted && dialect.verifies(first)) ||
           (signedPart(last, dialect) == wanted && dialect.verifies(last));
}

std::size_t Mutator::below(std::size_t limit)
{
    return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_);
}

std::string Mutator::flipBit(const std::string& text)
{
    std::string mutant = text;
    char& byte = mutant[below(mutant.size())];
    byte = static_cast<char>(static_cast<unsigned char>(byte) ^ (1U << below(8)));
    return mutant;
}

std::string Mutator::replaceByte(const std::string& text)
{
    std::string mutant = text;
    mutant[below(mutant.size())] = static_cast<char>(below(256));
    return mutant;
}

std::string Mutator::removeByte(const std::string& text)
{
    std::string mutant = text;
    return mutant.erase(below(mutant.size()), 1);
}

std::string Mutator::insertByte(const std::string& text)
{
    std::string mutant = text;
    return mutant.insert(below(mutant.size() + 1), 1, static_cast<char>(below(256)));
}

std::string Mutator::truncate(const std::string& text)
{
    return text.substr(0, below(text.size()));
}

FormMutator::FormMutator(FormDialect dialect,
                         const Fields& fields,
                         std::string other_signature,
                         std::uint64_t seed)
    : Mutator(seed)
    , dialect_(std::move(dialect))
    , fields_(fields)
    , form_(toForm(fields))
    , other_signature_(std::move(other_signature))
{}

const std::vector<FormMutator::Kind>& FormMutator::kinds()
{
    static const std::vector<Kind> kAll = {
        {"bit flipped", &FormMutator::flip},
        {"byte replaced", &FormMutator::replace},
        {"byte removed", &FormMutator::remove},
        {"byte inserted", &FormMutator::insert},
        {"truncated", &FormMutator::cut},
        {"signature flipped", &FormMutator::flipSignature},
        {"signature replaced", &FormMutator::replaceSignature},
        {"scheme swapped", &FormMutator::swapScheme},
        {"parameter dropped", &FormMutator::dropParameter},
        {"parameter doubled", &FormMutator::duplicateParameter},
        {"reordered", &FormMutator::reorder},
        {"encoded otherwise", &FormMutator::encodeOtherwise},
        {"value changed", &FormMutator::changeValue},
        {"parameter added", &FormMutator::addParameter},
        {"parameters merged", &FormMutator::mergeParameters},
        {"parameter split", &FormMutator::splitParameter},
        {"name changed", &FormMutator::changeName},
    };
    return kAll;
}

Mutant FormMutator::draw()
{
    for (;;) {
        const Kind& kind = kinds()[below(kinds().size())];
        std::string form = (this->*kind.make)(form_);
        if (form != form_) {
            const bool harmless = saysTheSame(form, fields_, dialect_);
            return {kind.name, formNotice(std::move(form)), harmless};
        }
    }
}

std::pair<std::string, std::string>& FormMutator::any(Pairs& pairs)
{
    return pairs[below(pairs.size())];
}

std::string FormMutator::join(const Pairs& pairs)
{
    std::string form;
    for (const auto& [name, value] : pairs) {
        form += (form.empty() ? "" : "&") + escapeForm(name) + "=" + escapeForm(value);
    }
    return form;
}

std::string FormMutator::flipSignature(const std::string& form)
{
    Pairs pairs = readForm(form);
    for (auto& [name, value] : pairs) {
        if (name == dialect_.signature) {
            value = toBase64(flipBit(fromBase64(value)));
        }
    }
    return join(pairs);
}

std::string FormMutator::replaceSignature(const std::string& form)
{
    const std::array<std::string, 5> others = {"",
                                               other_signature_,
                                               toBase64(std::string(256, '\0')),
                                               toBase64(std::string(256, '\xff')),
                                               toBase64("SIGNTEST")};
    Pairs pairs = readForm(form);
    for (auto& [name, value] : pairs) {
        if (name == dialect_.signature) {
            value = others.at(below(others.size()));
        }
    }
    return join(pairs);
}

std::string FormMutator::swapScheme(const std::string& form)
{
    Pairs pairs = readForm(form);
    const bool drops = below(5) == 0;
    for (auto& [name, value] : pairs) {
        if (name == dialect_.scheme) {
            value = dialect_.schemes[below(dialect_.schemes.size())];
        }
    }
    if (drops) {
        std::erase_if(pairs, [&](const auto& pair) { return pair.first == dialect_.scheme; });
    }
    return join(pairs);
}

std::string FormMutator::dropParameter(const std::string& form)
{
    Pairs pairs = readForm(form);
    pairs.erase(pairs.begin() + static_cast<std::ptrdiff_t>(below(pairs.size())));
    return join(pairs);
}

std::string FormMutator::duplicateParameter(const std::string& form)
{
    Pairs pairs = readForm(form);
    auto copy = any(pairs);
    if (below(3) != 0) {
        copy.second = below(2) == 0 ? "0.01" : copy.second + "1";
    }
    const auto place = below(2) == 0 ? pairs.begin() : pairs.end();
    pairs.insert(place, std::move(copy));
    return join(pairs);
}

std::string FormMutator::reorder(const std::string& form)
{
    Pairs pairs = readForm(form);
    std::shuffle(pairs.begin(), pairs.end(), random_);
    return join(pairs);
}

std::string FormMutator::encodeOtherwise(const std::string& form)
{
    Pairs pairs = readForm(form);
    std::string mutant;
    const std::size_t chosen = below(pairs.size());
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        const auto& [name, value] = pairs[i];
        mutant += (i == 0 ? "" : "&") + (i == chosen && below(2) == 0 ? escapeAll(name) : name) +
                  "=" + (i == chosen ? escapeAll(value) : escapeForm(value));
    }
    return mutant;
}

std::string FormMutator::changeValue(const std::string& form)
{
    const auto& [wanted, other] = dialect_.changes[below(dialect_.changes.size())];
    Pairs pairs = readForm(form);
    for (auto& [name, value] : pairs) {
        if (name == wanted) {
            value = other;
        }
    }
    return join(pairs);
}

std::string FormMutator::addParameter(const std::string& form)
{
    const auto& [name, value] = dialect_.additions[below(dialect_.additions.size())];
    Pairs pairs = readForm(form);
    pairs.insert(pairs.begin() + static_cast<std::ptrdiff_t>(below(pairs.size() + 1)),
                 {name, value});
    return join(pairs);
}

/// The signed text stays the same; the parameters do not.
std::string FormMutator::mergeParameters(const std::string& form)
{
    Fields fields;
    for (const auto& [name, value] : readForm(form)) {
        fields[name] = value;
    }
    Pairs pairs(fields.begin(), fields.end());
    const std::size_t at = below(pairs.size() - 1);
    pairs[at].second += "&" + pairs[at + 1].first + "=" + pairs[at + 1].second;
    pairs.erase(pairs.begin() + static_cast<std::ptrdiff_t>(at) + 1);
    return join(pairs);
}

std::string FormMutator::splitParameter(const std::string& form)
{
    Pairs pairs = readForm(form);
    const std::size_t at = below(pairs.size());
    auto& [name, value] = pairs[at];
    const std::size_t cut = below(value.size() + 1);
    std::pair<std::string, std::string> rest{value.substr(cut), ""};
    value.resize(cut);
    pairs.insert(pairs.begin() + static_cast<std::ptrdiff_t>(at) + 1, std::move(rest));
    return join(pairs);
}

std::string FormMutator::changeName(const std::string& form)
{
    Pairs pairs = readForm(form);
    auto& [name, value] = any(pairs);
    if (name.empty()) {
        return form;
    }
    char& letter = name[below(name.size())];
    letter = static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
    return join(pairs);
}

} // namespace chaos
