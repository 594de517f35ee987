#include "document.hpp"

#include "passport.hpp"
#include "permanent_residence.hpp"
#include "travel_permit.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace identifiers {

namespace {

using Kind = DocumentKind;

constexpr std::pair<PersonKind, Kind> kAllowed[] = {
    {PersonKind::Mainland, Kind::ResidentCard},
    {PersonKind::HongKongMacaoTaiwan, Kind::HongKongMacaoPermit},
    {PersonKind::HongKongMacaoTaiwan, Kind::TaiwanPermit},
    {PersonKind::HongKongMacaoTaiwan, Kind::ResidencePermit},
    {PersonKind::OtherCountry, Kind::Passport},
    {PersonKind::OtherCountry, Kind::PermanentResidence},
    {PersonKind::ChinaOverseas, Kind::ChinesePassport},
};

constexpr std::pair<PersonKind, std::string_view> kPersonNames[] = {
    {PersonKind::Mainland, "mainland"},
    {PersonKind::HongKongMacaoTaiwan, "hong_kong_macao_taiwan"},
    {PersonKind::OtherCountry, "other_country"},
    {PersonKind::ChinaOverseas, "china_overseas"},
};

constexpr std::pair<Kind, std::string_view> kDocumentNames[] = {
    {Kind::ResidentCard, "resident_card"},
    {Kind::HongKongMacaoPermit, "hong_kong_macao_permit"},
    {Kind::TaiwanPermit, "taiwan_permit"},
    {Kind::ResidencePermit, "residence_permit"},
    {Kind::Passport, "passport"},
    {Kind::PermanentResidence, "permanent_residence"},
    {Kind::ChinesePassport, "chinese_passport"},
};

template <typename Named, std::size_t size>
std::string_view nameIn(const std::pair<Named, std::string_view> (&names)[size],
                        Named value) noexcept
{
    const auto* const found =
        std::find_if(std::begin(names), std::end(names), [value](const auto& entry) {
            return entry.first == value;
        });
    return found == std::end(names) ? std::string_view{} : found->second;
}

template <typename Named, std::size_t size>
std::optional<Named> valueIn(const std::pair<Named, std::string_view> (&names)[size],
                             std::string_view name) noexcept
{
    const auto* const found =
        std::find_if(std::begin(names), std::end(names), [name](const auto& entry) {
            return entry.second == name;
        });
    return found == std::end(names) ? std::nullopt : std::optional(found->first);
}

Checked checkNumber(Kind document, std::string_view text, const PersonFacts& facts)
{
    switch (document) {
    case Kind::ResidentCard:
        return checkResidentCard(text, facts);
    case Kind::HongKongMacaoPermit:
        return checkHongKongMacaoPermit(text);
    case Kind::TaiwanPermit:
        return checkTaiwanPermit(text);
    case Kind::ResidencePermit:
        return checkResidencePermit(text, facts);
    case Kind::Passport:
        return checkPassport(text);
    case Kind::PermanentResidence:
        return checkPermanentResidence(text, facts.today);
    case Kind::ChinesePassport:
        return checkChinesePassport(text);
    }
    return {};
}

std::string numberKey(Kind document, std::string_view text, std::string_view country)
{
    switch (document) {
    case Kind::ResidentCard:
    case Kind::ResidencePermit:
        return residentKey(text);
    case Kind::HongKongMacaoPermit:
        return hongKongMacaoKey(text);
    case Kind::TaiwanPermit:
        return taiwanKey(text);
    case Kind::Passport:
        return passportKey(text, country);
    case Kind::PermanentResidence:
        return permanentResidenceKey(text);
    case Kind::ChinesePassport:
        return passportKey(text, "CHN");
    }
    return {};
}

} // namespace

std::vector<DocumentKind> documentsOf(PersonKind person)
{
    std::vector<DocumentKind> documents;
    for (const auto& [who, document] : kAllowed) {
        if (who == person) {
            documents.push_back(document);
        }
    }
    return documents;
}

bool isAllowed(PersonKind person, DocumentKind document)
{
    return std::find(std::begin(kAllowed), std::end(kAllowed), std::pair(person, document)) !=
           std::end(kAllowed);
}

Checked checkDocument(PersonKind person,
                      DocumentKind document,
                      std::string_view text,
                      const DocumentFacts& facts)
{
    Checked checked = checkNumber(document, text, facts.person);
    if (!isAllowed(person, document)) {
        checked.findings.push_back({.code = Code::DocumentKind});
    }
    if (facts.expires) {
        const Findings expiry = checkExpiry(*facts.expires, facts.fair_last_day);
        checked.findings.insert(checked.findings.end(), expiry.begin(), expiry.end());
    }
    return checked;
}

std::string documentKey(DocumentKind document, std::string_view text, std::string_view country)
{
    const std::string key = numberKey(document, text, country);
    // A Chinese passport is the same one when it was entered as a passport of any country.
    const Kind named = document == Kind::ChinesePassport ? Kind::Passport : document;
    return key.empty() ? key : std::string(toText(named)) + ":" + key;
}

std::string_view toText(PersonKind person) noexcept
{
    return nameIn(kPersonNames, person);
}
std::string_view toText(DocumentKind document) noexcept
{
    return nameIn(kDocumentNames, document);
}

std::optional<PersonKind> parsePersonKind(std::string_view text) noexcept
{
    return valueIn(kPersonNames, text);
}

std::optional<DocumentKind> parseDocumentKind(std::string_view text) noexcept
{
    return valueIn(kDocumentNames, text);
}

} // namespace identifiers
