// Maintenance: what has to be done now and then: removing what is too old, anchoring the audit
// log, writing when sessions were seen. One short unit at a time, so that it is never in anybody's
// way.
#pragma once

#include "app/audit_trail.hpp"
#include "journal/lane.hpp"
#include "journal/retention.hpp"
#include "security/sessions.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace hub::app {

class Maintenance {
public:
    Maintenance(journal::Lane& lane,
                AuditTrail& audit,
                security::Sessions& sessions,
                journal::RetentionSettings retention);
    ~Maintenance();

    void start();
    void stop() noexcept;

private:
    void run();
    void work(bool hour_is_over);
    void prune();

    journal::Lane& lane_;
    AuditTrail& audit_;
    security::Sessions& sessions_;
    journal::RetentionSettings retention_;
    std::mutex mutex_;
    std::condition_variable stopping_changed_;
    bool stopping_ = false;
    std::thread thread_;
};

} // namespace hub::app
