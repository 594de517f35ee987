#include "flow/import_check.hpp"

#include "domain/import_readers.hpp"
#include "flow/import_blob.hpp"
#include "flow/import_photos.hpp"
#include "flow/sealed_file.hpp"

#include <optional>

#include <uploads/blob_source.hpp>
#include <uploads/csv_rows.hpp>
#include <uploads/media.hpp>
#include <uploads/xlsx_rows.hpp>

namespace registration {

namespace {

using requests::Json;
using requests::textOf;

/// With its header. A cell that no form would take is refused unread.
constexpr uploads::RowLimits kLimits{kImportRowsMax + 1, 64, 4096};

ImportError errorOf(const uploads::Finding& finding)
{
    return errorAt(finding.place,
                   std::string{uploads::codeName(finding.code)},
                   {sentence(finding, uploads::Language::English),
                    sentence(finding, uploads::Language::Chinese)});
}

uploads::Judged<uploads::Table> openTable(const uploads::ByteSource& source,
                                          const std::vector<ImportColumn>& columns)
{
    const auto media = uploads::detectMedia(source);
    if (!media.ok()) {
        return media.finding();
    }
    uploads::XlsxOptions options;
    options.rows = kLimits;
    auto rows = media.value() == uploads::Media::Xlsx ? uploads::openXlsx(source, options)
                                                      : uploads::CsvRows::open(source, kLimits);
    if (!rows.ok()) {
        return rows.finding();
    }
    return uploads::Table::open(std::move(rows).value(), tableColumns(columns));
}

/// All rows; the sound ones go to `writer`. What ends the reading is an error of the file.
hub::Result<void> readRows(uploads::Table& table,
                           ImportReader& reader,
                           ImportBlobWriter& writer,
                           ImportReport& report)
{
    while (true) {
        auto row = table.next();
        if (!row.ok()) {
            if (row.finding().code == uploads::Code::Unreadable) {
                return hub::Error{HUB_UNAVAILABLE, "an uploaded file could not be read"};
            }
            report.add(errorOf(row.finding()));
            return {};
        }
        if (!row.value()) {
            return {};
        }
        const Json document = reader.read(*row.value(), report);
        if (auto added = writer.add(document); !added.ok()) {
            return added;
        }
    }
}

hub::Answer worked(const ImportReport& report, Json parts)
{
    parts.update(toJson(report));
    return {HUB_OK, "", parts.dump(), 0};
}

hub::Answer failed(const hub::Error& error)
{
    return {error.code, error.message, "", 0};
}

} // namespace

hub::Answer checkImport(const hub::Host& host, const hub::Event& event)
{
    const Json work = Json::parse(event.payload());
    const auto source = uploads::BlobSource::open(host, nullptr, textOf(work, "blob"));
    if (!source.ok()) {
        return failed(source.error());
    }
    ImportFacts facts = readImportFacts(work.at("facts"));
    if (facts.kind == ImportKind::Photos) {
        return keepArchive(host, event.callId(), work, source.value());
    }
    ImportReader reader(std::move(facts));
    ImportReport report;
    auto table = openTable(source.value(), reader.columns());
    if (!table.ok()) {
        report.add(errorOf(table.finding()));
        return worked(report, {{"total", 0}, {"unknown_columns", Json::array()}});
    }
    const std::string key = fromBase64(textOf(work, "key")).value_or("");
    auto writer = ImportBlobWriter::begin(host, event.callId(), key);
    if (!writer.ok()) {
        return failed(writer.error());
    }
    if (auto done = readRows(table.value(), reader, writer.value(), report); !done.ok()) {
        return failed(done.error());
    }
    Json answer = {{"total", writer.value().total()},
                   {"unknown_columns", table.value().unknownColumns()}};
    if (writer.value().total() == 0 && report.count() == 0) {
        report.add({table.value().headerRow(),
                    "",
                    "rows_missing",
                    {"The file has a header and no row; fill in some.",
                     "文件只有表头没有数据，请补充。"}});
    }
    if (report.count() == 0) {
        const auto digest = writer.value().finish();
        if (!digest.ok()) {
            return failed(digest.error());
        }
        answer["rows"] = digest.value();
        answer["pieces"] = toJson(writer.value().pieces());
        answer["key"] = textOf(work, "key");
    }
    return worked(report, std::move(answer));
}

} // namespace registration
