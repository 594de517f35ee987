#include "plugin/inproc_job.hpp"

#include "plugin/inproc_scope.hpp"

#include <string>
#include <utility>

namespace hub::plugin {

namespace {

constexpr std::uint64_t kParametersBytesMax = 65536;

bool isObject(hub_bytes parameters)
{
    const auto parsed = base::parseJson(view(parameters));
    return parsed.ok() && parsed.value().is_object();
}

hub_status begin(hub_context* context,
                 hub_unit* unit,
                 hub_text kind,
                 hub_text input,
                 hub_bytes parameters,
                 hub_bytes_fn id,
                 void* user) noexcept
{
    InprocLibrary::Scope* scope = writingScopeOf(context, unit);
    if (scope == nullptr) {
        return HUB_UNSUPPORTED;
    }
    return guarded(scope, [&]() -> hub_status {
        if (kind.size == 0 || kind.size > HUB_NAME_BYTES_MAX ||
            parameters.size > kParametersBytesMax || !isObject(parameters)) {
            return HUB_BAD_REQUEST;
        }
        if (input.size != 0 && !scope->library.services().blobs.size(view(input)).ok()) {
            return HUB_NOT_FOUND;
        }
        journal::Job wanted;
        wanted.library = scope->library.id();
        wanted.kind = view(kind);
        wanted.edition = scope->envelope.edition;
        wanted.principal = scope->envelope.principal;
        wanted.trace = scope->envelope.trace;
        wanted.input = view(input);
        wanted.parameters = view(parameters);
        scope->connection.actAs({});
        const std::string made = journal::Jobs::create(scope->unit->group(), std::move(wanted));
        id(user, toBytes(made));
        return HUB_OK;
    });
}

hub_status cancel(hub_context* context, hub_unit* unit, hub_text job) noexcept
{
    InprocLibrary::Scope* scope = writingScopeOf(context, unit);
    if (scope == nullptr) {
        return HUB_UNSUPPORTED;
    }
    return guarded(scope, [&] {
        scope->connection.actAs({});
        return journal::Jobs::cancel(
            scope->unit->group(), std::string{view(job)}, scope->library.id());
    });
}

hub_status
show(hub_context* context, hub_unit* unit, hub_text job, hub_bytes_fn json, void* user) noexcept
{
    InprocLibrary::Scope* scope = scopeOf(context, unit);
    if (scope == nullptr) {
        return HUB_UNSUPPORTED;
    }
    return guarded(scope, [&]() -> hub_status {
        scope->connection.actAs({});
        const auto found = journal::Jobs::load(scope->connection, std::string{view(job)});
        if (!found || found->library != scope->library.id()) {
            return HUB_NOT_FOUND;
        }
        const std::string text = describeJob(*found).dump();
        json(user, toBytes(text));
        return HUB_OK;
    });
}

} // namespace

base::Json describeJob(const journal::Job& job)
{
    return {{"id", job.id},
            {"kind", job.kind},
            {"state", journal::toText(job.state)},
            {"position", job.position},
            {"total", job.total},
            {"message", job.message},
            {"created_at_ms", job.created_ms},
            {"changed_at_ms", job.changed_ms}};
}

const hub_job_v1& jobTable() noexcept
{
    static const hub_job_v1 kTable = {sizeof(hub_job_v1), 0, &begin, &cancel, &show};
    return kTable;
}

} // namespace hub::plugin
