#include "api/import_persons.hpp"

#include "domain/import_columns.hpp"
#include "domain/import_readers.hpp"
#include "domain/person_remarks.hpp"
#include "flow/import_begin.hpp"
#include "flow/person_consents.hpp"
#include "flow/person_subjects.hpp"

#include <hub/blob.hpp>

#include <string>
#include <vector>

#include <uploads/xlsx_writer.hpp>

namespace registration {

namespace {

using requests::Refusal;
using requests::Request;
using requests::textOf;

constexpr const char* kConsent = "sensitive_consent";
constexpr const char* kXlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

ImportWish wishOf(const Work& work, const Request& request, const PersonSubject& subject)
{
    const bool is_photos = work.event().operation() == "photo_import.begin";
    std::string consent = textOf(request.query, kConsent);
    if (!consent.empty() &&
        keptVersion(work.unit(), subject.edition, kSensitive, consent).empty()) {
        consent = kBeforeAnyText;
    }
    return {is_photos ? ImportKind::Photos : ImportKind::Persons,
            subject.organization.edition,
            subject.organization.organization_id,
            textOf(request.query, "dry_run") == "true",
            std::move(consent)};
}

/// The rows are new data: whoever sends them has asked every one of these persons. Photos are of
/// persons who are there, so each is looked at by itself.
std::optional<Refusal>
refuseUnasked(const Work& work, const PersonSubject& subject, const ImportWish& wish)
{
    if (wish.kind == ImportKind::Photos) {
        return std::nullopt;
    }
    const Json consents =
        wish.consent.empty() ? Json::object() : Json{{std::string(kSensitive), wish.consent}};
    auto refusal = refuseWithoutConsent(work.unit(), subject.edition, consents);
    if (refusal) {
        refusal->parameters["query"] = kConsent;
    }
    return refusal;
}

std::optional<Refusal>
refuseFile(const Work& work, const PersonSubject& subject, const ImportWish& wish)
{
    const bool is_photos = wish.kind == ImportKind::Photos;
    if (is_photos && !subject.edition.holds("R-082")) {
        return refusedBy(409,
                         "R-082",
                         "photo_not_asked",
                         {"Badges of this edition have no photo.", "本届证件无需照片。"});
    }
    // Where nothing is kept that is not complete, persons without photos can't be brought in.
    if (!subject.edition.holds("D-11") || !subject.edition.holds("R-086")) {
        return refusedBy(409,
                         "D-11",
                         "import_not_offered",
                         {"This edition takes no files of persons; add them one by one.",
                          "本届不支持批量导入人员，请逐一添加。"});
    }
    if (auto refusal = refuseClosed(subject.organization)) {
        return refusal;
    }
    if (auto refusal = is_photos ? std::nullopt : refuseLateAddition(subject)) {
        return refusal;
    }
    if (auto refusal = refuseUnasked(work, subject, wish)) {
        return refusal;
    }
    return refuseImport(work, wish);
}

/// All that is wrong, so that it is mended once. Pointers are cells.
Refusal fileIsWrong(const Json& checked)
{
    const std::string count = std::to_string(checked.at("errors_total").get<std::int64_t>());
    Refusal refusal{422,
                    "import_invalid",
                    {"The file has " + count +
                         " errors, so nothing was imported; correct the "
                         "cells that are named, and send it again.",
                     "文件中有" + count + "处错误，未导入任何数据，请按提示更正后重新上传。"}};
    Json errors = Json::array();
    for (const Json& json : checked.at("errors")) {
        const ImportError error = readImportError(json);
        refusal.violations.push_back(
            {"/" + error.column + std::to_string(error.line), error.reason});
        errors.push_back({{"line", error.line}, {"column", error.column}, {"code", error.code}});
    }
    refusal.parameters = {{"rule", "D-11"},
                          {"total", checked.at("total")},
                          {"errors_total", checked.at("errors_total")},
                          {"errors", std::move(errors)}};
    return refusal;
}

std::optional<Import> importOf(const hub::Snapshot& snapshot,
                               const Organization& organization,
                               const std::string& import_id)
{
    auto import = findImport(snapshot, import_id);
    return import && import->organization_id == organization.organization_id ? std::move(import)
                                                                             : std::nullopt;
}

} // namespace

hub::Answer importOwnFile(const Work& work)
{
    const Request request = requests::readRequest(work.event().payload());
    const auto found = personSubject(work.unit(), work.event(), request);
    if (const auto* refusal = std::get_if<Refusal>(&found)) {
        return requests::refuse(*refusal);
    }
    const auto& subject = std::get<PersonSubject>(found);
    const ImportWish wish = wishOf(work, request, subject);
    if (const auto refusal = refuseFile(work, subject, wish)) {
        return requests::refuse(*refusal);
    }
    if (!request.task) {
        return requests::worksOn(checkOf(work, wish, request.upload.value_or(Json::object())));
    }
    if (request.task->at("errors_total").get<std::int64_t>() > 0) {
        return requests::refuse(fileIsWrong(*request.task));
    }
    const Import import = begin(work, wish, *request.task);
    Json body = shownImport(work.unit(), import);
    body["unknown_columns"] = request.task->at("unknown_columns");
    return requests::answered(202, std::move(body));
}

hub::Answer showImport(const hub::Snapshot& snapshot, const hub::Event& event)
{
    const Request request = requests::readRequest(event.payload());
    const auto found = personSubject(snapshot, event, request);
    if (const auto* refusal = std::get_if<Refusal>(&found)) {
        return requests::refuse(*refusal);
    }
    const auto import = importOf(
        snapshot, std::get<PersonSubject>(found).organization, textOf(request.path, "import_id"));
    if (!import) {
        return requests::refuse(
            notFound({"There is no such import, or it is not yours; choose it from your list.",
                      "未找到该导入任务或无权访问，请从列表中重新选择。"}));
    }
    return requests::answered(200, shownImport(snapshot, *import));
}

hub::Answer listImports(const hub::Snapshot& snapshot, const hub::Event& event)
{
    const auto found = personSubject(snapshot, event, requests::readRequest(event.payload()));
    if (const auto* refusal = std::get_if<Refusal>(&found)) {
        return requests::refuse(*refusal);
    }
    const auto& organization = std::get<PersonSubject>(found).organization;
    Json imports = Json::array();
    for (const Import& import : importsOf(snapshot, organization.organization_id)) {
        imports.push_back({{"import_id", import.import_id},
                           {"kind", import.kind},
                           {"state", import.state},
                           {"dry_run", import.is_dry},
                           {"total", import.total},
                           {"known", import.known},
                           {"errors_total", import.errors},
                           {"begun_ms", import.begun_ms},
                           {"ended_ms", import.ended_ms}});
    }
    return requests::answered(200, {{"imports", std::move(imports)}});
}

hub::Answer offerTemplate(const hub::Snapshot& snapshot, const hub::Event& event)
{
    const Request request = requests::readRequest(event.payload());
    const auto found = personSubject(snapshot, event, request);
    if (const auto* refusal = std::get_if<Refusal>(&found)) {
        return requests::refuse(*refusal);
    }
    const bool is_english = textOf(request.query, "language") == "en";
    if (!request.task) {
        Json titles = Json::array();
        for (const ImportColumn& one : personColumns(std::get<PersonSubject>(found).edition)) {
            titles.push_back(is_english ? one.title.en : one.title.zh);
        }
        return requests::worksOn({{"sheet", is_english ? "Persons" : "人员"},
                                  {"titles", std::move(titles)},
                                  {"unix_s", snapshot.nowMs() / 1000}});
    }
    const Json answer = {{"status", 200},
                         {"file",
                          {{"blob", request.task->at("blob")},
                           {"media_type", kXlsx},
                           {"name", is_english ? "persons.xlsx" : "人员导入模板.xlsx"}}}};
    return {HUB_OK, "", answer.dump(), 0};
}

hub::Answer writeTemplate(const hub::Host& host, const hub::Event& event)
{
    const Json work = Json::parse(event.payload());
    uploads::XlsxWriter sheet(textOf(work, "sheet"), work.at("unix_s").get<std::int64_t>());
    const auto titles = work.at("titles").get<std::vector<std::string>>();
    if (const auto added = sheet.add(titles); !added.ok()) {
        return {added.error().code, added.error().message, "", 0};
    }
    const auto writer = hub::blob::Writer::begin(host, event.callId());
    if (!writer.ok()) {
        return {writer.error().code, writer.error().message, "", 0};
    }
    if (const auto written = writer.value().append(sheet.finish()); !written.ok()) {
        return {written.error().code, written.error().message, "", 0};
    }
    const auto digest = writer.value().finish();
    if (!digest.ok()) {
        return {digest.error().code, digest.error().message, "", 0};
    }
    return {HUB_OK, "", Json{{"blob", digest.value()}}.dump(), 0};
}

} // namespace registration
