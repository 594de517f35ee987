// Identity documents: which there are, who may show which, and what makes two of them the same.
#pragma once

#include "calendar.hpp"
#include "finding.hpp"
#include "resident_card.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace identifiers {

enum class PersonKind {
    Mainland,
    HongKongMacaoTaiwan,
    OtherCountry,
    ChinaOverseas // Chinese citizens with permanent residence abroad
};

enum class DocumentKind {
    ResidentCard,
    HongKongMacaoPermit,
    TaiwanPermit,
    ResidencePermit,
    Passport,
    PermanentResidence,
    ChinesePassport
};

/// The kinds that such a person may show, the usual one first.
std::vector<DocumentKind> documentsOf(PersonKind person);
bool isAllowed(PersonKind person, DocumentKind document);

/// What only the caller knows of a document.
struct DocumentFacts {
    PersonFacts person;
    Day fair_last_day;
    std::optional<Day> expires = {}; // as stated; nothing: it does not expire or was not asked for
};

/// The checks of the kind, ExpiresTooEarly, and the error DocumentKind when the person may not show
/// it.
Checked checkDocument(PersonKind person,
                      DocumentKind document,
                      std::string_view text,
                      const DocumentFacts& facts);

/// Equal keys are the same person's document, however often it was renewed; `country` (alpha-3)
/// counts for Passport only. Empty when the text has not the document's shape. A key is personal
/// data like the number itself.
std::string
documentKey(DocumentKind document, std::string_view text, std::string_view country = "");

/// "resident_card"; parse gives nothing for any other word.
std::string_view toText(PersonKind person) noexcept;
std::string_view toText(DocumentKind document) noexcept;
std::optional<PersonKind> parsePersonKind(std::string_view text) noexcept;
std::optional<DocumentKind> parseDocumentKind(std::string_view text) noexcept;

} // namespace identifiers
