#include "api/import_commands.hpp"

#include "domain/import_readers.hpp"
#include "flow/import_begin.hpp"

#include <string>
#include <vector>

namespace registration {

namespace {

using requests::Refusal;

constexpr std::string_view kDryRun = "dry-run";

Json rowsOf(const Json& errors)
{
    Json rows = Json::array();
    for (const Json& error : errors) {
        const Json& reason = error.at("reason");
        rows.push_back({std::to_string(error.at("line").get<std::uint32_t>()),
                        error.at("column"),
                        reason.at("en"),
                        reason.at("zh")});
    }
    return rows;
}

/// A table of what is wrong; the exit code says whether anything is.
hub::Answer told(Json data)
{
    const Json section = {{"title", ""},
                          {"columns", {"line", "column", "reason", "原因"}},
                          {"rows", rowsOf(data.at("errors"))}};
    const int exit = data.at("errors_total").get<std::int64_t>() == 0 ? 0 : 1;
    const Json answer = {
        {"data", std::move(data)}, {"sections", Json::array({section})}, {"exit", exit}};
    return {HUB_OK, "", answer.dump(), 0};
}

Refusal usage()
{
    return {400,
            "import_usage",
            {"Name the edition, and optionally dry-run: expohub import persons ciie-6 dry-run "
             "--file persons.csv",
             "请写明届次，可加 dry-run，例如：expohub import persons ciie-6 dry-run "
             "--file persons.csv"}};
}

std::optional<ImportWish> wishOf(const Work& work)
{
    const Json payload = Json::parse(work.event().payload());
    const auto words = payload.value("arguments", std::vector<std::string>{});
    const bool is_dry = words.size() == 2 && words[1] == kDryRun;
    const std::string_view operation = work.event().operation();
    const auto kind = findImportKind(operation.substr(operation.find('.') + 1));
    if (!kind || words.empty() || words.front().empty() || (words.size() != 1 && !is_dry)) {
        return std::nullopt;
    }
    return ImportWish{*kind, words.front(), {}, is_dry};
}

} // namespace

hub::Answer importFile(const Work& work)
{
    const auto wish = wishOf(work);
    if (!wish) {
        return requests::refuse(usage());
    }
    if (const auto refusal = refuseImport(work, *wish)) {
        return requests::refuse(*refusal);
    }
    const requests::Request request = requests::readRequest(work.event().payload());
    if (!request.task) {
        return requests::worksOn(checkOf(work, *wish, request.upload.value_or(Json::object())));
    }
    const Json& checked = *request.task;
    if (checked.at("errors_total").get<std::int64_t>() > 0) {
        return told({{"total", checked.at("total")},
                     {"errors_total", checked.at("errors_total")},
                     {"errors", checked.at("errors")}});
    }
    return told(shownImport(work.unit(), begin(work, *wish, checked)));
}

hub::Answer showImportCommand(const hub::Snapshot& snapshot, const hub::Event& event)
{
    const Json payload = Json::parse(event.payload());
    const auto words = payload.value("arguments", std::vector<std::string>{});
    const auto import = words.size() == 1 ? findImport(snapshot, words.front()) : std::nullopt;
    if (!import) {
        return requests::refuse({404,
                                 "import_unknown",
                                 {"There is no such import; `expohub job list` shows them all.",
                                  "没有该导入任务，可用 expohub job list 查看。"}});
    }
    return told(shownImport(snapshot, *import));
}

} // namespace registration
