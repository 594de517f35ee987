// The one place that says whether this is a build with sanitizers. Their runtimes look at /proc,
// reserve terabytes of addresses and stop all threads to search for leaks: a build for tests
// leaves them that, and the tests name what they can't show there.
#pragma once

namespace hub::plugin_host {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

} // namespace hub::plugin_host
