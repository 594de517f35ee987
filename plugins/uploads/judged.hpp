// Judged<T>: what was read from an upload, or the finding why it was refused. It is hub::Result
// with a finding, because its reader is the person who uploaded, in that person's language.
#pragma once

#include "uploads/finding.hpp"

#include <utility>
#include <variant>

namespace uploads {

template <typename T>
class [[nodiscard]] Judged {
public:
    // Converting on purpose, as hub::Result does.
    Judged(T value)
        : state_(std::in_place_index<0>, std::move(value))
    {} // NOLINT
    Judged(Finding finding)
        : state_(std::in_place_index<1>, std::move(finding))
    {} // NOLINT

    bool ok() const noexcept { return state_.index() == 0; }

    /// Throws std::bad_variant_access when there is none: ask ok() first.
    const T& value() const& { return std::get<0>(state_); }
    T& value() & { return std::get<0>(state_); }
    T value() && { return std::get<0>(std::move(state_)); }

    const Finding& finding() const { return std::get<1>(state_); }

private:
    std::variant<T, Finding> state_;
};

} // namespace uploads
