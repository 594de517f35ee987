#include "plugin/inproc_person.hpp"

#include "plugin/inproc_scope.hpp"
#include "plugin/inproc_tables.hpp"

#include <string>

namespace hub::plugin {

namespace {

constexpr std::uint64_t kValueBytesMax = 65536;

bool isName(hub_text text)
{
    return text.size != 0 && text.size <= HUB_NAME_BYTES_MAX;
}

/// A value opens in the column that it was sealed for, whoever else knows the person.
std::string placeOf(const InprocLibrary& library, hub_text column)
{
    return library.id() + "/" + std::string{view(column)};
}

template <typename Bytes>
hub_status give(const Result<Bytes>& bytes, hub_bytes_fn sink, void* user)
{
    if (!bytes.ok()) {
        return bytes.error().code;
    }
    sink(user, toBytes(bytes.value()));
    return HUB_OK;
}

hub_status seal(hub_context* context,
                hub_unit* unit,
                hub_text person,
                hub_text column,
                hub_bytes plain,
                hub_bytes_fn sealed,
                void* user) noexcept
{
    InprocLibrary::Scope* scope = writingScopeOf(context, unit);
    if (scope == nullptr) {
        return HUB_UNSUPPORTED;
    }
    if (!isName(person) || !isName(column) || plain.size > kValueBytesMax) {
        return HUB_BAD_REQUEST;
    }
    return guarded(scope, [&] {
        security::PersonKeys& persons = scope->library.services().persons;
        return give(
            persons.seal(view(person), placeOf(scope->library, column), view(plain)), sealed, user);
    });
}

hub_status open(hub_context* context,
                hub_unit* unit,
                hub_text person,
                hub_text column,
                hub_bytes sealed,
                hub_bytes_fn plain,
                void* user) noexcept
{
    InprocLibrary::Scope* scope = unit == nullptr ? nullptr : scopeOf(context, unit);
    if (unit != nullptr && scope == nullptr) {
        return HUB_UNSUPPORTED;
    }
    return guarded(scope, [&] {
        InprocLibrary& library = InprocTables::libraryOf(context);
        return give(
            library.services().persons.open(view(person), placeOf(library, column), view(sealed)),
            plain,
            user);
    });
}

hub_status blindIndex(hub_context* context,
                      hub_unit* unit,
                      hub_text column,
                      hub_bytes normalized,
                      hub_bytes_fn index,
                      void* user) noexcept
{
    InprocLibrary::Scope* scope = scopeOf(context, unit);
    if (scope == nullptr) {
        return HUB_UNSUPPORTED;
    }
    if (!isName(column) || normalized.size > kValueBytesMax) {
        return HUB_BAD_REQUEST;
    }
    return guarded(scope, [&] {
        const std::string found = scope->library.services().persons.blindIndex(
            placeOf(scope->library, column), view(normalized));
        index(user, toBytes(found));
        return hub_status{HUB_OK};
    });
}

hub_status erase(hub_context* context, hub_unit* unit, hub_text person) noexcept
{
    InprocLibrary::Scope* scope = writingScopeOf(context, unit);
    if (scope == nullptr) {
        return HUB_UNSUPPORTED;
    }
    if (!isName(person)) {
        return HUB_BAD_REQUEST;
    }
    return guarded(scope, [&] {
        security::PersonKeys& persons = scope->library.services().persons;
        const std::string id{view(person)};
        const std::int64_t now_ms = scope->now_ms;
        const InprocLibrary& library = scope->library;
        const bool fresh = scope->unit->erasePerson(id, [&library, &persons, id, now_ms] {
            try {
                persons.destroy(id, now_ms);
            } catch (const base::Failure& failure) {
                // It is written down: the next start repeats it.
                constexpr int kError = 4;
                library.services().log(kError,
                                       "a person's key could not be destroyed yet: " +
                                           std::string{failure.message()});
            }
        });
        return fresh ? hub_status{HUB_OK} : hub_status{HUB_ALREADY_DONE};
    });
}

} // namespace

const hub_person_v1& personTable() noexcept
{
    static const hub_person_v1 kTable = {
        sizeof(hub_person_v1), 0, &seal, &open, &blindIndex, &erase};
    return kTable;
}

} // namespace hub::plugin
