// ExchangeLog: the rows of hub_exchange, and what egress needs of the journal: the durable
// *sending* mark before the first byte, and the record of how the exchange ended.
#pragma once

#include "egress/exchanger.hpp"
#include "journal/lane.hpp"

#include <functional>

namespace hub::app {

class ExchangeLog final : public egress::Journal {
public:
    explicit ExchangeLog(journal::Lane& lane);

    bool markSending(const egress::Ticket& ticket, const egress::Record& record) override;
    /// The same without waiting: `done` is called once, on the lane's thread, after the commit.
    void markSendingLater(const egress::Record& record, std::function<void(bool granted)> done);
    void recordExchange(const egress::Record& record) override;

private:
    journal::Lane& lane_;
};

} // namespace hub::app
