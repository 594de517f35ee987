#include "flow/actor.hpp"

namespace identity {

namespace {

/// What stands behind `kind`; empty for a principal of another kind.
std::string behind(std::string_view kind, std::string_view principal)
{
    return principal.starts_with(kind) ? std::string{principal.substr(kind.size())} : "";
}

} // namespace

std::string loginOf(std::string_view principal)
{
    return behind("person:", principal);
}

std::string keyOf(std::string_view principal)
{
    return behind("key:", principal);
}

std::string aboutOf(const Request& request, std::string_view prefix)
{
    for (const Json& scope : request.session.value("scopes", Json::array())) {
        const std::string text = scope;
        if (text.starts_with(prefix)) {
            return text.substr(prefix.size());
        }
    }
    return {};
}

Refusal notFound()
{
    return {404,
            "not_found",
            {"There is no such entry, or it is not yours. Read the list again.",
             "没有该记录，或该记录不属于您。请刷新列表后重试。"}};
}

} // namespace identity
