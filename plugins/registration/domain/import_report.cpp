#include "domain/import_report.hpp"

#include <algorithm>
#include <charconv>

namespace registration {

using requests::Json;

ImportError errorAt(std::string_view address, std::string code, requests::Words reason)
{
    const auto digit =
        std::find_if(address.begin(), address.end(), [](char c) { return c >= '0' && c <= '9'; });
    const auto letters = static_cast<std::size_t>(digit - address.begin());
    ImportError error{
        0, std::string(address.substr(0, letters)), std::move(code), std::move(reason)};
    std::from_chars(address.data() + letters, address.data() + address.size(), error.line);
    return error;
}

void ImportReport::add(ImportError error)
{
    ++count_;
    if (listed_.size() < kListedMax) {
        listed_.push_back(std::move(error));
    }
}

Json toJson(const ImportError& error)
{
    return {{"line", error.line},
            {"column", error.column},
            {"code", error.code},
            {"reason", requests::toJson(error.reason)}};
}

ImportError readImportError(const Json& json)
{
    const Json& reason = json.at("reason");
    return {json.at("line").get<std::uint32_t>(),
            requests::textOf(json, "column"),
            requests::textOf(json, "code"),
            {requests::textOf(reason, "en"), requests::textOf(reason, "zh")}};
}

Json toJson(const ImportReport& report)
{
    Json errors = Json::array();
    for (const ImportError& error : report.listed()) {
        errors.push_back(toJson(error));
    }
    return {{"errors_total", report.count()}, {"errors", std::move(errors)}};
}

} // namespace registration
