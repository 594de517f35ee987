// payment_wechat as it is shipped, under a newer version's number.
#include <hub/connector.hpp>

#undef HUB_CONNECTOR
#define HUB_CONNECTOR(Type, id, version) HUB_LIBRARY(Type, id, BENCH_NEWER_VERSION)

#include "payment_wechat/connector.cpp" // NOLINT(bugprone-suspicious-include)
