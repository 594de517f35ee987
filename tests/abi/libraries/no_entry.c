/* Exports nothing. */
#include "fixture.h"

const hub_plugin_api* hidden_entry(void);
const hub_plugin_api* hidden_entry(void)
{
    return &fixture_api;
}
