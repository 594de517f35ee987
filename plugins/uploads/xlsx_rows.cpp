#include "uploads/xlsx_rows.hpp"

#include "uploads/workbook.hpp"
#include "uploads/xml_stream.hpp"

#include <algorithm>
#include <charconv>
#include <deque>

namespace uploads {

namespace {

// What one step may add to the queue stays small, however many cells name the longest text.
constexpr std::size_t kStepBytes = 4096;
constexpr std::uint32_t kRowEnd = 1'048'577;
constexpr std::size_t kColumnEnd = 16'384;

template <typename Number>
std::optional<Number> numberOf(std::string_view text) noexcept
{
    Number number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool is_whole = read.ec == std::errc{} && read.ptr == text.data() + text.size();
    return is_whole ? std::optional{number} : std::nullopt;
}

/// Of "B17" the 1; nothing for what is no address.
std::optional<std::size_t> columnOf(std::string_view address) noexcept
{
    std::size_t column = 0;
    while (!address.empty() && address.front() >= 'A' && address.front() <= 'Z' &&
           column <= kColumnEnd) {
        column = column * 26 + static_cast<std::size_t>(address.front() - 'A' + 1);
        address.remove_prefix(1);
    }
    const bool is_column = column >= 1 && column <= kColumnEnd;
    return is_column && numberOf<std::uint32_t>(address) ? std::optional{column - 1} : std::nullopt;
}

/// The part of a sheet: cells to rows. Ends itself with a finding.
class SheetPart final : public XmlHandler {
public:
    SheetPart(const Workbook& workbook, const RowLimits& limits)
        : workbook_(workbook)
        , limits_(limits)
    {}

    std::deque<SheetRow>& rows() noexcept { return rows_; }
    const std::optional<Finding>& failure() const noexcept { return failure_; }

    void open(std::string_view local_name, const XmlAttributes& attributes) override
    {
        if (failure_) {
            return;
        }
        if (local_name == "row") {
            beginRow(attributes["r"]);
        } else if (local_name == "c") {
            beginCell(attributes);
        } else if (local_name == "f") {
            is_formula_ = true;
        } else if (local_name == "rPh") {
            is_phonetic_ = true;
        }
        is_value_ = local_name == "v" || (local_name == "t" && !is_phonetic_);
    }

    void close(std::string_view local_name) override
    {
        is_value_ = false;
        if (failure_) {
            return;
        }
        if (local_name == "row") {
            endRow();
        } else if (local_name == "c") {
            endCell();
        } else if (local_name == "rPh") {
            is_phonetic_ = false;
        }
    }

    void text(std::string_view characters) override
    {
        if (!is_value_ || failure_) {
            return;
        }
        value_ += characters;
        if (value_.size() > limits_.cell_bytes_max) {
            fail(Code::CellTooLong, {shownBytes(limits_.cell_bytes_max)});
        }
    }

private:
    void beginRow(std::string_view number)
    {
        const auto given = number.empty() ? last_row_ + 1 : numberOf<std::uint32_t>(number);
        if (!given || *given <= last_row_ || *given >= kRowEnd) {
            failure_ = Finding{Code::SheetBroken, {}, {}};
            return;
        }
        last_row_ = *given;
        row_ = {*given, {}};
        next_column_ = 0;
    }

    void beginCell(const XmlAttributes& attributes)
    {
        const std::string_view address = attributes["r"];
        const auto column = address.empty() ? next_column_ : columnOf(address);
        if (!column || *column < next_column_ || last_row_ == 0) {
            failure_ = Finding{Code::SheetBroken, {}, {}};
            return;
        }
        column_ = *column;
        next_column_ = column_ + 1;
        type_ = attributes["t"];
        style_ = numberOf<std::size_t>(attributes["s"]).value_or(0);
        is_formula_ = false;
        value_.clear();
    }

    void endCell()
    {
        Cell cell = readCell();
        if (cell.kind == CellKind::Empty || failure_) {
            return;
        }
        if (column_ >= limits_.columns_max) {
            fail(Code::ColumnsTooMany, {std::to_string(limits_.columns_max)});
            return;
        }
        row_.cells.resize(column_);
        row_.cells.push_back(std::move(cell));
    }

    Cell readCell()
    {
        if (value_.empty()) {
            // A formula whose result is an empty text says so by its type.
            const bool is_uncalculated = is_formula_ && type_ != "str";
            return {is_uncalculated ? CellKind::Uncalculated : CellKind::Empty, {}};
        }
        if (type_ == "s") {
            return readShared();
        }
        if (type_ == "inlineStr" || type_ == "str") {
            return {CellKind::Text, unescaped(value_)};
        }
        if (type_ == "b") {
            return {CellKind::Boolean, value_ == "1" || value_ == "true" ? "TRUE" : "FALSE"};
        }
        if (type_ == "e") {
            return {CellKind::Error, shown(value_)};
        }
        if (type_ == "d") {
            return {CellKind::Date, shown(value_)};
        }
        static const NumberFormat kGeneral;
        const bool is_known = style_ < workbook_.formats.size();
        return showNumber(
            value_, is_known ? workbook_.formats[style_] : kGeneral, workbook_.is_1904);
    }

    Cell readShared()
    {
        const auto index = numberOf<std::size_t>(value_);
        const auto text = index ? workbook_.strings.find(*index) : std::nullopt;
        if (!text) {
            failure_ = Finding{Code::SheetBroken, cellAddress(row_.number, column_), {}};
            return {};
        }
        if (text->size() > limits_.cell_bytes_max) {
            fail(Code::CellTooLong, {shownBytes(limits_.cell_bytes_max)});
            return {};
        }
        return {text->empty() ? CellKind::Empty : CellKind::Text, unescaped(*text)};
    }

    void endRow()
    {
        if (row_.cells.empty()) {
            return;
        }
        if (++count_ > limits_.rows_max) {
            failure_ = Finding{
                Code::RowsTooMany, std::to_string(row_.number), {std::to_string(limits_.rows_max)}};
            return;
        }
        rows_.push_back(std::move(row_));
        row_ = {};
    }

    void fail(Code code, std::vector<std::string> values)
    {
        failure_ = Finding{code, cellAddress(row_.number, column_), std::move(values)};
    }

    const Workbook& workbook_;
    RowLimits limits_;
    std::deque<SheetRow> rows_;
    std::optional<Finding> failure_;
    SheetRow row_;
    std::uint32_t last_row_ = 0;
    std::uint32_t count_ = 0;
    std::size_t column_ = 0;
    std::size_t next_column_ = 0;
    std::size_t style_ = 0;
    std::string type_;
    std::string value_;
    bool is_value_ = false;
    bool is_formula_ = false;
    bool is_phonetic_ = false;
};

class XlsxRows final : public RowSource {
public:
    XlsxRows(ZipArchive archive, Workbook workbook, const RowLimits& limits)
        : archive_(std::move(archive))
        , workbook_(std::move(workbook))
        , part_(workbook_, limits)
        , xml_(part_)
    {}

    std::optional<Finding> begin(const ZipEntry& sheet)
    {
        auto stream = archive_.stream(sheet);
        if (!stream.ok()) {
            return stream.finding();
        }
        stream_.emplace(std::move(stream).value());
        return std::nullopt;
    }

    const ZipArchive& archive() const noexcept { return archive_; }
    const Workbook& workbook() const noexcept { return workbook_; }

    Judged<std::optional<SheetRow>> next() override
    {
        while (part_.rows().empty() && !is_over_ && !failure_) {
            step();
        }
        if (!part_.rows().empty()) {
            std::optional row{std::move(part_.rows().front())};
            part_.rows().pop_front();
            return row;
        }
        if (failure_) {
            return *failure_;
        }
        return std::optional<SheetRow>{};
    }

private:
    void step()
    {
        if (at_ == piece_.size() && !takePiece()) {
            return;
        }
        const std::string_view bytes = std::string_view{piece_}.substr(at_, kStepBytes);
        at_ += bytes.size();
        const bool is_xml = xml_.feed(bytes);
        failure_ = part_.failure();
        if (!failure_ && !is_xml) {
            failure_ = Finding{Code::SheetBroken, {}, {}};
        }
    }

    bool takePiece()
    {
        auto piece = stream_->next();
        if (!piece.ok()) {
            failure_ = piece.finding();
            return false;
        }
        piece_ = std::move(piece).value();
        at_ = 0;
        if (piece_.empty()) {
            is_over_ = true;
            if (!xml_.finish()) {
                failure_ = Finding{Code::SheetBroken, {}, {}};
            }
        }
        return !piece_.empty();
    }

    ZipArchive archive_;
    Workbook workbook_;
    SheetPart part_;
    XmlStream xml_;
    std::optional<ZipStream> stream_;
    std::string piece_;
    std::size_t at_ = 0;
    bool is_over_ = false;
    std::optional<Finding> failure_;
};

const Sheet* findSheet(const Workbook& workbook, std::string_view name)
{
    const auto sheet =
        std::find_if(workbook.sheets.begin(), workbook.sheets.end(), [name](const Sheet& s) {
            return name.empty() ? !s.is_hidden : s.name == name;
        });
    return sheet == workbook.sheets.end() ? nullptr : &*sheet;
}

} // namespace

Judged<std::unique_ptr<RowSource>> openXlsx(const ByteSource& source, const XlsxOptions& options)
{
    auto archive = ZipArchive::open(source, options.archive);
    if (!archive.ok()) {
        return archive.finding();
    }
    auto workbook = readWorkbook(archive.value(), options.strings_bytes_max);
    if (!workbook.ok()) {
        return workbook.finding();
    }
    auto rows = std::make_unique<XlsxRows>(
        std::move(archive).value(), std::move(workbook).value(), options.rows);
    const Sheet* sheet = findSheet(rows->workbook(), options.sheet);
    const ZipEntry* part = sheet == nullptr ? nullptr : rows->archive().find(sheet->part);
    if (part == nullptr) {
        return Finding{Code::SheetMissing, {}, {shown(options.sheet)}};
    }
    if (auto finding = rows->begin(*part)) {
        return std::move(*finding);
    }
    return std::unique_ptr<RowSource>{std::move(rows)};
}

} // namespace uploads
