// One row of an import into the tables that wait: whether it is new, known already, or can't be,
// which only the tables tell.
#pragma once

#include "flow/work.hpp"
#include "store/import_rows.hpp"

#include <optional>
#include <variant>

namespace registration {

enum class Staged {
    New,  // the row brings something in
    Known // it is there already, and stays as it is
};

/// `writes` is false when an earlier row had an error: the rest is judged only. `n` counts the rows
/// of this unit.
std::variant<Staged, ImportError>
stage(const Work& work, const Import& import, const Json& row, bool writes, std::size_t n);

/// What is staged counts from now on. What refuses it is said with its line.
std::optional<requests::Refusal> bringIn(const Work& work, const Import& import);

} // namespace registration
