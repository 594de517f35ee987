// Input: the file of a bill, packed or not. What is taken is whole: as many lines as rows, less the
// refunds that failed, each of which says what a line may say.

#include "expect.hpp"
#include "payment_wechat/bill.hpp"
#include "payment_wechat/gzip.hpp"

#include <set>

#include <nlohmann/json.hpp>

namespace {

using namespace hub::fuzz;
using Json = nlohmann::json;

constexpr std::size_t kBytesMax = 256UL * 1024;

std::size_t countLines(const std::string& lines, const std::set<std::string>& types)
{
    std::size_t count = 0;
    std::string_view rest = lines;
    while (!rest.empty()) {
        const Json line = Json::parse(takeLine(rest), nullptr, false);
        expect(line.is_object(), "a line is a JSON object", lines);
        expect(types.count(line.at("type")) == 1, "a line is of a type that there is", lines);
        expect(line.at("amount_minor").is_number_integer(), "an amount is whole", lines);
        ++count;
    }
    expect(lines.empty() || lines.back() == '\n', "the last line is whole", lines);
    return count;
}

void checkTable(const wechat::BillTable& table)
{
    expect(!table.titles.empty() && !table.sums.empty(), "a table has titles and sums");
    for (const auto& row : table.rows) {
        expect(row.size() == table.titles.size(), "every cell has a title");
    }
    const auto trades = wechat::toTradeLines(table);
    const auto funds = wechat::toFundLines(table);
    if (trades.ok()) {
        expect(countLines(trades.value(), {"payment", "refund"}) <= table.rows.size(),
               "no line without a row");
    } else {
        expectReadable(trades.error().message);
    }
    if (funds.ok()) {
        expect(countLines(funds.value(), {"income", "expense"}) == table.rows.size(),
               "a line for every row");
    } else {
        expectReadable(funds.error().message);
    }
    expect(!trades.ok() || !funds.ok() || table.rows.empty(), "a bill is of one kind");
}

void checkAmount(std::string_view text)
{
    const auto fen = wechat::fenOfYuan(text);
    if (!fen.ok()) {
        return;
    }
    const std::int64_t minor = fen.value() < 0 ? -fen.value() : fen.value();
    std::string written = std::to_string(minor % 100);
    written = std::to_string(minor / 100) + (written.size() == 1 ? ".0" : ".") + written;
    const auto again = wechat::fenOfYuan((fen.value() < 0 ? "-" : "") + written);
    expect(again.ok() && again.value() == fen.value(), "an amount survives its coding", text);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view bytes = textOf(data, size);
    checkAmount(bytes);
    const bool is_packed = wechat::isGzip(bytes);
    const auto text = is_packed ? wechat::unpackGzip(bytes, kBytesMax)
                                : hub::Result<std::string>{std::string{bytes}};
    if (!text.ok()) {
        expect(text.error().code == HUB_BAD_REQUEST, "a broken file is a bad request");
        expectReadable(text.error().message);
        return 0;
    }
    expect(!is_packed || text.value().size() <= kBytesMax, "an unpacked file has a limit");
    const auto table = wechat::parseBill(text.value());
    if (table.ok()) {
        checkTable(table.value());
    } else {
        expectReadable(table.error().message);
    }
    return 0;
}
