/* Loads well; its create() refuses the configuration. */
#include "fixture.h"

static hub_instance*
refuse(hub_context* context, const hub_host_api* api, hub_text config, hub_result* error)
{
    static const char kWhy[] = "\"app_id\" is missing";
    (void)context, (void)api, (void)config;
    error->status = HUB_BAD_REQUEST;
    error->message.data = kWhy;
    error->message.size = sizeof kWhy - 1;
    return NULL;
}

const hub_plugin_api* hub_plugin_entry(uint16_t major, uint16_t minor)
{
    (void)major, (void)minor;
    fixture_api.create = &refuse;
    return &fixture_api;
}
