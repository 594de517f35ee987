// Metrics: counters, gauges and histograms of this process, read by GET /metrics. Declare one as
// a constant in the file that counts:
//   const observe::Counter kRefused{"hub_callbacks_refused_total", "Callbacks refused.",
//   {"reason"}}; kRefused.add({"bad_signature"});
// Label values come from bounded sets; what goes beyond the bound is counted under "other".
#pragma once

#include <cstddef>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hub::observe {

/// Combinations of label values that one metric may have.
inline constexpr std::size_t kLabelSetsMax = 500;

using LabelNames = std::vector<std::string>;
/// In the order of the metric's label names.
using LabelValues = std::initializer_list<std::string_view>;

/// All three are thread-safe. A name is `hub_` and snake_case; two objects of the same name,
/// label names and kind are one metric.
class Counter {
public:
    Counter(const std::string& name, const std::string& help, LabelNames labels = {});
    ~Counter();
    Counter(const Counter&) = delete;
    Counter& operator=(const Counter&) = delete;

    void add(LabelValues values = {}, double amount = 1) const;
    double value(LabelValues values = {}) const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

class Gauge {
public:
    Gauge(const std::string& name, const std::string& help, LabelNames labels = {});
    ~Gauge();
    Gauge(const Gauge&) = delete;
    Gauge& operator=(const Gauge&) = delete;

    void set(double value, LabelValues values = {}) const;
    void add(double amount, LabelValues values = {}) const;
    double value(LabelValues values = {}) const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

class Histogram {
public:
    /// Without `bounds` those of a request in seconds, 1 ms to 30 s.
    Histogram(const std::string& name,
              const std::string& help,
              LabelNames labels = {},
              std::vector<double> bounds = {});
    ~Histogram();
    Histogram(const Histogram&) = delete;
    Histogram& operator=(const Histogram&) = delete;

    void observe(double value, LabelValues values = {}) const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

/// All metrics in Prometheus's text format 0.0.4.
std::string metricsText();

} // namespace hub::observe
