#include "app/command_reply.hpp"

#include "base/json.hpp"

#include <algorithm>
#include <sstream>

namespace hub::app {

namespace {

std::vector<std::string> split(const std::string& command)
{
    std::istringstream words(command);
    std::vector<std::string> parts;
    for (std::string word; words >> word;) {
        parts.push_back(word);
    }
    return parts;
}

cli::Section toSection(const base::Json& json)
{
    cli::Section section;
    section.title = json.value("title", "");
    section.columns = json.value("columns", std::vector<std::string>{});
    for (const base::Json& row : json.value("rows", base::Json::array())) {
        std::vector<std::string> cells;
        for (const base::Json& cell : row) {
            cells.push_back(cell.is_string() ? cell.get<std::string>() : cell.dump());
        }
        cells.resize(section.columns.size());
        section.rows.push_back(std::move(cells));
    }
    return section;
}

} // namespace

bool beginsWith(const std::vector<std::string>& words, const std::string& command)
{
    const std::vector<std::string> parts = split(command);
    return words.size() >= parts.size() && std::equal(parts.begin(), parts.end(), words.begin());
}

std::vector<std::string> argumentsAfter(const std::vector<std::string>& words,
                                        const std::string& command)
{
    const auto count = static_cast<std::ptrdiff_t>(split(command).size());
    return {words.begin() + count, words.end()};
}

cli::AdminReply commandReply(const Answer& answer)
{
    const auto parsed = base::parseJson(answer.payload);
    if (!parsed.ok() || !parsed.value().is_object()) {
        return cli::AdminReply::failure(cli::kExitFailed,
                                        answer.message.empty() ? "the plugin gave no answer"
                                                               : answer.message);
    }
    cli::AdminReply reply;
    reply.data = parsed.value().value("data", base::Json::object());
    for (const base::Json& section : parsed.value().value("sections", base::Json::array())) {
        reply.sections.push_back(toSection(section));
    }
    const bool accepted = answer.status == HUB_OK || answer.status == HUB_ALREADY_DONE;
    reply.exit = parsed.value().value("exit", accepted ? 0 : cli::kExitFailed);
    if (!accepted) {
        reply.exit = reply.exit == 0 ? cli::kExitFailed : reply.exit;
        reply.error = answer.message;
    }
    return reply;
}

} // namespace hub::app
