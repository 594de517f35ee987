// LiveCatalogue: the catalogue of a running hub. An operator's reload puts another one in place;
// earlier ones are kept until the end, so that what points into them stays valid. That happens by
// hand, a few hundred times a year, and a catalogue has some hundred KB.
#pragma once

#include "plugin/catalogue.hpp"

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

namespace hub::plugin {

/// Thread-safe.
class LiveCatalogue {
public:
    explicit LiveCatalogue(Catalogue first) { replace(std::move(first)); }
    LiveCatalogue(const LiveCatalogue&) = delete;
    LiveCatalogue& operator=(const LiveCatalogue&) = delete;

    const Catalogue& now() const noexcept { return *now_.load(std::memory_order_acquire); }

    void replace(Catalogue next) { now_.store(&keep(std::move(next)), std::memory_order_release); }

    /// For what is made of it; does not count as the present one.
    const Catalogue& keep(Catalogue other)
    {
        const std::lock_guard lock(mutex_);
        all_.push_back(std::make_unique<const Catalogue>(std::move(other)));
        return *all_.back();
    }

private:
    std::mutex mutex_;
    std::vector<std::unique_ptr<const Catalogue>> all_;
    std::atomic<const Catalogue*> now_{nullptr};
};

} // namespace hub::plugin
