// QuarantineDesk: what operators see of a restored hub's quarantine, and how they end it. The
// kernel counts the calls that nobody was asked about yet; plugins that subscribe to
// journal::kRestoredEvent say for themselves what is open: a read with the operation
// "quarantine.show" whose data has "open".
#pragma once

#include "app/audit_trail.hpp"
#include "app/cli/protocol.hpp"
#include "app/fleet.hpp"

#include <cstdint>
#include <string>

namespace hub::app {

struct QuarantineParts {
    const plugin::LiveCatalogue& catalogue;
    const config::Settings& settings;
    const base::Clock& clock;
    store::Database& database;
    journal::Lane& lane;
    Fleet& fleet;
    AuditTrail& audit;
};

class QuarantineDesk {
public:
    explicit QuarantineDesk(QuarantineParts parts);

    cli::AdminReply show();
    /// Refused without a reason, and while something is open unless it is forced.
    cli::AdminReply release(const cli::AdminRequest& request);

    /// Tells libraries of the restore, once; after they have subscribed.
    static void announce(journal::Lane& lane);

private:
    struct View {
        cli::AdminReply reply;
        std::int64_t open = 0;
    };

    View look();
    void askPlugin(const plugin::Package& package, View& view);

    QuarantineParts parts_;
};

} // namespace hub::app
