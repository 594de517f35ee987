// Result<T>: a value or an Error, for outcomes that a caller must expect. Environment failures
// are exceptions, programmer errors are assertions.
#pragma once

#include <hub/plugin.h>

#include <string>
#include <utility>
#include <variant>

namespace hub {

/// Why something did not succeed. `message` names subject, value, expectation and remedy; it
/// holds no secret and no personal data.
struct Error {
    hub_status code = HUB_INTERNAL;
    std::string message;
};

template <typename T>
class [[nodiscard]] Result {
public:
    // Converting on purpose: `return value;` and `return Error{…};` are the whole interface.
    Result(T value)
        : state_(std::in_place_index<0>, std::move(value))
    {} // NOLINT
    Result(Error error)
        : state_(std::in_place_index<1>, std::move(error))
    {} // NOLINT

    bool ok() const noexcept { return state_.index() == 0; }
    explicit operator bool() const noexcept { return ok(); }

    /// Throws std::bad_variant_access when there is none: ask ok() first.
    const T& value() const& { return std::get<0>(state_); }
    T& value() & { return std::get<0>(state_); }
    /// By value: a reference into a temporary would dangle in `for (x : find().value())`.
    T value() && { return std::get<0>(std::move(state_)); }

    const Error& error() const& { return std::get<1>(state_); }
    Error&& error() && { return std::get<1>(std::move(state_)); }

private:
    std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
public:
    Result() = default;
    Result(Error error)
        : error_(std::move(error))
        , failed_(true)
    {} // NOLINT

    bool ok() const noexcept { return !failed_; }
    explicit operator bool() const noexcept { return ok(); }
    const Error& error() const& { return error_; }

private:
    Error error_;
    bool failed_ = false;
};

} // namespace hub
