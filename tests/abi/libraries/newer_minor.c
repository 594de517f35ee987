/* Needs functions that this hub does not have yet. */
#include "fixture.h"

const hub_plugin_api* hub_plugin_entry(uint16_t major, uint16_t minor)
{
    (void)major, (void)minor;
    fixture_api.abi_minor_required = HUB_ABI_MINOR + 1;
    return &fixture_api;
}
