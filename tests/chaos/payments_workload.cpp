#include "load.hpp"
#include "workload.hpp"

namespace chaos {

namespace {

class PaymentsWorkload : public Workload {
public:
    explicit PaymentsWorkload(Installation& installation)
        : installation_(installation)
        , balance_minor_(balanceOf(installation))
        , load_(installation, memory_, installation.options().seed)
    {}

    std::int64_t acknowledged() const override { return memory_.exposure().acknowledged; }
    void giveUpHope() override { memory_.giveUpHope(); }
    void stop() override { load_.stop(); }

    bool conclude(Proof proof, const Due& due) override
    {
        proof.floors.insert(
            proof.floors.begin(),
            {{"acknowledged", acknowledged(), due.acknowledged},
             {"charges", readBooks(installation_.simulator()).charge_count, due.charges}});
        return chaos::conclude(installation_, memory_, balance_minor_, proof).good;
    }

private:
    Installation& installation_;
    std::int64_t balance_minor_;
    Memory memory_;
    Load load_;
};

Setup setup(const Options& /*options*/)
{
    return {};
}

std::unique_ptr<Workload> start(Installation& installation)
{
    return std::make_unique<PaymentsWorkload>(installation);
}

} // namespace

extern const WorkloadKind kPaymentsWorkload;
const WorkloadKind kPaymentsWorkload = {
    "payments", "customers who order, pay, cancel and get refunds", setup, start};

} // namespace chaos
