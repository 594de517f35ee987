// PackageChange: what another configuration of a library means for a process that has the former
// one. Pure functions.
#pragma once

#include "plugin/catalogue.hpp"

namespace hub::app {

/// Whether a process of `before` may serve for `now`. Of an account it knows neither whether that
/// opens, drains or is retired, nor the callback tokens before the newest one.
bool isSameForProcess(const plugin::Package& before, const plugin::Package& now);

/// What the hub knows of a library whose process has `package` while `newest` is wanted. A
/// successor may be given up: neither whether an account drains may depend on that, nor whether a
/// callback is taken, because its address may be with the provider already.
plugin::Package withNewest(const plugin::Package& package, const plugin::Package& newest);

} // namespace hub::app
