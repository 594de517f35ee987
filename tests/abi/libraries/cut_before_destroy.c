/* Claims a struct that ends before the last required function. */
#include "fixture.h"

const hub_plugin_api* hub_plugin_entry(uint16_t major, uint16_t minor)
{
    (void)major, (void)minor;
    fixture_api.struct_size = (uint32_t)offsetof(hub_plugin_api, destroy);
    return &fixture_api;
}
