#include "unionpay/bill.hpp"

#include "core/crypto.hpp"
#include "unionpay/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <stdexcept>
#include <utility>
#include <vector>

#include <iconv.h>
#include <zip.h>
#include <zlib.h>

namespace hub::simulator::unionpay {

namespace {

// In bytes of GBK; one separator stands after every field.
constexpr std::array<std::size_t, 41> kWidths{
    3, 11, 11, 6,  10, 19, 12, 4, 2,  21, 2,  32, 2, 6,  10, 13, 13, 4, 15, 2,  2,
    6, 2,  4,  32, 1,  21, 15, 1, 15, 32, 13, 13, 8, 32, 13, 13, 12, 2, 1,  131};
constexpr std::string_view kFileCode = "88";

/// What a line holds, by the numbers that the provider's document gives the fields.
enum Column : std::size_t {
    kTradeCode = 1,
    kAgent = 2,
    kSender = 3,
    kTraceNo = 4,
    kTraceTime = 5,
    kAccount = 6,
    kAmount = 7,
    kCategory = 8,
    kTerminalType = 9,
    kQueryId = 10,
    kOrderId = 12,
    kCardType = 13,
    kOriginalTraceNo = 14,
    kOriginalTime = 15,
    kFee = 16,
    kSettled = 17,
    kPayType = 18,
    kTxnType = 20,
    kTxnSubType = 21,
    kBizType = 22,
    kAccountType = 23,
    kOriginalQueryId = 27,
    kMerId = 28,
    kCleared = 33,
    kReserved = 35,
    kDiscount = 36,
    kInvoice = 37,
};
using Cells = std::array<std::string, kWidths.size() + 1>; // from 1 on

std::string toGbk(std::string text)
{
    iconv_t converter = iconv_open("GBK//TRANSLIT", "UTF-8");
    if (converter == reinterpret_cast<iconv_t>(-1)) { // NOLINT(performance-no-int-to-ptr)
        throw std::runtime_error("this system can't convert to GBK; are the C library's gconv "
                                 "modules installed?");
    }
    std::string out(text.size() * 2 + 8, '\0');
    char* from = text.data();
    char* to = out.data();
    std::size_t left = text.size();
    std::size_t room = out.size();
    const std::size_t converted = iconv(converter, &from, &left, &to, &room);
    iconv_close(converter);
    if (converted == static_cast<std::size_t>(-1)) {
        throw std::runtime_error("a bill can't be written as GBK");
    }
    out.resize(out.size() - room);
    return out;
}

/// Exactly so many bytes of GBK; no character is cut in two.
std::string fit(const std::string& text, std::size_t width)
{
    const std::string gbk = toGbk(text);
    std::string cell;
    for (std::size_t at = 0; at < gbk.size();) {
        const std::size_t size = static_cast<unsigned char>(gbk[at]) > 0x80 ? 2 : 1;
        if (cell.size() + size > width) {
            break;
        }
        cell += gbk.substr(at, size);
        at += size;
    }
    cell.resize(width, ' ');
    return cell;
}

std::string line(const Cells& cells)
{
    std::string text;
    for (std::size_t i = 0; i < kWidths.size(); ++i) {
        text += fit(cells[i + 1], kWidths[i]) + " ";
    }
    return text + "\r\n";
}

/// A payment, or what gave it back when `refund` is set.
struct Movement {
    Trade trade;
    std::optional<Refund> refund;
    std::int64_t at_ms = 0; ///< test clock
};

/// In the order of time. What was dropped gave nothing back.
std::vector<Movement> movementsOf(Book& book, std::string_view mer_id, std::string_view day)
{
    std::vector<Movement> movements;
    const Json trades = book.toJson("")["trades"];
    for (const Json& row : trades) {
        if (row["provider"] != "unionpay" || row["seller_id"] != mer_id || row["paid_ms"] == 0) {
            continue;
        }
        const auto trade =
            book.findByNumber("unionpay", mer_id, row["out_trade_no"].get<std::string>()).value();
        if (settlementDay(trade.paid_due_ms) == day) {
            movements.push_back({trade, std::nullopt, trade.paid_due_ms});
        }
        for (const Refund& refund : book.refundsOf(trade.id)) {
            if (refund.state != RefundState::Dropped && settlementDay(acceptedMs(refund)) == day) {
                movements.push_back({trade, refund, acceptedMs(refund)});
            }
        }
    }
    std::stable_sort(movements.begin(), movements.end(), [](const Movement& a, const Movement& b) {
        return a.at_ms < b.at_ms;
    });
    return movements;
}

std::string lineOf(const Settings& settings, const Movement& one)
{
    const Fields original = requestOf(one.trade);
    const Fields request = one.refund ? requestOf(*one.refund) : original;
    const std::string query_id =
        one.refund ? one.refund->provider_number : one.trade.provider_number;
    const std::int64_t minor = one.refund ? one.refund->amount_minor : one.trade.amount_minor;
    const std::string amount = fmt::format("{:012}", minor);
    const std::string settled = (one.refund ? settings.debit_mark : settings.credit_mark) + amount;
    const std::string nothing = settings.credit_mark + fmt::format("{:012}", 0);
    const auto code = settings.trade_codes.find(request.at("txnType"));
    Cells cells;
    cells[kTradeCode] = code == settings.trade_codes.end() ? "" : code->second;
    cells[kAgent] = "00000000";
    cells[kSender] = "00000000";
    cells[kTraceNo] = traceNumberOf(query_id);
    cells[kTraceTime] = request.at("txnTime").substr(4);
    cells[kAccount] = settings.account;
    cells[kAmount] = amount;
    cells[kCategory] = "0000";
    cells[kTerminalType] = get(request, "channelType");
    cells[kQueryId] = query_id;
    cells[kOrderId] = request.at("orderId");
    cells[kCardType] = "01";
    cells[kFee] = settings.debit_mark + fmt::format("{:012}", 0);
    cells[kSettled] = settled;
    cells[kPayType] = "0001";
    cells[kTxnType] = request.at("txnType");
    cells[kTxnSubType] = request.at("txnSubType");
    cells[kBizType] = request.at("bizType");
    cells[kAccountType] = "01";
    cells[kMerId] = one.trade.seller;
    cells[kCleared] = settled;
    cells[kReserved] = get(request, "reqReserved");
    cells[kDiscount] = nothing;
    cells[kInvoice] = settled;
    if (one.refund) {
        cells[kOriginalTraceNo] = traceNumberOf(one.trade.provider_number);
        cells[kOriginalTime] = original.at("txnTime").substr(4);
        cells[kOriginalQueryId] = one.trade.provider_number;
    }
    return line(cells);
}

/// Releases what libzip made.
struct Zip {
    zip_error_t error{};
    zip_source_t* bytes = nullptr;
    zip_t* archive = nullptr;

    Zip() { zip_error_init(&error); }
    Zip(const Zip&) = delete;
    Zip& operator=(const Zip&) = delete;
    ~Zip()
    {
        if (archive != nullptr) {
            zip_discard(archive);
        }
        if (bytes != nullptr) {
            zip_source_free(bytes);
        }
        zip_error_fini(&error);
    }
};

void require(bool done)
{
    if (!done) {
        throw std::runtime_error("a bill's archive can't be written");
    }
}

std::string readAll(zip_source_t& source)
{
    require(zip_source_open(&source) == 0 && zip_source_seek(&source, 0, SEEK_END) == 0);
    const zip_int64_t size = zip_source_tell(&source);
    require(size > 0 && zip_source_seek(&source, 0, SEEK_SET) == 0);
    std::string bytes(static_cast<std::size_t>(size), '\0');
    const zip_int64_t got = zip_source_read(&source, bytes.data(), bytes.size());
    zip_source_close(&source);
    require(got == size);
    return bytes;
}

std::string toZip(const std::vector<std::pair<std::string, std::string>>& members)
{
    Zip zip;
    zip.bytes = zip_source_buffer_create(nullptr, 0, 0, &zip.error);
    require(zip.bytes != nullptr);
    zip.archive = zip_open_from_source(zip.bytes, ZIP_TRUNCATE, &zip.error);
    require(zip.archive != nullptr);
    zip_source_keep(zip.bytes);
    for (const auto& [name, content] : members) {
        zip_source_t* source = zip_source_buffer(zip.archive, content.data(), content.size(), 0);
        if (source == nullptr || zip_file_add(zip.archive, name.c_str(), source, 0) < 0) {
            zip_source_free(source);
            require(false);
        }
    }
    require(zip_close(zip.archive) == 0);
    zip.archive = nullptr;
    return readAll(*zip.bytes);
}

} // namespace

std::optional<std::string>
makeBill(const Settings& settings, Book& book, std::string_view mer_id, std::string_view day)
{
    std::string lines;
    for (const Movement& one : movementsOf(book, mer_id, day)) {
        lines += lineOf(settings, one);
    }
    if (lines.empty()) {
        return std::nullopt;
    }
    const std::string stem = fmt::format("INN{}{}", day.substr(2), kFileCode);
    // Corrections of earlier days (ZME) there are none, but the file is there.
    return toZip({{fmt::format("{}ZM_{}", stem, mer_id), lines},
                  {fmt::format("{}ZME_{}", stem, mer_id), {}}});
}

std::string packContent(const std::string& bytes)
{
    uLongf size = compressBound(bytes.size());
    std::string packed(size, '\0');
    if (compress(reinterpret_cast<Bytef*>(packed.data()),
                 &size,
                 reinterpret_cast<const Bytef*>(bytes.data()),
                 bytes.size()) != Z_OK) {
        throw std::runtime_error("no memory for compressing a bill");
    }
    packed.resize(size);
    return toBase64(packed);
}

} // namespace hub::simulator::unionpay
