// A provider's section of simulator.json: reading it strictly, and completing it with what is
// missing.
#pragma once

#include "core/json.hpp"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace hub::simulator {

/// Reads the section of one provider, whose name the refusals tell. It keeps neither what it reads
/// nor a copy of the name, which must outlive it. Thread-safe.
class SectionReader {
public:
    constexpr explicit SectionReader(std::string_view provider)
        : provider_(provider)
    {}

    /// Throws std::runtime_error naming the first member that is not among `known`.
    void refuseUnknown(const Json& object, std::span<const std::string_view> known) const;

    /// Throws std::runtime_error naming the member when it is missing or no such value.
    template <typename Value>
    Value get(const Json& object, const char* name) const
    {
        try {
            return object.at(name).get<Value>();
        } catch (const Json::exception&) {
            refuse(name);
        }
    }

    /// A member in seconds; throws as get() does.
    std::int64_t milliseconds(const Json& object, const char* name) const;
    /// A member that lists seconds; throws as get() does.
    std::vector<std::int64_t> millisecondsOfAll(const Json& object, const char* name) const;

private:
    [[noreturn]] void refuse(const char* name) const;

    std::string_view provider_;
};

/// Adds the member unless it is there.
void setDefault(Json& object, const char* name, Json value);

} // namespace hub::simulator
