#include "flow/import_steps.hpp"

#include "flow/import_staging.hpp"
#include "flow/sealed_file.hpp"

#include <hub/job.hpp>
#include <hub/person.hpp>

#include <algorithm>

namespace registration {

using requests::textOf;

namespace {

constexpr const char* kKeyColumn = "import_key";

/// Whose key seals the key of the rows.
std::string ownerOf(const std::string& import_id)
{
    return "import:" + import_id;
}

Import importOf(const Work& work, const Json& step)
{
    const std::string id = textOf(step.at("parameters"), "import_id");
    auto import = findImport(work.unit(), id);
    if (!import) {
        throw hub::UnitFailure(HUB_REJECTED, "an import's row is missing");
    }
    return *import;
}

hub::Result<Json> rowsOf(const Work& work, const Json& step, const ImportPiece& piece)
{
    const Json& parameters = step.at("parameters");
    const auto key = hub::person::open(work.unit(),
                                       ownerOf(textOf(parameters, "import_id")),
                                       kKeyColumn,
                                       fromBase64(textOf(parameters, "key")).value_or(""));
    if (!key) {
        return hub::Error{HUB_REJECTED, "the key of this import is gone"};
    }
    return readPiece(work.unit(), textOf(step, "blob"), *key, piece);
}

/// The counts of the rows, and the errors that are listed.
void stageRows(const Work& work, Import& import, const Json& rows)
{
    const bool writes = !import.is_dry;
    for (std::size_t n = 0; n < rows.size(); ++n) {
        const auto staged = stage(work, import, rows[n], writes && import.errors == 0, n);
        if (const auto* error = std::get_if<ImportError>(&staged)) {
            if (static_cast<std::size_t>(import.errors) < ImportReport::kListedMax) {
                addError(work.unit(), import.import_id, import.errors, *error);
            }
            ++import.errors;
        } else if (std::get<Staged>(staged) == Staged::Known) {
            ++import.known;
        }
    }
}

/// Nothing of it stays but what it came to.
hub::Answer end(const Work& work, Import import, const char* state, bool drops)
{
    unstage(work.unit(), import.import_id, drops);
    hub::person::erase(work.unit(), ownerOf(import.import_id));
    import.state = state;
    import.ended_ms = work.nowMs();
    updateImport(work.unit(), import);
    return {};
}

} // namespace

Import beginImport(const Work& work, Import import, const Json& checked)
{
    import.import_id = work.drawId();
    import.total = checked.at("total").get<std::int64_t>();
    import.begun_by = work.actor();
    import.begun_ms = work.nowMs();
    const std::string key = hub::person::seal(work.unit(),
                                              ownerOf(import.import_id),
                                              kKeyColumn,
                                              fromBase64(textOf(checked, "key")).value_or(""));
    const Json parameters = {{"import_id", import.import_id},
                             {"key", toBase64(key)},
                             {"pieces", checked.at("pieces")},
                             {"total", import.total}};
    import.job_id =
        hub::job::begin(work.unit(), "import", textOf(checked, "rows"), parameters.dump());
    insertImport(work.unit(), import);
    return import;
}

hub::Answer parseImport(const hub::Host& /*host*/, const hub::Event& event)
{
    // The file was read before the job began, so that whoever sent it got its errors at once.
    const Json step = Json::parse(event.payload());
    const Json parsed = {{"blob", step.at("input")}, {"total", step.at("parameters").at("total")}};
    return {HUB_OK, "", parsed.dump(), 0};
}

hub::Answer stageImport(const Work& work)
{
    const Json step = Json::parse(work.event().payload());
    const auto pieces = readPieces(step.at("parameters").at("pieces"));
    const std::int64_t position = step.at("position");
    const auto piece = std::find_if(pieces.begin(), pieces.end(), [&](const ImportPiece& one) {
        return one.first == position;
    });
    if (piece == pieces.end()) {
        return {HUB_REJECTED, "no piece of this import begins there", "", 0};
    }
    const auto rows = rowsOf(work, step, *piece);
    if (!rows.ok()) {
        return {rows.error().code, rows.error().message, "", 0};
    }
    Import import = importOf(work, step);
    stageRows(work, import, rows.value());
    updateImport(work.unit(), import);
    const Json answer = {{"position", position + static_cast<std::int64_t>(rows.value().size())},
                         {"finished", piece + 1 == pieces.end()}};
    return {HUB_OK, "", answer.dump(), 0};
}

hub::Answer activateImport(const Work& work)
{
    const Import import = importOf(work, Json::parse(work.event().payload()));
    if (import.errors > 0) {
        return end(work, import, kImportRefused, true);
    }
    if (import.is_dry) {
        return end(work, import, kImportChecked, true);
    }
    if (const auto refusal = bringIn(work, import)) {
        return {HUB_REJECTED, refusal->detail.en + " " + refusal->detail.zh, "", 0};
    }
    return end(work, import, kImportDone, false);
}

hub::Answer discardImport(const Work& work)
{
    return end(work, importOf(work, Json::parse(work.event().payload())), kImportFailed, true);
}

} // namespace registration
