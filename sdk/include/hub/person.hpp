// Personal values at rest, as C++ (ext/person.h): sealed in a unit, opened in units and reads.
#pragma once

#include <hub/ext/person.h>
#include <hub/plugin.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace hub::person {

namespace detail {

inline void receive(void* user, hub_bytes bytes) noexcept
{
    static_cast<std::string*>(user)->assign(view(bytes));
}

inline void require(hub_status status, const char* what)
{
    if (status != HUB_OK) {
        throw UnitFailure(status, what);
    }
}

} // namespace detail

/// The bytes to store, as a blob. Throws UnitFailure{HUB_REJECTED} for a person who was erased.
inline std::string
seal(const Unit& unit, std::string_view person, std::string_view column, std::string_view plain)
{
    std::string sealed;
    const auto& table = unit.service<hub_person_v1>(HUB_EXT_PERSON_1);
    detail::require(table.seal(unit.host().context(),
                               unit.handle(),
                               toText(person),
                               toText(column),
                               toBytes(plain),
                               &detail::receive,
                               &sealed),
                    "a personal value could not be sealed");
    return sealed;
}

/// Nothing when the person was erased. Throws UnitFailure for bytes that were not sealed for this
/// person and column.
inline std::optional<std::string> open(const Snapshot& snapshot,
                                       std::string_view person,
                                       std::string_view column,
                                       std::string_view sealed)
{
    std::string plain;
    const auto& table = snapshot.service<hub_person_v1>(HUB_EXT_PERSON_1);
    const hub_status status = table.open(snapshot.host().context(),
                                         snapshot.handle(),
                                         toText(person),
                                         toText(column),
                                         toBytes(sealed),
                                         &detail::receive,
                                         &plain);
    if (status == HUB_NOT_FOUND) {
        return std::nullopt;
    }
    detail::require(status, "a personal value could not be opened");
    return plain;
}

/// The same in a task, from any thread; every failure but a lost key throws.
inline std::optional<std::string>
open(const Host& host, std::string_view person, std::string_view column, std::string_view sealed)
{
    const auto* table = host.extension<hub_person_v1>(HUB_EXT_PERSON_1);
    std::string plain;
    const hub_status status = table == nullptr ? HUB_UNSUPPORTED
                                               : table->open(host.context(),
                                                             nullptr,
                                                             toText(person),
                                                             toText(column),
                                                             toBytes(sealed),
                                                             &detail::receive,
                                                             &plain);
    if (status == HUB_NOT_FOUND) {
        return std::nullopt;
    }
    detail::require(status, "a personal value could not be opened");
    return plain;
}

/// 32 bytes to look the value up by. Normalize first: "１３８" and "138" are different bytes.
inline std::string
blindIndex(const Snapshot& snapshot, std::string_view column, std::string_view normalized)
{
    std::string index;
    const auto& table = snapshot.service<hub_person_v1>(HUB_EXT_PERSON_1);
    detail::require(table.blind_index(snapshot.host().context(),
                                      snapshot.handle(),
                                      toText(column),
                                      toBytes(normalized),
                                      &detail::receive,
                                      &index),
                    "a blind index could not be made");
    return index;
}

/// For ever, with the commit of this unit. False: was erased before.
inline bool erase(const Unit& unit, std::string_view person)
{
    const auto& table = unit.service<hub_person_v1>(HUB_EXT_PERSON_1);
    const hub_status status = table.erase(unit.host().context(), unit.handle(), toText(person));
    if (status == HUB_ALREADY_DONE) {
        return false;
    }
    detail::require(status, "a person could not be erased");
    return true;
}

} // namespace hub::person
