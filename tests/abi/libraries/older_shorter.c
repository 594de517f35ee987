/* Built before get_extension was added: that slot is not there, and must not be read. */
#include "fixture.h"

const hub_plugin_api* hub_plugin_entry(uint16_t major, uint16_t minor)
{
    (void)major, (void)minor;
    fixture_api.struct_size = (uint32_t)offsetof(hub_plugin_api, get_extension);
    return &fixture_api;
}
