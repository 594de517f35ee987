#include "flow/import_photos.hpp"

#include "domain/search_terms.hpp"
#include "flow/badge_photo.hpp"
#include "flow/import_blob.hpp"
#include "flow/person_consents.hpp"
#include "flow/person_subjects.hpp"
#include "flow/sealed_file.hpp"

#include <hub/blob.hpp>

#include <algorithm>
#include <set>
#include <vector>

#include <identifiers/mask.hpp>
#include <identifiers/text.hpp>
#include <uploads/zip_archive.hpp>

namespace registration {

using requests::Refusal;
using requests::textOf;

namespace {

constexpr std::uint64_t kArchiveBytesMax = std::uint64_t{64} * 1024 * 1024;
constexpr uploads::ZipLimits kLimits{.archive_bytes_max = kArchiveBytesMax,
                                     .entries_max = 6000,
                                     .entry_bytes_max = 2UL * 1024 * 1024,
                                     .unpacked_bytes_max = 512UL * 1024 * 1024,
                                     .ratio_max = 100};
/// A row's place in its blob, and the tag that sealing adds; sixteen fit into one read of a unit.
constexpr std::size_t kSlotBytes = 4096;
constexpr std::size_t kRowBytes = kSlotBytes - 16;
constexpr std::int64_t kRowsOfAStep = 16;
constexpr std::size_t kWordsMax = 8;
constexpr std::size_t kWordBytesMin = 6;
constexpr std::size_t kNameBytesMax = 128;

std::string keyOfRow(const std::string& key, std::int64_t row)
{
    return keyOfPart(key, "photo's row " + std::to_string(row));
}

std::string_view fileNameOf(std::string_view path)
{
    return path.substr(path.rfind('/') + 1); // npos + 1 is 0
}

/// Files that systems add by themselves.
bool isOfSystem(std::string_view path)
{
    return path.starts_with("__MACOSX/") || fileNameOf(path).starts_with('.') ||
           fileNameOf(path) == "Thumbs.db";
}

/// What may be a document number: letters and digits in a row, and all of them together.
std::vector<std::string> wordsOf(std::string_view stem)
{
    std::set<std::string> words;
    std::string word;
    std::string all;
    for (const char c : std::string(stem) + ' ') {
        if (identifiers::isDigit(c) || identifiers::isLetter(c)) {
            word += identifiers::toUpper(c);
            continue;
        }
        all += word;
        if (word.size() >= kWordBytesMin && words.size() < kWordsMax) {
            words.insert(word);
        }
        word.clear();
    }
    if (all.size() >= kWordBytesMin) {
        words.insert(all);
    }
    return {words.begin(), words.end()};
}

Json reasonOf(const uploads::Finding& finding)
{
    return {{"en", sentence(finding, uploads::Language::English)},
            {"zh", sentence(finding, uploads::Language::Chinese)}};
}

ImportError errorOf(const uploads::Finding& finding)
{
    const Json reason = reasonOf(finding);
    return {0,
            "",
            std::string{uploads::codeName(finding.code)},
            {textOf(reason, "en"), textOf(reason, "zh")}};
}

hub::Answer failed(const hub::Error& error)
{
    return {error.code, error.message, "", 0};
}

/// The photo's row: its kept file, or what is wrong with it first.
class PhotoRows {
public:
    PhotoRows(const hub::Host& host, hub_call_id task, const std::string& key)
        : host_(host)
        , task_(task)
        , key_(key)
    {}

    hub::Result<Json> rowOf(const uploads::ZipArchive& archive, const uploads::ZipEntry& entry)
    {
        const std::string_view name = fileNameOf(entry.name);
        const std::string_view stem = name.substr(0, std::min(name.rfind('.'), kNameBytesMax));
        ++line_;
        Json row = {{"line", line_},
                    {"shown", identifiers::maskNumber(stem)},
                    {"id", stem},
                    {"words", wordsOf(stem)}};
        const auto bytes = archive.read(entry);
        if (!bytes.ok()) {
            return wrong(std::move(row), bytes.finding());
        }
        const auto photo = badgePhotoOf(uploads::MemorySource(bytes.value()));
        if (const auto* findings = std::get_if<std::vector<uploads::Finding>>(&photo)) {
            return wrong(std::move(row), findings->front());
        }
        const std::string key = keyOfPart(key_, "photo " + std::to_string(line_));
        const auto digest = keepFile(host_, task_, key, std::get<std::string>(photo));
        if (!digest.ok()) {
            return digest.error();
        }
        row["photo"] = digest.value();
        row["key"] = toBase64(key);
        return row;
    }

private:
    static Json wrong(Json row, const uploads::Finding& finding)
    {
        // Its place is the archive's entry, which may be a document number: the row shows it
        // masked.
        row["code"] = uploads::codeName(finding.code);
        row["reason"] = reasonOf({finding.code, "", finding.values});
        return row;
    }

    hub::Host host_;
    hub_call_id task_;
    std::string key_;
    std::int64_t line_ = 0;
};

/// All of them in one blob, each padded to its place.
hub::Result<std::string> keepRows(const hub::Host& host,
                                  hub_call_id task,
                                  const std::string& key,
                                  const std::vector<Json>& rows)
{
    const auto writer = hub::blob::Writer::begin(host, task);
    if (!writer.ok()) {
        return writer.error();
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
        std::string plain = rows[i].dump();
        if (plain.size() > kRowBytes) {
            return hub::Error{HUB_INTERNAL, "a photo's row is larger than its place"};
        }
        plain.resize(kRowBytes, ' ');
        const auto sealed = sealFile(keyOfRow(key, static_cast<std::int64_t>(i)), plain);
        if (auto written = writer.value().append(sealed); !written.ok()) {
            return written.error();
        }
    }
    return writer.value().finish();
}

ImportError errorAtPhoto(const Json& row, const char* code, requests::Words reason)
{
    return {row.at("line").get<std::uint32_t>(), textOf(row, "shown"), code, std::move(reason)};
}

/// Everybody whom the photo's name may mean.
std::vector<Person> personsOf(const Work& work, const Import& import, const Json& row)
{
    std::set<std::string> ids;
    const auto by_id = work.rows().person(textOf(row, "id"));
    const bool is_own = import.organization_id.empty() ||
                        (by_id && by_id->organization_id == import.organization_id);
    if (by_id && by_id->edition == import.edition && is_own) {
        return {*by_id};
    }
    std::vector<Person> persons;
    for (const std::string& word : row.at("words").get<std::vector<std::string>>()) {
        for (const std::string& term : wantedTerms(word)) {
            for (const std::string& id :
                 personsWithTerm(work.unit(), import.edition, import.organization_id, term)) {
                const auto person = work.rows().person(id);
                // A phone has the same terms; only a document is meant.
                const bool is_meant =
                    person &&
                    identifiers::normalizeCode(textOf(person->document, "document_number")).value ==
                        word;
                if (is_meant && ids.insert(id).second) {
                    persons.push_back(*person);
                }
            }
        }
    }
    return persons;
}

PersonState stateOf(const Import& import)
{
    return import.organization_id.empty() ? PersonState::Archived : PersonState::Saved;
}

std::optional<ImportError>
refuseOwner(const Import& import, const Json& row, const std::vector<Person>& persons)
{
    if (persons.empty()) {
        return errorAtPhoto(row,
                            "photo_person_unknown",
                            {"No person has this document number or id; name the file by one of "
                             "them.",
                             "没有人员与该证件号码或编号对应，请以证件号码或人员编号命名文件。"});
    }
    if (persons.size() > 1) {
        return errorAtPhoto(row,
                            "photo_ambiguous",
                            {"Several persons have this document number; name the file by the "
                             "person's id.",
                             "多名人员使用该证件号码，请以人员编号命名文件。"});
    }
    const Person& person = persons.front();
    if (person.state != stateOf(import) || person.reuse) {
        return errorAtPhoto(row,
                            "person_frozen",
                            {"This person's photo can't be changed by an import: it was submitted, "
                             "or its badge is used again.",
                             "该人员已提交或复用证件，不能批量更换照片。"});
    }
    return std::nullopt;
}

/// Past data were taken under their own edition's consents; this one asks when it takes them over.
std::optional<ImportError>
refuseUnasked(const Work& work, const Import& import, const Json& row, const Person& person)
{
    const auto edition = work.edition(import.edition);
    if (import.organization_id.empty() || !edition) {
        return std::nullopt;
    }
    const auto missing = missingConsent(work.unit(), person.person_id, *edition);
    return missing ? std::optional(errorAtPhoto(row, missing->code.c_str(), missing->message))
                   : std::nullopt;
}

} // namespace

hub::Answer keepArchive(const hub::Host& host,
                        hub_call_id task,
                        const Json& work,
                        const uploads::ByteSource& source)
{
    ImportReport report;
    Json answer = {{"total", 0}, {"unknown_columns", Json::array()}};
    const auto archive = uploads::ZipArchive::open(source, kLimits);
    const auto bytes = uploads::readAll(source, kArchiveBytesMax);
    if (!archive.ok() || !bytes.ok()) {
        report.add(errorOf(archive.ok() ? bytes.finding() : archive.finding()));
    } else if (archive.value().entries().empty()) {
        report.add({0,
                    "",
                    "rows_missing",
                    {"The archive holds no file; put the photos into it.",
                     "压缩包中没有文件，请放入照片。"}});
    } else {
        const std::string key = fromBase64(textOf(work, "key")).value_or("");
        const auto kept = keepFile(host, task, keyOfPart(key, "archive"), bytes.value());
        if (!kept.ok()) {
            return failed(kept.error());
        }
        answer["total"] = archive.value().entries().size();
        answer["rows"] = kept.value();
        answer["pieces"] = Json::array();
        answer["key"] = textOf(work, "key");
    }
    answer.update(toJson(report));
    return {HUB_OK, "", answer.dump(), 0};
}

hub::Answer judgePhotos(const hub::Host& host,
                        hub_call_id task,
                        const std::string& archive,
                        const std::string& key)
{
    const auto bytes = readFile(host, archive, keyOfPart(key, "archive"), kArchiveBytesMax);
    if (!bytes.ok()) {
        return failed(bytes.error());
    }
    const uploads::MemorySource source(bytes.value());
    const auto opened = uploads::ZipArchive::open(source, kLimits);
    if (!opened.ok()) {
        return {HUB_REJECTED, sentence(opened.finding(), uploads::Language::English), "", 0};
    }
    PhotoRows photos(host, task, key);
    std::vector<Json> rows;
    for (const uploads::ZipEntry& entry : opened.value().entries()) {
        if (isOfSystem(entry.name)) {
            continue;
        }
        auto row = photos.rowOf(opened.value(), entry);
        if (!row.ok()) {
            return failed(row.error());
        }
        rows.push_back(std::move(row).value());
    }
    if (rows.empty()) {
        return {HUB_REJECTED,
                "The archive holds no photo; put some into it. 压缩包中没有照片，请放入照片。",
                "",
                0};
    }
    const auto digest = keepRows(host, task, key, rows);
    if (!digest.ok()) {
        return failed(digest.error());
    }
    return {HUB_OK, "", Json{{"blob", digest.value()}, {"total", rows.size()}}.dump(), 0};
}

hub::Result<Json> readPhotoRows(const hub::Unit& unit,
                                const std::string& digest,
                                const std::string& key,
                                std::int64_t first)
{
    const auto sealed = hub::blob::read(unit.host(),
                                        unit.handle(),
                                        digest,
                                        static_cast<std::uint64_t>(first) * kSlotBytes,
                                        kRowsOfAStep * kSlotBytes);
    if (!sealed.ok()) {
        return sealed.error();
    }
    Json rows = Json::array();
    for (std::size_t at = 0; at + kSlotBytes <= sealed.value().size(); at += kSlotBytes) {
        const std::int64_t row = first + static_cast<std::int64_t>(rows.size());
        const auto plain =
            openFile(keyOfRow(key, row), std::string_view(sealed.value()).substr(at, kSlotBytes));
        if (!plain) {
            return hub::Error{HUB_REJECTED, "the photos of this import are damaged"};
        }
        rows.push_back(Json::parse(*plain));
    }
    return rows;
}

std::variant<Staged, ImportError>
takePhoto(const Work& work, const Import& import, const Json& row, bool writes)
{
    if (row.contains("code")) {
        const Json& reason = row.at("reason");
        return errorAtPhoto(
            row, textOf(row, "code").c_str(), {textOf(reason, "en"), textOf(reason, "zh")});
    }
    const auto persons = personsOf(work, import, row);
    if (auto error = refuseOwner(import, row, persons)) {
        return std::move(*error);
    }
    if (auto error = refuseUnasked(work, import, row, persons.front())) {
        return std::move(*error);
    }
    if (!writes) {
        return Staged::New;
    }
    Person person;
    person.person_id = persons.front().person_id;
    person.photo = textOf(row, "photo");
    person.photo_key = fromBase64(textOf(row, "key")).value_or("");
    if (!stagePhoto(work.unit(), import.import_id, row.at("line").get<std::int64_t>(), person)) {
        return errorAtPhoto(row,
                            "photo_twice",
                            {"The archive has another photo of this person; remove one of them.",
                             "压缩包中该人员有多张照片，请仅保留一张。"});
    }
    return Staged::New;
}

std::optional<Refusal> bringPhotos(const Work& work, const Import& import)
{
    if (!import.organization_id.empty()) {
        const auto organization = work.rows().organization(import.organization_id);
        if (auto refusal = organization ? refuseClosed(*organization) : std::nullopt) {
            return refusal;
        }
    }
    if (bringPhotos(work.unit(), import, stateOf(import), work.actor())) {
        return std::nullopt;
    }
    return Refusal{409,
                   "person_frozen",
                   {"Some of the persons were submitted or deleted meanwhile; import the rest.",
                    "部分人员已提交或删除，请重新导入其余照片。"}};
}

} // namespace registration
