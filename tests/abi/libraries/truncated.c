/* Claims a struct that ends within the fixed part. */
#include "fixture.h"

const hub_plugin_api* hub_plugin_entry(uint16_t major, uint16_t minor)
{
    (void)major, (void)minor;
    fixture_api.struct_size = 23;
    return &fixture_api;
}
