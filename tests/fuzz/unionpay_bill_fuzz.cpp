// Input: which layer of a bill on the first line (content, archive or table), then its bytes: the
// checksums of the outer ones would keep every change from the inner ones. What is taken is whole.

#include "expect.hpp"
#include "payment_unionpay/bill.hpp"
#include "unionpay_acp/bill_file.hpp"
#include "unionpay_acp/text.hpp"
#include "unionpay_acp/zm.hpp"

#include <array>

#include <nlohmann/json.hpp>

namespace {

using namespace hub::fuzz;
using Json = nlohmann::json;

constexpr std::size_t kBytesMax = 256UL * 1024;
constexpr std::string_view kMerchantId = "777290058110048";
constexpr std::int64_t kEndMs = 1795276800000; // 2026-11-22 00:00 in Beijing

void checkContent(std::string_view text)
{
    const auto archive = unionpay::decodeFileContent(text, kBytesMax);
    if (archive.ok()) {
        expect(archive.value().size() <= kBytesMax, "an unpacked file has a limit");
    } else {
        expect(archive.error().code == HUB_BAD_REQUEST, "a broken file is a bad request");
        expectReadable(archive.error().message);
    }
    // The whole way, as the connector goes it; a member's name is quoted as it is.
    const auto bill = payment_unionpay::readBillFile(text);
    expect(!bill.ok() || archive.ok(), "a bill has a file");
    if (!bill.ok()) {
        expectWorded(bill.error().message);
    }
}

void checkArchive(std::string_view bytes)
{
    const auto members = unionpay::readBillArchive(bytes, kBytesMax);
    if (!members.ok()) {
        expect(members.error().code == HUB_BAD_REQUEST, "a broken archive is a bad request");
        expectReadable(members.error().message);
        return;
    }
    std::size_t total = 0;
    for (const auto& member : members.value()) {
        expect(unionpay::isUtf8(member.name), "a name is UTF-8", member.name);
        const std::string kind = unionpay::billKindOf(member.name);
        expect(kind.empty() || kind == "ZM" || kind == "ZME", "a kind is known", member.name);
        total += member.text.size();
    }
    expect(total <= kBytesMax, "the members together have a limit");
}

void checkLines(const std::string& lines, std::size_t rows)
{
    std::size_t count = 0;
    std::string_view rest = lines;
    while (!rest.empty()) {
        const Json line = Json::parse(takeLine(rest), nullptr, false);
        expect(line.is_object(), "a line is a JSON object", lines);
        const bool is_refund = line.at("type") == "refund";
        expect(is_refund || line.at("type") == "payment", "a line is of a known type", lines);
        expect(is_refund == line.contains("refund_number"), "a refund has its number", lines);
        expect(!line.at("number").get<std::string>().empty(), "a line has a number", lines);
        expect(line.at("finished_at_ms").get<std::int64_t>() < kEndMs, "no row is later", lines);
        ++count;
    }
    expect(count == rows, "a line for every row", lines);
}

void checkTable(std::string_view text)
{
    const auto rows = unionpay::parseZm(text);
    if (!rows.ok()) {
        expectReadable(rows.error().message);
        return;
    }
    const auto lines = payment_unionpay::toBillLines(rows.value(), kMerchantId, kEndMs);
    if (lines.ok()) {
        checkLines(lines.value(), rows.value().size());
    } else {
        expectReadable(lines.error().message);
    }
}

void checkAmount(std::string_view text)
{
    const auto amount = unionpay::parseZmAmount(text);
    if (!amount.ok()) {
        expectReadable(amount.error().message);
        return;
    }
    const std::int64_t minor = amount.value() < 0 ? -amount.value() : amount.value();
    const std::string written = (amount.value() < 0 ? "D" : "C") + std::to_string(minor);
    const auto again = unionpay::parseZmAmount(written);
    expect(again.ok() && again.value() == amount.value(), "an amount survives its coding", text);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    std::string_view bytes = textOf(data, size);
    const std::string_view layer = takeLine(bytes);
    if (layer == "content") {
        checkContent(bytes);
    } else if (layer == "archive") {
        checkArchive(bytes);
    } else {
        checkTable(bytes);
    }
    checkAmount(bytes);
    constexpr std::array<std::size_t, 4> kWidths{3, 11, 1, 6};
    const auto values = unionpay::cutLine(bytes, kWidths);
    expect(!values.ok() || values.value().size() == kWidths.size(), "a value for every width");
    return 0;
}
