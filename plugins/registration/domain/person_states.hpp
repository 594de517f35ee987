// The life of a person's application as data (requirements 4.2, 4.3 and 4.5 with 13): a row says
// from which state which event leads where, for which editions and for whom. What has no row does
// not happen.
#pragma once

#include "domain/transitions.hpp"

#include <optional>
#include <string_view>

namespace registration {

enum class PersonState {
    JoinRequested,   // 单位审核加入
    Saved,           // 已保存
    Submitted,       // frozen, waits for its organization
    ToBeCategorized, // 待标记
    ToBeLocked,      // 待锁定
    ToBePaid,        // 待支付
    ToBeReviewed,    // 待审核
    Passed,          // 审核通过
    Failed,          // 审核不通过
    Canceled,        // 注销
    Archived         // of a past edition
};

enum class PersonEvent {
    Accept, // a person who asked to join
    Edit,
    Submit,
    OrganizationSubmitted,
    OrganizationApproved,
    Categorize, // also another category, and the upgrade of a reused badge
    Uncategorize,
    Lock,
    ChangePeriod,
    Order,   // put in an order
    Release, // the order was canceled or expired
    Pay,
    Pass,
    Fail,
    Cancel
};
inline constexpr PersonState kLastPersonState = PersonState::Archived;
inline constexpr PersonEvent kLastPersonEvent = PersonEvent::Cancel;

/// What a row may ask of the person.
struct PersonFacts {
    bool reuses_badge = false;
    bool is_free = false; // the category's
    bool has_order = false;
};

std::string_view toText(PersonState state);
std::optional<PersonState> findPersonState(std::string_view text);
/// Throws std::invalid_argument for a text that no state has: the row is damaged.
PersonState parsePersonState(std::string_view text);

/// Nothing when the event is refused.
std::optional<PersonState>
next(PersonState from, PersonEvent event, Mode mode, const PersonFacts& facts);

/// The document may be used by no other application of the edition (C-09).
bool isLive(PersonState state) noexcept;

/// Whether a category may be set: for a new badge any; a reused one only gets better (R-173…R-177),
/// from the rank that it had.
bool mayBecome(bool reuses_badge, int from_rank, int to_rank) noexcept;

} // namespace registration
