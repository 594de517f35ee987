// The statements of the lists of persons, as text: which index each walks, and which parameters it
// takes. '?' only: the parts that differ between filters are conditions of indexes.
#pragma once

#include "store/person_list.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace registration {

/// By a term, but for an organization: its persons are fewer than those that any term finds.
bool isByTerm(const PersonFilter& filter);
/// Condition and parameter of the narrowest index that the filter allows; terms have an
/// index of each kind of group. '@' stands for the table.
std::pair<std::string_view, std::string_view> nodeOf(const PersonFilter& filter);
/// For the index of a group's states; an organization's persons are few.
std::string_view onlyState(const PersonFilter& filter);
/// Whether an index of terms alone tells how many there are.
bool isCountedByTerm(const PersonFilter& filter);

std::string listSql(const PersonFilter& filter);
std::string countSql(const PersonFilter& filter);
std::string windowSql(const PersonFilter& filter);
/// The organizations of the filter's group that its text means.
std::string organizationsSql(const PersonFilter& filter);
std::string facetSql();
/// How many a term finds, up to a limit.
std::string frequencySql();

} // namespace registration
