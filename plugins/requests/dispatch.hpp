// Dispatch: which function answers which operation, as one table that a plugin's class looks up.
#pragma once

#include <hub/event.hpp>

#include <string>
#include <string_view>

namespace requests {

/// `Handler` is a pointer to a function. For events `name` is the type, else the operation.
template <typename Handler>
struct Entry {
    std::uint32_t source;
    std::string_view name;
    Handler handler;
};

/// Null when nothing answers the event.
template <typename Table>
auto findHandler(const Table& table, const hub::Event& event) -> decltype(table.begin()->handler)
{
    const std::string_view name =
        event.source() == HUB_SOURCE_EVENT ? event.type() : event.operation();
    for (const auto& entry : table) {
        if (entry.source == event.source() && entry.name == name) {
            return entry.handler;
        }
    }
    return nullptr;
}

inline hub::Answer unsupported(std::string_view plugin, const hub::Event& event)
{
    return {HUB_UNSUPPORTED,
            std::string{plugin} + " does not know the operation \"" +
                std::string{event.operation()} + "\"",
            "",
            0};
}

} // namespace requests
