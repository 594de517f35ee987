// Forms: the pages of an organization's application as data. A field is a row: whoever adds one
// writes its name, its titles, the rule that asks for it and its check, and nothing else.
#pragma once

#include "domain/edition.hpp"
#include "domain/records.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace registration {

/// A node of the tree of industries: area, zone or industry, product.
struct IndustryNode {
    std::string node_id;
    std::string parent_id; // '' of an area
    Words name;
    bool is_zone = false; // a special zone
};

/// Whoever recommends organizations with it.
struct ReferralCode {
    std::string code;
    std::string owner_kind; // 'delegation' or 'partner'
    std::string owner_id;
};

/// What a page is checked against.
struct FormFacts {
    const Edition& edition;
    const Organization& organization;
    std::vector<Delegation> delegations;
    std::vector<IndustryNode> industries;
    std::optional<ReferralCode> referral; // the registered one of the code that was typed
};

/// What is to be said of a value, and where it is to be mended.
struct Remark {
    std::string rule;
    std::string pointer; // into the page
    Words message;
};

/// Of a page as it stands. Drafts are kept whatever is said here, but for `misshapen`.
struct PageReview {
    std::vector<Remark> misshapen; // no form of this edition looks like that
    std::vector<Remark> missing;
    std::vector<Remark> violations; // must be mended before it is submitted
    std::vector<Remark> warnings;   // never refuse
};

/// How a client draws it, and what shape its value has.
enum class FieldKind {
    Text,
    Delegation,
    SubDelegation,
    Purposes,
    Contacts,
    Amounts,   // {"from": 1000, "to": 1000}
    Countries, // [{"country": "DEU", "stage": "forecast"}]
    Industries,
    Texts
};

struct Check {
    const FormFacts& facts;
    const Json& document;
    const Json& value; // never null, of the field's shape
    std::string_view rule;
    std::string pointer;
    PageReview& review;
};

struct Field {
    std::string_view name;
    std::string_view en;
    std::string_view zh;
    std::string_view rule;
    FieldKind kind;
    bool required;
    bool mainland_only; // others have no delegation and no code (C-02)
    void (*check)(const Check&);
};

inline constexpr const char* kOrganizationPage = "organization";
inline constexpr const char* kContactsPage = "contacts";
inline constexpr const char* kIntentionPage = "intention";
inline constexpr const char* kLicencePage = "licence";

/// The pages that are typed; the licence is uploaded.
std::span<const std::string_view> typedPages() noexcept;
bool isTypedPage(std::string_view page) noexcept;

/// The fields that this edition offers to this organization.
std::vector<Field> fieldsOf(std::string_view page, const FormFacts& facts);

PageReview reviewPage(std::string_view page, const Json& document, const FormFacts& facts);

/// What a field offers, with its titles.
struct Choice {
    std::string_view id;
    std::string_view en;
    std::string_view zh;
};
/// The stages of a purchase.
std::span<const Choice> purchaseStages() noexcept;
/// The purpose's own id where nobody has given it a title.
Words titleOfPurpose(std::string_view purpose);

std::string_view toText(FieldKind kind);

} // namespace registration
