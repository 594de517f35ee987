/* Has no name. */
#include "fixture.h"

const hub_plugin_api* hub_plugin_entry(uint16_t major, uint16_t minor)
{
    (void)major, (void)minor;
    fixture_api.id = NULL;
    return &fixture_api;
}
