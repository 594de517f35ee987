// The kernel's exception: an environment failure with a code that callers react to.
#pragma once

#include <hub/plugin.h>

#include <Poco/Exception.h>
#include <fmt/format.h>

#include <string>
#include <utility>

namespace hub::base {

/// `code` is a hub_status; the text names subject, value, expectation and remedy and holds no
/// secret.
class Failure : public Poco::Exception {
public:
    template <typename... Arguments>
    explicit Failure(hub_status code, fmt::format_string<Arguments...> text, Arguments&&... values)
        : Poco::Exception(fmt::format(text, std::forward<Arguments>(values)...), code)
    {}

    hub_status status() const noexcept { return code(); }
    const char* name() const noexcept override { return "hub::base::Failure"; }
    /// The sentence: Poco's own what() is the name of the class.
    const char* what() const noexcept override { return message().c_str(); }
    const char* className() const noexcept override { return name(); }
    Poco::Exception* clone() const override { return new Failure(*this); }
    void rethrow() const override { throw *this; }
};

/// The one line that describes the exception being handled; call it inside a catch block.
std::string currentExceptionText();

} // namespace hub::base
