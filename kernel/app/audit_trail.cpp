#include "app/audit_trail.hpp"

#include <utility>

namespace hub::app {

namespace {

class AuditWork final : public journal::Work {
public:
    AuditWork(AuditTrail& trail, security::AuditEntry entry)
        : trail_(trail)
        , entry_(std::move(entry))
    {}
    void run(journal::LaneContext& context) override
    {
        (void)context.group.attempt([&] { trail_.write(context, entry_); });
    }
    void committed() noexcept override {}
    void failed(const journal::UnitFailed&) noexcept override {}
    bool mustHappen() const noexcept override { return true; }

private:
    AuditTrail& trail_;
    security::AuditEntry entry_;
};

} // namespace

AuditTrail::AuditTrail(journal::Lane& lane, const base::Clock& clock, security::Audit& audit)
    : lane_(lane)
    , clock_(clock)
    , audit_(audit)
{}

void AuditTrail::write(security::AuditEntry entry)
{
    entry.time_ms = clock_.nowMs();
    lane_.submit(std::make_unique<AuditWork>(*this, std::move(entry)));
}

void AuditTrail::write(journal::LaneContext& context, const security::AuditEntry& entry)
{
    // The head is read from this transaction: a group that was rolled back must leave no trace.
    audit_.forget();
    audit_.append(context.group.connection(), entry);
}

void AuditTrail::anchor()
{
    lane_.runNow([this](journal::LaneContext& context) {
        // Only what is committed may be anchored: a row that is rolled back later would look
        // like one that was cut off.
        store::Connection& connection = context.group.connection();
        context.group.effects().after_commit.push_back([this, &connection] {
            audit_.forget();
            audit_.anchor(connection, clock_.nowMs());
        });
    });
}

} // namespace hub::app
