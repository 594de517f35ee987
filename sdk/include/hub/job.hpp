// Long work in small pieces, as C++ (ext/job.h says which steps a plugin gets).
#pragma once

#include <hub/ext/job.h>
#include <hub/plugin.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace hub::job {

namespace detail {

inline void receive(void* user, hub_bytes bytes) noexcept
{
    static_cast<std::string*>(user)->assign(view(bytes));
}

} // namespace detail

/// The job's id. `input` is a blob's digest or empty, `parameters` a JSON object.
inline std::string
begin(const Unit& unit, std::string_view kind, std::string_view input, std::string_view parameters)
{
    std::string id;
    const auto& table = unit.service<hub_job_v1>(HUB_EXT_JOB_1);
    const hub_status status = table.begin(unit.host().context(),
                                          unit.handle(),
                                          toText(kind),
                                          toText(input),
                                          toBytes(parameters),
                                          &detail::receive,
                                          &id);
    if (status != HUB_OK) {
        throw UnitFailure(status, "a job could not be begun");
    }
    return id;
}

/// HUB_OK · HUB_NOT_FOUND · HUB_REJECTED: it has ended or is being activated.
inline hub_status cancel(const Unit& unit, std::string_view job)
{
    const auto& table = unit.service<hub_job_v1>(HUB_EXT_JOB_1);
    return table.cancel(unit.host().context(), unit.handle(), toText(job));
}

/// A JSON object as ext/job.h describes it; nothing when there is no such job of this plugin.
inline std::optional<std::string> show(const Snapshot& snapshot, std::string_view job)
{
    std::string json;
    const auto& table = snapshot.service<hub_job_v1>(HUB_EXT_JOB_1);
    const hub_status status = table.show(
        snapshot.host().context(), snapshot.handle(), toText(job), &detail::receive, &json);
    return status == HUB_OK ? std::optional{std::move(json)} : std::nullopt;
}

} // namespace hub::job
