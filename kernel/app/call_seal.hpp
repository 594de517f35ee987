// CallSeal: what calls of personal contracts carry, sealed under the hub's own key.
#pragma once

#include "base/exception.hpp"
#include "journal/payload_seal.hpp"
#include "security/sealer.hpp"

namespace hub::app {

class CallSeal final : public journal::PayloadSeal {
public:
    explicit CallSeal(security::Secrets& secrets)
        : sealer_(secrets, "hub/personal_calls")
    {}

    std::string seal(std::string_view place, std::string_view plain) const override
    {
        return sealer_.seal(place, plain);
    }

    std::string open(std::string_view place, std::string_view sealed) const override
    {
        auto plain = sealer_.open(place, sealed);
        if (!plain.ok()) {
            throw base::Failure(
                HUB_INTERNAL, "{} can't be opened: {}", place, plain.error().message);
        }
        return std::move(plain).value();
    }

private:
    security::Sealer sealer_;
};

} // namespace hub::app
