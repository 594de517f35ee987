/* The sound parts that the broken libraries of this folder share. */
#ifndef HUB_TESTS_ABI_FIXTURE_H_INCLUDED
#define HUB_TESTS_ABI_FIXTURE_H_INCLUDED

#include <hub/plugin.h>

static int fixture_instance;

static hub_instance*
fixture_create(hub_context* context, const hub_host_api* api, hub_text config, hub_result* error)
{
    (void)context, (void)api, (void)config, (void)error;
    return (hub_instance*)&fixture_instance;
}

static hub_status fixture_start(hub_instance* instance)
{
    (void)instance;
    return HUB_OK;
}

static void fixture_handle(hub_instance* instance, const hub_event* event)
{
    (void)instance, (void)event;
}

static void fixture_stop(hub_instance* instance, int64_t deadline_unix_ms)
{
    (void)instance, (void)deadline_unix_ms;
}

static void fixture_destroy(hub_instance* instance)
{
    (void)instance;
}

static const void* fixture_get_extension(hub_instance* instance, const char* id)
{
    (void)instance, (void)id;
    return NULL;
}

/* Each library changes what it is about. */
static hub_plugin_api fixture_api = {sizeof(hub_plugin_api),
                                     HUB_ABI_MAJOR,
                                     0,
                                     "fixture",
                                     "1.0.0",
                                     &fixture_create,
                                     &fixture_start,
                                     &fixture_handle,
                                     &fixture_stop,
                                     &fixture_destroy,
                                     &fixture_get_extension};

/* Declared for those that do not define it, too: nothing of it is unused. */
HUB_EXPORT const hub_plugin_api* hub_plugin_entry(uint16_t major, uint16_t minor);

#endif /* HUB_TESTS_ABI_FIXTURE_H_INCLUDED */
