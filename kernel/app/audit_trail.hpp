// AuditTrail: lets any thread add to the chained audit log, which the lane writes.
#pragma once

#include "journal/lane.hpp"
#include "security/audit.hpp"

#include <memory>

namespace hub::app {

class AuditTrail {
public:
    AuditTrail(journal::Lane& lane, const base::Clock& clock, security::Audit& audit);

    /// Returns at once; the entry is durable with the lane's next commit. Kept while the store
    /// is away.
    void write(security::AuditEntry entry);
    /// Inside a unit of the lane: durable together with what it tells of.
    void write(journal::LaneContext& context, const security::AuditEntry& entry);
    /// Writes the head of the chain to the anchor file; from the lane's thread or through it.
    void anchor();

private:
    journal::Lane& lane_;
    const base::Clock& clock_;
    security::Audit& audit_;
};

} // namespace hub::app
