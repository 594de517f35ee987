/* Exports a helper beside the entry: built without the version script. */
#include "fixture.h"

HUB_EXPORT int helper(void);
int helper(void)
{
    return 1;
}

const hub_plugin_api* hub_plugin_entry(uint16_t major, uint16_t minor)
{
    (void)major, (void)minor;
    return &fixture_api;
}
