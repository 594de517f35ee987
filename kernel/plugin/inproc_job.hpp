// hub.job/1 for plugins in the hub's process.
#pragma once

#include "base/json.hpp"
#include "journal/jobs.hpp"

#include <hub/ext/job.h>

namespace hub::plugin {

const hub_job_v1& jobTable() noexcept;

/// A job as `show` and the operators' commands tell it.
base::Json describeJob(const journal::Job& job);

} // namespace hub::plugin
