// A provider that sells nothing: it has no trades, so what the core asks about those has one
// answer.
#pragma once

#include "core/provider.hpp"

namespace hub::simulator {

class TradelessProvider : public Provider {
public:
    Look look(const Trade&) const final { return {}; }
    std::string newProviderNumber() const final { return {}; }
    void tell(Book&, const Trade&, const Refund*) const final {}
    std::int64_t refundWindowMs() const final { return 0; }
};

} // namespace hub::simulator
