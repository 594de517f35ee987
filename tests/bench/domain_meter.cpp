#include "domain_meter.hpp"

#include <hub/ext/person.h>

#include <exception>
#include <functional>

namespace bench {

/// The hub's side of the boundary, as far as a read needs it.
struct StatementMeter::Tables {
    static hub_status execute(hub_context* context,
                              hub_unit*,
                              hub_text sql,
                              const hub_value* parameters,
                              std::uint32_t count,
                              hub_row_fn row,
                              void* user,
                              std::int64_t*,
                              hub_text* error) noexcept
    {
        auto& meter = *reinterpret_cast<StatementMeter*>(context);
        try {
            meter.cost_ += meter.run(
                hub::view(sql),
                {parameters, parameters + count},
                [&](const std::vector<hub_value>& columns) {
                    return row == nullptr ||
                           row(user, columns.data(), static_cast<std::uint32_t>(columns.size())) !=
                               0;
                });
            return HUB_OK;
        } catch (const std::exception& problem) {
            meter.error_ = problem.what();
            *error = hub::toText(meter.error_);
            return HUB_UNAVAILABLE;
        }
    }

    static hub_status
    open(hub_context*, hub_unit*, hub_text, hub_text, hub_bytes, hub_bytes_fn, void*) noexcept
    {
        return HUB_NOT_FOUND; // the person was erased
    }

    static const void* extension(hub_context*, const char* id) noexcept
    {
        static const hub_store_v1 kStore = {sizeof(hub_store_v1), 0, &Tables::execute};
        static const hub_person_v1 kPerson = {
            sizeof(hub_person_v1), 0, nullptr, &Tables::open, nullptr, nullptr};
        if (std::string_view(id) == HUB_EXT_STORE_1) {
            return &kStore;
        }
        return std::string_view(id) == HUB_EXT_PERSON_1 ? &kPerson : nullptr;
    }
};

hub::Snapshot StatementMeter::snapshot()
{
    static const hub_host_api kHost = {sizeof(hub_host_api),
                                       HUB_ABI_MAJOR,
                                       HUB_ABI_MINOR,
                                       nullptr,
                                       nullptr,
                                       nullptr,
                                       nullptr,
                                       nullptr,
                                       &Tables::extension};
    return {hub::Host(reinterpret_cast<hub_context*>(this), &kHost), event_};
}

std::int64_t StatementMeter::takeCost()
{
    return std::exchange(cost_, 0);
}

} // namespace bench
