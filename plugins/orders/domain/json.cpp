#include "domain/json.hpp"

namespace orders {

std::string textOf(const Json& object, const char* name)
{
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

std::optional<std::int64_t> integerOf(const Json& object, const char* name)
{
    const auto found = object.find(name);
    if (found == object.end() || !found->is_number_integer()) {
        return std::nullopt;
    }
    if (found->is_number_unsigned() && found->get<std::uint64_t>() > INT64_MAX) {
        return std::nullopt;
    }
    return found->get<std::int64_t>();
}

bool isTrue(const Json& object, const char* name)
{
    const auto found = object.find(name);
    return found != object.end() && found->is_boolean() && found->get<bool>();
}

const Json& itemsOf(const Json& object, const char* name)
{
    static const Json kNothing = Json::array();
    const auto found = object.find(name);
    return found != object.end() && found->is_array() ? *found : kNothing;
}

const Json& partOf(const Json& object, const char* name)
{
    static const Json kNothing = Json::object();
    const auto found = object.find(name);
    return found != object.end() && found->is_object() ? *found : kNothing;
}

} // namespace orders
