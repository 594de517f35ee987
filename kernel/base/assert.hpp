// HUB_ASSERT: programmer errors end the process with a text, in release builds, too.
#pragma once

#include <cstdio>
#include <cstdlib>

#define HUB_ASSERT(condition, what)                                                                \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            std::fprintf(stderr, "%s:%d: assertion failed: %s\n", __FILE__, __LINE__, what);       \
            std::abort();                                                                          \
        }                                                                                          \
    } while (false)
