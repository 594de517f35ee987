// Contain: how many payments come through a healthy connector while another one hangs and a third
// one crashes again and again, by how many do without them right before and after.

#include "payments_hub.hpp"
#include "sickness.hpp"
#include "support/hub_process.hpp"

#include <memory>
#include <stdexcept>

namespace bench {

namespace {

constexpr Mark kMark = {Mark::Rule::AtLeast, 0.8};

class Contain {
public:
    explicit Contain(const Options& options)
        : options_(options)
        , hub_(options, {.others = Sickness::connectors()})
    {}

    Lines measure();

private:
    HttpRun load(double seconds);
    void measureRound();

    Options options_;
    PaymentsHub hub_;
    std::unique_ptr<HttpLoad> load_;
    std::unique_ptr<Creates> creates_;
    std::vector<double> sick_;
    std::vector<double> healthy_;
    std::vector<double> latencies_ms_;
    int calls_ = 0;
    int callbacks_refused_ = 0;
    int enabled_again_ = 0;
};

HttpRun Contain::load(double seconds)
{
    return load_->run(seconds, creates_->next(), [this](std::size_t, const HttpAnswer& answer) {
        creates_->took(answer);
    });
}

void Contain::measureRound()
{
    const HttpRun before = load(options_.seconds / 2);
    Sickness::enable(hub_);
    HttpRun during;
    {
        const Sickness sickness(hub_);
        load(kWarmUpSeconds); // until both are sick
        during = load(options_.seconds);
        calls_ += sickness.calls();
        callbacks_refused_ += sickness.callbacksRefused();
        enabled_again_ += sickness.enabledAgain();
    }
    Sickness::disable(hub_);
    const HttpRun after = load(options_.seconds / 2);
    creates_->demandCodes();
    sick_.push_back(during.perSecond());
    healthy_.push_back(static_cast<double>(before.answered + after.answered) /
                       (before.seconds + after.seconds));
    latencies_ms_.insert(
        latencies_ms_.end(), during.latencies_ms.begin(), during.latencies_ms.end());
}

Lines Contain::measure()
{
    hub_.start();
    Sickness::disable(hub_);
    load_ = std::make_unique<HttpLoad>(hub_.port(), kConnections);
    creates_ = std::make_unique<Creates>(hub_, "contain", kConnections);
    load(kWarmUpSeconds);
    for (int i = 0; i < options_.runs; ++i) {
        measureRound();
    }
    if (calls_ == 0 || callbacks_refused_ == 0 || enabled_again_ == 0) {
        throw std::runtime_error("nobody was sick: " + std::to_string(calls_) + " calls, " +
                                 std::to_string(callbacks_refused_) + " callbacks refused, " +
                                 std::to_string(enabled_again_) + " times enabled again");
    }
    nlohmann::json line = hub_.facts();
    line.update({{"name", "contain.healthy"},
                 {"unit", "creates/s beside two sick connectors"},
                 {"limit_name", "creates/s without them, right before and after"},
                 {"runs", options_.runs},
                 {"seconds", options_.seconds},
                 {"sick_calls", calls_},
                 {"sick_callbacks_refused", callbacks_refused_},
                 {"enabled_again", enabled_again_},
                 {"p50_ms", percentile(latencies_ms_, 0.5)},
                 {"p99_ms", percentile(latencies_ms_, 0.99)}});
    judgeRounds(line, sick_, healthy_, kMark);
    return {line};
}

} // namespace

std::vector<Figure> containFigures()
{
    return {{"contain.healthy", [](const Options& options) {
                 return Contain(options).measure();
             }}};
}

} // namespace bench
