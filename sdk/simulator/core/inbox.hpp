// The page on which a person reads what was sent to a phone, in place of the phone. Looking changes
// nothing.
#pragma once

#include "core/books.hpp"
#include "core/clock.hpp"
#include "core/message.hpp"

namespace hub::simulator {

/// Thread-safe.
class Inbox {
public:
    Inbox(Books& books, const TestClock& clock)
        : books_(books)
        , clock_(clock)
    {}

    static bool serves(const HttpMessage& message) { return message.path == "/inbox"; }

    /// /inbox?phone=N: what N got, newest first; without a phone what anybody got.
    Reply handle(const HttpMessage& message);

private:
    Books& books_;
    const TestClock& clock_;
};

} // namespace hub::simulator
