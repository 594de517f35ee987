#include "flow/import_steps.hpp"

#include "domain/import_columns.hpp"
#include "flow/import_photos.hpp"
#include "flow/import_staging.hpp"
#include "flow/sealed_file.hpp"

#include <hub/job.hpp>
#include <hub/person.hpp>

#include <optional>

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

/// `where` is a unit, or the host of a task.
template <typename Where>
std::optional<std::string> openKey(const Where& where, const Json& step)
{
    const Json& parameters = step.at("parameters");
    return hub::person::open(where,
                             ownerOf(textOf(parameters, "import_id")),
                             kKeyColumn,
                             fromBase64(textOf(parameters, "key")).value_or(""));
}

bool isOfPhotos(const Json& step)
{
    return textOf(step.at("parameters"), "kind") == toText(ImportKind::Photos);
}

/// Of an archive, rows have places of one size; of a table, the pieces are listed.
std::optional<ImportPiece> pieceAt(const Json& step, std::int64_t position)
{
    if (isOfPhotos(step)) {
        return ImportPiece{position, 0, 0};
    }
    for (const ImportPiece& piece : readPieces(step.at("parameters").at("pieces"))) {
        if (piece.first == position) {
            return piece;
        }
    }
    return std::nullopt;
}

hub::Result<Json> rowsOf(const Work& work, const Json& step, const ImportPiece& piece)
{
    const auto key = openKey(work.unit(), step);
    if (!key) {
        return hub::Error{HUB_REJECTED, "the key of this import is gone"};
    }
    return isOfPhotos(step) ? readPhotoRows(work.unit(), textOf(step, "blob"), *key, piece.first)
                            : readPiece(work.unit(), textOf(step, "blob"), *key, piece);
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
                             {"total", import.total},
                             {"kind", import.kind}};
    import.job_id =
        hub::job::begin(work.unit(), "import", textOf(checked, "rows"), parameters.dump());
    insertImport(work.unit(), import);
    return import;
}

hub::Answer parseImport(const hub::Host& host, const hub::Event& event)
{
    const Json step = Json::parse(event.payload());
    if (isOfPhotos(step)) {
        const auto key = openKey(host, step);
        return key ? judgePhotos(host, event.callId(), textOf(step, "input"), *key)
                   : hub::Answer{HUB_REJECTED, "the key of this import is gone", "", 0};
    }
    // A table was read before the job began, so that whoever sent it got its errors at once.
    const Json parsed = {{"blob", step.at("input")}, {"total", step.at("parameters").at("total")}};
    return {HUB_OK, "", parsed.dump(), 0};
}

hub::Answer stageImport(const Work& work)
{
    const Json step = Json::parse(work.event().payload());
    const std::int64_t position = step.at("position");
    const auto piece = pieceAt(step, position);
    if (!piece) {
        return {HUB_REJECTED, "no piece of this import begins there", "", 0};
    }
    const auto rows = rowsOf(work, step, *piece);
    if (!rows.ok()) {
        return {rows.error().code, rows.error().message, "", 0};
    }
    Import import = importOf(work, step);
    stageRows(work, import, rows.value());
    updateImport(work.unit(), import);
    const std::int64_t next = position + static_cast<std::int64_t>(rows.value().size());
    const Json answer = {{"position", next}, {"finished", next >= step.at("total")}};
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
