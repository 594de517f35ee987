// Industries: which nodes of the tree are meant by what somebody typed. Where none is, the
// words stay as they were typed.
#pragma once

#include "domain/forms.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace registration {

/// The nodes whose name, in either language, equals the words, or holds them, or is held by them:
/// the best first, at most `count_max`. Words of fewer than two characters mean nothing.
std::vector<std::string> matchIndustries(const std::vector<IndustryNode>& nodes,
                                         std::string_view words,
                                         std::size_t count_max);

/// What is wrong with a tree of which parents come first: three levels, each node once.
std::vector<requests::Violation> checkIndustryTree(const std::vector<IndustryNode>& nodes);

} // namespace registration
