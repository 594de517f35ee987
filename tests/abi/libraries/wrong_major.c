/* Built for another major version. */
#include "fixture.h"

const hub_plugin_api* hub_plugin_entry(uint16_t major, uint16_t minor)
{
    (void)major, (void)minor;
    fixture_api.abi_major = HUB_ABI_MAJOR + 1;
    return &fixture_api;
}
