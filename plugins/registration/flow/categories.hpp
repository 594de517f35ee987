// Categories of persons (requirements 4.3): who gets which, the upgrade of a reused badge, and the
// lock that makes it final. Each function is about one person; what is refused has changed nothing,
// and what is done already is done again without a change.
#pragma once

#include "flow/rule.hpp"
#include "flow/work.hpp"

#include <string>

namespace registration {

/// `reason` is required of an upgrade.
Refused categorize(const Work& work,
                   Person& person,
                   const Category& category,
                   const std::string& reason,
                   const Edition& edition);

/// Takes the category back before the lock; an upgraded badge gets back the category that it had.
Refused uncategorize(const Work& work, Person& person, const Edition& edition);

Refused lock(const Work& work, Person& person, const Edition& edition);

/// where delegations categorize, a reused badge brings the category that it had. It takes
/// its place at the lock, which somebody answers for.
void bringCategory(const Work& work, Person& person, const Edition& edition);

} // namespace registration
