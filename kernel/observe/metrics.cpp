#include "observe/metrics.hpp"

#include "base/assert.hpp"
#include "observe/mask.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <utility>

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace hub::observe {

namespace {

constexpr std::size_t kLabelValueBytesMax = 64;

prometheus::Registry& registry()
{
    static prometheus::Registry instance;
    return instance;
}

bool isMetricName(const std::string& name)
{
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    };
    return name.rfind("hub_", 0) == 0 && std::all_of(name.begin(), name.end(), allowed);
}

/// A family with the children it has handed out: the look-up without building a label map, and
/// the bound on their number.
template <typename Metric>
class Children {
public:
    Children(prometheus::Family<Metric>& family, LabelNames names)
        : family_(family)
        , names_(std::move(names))
    {}

    /// A metric without labels exists from the start, with 0.
    bool isPlain() const { return names_.empty(); }

    template <typename... Arguments>
    Metric& get(LabelValues values, const Arguments&... arguments)
    {
        HUB_ASSERT(values.size() == names_.size(), "a metric needs a value for each label");
        std::vector<std::string> key;
        key.reserve(values.size());
        for (const std::string_view value : values) {
            key.push_back(oneLine(value, kLabelValueBytesMax));
        }
        const std::lock_guard lock(mutex_);
        auto found = children_.find(key);
        if (found == children_.end() && children_.size() >= kLabelSetsMax) {
            key.assign(names_.size(), "other");
            found = children_.find(key);
        }
        if (found == children_.end()) {
            prometheus::Labels labels;
            for (std::size_t i = 0; i < names_.size(); ++i) {
                labels.emplace(names_[i], key[i]);
            }
            found = children_.emplace(key, &family_.Add(labels, arguments...)).first;
        }
        return *found->second;
    }

private:
    prometheus::Family<Metric>& family_;
    LabelNames names_;
    std::mutex mutex_;
    std::map<std::vector<std::string>, Metric*> children_;
};

} // namespace

class Counter::Impl : public Children<prometheus::Counter> {
    using Children::Children;
};

Counter::Counter(const std::string& name, const std::string& help, LabelNames labels)
{
    HUB_ASSERT(isMetricName(name), "a metric's name is hub_ and snake_case");
    auto& family = prometheus::BuildCounter().Name(name).Help(help).Register(registry());
    impl_ = std::make_unique<Impl>(family, std::move(labels));
    if (impl_->isPlain()) {
        impl_->get({});
    }
}

Counter::~Counter() = default;

void Counter::add(LabelValues values, double amount) const
{
    impl_->get(values).Increment(amount);
}

double Counter::value(LabelValues values) const
{
    return impl_->get(values).Value();
}

class Gauge::Impl : public Children<prometheus::Gauge> {
    using Children::Children;
};

Gauge::Gauge(const std::string& name, const std::string& help, LabelNames labels)
{
    HUB_ASSERT(isMetricName(name), "a metric's name is hub_ and snake_case");
    auto& family = prometheus::BuildGauge().Name(name).Help(help).Register(registry());
    impl_ = std::make_unique<Impl>(family, std::move(labels));
}

Gauge::~Gauge() = default;

void Gauge::set(double value, LabelValues values) const
{
    impl_->get(values).Set(value);
}

void Gauge::add(double amount, LabelValues values) const
{
    impl_->get(values).Increment(amount);
}

double Gauge::value(LabelValues values) const
{
    return impl_->get(values).Value();
}

class Histogram::Impl : public Children<prometheus::Histogram> {
public:
    Impl(prometheus::Family<prometheus::Histogram>& family,
         LabelNames names,
         std::vector<double> upper_bounds)
        : Children(family, std::move(names))
        , bounds(std::move(upper_bounds))
    {}

    const std::vector<double> bounds;
};

Histogram::Histogram(const std::string& name,
                     const std::string& help,
                     LabelNames labels,
                     std::vector<double> bounds)
{
    HUB_ASSERT(isMetricName(name), "a metric's name is hub_ and snake_case");
    if (bounds.empty()) {
        bounds = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};
    }
    auto& family = prometheus::BuildHistogram().Name(name).Help(help).Register(registry());
    impl_ = std::make_unique<Impl>(family, std::move(labels), std::move(bounds));
}

Histogram::~Histogram() = default;

void Histogram::observe(double value, LabelValues values) const
{
    impl_->get(values, impl_->bounds).Observe(value);
}

std::string metricsText()
{
    return prometheus::TextSerializer{}.Serialize(registry().Collect());
}

} // namespace hub::observe
