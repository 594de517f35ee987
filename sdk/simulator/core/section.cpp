#include "core/section.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace hub::simulator {

void SectionReader::refuseUnknown(const Json& object, std::span<const std::string_view> known) const
{
    for (const auto& [name, value] : object.items()) {
        if (std::find(known.begin(), known.end(), name) == known.end()) {
            throw std::runtime_error(
                fmt::format("simulator.json: \"{}\" is no setting of {}; correct or remove it",
                            name,
                            provider_));
        }
    }
}

std::int64_t SectionReader::milliseconds(const Json& object, const char* name) const
{
    return get<std::int64_t>(object, name) * 1000;
}

std::vector<std::int64_t> SectionReader::millisecondsOfAll(const Json& object,
                                                           const char* name) const
{
    auto all = get<std::vector<std::int64_t>>(object, name);
    for (std::int64_t& one : all) {
        one *= 1000;
    }
    return all;
}

void SectionReader::refuse(const char* name) const
{
    throw std::runtime_error(
        fmt::format("simulator.json: {}'s \"{}\" is missing or of another type; run "
                    "\"expohub-simulator prepare\" on a fresh folder to see its form",
                    provider_,
                    name));
}

void setDefault(Json& object, const char* name, Json value)
{
    if (!object.contains(name)) {
        object[name] = std::move(value);
    }
}

} // namespace hub::simulator
