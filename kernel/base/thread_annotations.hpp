// Tells ThreadSanitizer about hand-overs that it can't see: libzmq is not instrumented, so a
// pointer that goes through an inproc pipe looks like a race. One sync object per message (the
// object itself), so that real races elsewhere stay visible.
#pragma once

#if defined(__SANITIZE_THREAD__)
extern "C" {
void __tsan_acquire(void* address);
void __tsan_release(void* address);
}
#endif

namespace hub::base {

inline void annotateHandOver([[maybe_unused]] void* object) noexcept
{
#if defined(__SANITIZE_THREAD__)
    __tsan_release(object);
#endif
}

inline void annotateTakeOver([[maybe_unused]] void* object) noexcept
{
#if defined(__SANITIZE_THREAD__)
    __tsan_acquire(object);
#endif
}

} // namespace hub::base
