/* Needs a function that nothing provides. */
#include "fixture.h"

const hub_plugin_api* provided_by_nobody(void);

const hub_plugin_api* hub_plugin_entry(uint16_t major, uint16_t minor)
{
    (void)major, (void)minor;
    return provided_by_nobody();
}
