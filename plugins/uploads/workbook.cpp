#include "uploads/workbook.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

namespace uploads {

namespace {

constexpr std::uint64_t kSmallPartBytesMax = 8UL * 1024 * 1024;
constexpr std::size_t kSheetsMax = 255;
constexpr std::size_t kFormatsMax = 65536;

Finding broken()
{
    return Finding{Code::SheetBroken, {}, {}};
}

unsigned numberOf(std::string_view text) noexcept
{
    unsigned number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

/// Reads a whole part through a handler.
std::optional<Finding>
readPart(const ZipArchive& archive, const ZipEntry& part, XmlHandler& handler)
{
    auto stream = archive.stream(part);
    if (!stream.ok()) {
        return stream.finding();
    }
    XmlStream xml(handler);
    while (true) {
        const auto piece = stream.value().next();
        if (!piece.ok()) {
            return piece.finding();
        }
        if (piece.value().empty()) {
            return xml.finish() ? std::nullopt : std::optional{broken()};
        }
        if (!xml.feed(piece.value())) {
            return broken();
        }
    }
}

/// Relationships: id to the part that it names.
class Relationships final : public XmlHandler {
public:
    explicit Relationships(std::string folder)
        : folder_(std::move(folder))
    {}

    std::string byId(std::string_view id) const
    {
        const auto found = by_id_.find(id);
        return found == by_id_.end() ? std::string{} : found->second;
    }

    /// The last word of a type: it is the same in the strict and the transitional form.
    std::string byType(std::string_view type) const
    {
        const auto found = by_type_.find(type);
        return found == by_type_.end() ? std::string{} : found->second;
    }

    void open(std::string_view local_name, const XmlAttributes& attributes) override
    {
        if (local_name != "Relationship" || attributes["TargetMode"] == "External") {
            return;
        }
        const std::string_view target = attributes["Target"];
        const std::string_view type = attributes["Type"];
        std::string part =
            target.starts_with('/') ? std::string{target.substr(1)} : folder_ + std::string{target};
        by_type_.emplace(type.substr(type.rfind('/') + 1), part);
        by_id_.emplace(attributes["Id"], std::move(part));
    }
    void close(std::string_view) override {}
    void text(std::string_view) override {}

private:
    std::string folder_;
    std::map<std::string, std::string, std::less<>> by_id_;
    std::map<std::string, std::string, std::less<>> by_type_;
};

class WorkbookPart final : public XmlHandler {
public:
    WorkbookPart(Workbook& workbook, const Relationships& relationships)
        : workbook_(workbook)
        , relationships_(relationships)
    {}

    void open(std::string_view local_name, const XmlAttributes& attributes) override
    {
        if (local_name == "workbookPr") {
            const std::string_view is_1904 = attributes["date1904"];
            workbook_.is_1904 = is_1904 == "1" || is_1904 == "true";
        }
        if (local_name == "sheet" && workbook_.sheets.size() < kSheetsMax) {
            const std::string_view state = attributes["state"];
            workbook_.sheets.push_back({std::string{attributes["name"]},
                                        relationships_.byId(attributes["id"]),
                                        !state.empty() && state != "visible"});
        }
    }
    void close(std::string_view) override {}
    void text(std::string_view) override {}

private:
    Workbook& workbook_;
    const Relationships& relationships_;
};

class StylesPart final : public XmlHandler {
public:
    explicit StylesPart(std::vector<NumberFormat>& formats)
        : formats_(formats)
    {}

    void open(std::string_view local_name, const XmlAttributes& attributes) override
    {
        if (local_name == "numFmt" && named_.size() < kFormatsMax) {
            named_.emplace(numberOf(attributes["numFmtId"]),
                           parseNumberFormat(attributes["formatCode"]));
        }
        is_within_ = is_within_ || local_name == "cellXfs";
        if (local_name == "xf" && is_within_ && formats_.size() < kFormatsMax) {
            const unsigned id = numberOf(attributes["numFmtId"]);
            const auto named = named_.find(id);
            formats_.push_back(named == named_.end() ? builtinNumberFormat(id) : named->second);
        }
    }
    void close(std::string_view local_name) override
    {
        is_within_ = is_within_ && local_name != "cellXfs";
    }
    void text(std::string_view) override {}

private:
    std::vector<NumberFormat>& formats_;
    std::map<unsigned, NumberFormat> named_;
    bool is_within_ = false;
};

/// Where Excel keeps what acts: ECMA-376 part 1, 15.2 and the macro parts that came later.
bool isActive(std::string_view part)
{
    constexpr std::array<std::string_view, 7> kActive{"vbaproject",
                                                      "/activex/",
                                                      "/embeddings/",
                                                      "/externallinks/",
                                                      "/macrosheets/",
                                                      "/dialogsheets/",
                                                      "/ctrlprops/"};
    std::string lower{part};
    std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return std::any_of(kActive.begin(), kActive.end(), [&lower](std::string_view word) {
        return lower.find(word) != std::string::npos;
    });
}

std::string folderOf(std::string_view part)
{
    return std::string{part.substr(0, part.rfind('/') + 1)};
}

/// "xl/workbook.xml" has its relationships in "xl/_rels/workbook.xml.rels".
std::string relationshipsOf(std::string_view part)
{
    const std::string folder = folderOf(part);
    return folder + "_rels/" + std::string{part.substr(folder.size())} + ".rels";
}

std::optional<Finding>
readSmallPart(const ZipArchive& archive, const std::string& name, XmlHandler& handler)
{
    const ZipEntry* part = archive.find(name);
    if (part == nullptr || part->bytes > kSmallPartBytesMax) {
        return broken();
    }
    return readPart(archive, *part, handler);
}

std::optional<Finding> readStrings(const ZipArchive& archive,
                                   const std::string& name,
                                   std::size_t bytes_max,
                                   SharedStrings& strings)
{
    const ZipEntry* part = archive.find(name);
    if (part == nullptr) {
        return broken();
    }
    auto finding = readPart(archive, *part, strings);
    if (!finding && strings.isFull()) {
        finding = Finding{Code::SheetTooLarge, {}, {shownBytes(bytes_max)}};
    }
    return finding;
}

} // namespace

Judged<Workbook> readWorkbook(const ZipArchive& archive, std::size_t strings_bytes_max)
{
    const auto& entries = archive.entries();
    if (std::any_of(entries.begin(), entries.end(), [](const ZipEntry& entry) {
            return isActive(entry.name);
        })) {
        return Finding{Code::SheetActive, {}, {}};
    }
    Relationships package("");
    if (auto finding = readSmallPart(archive, "_rels/.rels", package)) {
        return std::move(*finding);
    }
    const std::string main = package.byType("officeDocument");
    Relationships relationships(folderOf(main));
    if (auto finding = readSmallPart(archive, relationshipsOf(main), relationships)) {
        return std::move(*finding);
    }
    Workbook workbook{{}, SharedStrings(strings_bytes_max), {}, false};
    WorkbookPart workbook_part(workbook, relationships);
    if (auto finding = readSmallPart(archive, main, workbook_part)) {
        return std::move(*finding);
    }
    StylesPart styles(workbook.formats);
    const std::string styles_name = relationships.byType("styles");
    if (!styles_name.empty()) {
        if (auto finding = readSmallPart(archive, styles_name, styles)) {
            return std::move(*finding);
        }
    }
    const std::string strings_name = relationships.byType("sharedStrings");
    if (!strings_name.empty()) {
        if (auto finding =
                readStrings(archive, strings_name, strings_bytes_max, workbook.strings)) {
            return std::move(*finding);
        }
    }
    return workbook;
}

} // namespace uploads
