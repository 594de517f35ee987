// PayloadSeal: encrypts what calls of personal contracts carry, from the row's creation on. The
// journal holds no key; who starts it gives it one.
#pragma once

#include <string>
#include <string_view>

namespace hub::journal {

/// Thread-safe.
class PayloadSeal {
public:
    virtual ~PayloadSeal() = default;
    /// Binds the bytes to `place`, which names row and column. Throws base::Failure.
    virtual std::string seal(std::string_view place, std::string_view plain) const = 0;
    /// Throws base::Failure when the bytes were not sealed for this place, or the key is gone.
    virtual std::string open(std::string_view place, std::string_view sealed) const = 0;

    /// Refuses both: a journal without it takes no personal call.
    static const PayloadSeal& none();
};

} // namespace hub::journal
