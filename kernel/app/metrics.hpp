// Metrics: reads the counters of the subsystems once a second and shows them to Prometheus.
#pragma once

#include "app/fleet.hpp"
#include "bus/router.hpp"
#include "egress/exchanger.hpp"
#include "journal/lane.hpp"
#include "store/database.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace hub::app {

struct MetricsParts {
    journal::Lane& lane;
    bus::Router& router;
    egress::Exchanger& exchanger;
    Fleet& fleet;
    store::Database& database;
    const base::Clock& clock;
    const security::Sessions& sessions;
};

class Metrics {
public:
    explicit Metrics(MetricsParts parts);
    ~Metrics();

    void start();
    void stop() noexcept;

private:
    void run();
    void read();

    MetricsParts parts_;
    std::mutex mutex_;
    std::condition_variable stopping_changed_;
    bool stopping_ = false;
    std::thread thread_;
};

} // namespace hub::app
