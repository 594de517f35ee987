/* Has another version than its manifest says. */
#include "fixture.h"

const hub_plugin_api* hub_plugin_entry(uint16_t major, uint16_t minor)
{
    (void)major, (void)minor;
    fixture_api.version = "1.0.1";
    return &fixture_api;
}
