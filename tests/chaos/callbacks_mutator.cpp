#include "callbacks_mutator.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <utility>

namespace chaos {

namespace {

Fields withoutEmpty(Fields fields)
{
    std::erase_if(fields, [](const auto& field) {
        return field.second.empty() || field.first == "sign" || field.first == "sign_type";
    });
    return fields;
}

/// Every "name=value" with the names that are signed in one reading or the other.
bool verifies(const Fields& read, const Key& provider)
{
    const auto sign = read.find("sign");
    if (sign == read.end()) {
        return false;
    }
    const std::string signature = fromBase64(sign->second);
    std::string with_type;
    std::string with_empty;
    for (const auto& [name, value] : read) {
        if (name != "sign") {
            with_type += (with_type.empty() ? "" : "&") + name + "=" + value;
            if (name != "sign_type") {
                with_empty += (with_empty.empty() ? "" : "&") + name + "=" + value;
            }
        }
    }
    return provider.verify(signedText(read), signature) || provider.verify(with_type, signature) ||
           provider.verify(with_empty, signature);
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

bool saysTheSame(const std::string& form, const Fields& genuine, const Key& provider)
{
    Fields first;
    Fields last;
    for (const auto& [name, value] : readForm(form)) {
        first.emplace(name, value);
        last[name] = value;
    }
    const Fields wanted = withoutEmpty(genuine);
    return (withoutEmpty(first) == wanted && verifies(first, provider)) ||
           (withoutEmpty(last) == wanted && verifies(last, provider));
}

Mutator::Mutator(Key provider, std::string other_signature, std::uint64_t seed)
    : provider_(std::move(provider))
    , other_signature_(std::move(other_signature))
    , random_(seed)
{}

const std::vector<Mutator::Kind>& Mutator::kinds()
{
    static const std::vector<Kind> kAll = {
        {"bit flipped", &Mutator::flipBit},
        {"byte replaced", &Mutator::replaceByte},
        {"byte removed", &Mutator::removeByte},
        {"byte inserted", &Mutator::insertByte},
        {"truncated", &Mutator::truncate},
        {"signature flipped", &Mutator::flipSignature},
        {"signature replaced", &Mutator::replaceSignature},
        {"sign_type swapped", &Mutator::swapSignType},
        {"parameter dropped", &Mutator::dropParameter},
        {"parameter doubled", &Mutator::duplicateParameter},
        {"reordered", &Mutator::reorder},
        {"encoded otherwise", &Mutator::encodeOtherwise},
        {"value changed", &Mutator::changeValue},
        {"parameter added", &Mutator::addParameter},
        {"parameters merged", &Mutator::mergeParameters},
        {"parameter split", &Mutator::splitParameter},
        {"name changed", &Mutator::changeName},
    };
    return kAll;
}

Mutant Mutator::draw(const std::string& form, const Fields& fields)
{
    for (;;) {
        const Kind& kind = kinds()[below(kinds().size())];
        Mutant mutant{kind.name, (this->*kind.make)(form), false};
        if (mutant.body != form) {
            mutant.harmless = saysTheSame(mutant.body, fields, provider_);
            return mutant;
        }
    }
}

std::size_t Mutator::below(std::size_t limit)
{
    return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_);
}

std::pair<std::string, std::string>& Mutator::any(Pairs& pairs)
{
    return pairs[below(pairs.size())];
}

std::string Mutator::join(const Pairs& pairs)
{
    std::string form;
    for (const auto& [name, value] : pairs) {
        form += (form.empty() ? "" : "&") + escapeForm(name) + "=" + escapeForm(value);
    }
    return form;
}

std::string Mutator::flipBit(const std::string& form)
{
    std::string mutant = form;
    char& byte = mutant[below(mutant.size())];
    byte = static_cast<char>(static_cast<unsigned char>(byte) ^ (1U << below(8)));
    return mutant;
}

std::string Mutator::replaceByte(const std::string& form)
{
    std::string mutant = form;
    mutant[below(mutant.size())] = static_cast<char>(below(256));
    return mutant;
}

std::string Mutator::removeByte(const std::string& form)
{
    std::string mutant = form;
    return mutant.erase(below(mutant.size()), 1);
}

std::string Mutator::insertByte(const std::string& form)
{
    std::string mutant = form;
    return mutant.insert(below(mutant.size() + 1), 1, static_cast<char>(below(256)));
}

std::string Mutator::truncate(const std::string& form)
{
    return form.substr(0, below(form.size()));
}

std::string Mutator::flipSignature(const std::string& form)
{
    Pairs pairs = readForm(form);
    for (auto& [name, value] : pairs) {
        if (name == "sign") {
            value = toBase64(flipBit(fromBase64(value)));
        }
    }
    return join(pairs);
}

std::string Mutator::replaceSignature(const std::string& form)
{
    const std::array<std::string, 5> others = {"",
                                               other_signature_,
                                               toBase64(std::string(256, '\0')),
                                               toBase64(std::string(256, '\xff')),
                                               toBase64("SIGNTEST")};
    Pairs pairs = readForm(form);
    for (auto& [name, value] : pairs) {
        if (name == "sign") {
            value = others.at(below(others.size()));
        }
    }
    return join(pairs);
}

std::string Mutator::swapSignType(const std::string& form)
{
    static const std::array<const char*, 8> kTypes = {
        "RSA", "MD5", "HMAC", "none", "", "rsa2", "RSA2 ", "SM2"};
    Pairs pairs = readForm(form);
    const bool drops = below(5) == 0;
    for (auto& [name, value] : pairs) {
        if (name == "sign_type") {
            value = kTypes.at(below(kTypes.size()));
        }
    }
    if (drops) {
        std::erase_if(pairs, [](const auto& pair) { return pair.first == "sign_type"; });
    }
    return join(pairs);
}

std::string Mutator::dropParameter(const std::string& form)
{
    Pairs pairs = readForm(form);
    pairs.erase(pairs.begin() + static_cast<std::ptrdiff_t>(below(pairs.size())));
    return join(pairs);
}

std::string Mutator::duplicateParameter(const std::string& form)
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

std::string Mutator::reorder(const std::string& form)
{
    Pairs pairs = readForm(form);
    std::shuffle(pairs.begin(), pairs.end(), random_);
    return join(pairs);
}

std::string Mutator::encodeOtherwise(const std::string& form)
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

std::string Mutator::changeValue(const std::string& form)
{
    static const std::vector<std::pair<const char*, const char*>> kChanges = {
        {"app_id", "9021000000000002"},
        {"seller_id", "2088000000000002"},
        {"total_amount", "0.01"},
        {"total_amount", "1e2"},
        {"total_amount", "-1.00"},
        {"trade_status", "TRADE_CLOSED"},
        {"trade_status", "TRADE_FINISHED"},
        {"trade_status", "TRADE_SUCCESS "},
        {"out_trade_no", "1400000020261101000000000001"},
        {"trade_no", "2026110522001400000000000009"},
        {"notify_id", "2026110500000000000000000000000009"},
        {"charset", "gbk"}};
    const auto& [wanted, other] = kChanges[below(kChanges.size())];
    Pairs pairs = readForm(form);
    for (auto& [name, value] : pairs) {
        if (name == wanted) {
            value = other;
        }
    }
    return join(pairs);
}

std::string Mutator::addParameter(const std::string& form)
{
    static const std::vector<std::pair<const char*, const char*>> kAdditions = {
        {"refund_fee", "0.01"},
        {"gmt_refund", "2026-11-05 10:00:02"},
        {"encrypt_type", "AES"},
        {"a", ""},
        {"", "x"},
        {"sign", "AAAA"},
        {"zzz", "1"}};
    const auto& [name, value] = kAdditions[below(kAdditions.size())];
    Pairs pairs = readForm(form);
    pairs.insert(pairs.begin() + static_cast<std::ptrdiff_t>(below(pairs.size() + 1)),
                 {name, value});
    return join(pairs);
}

/// The signed text stays the same; the parameters do not.
std::string Mutator::mergeParameters(const std::string& form)
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

std::string Mutator::splitParameter(const std::string& form)
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

std::string Mutator::changeName(const std::string& form)
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
