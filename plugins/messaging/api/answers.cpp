#include "api/answers.hpp"

#include <utility>

namespace messaging {

hub::Answer said(const Json& result)
{
    return {HUB_OK, "", result.dump(), 0};
}

hub::Answer shown(Json data, Json sections)
{
    return said({{"data", std::move(data)}, {"sections", std::move(sections)}, {"exit", 0}});
}

Json section(const char* title, Json columns, Json rows)
{
    return {{"title", title}, {"columns", std::move(columns)}, {"rows", std::move(rows)}};
}

} // namespace messaging
