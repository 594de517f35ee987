/* Built for a later minor version that appended a slot, but content with this hub. */
#include "fixture.h"

static struct {
    hub_plugin_api api;
    void (*added_later)(void);
} longer;

const hub_plugin_api* hub_plugin_entry(uint16_t major, uint16_t minor)
{
    (void)major, (void)minor;
    longer.api = fixture_api;
    longer.api.struct_size = (uint32_t)sizeof longer;
    return &longer.api;
}
