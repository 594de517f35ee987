/* Prints one line per member of every public struct: "struct.member offset size", after a line
 * "struct size". golden/ holds what was released. */

#include <hub/ext/accounts.h>
#include <hub/ext/ask.h>
#include <hub/ext/blob.h>
#include <hub/ext/clock.h>
#include <hub/ext/http.h>
#include <hub/ext/job.h>
#include <hub/ext/keys.h>
#include <hub/ext/person.h>
#include <hub/ext/secrets.h>
#include <hub/ext/session.h>
#include <hub/ext/store.h>
#include <hub/ext/stream.h>
#include <hub/plugin.h>

#include <stdio.h>

#define STRUCT(type) printf("%s %zu\n", #type, sizeof(type))
#define MEMBER(type, member)                                                                       \
    printf("%s.%s %zu %zu\n", #type, #member, offsetof(type, member), sizeof(((type*)0)->member))

static void print_plugin(void)
{
    STRUCT(hub_text);
    MEMBER(hub_text, data);
    MEMBER(hub_text, size);
    STRUCT(hub_bytes);
    MEMBER(hub_bytes, data);
    MEMBER(hub_bytes, size);
    STRUCT(hub_event);
    MEMBER(hub_event, struct_size);
    MEMBER(hub_event, kind);
    MEMBER(hub_event, source);
    MEMBER(hub_event, flags);
    MEMBER(hub_event, call_id);
    MEMBER(hub_event, unit);
    MEMBER(hub_event, seq);
    MEMBER(hub_event, partition);
    MEMBER(hub_event, schema_version);
    MEMBER(hub_event, attempt);
    MEMBER(hub_event, outcome);
    MEMBER(hub_event, subject);
    MEMBER(hub_event, id);
    MEMBER(hub_event, type);
    MEMBER(hub_event, operation);
    MEMBER(hub_event, key);
    MEMBER(hub_event, edition);
    MEMBER(hub_event, account);
    MEMBER(hub_event, idempotency_key);
    MEMBER(hub_event, correlation_id);
    MEMBER(hub_event, trace);
    MEMBER(hub_event, principal);
    MEMBER(hub_event, message);
    MEMBER(hub_event, time_unix_ms);
    MEMBER(hub_event, deadline_unix_ms);
    MEMBER(hub_event, payload);
    STRUCT(hub_result);
    MEMBER(hub_result, struct_size);
    MEMBER(hub_result, status);
    MEMBER(hub_result, retry_after_ms);
    MEMBER(hub_result, reserved);
    MEMBER(hub_result, message);
    MEMBER(hub_result, payload);
    STRUCT(hub_host_api);
    MEMBER(hub_host_api, struct_size);
    MEMBER(hub_host_api, abi_major);
    MEMBER(hub_host_api, abi_minor);
    MEMBER(hub_host_api, complete);
    MEMBER(hub_host_api, publish);
    MEMBER(hub_host_api, call);
    MEMBER(hub_host_api, release_call);
    MEMBER(hub_host_api, log);
    MEMBER(hub_host_api, get_extension);
    STRUCT(hub_plugin_api);
    MEMBER(hub_plugin_api, struct_size);
    MEMBER(hub_plugin_api, abi_major);
    MEMBER(hub_plugin_api, abi_minor_required);
    MEMBER(hub_plugin_api, id);
    MEMBER(hub_plugin_api, version);
    MEMBER(hub_plugin_api, create);
    MEMBER(hub_plugin_api, start);
    MEMBER(hub_plugin_api, handle);
    MEMBER(hub_plugin_api, stop);
    MEMBER(hub_plugin_api, destroy);
    MEMBER(hub_plugin_api, get_extension);
}

static void print_ask(void)
{
    STRUCT(hub_ask_v1);
    MEMBER(hub_ask_v1, struct_size);
    MEMBER(hub_ask_v1, reserved);
    MEMBER(hub_ask_v1, ask);
}

static void print_blob(void)
{
    STRUCT(hub_blob_v1);
    MEMBER(hub_blob_v1, struct_size);
    MEMBER(hub_blob_v1, reserved);
    MEMBER(hub_blob_v1, begin);
    MEMBER(hub_blob_v1, append);
    MEMBER(hub_blob_v1, finish);
    MEMBER(hub_blob_v1, read);
    MEMBER(hub_blob_v1, size);
}

static void print_clock(void)
{
    STRUCT(hub_clock_v1);
    MEMBER(hub_clock_v1, struct_size);
    MEMBER(hub_clock_v1, reserved);
    MEMBER(hub_clock_v1, now_unix_ms);
    MEMBER(hub_clock_v1, random);
    MEMBER(hub_clock_v1, set_timer);
    MEMBER(hub_clock_v1, cancel_timer);
}

static void print_http(void)
{
    STRUCT(hub_header);
    MEMBER(hub_header, name);
    MEMBER(hub_header, value);
    STRUCT(hub_http_request);
    MEMBER(hub_http_request, struct_size);
    MEMBER(hub_http_request, header_count);
    MEMBER(hub_http_request, method);
    MEMBER(hub_http_request, url);
    MEMBER(hub_http_request, headers);
    MEMBER(hub_http_request, body);
    MEMBER(hub_http_request, total_timeout_ms);
    MEMBER(hub_http_request, reserved);
    STRUCT(hub_http_response);
    MEMBER(hub_http_response, struct_size);
    MEMBER(hub_http_response, http_status);
    MEMBER(hub_http_response, header_count);
    MEMBER(hub_http_response, reserved);
    MEMBER(hub_http_response, headers);
    MEMBER(hub_http_response, body);
    STRUCT(hub_http_v1);
    MEMBER(hub_http_v1, struct_size);
    MEMBER(hub_http_v1, reserved);
    MEMBER(hub_http_v1, exchange);
}

static void print_keys(void)
{
    STRUCT(hub_digest_part);
    MEMBER(hub_digest_part, secret);
    MEMBER(hub_digest_part, bytes);
    STRUCT(hub_cipher);
    MEMBER(hub_cipher, algorithm);
    MEMBER(hub_cipher, nonce);
    MEMBER(hub_cipher, associated_data);
    STRUCT(hub_keys_v1);
    MEMBER(hub_keys_v1, struct_size);
    MEMBER(hub_keys_v1, reserved);
    MEMBER(hub_keys_v1, sign);
    MEMBER(hub_keys_v1, verify);
    MEMBER(hub_keys_v1, hmac);
    MEMBER(hub_keys_v1, digest);
    MEMBER(hub_keys_v1, encrypt);
    MEMBER(hub_keys_v1, decrypt);
    MEMBER(hub_keys_v1, public_part);
    MEMBER(hub_keys_v1, public_parts);
    MEMBER(hub_keys_v1, add_public);
}

static void print_accounts(void)
{
    STRUCT(hub_accounts_v1);
    MEMBER(hub_accounts_v1, struct_size);
    MEMBER(hub_accounts_v1, list);
}

static void print_secrets(void)
{
    STRUCT(hub_secrets_v1);
    MEMBER(hub_secrets_v1, struct_size);
    MEMBER(hub_secrets_v1, reserved);
    MEMBER(hub_secrets_v1, reveal);
}

static void print_store(void)
{
    STRUCT(hub_value);
    MEMBER(hub_value, type);
    MEMBER(hub_value, reserved);
    MEMBER(hub_value, integer);
    MEMBER(hub_value, bytes);
    STRUCT(hub_store_v1);
    MEMBER(hub_store_v1, struct_size);
    MEMBER(hub_store_v1, reserved);
    MEMBER(hub_store_v1, execute);
}

static void print_job(void)
{
    STRUCT(hub_job_v1);
    MEMBER(hub_job_v1, struct_size);
    MEMBER(hub_job_v1, reserved);
    MEMBER(hub_job_v1, begin);
    MEMBER(hub_job_v1, cancel);
    MEMBER(hub_job_v1, show);
}

static void print_person(void)
{
    STRUCT(hub_person_v1);
    MEMBER(hub_person_v1, struct_size);
    MEMBER(hub_person_v1, reserved);
    MEMBER(hub_person_v1, seal);
    MEMBER(hub_person_v1, open);
    MEMBER(hub_person_v1, blind_index);
    MEMBER(hub_person_v1, erase);
}

static void print_session(void)
{
    STRUCT(hub_session_grant);
    MEMBER(hub_session_grant, struct_size);
    MEMBER(hub_session_grant, reserved);
    MEMBER(hub_session_grant, subject);
    MEMBER(hub_session_grant, scopes);
    MEMBER(hub_session_grant, label);
    MEMBER(hub_session_grant, expires_unix_ms);
    MEMBER(hub_session_grant, idle_ms);
    STRUCT(hub_session_v1);
    MEMBER(hub_session_v1, struct_size);
    MEMBER(hub_session_v1, reserved);
    MEMBER(hub_session_v1, grant);
    MEMBER(hub_session_v1, rescope);
    MEMBER(hub_session_v1, end);
    MEMBER(hub_session_v1, end_all);
    MEMBER(hub_session_v1, list);
}

static void print_stream(void)
{
    STRUCT(hub_stream_v1);
    MEMBER(hub_stream_v1, struct_size);
    MEMBER(hub_stream_v1, reserved);
    MEMBER(hub_stream_v1, open);
    MEMBER(hub_stream_v1, secure);
    MEMBER(hub_stream_v1, begin);
    MEMBER(hub_stream_v1, write);
    MEMBER(hub_stream_v1, read);
    MEMBER(hub_stream_v1, close);
}

int main(void)
{
    print_plugin();
    print_ask();
    print_blob();
    print_clock();
    print_http();
    print_keys();
    print_accounts();
    print_secrets();
    print_store();
    print_job();
    print_person();
    print_session();
    print_stream();
    return 0;
}
