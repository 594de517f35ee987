#include "bill.hpp"

#include "unionpay_acp/beijing_time.hpp"
#include "unionpay_acp/bill_file.hpp"

#include <algorithm>
#include <map>

#include <nlohmann/json.hpp>

namespace payment_unionpay {

namespace {

using Json = nlohmann::json;
using hub::Error;
using hub::Result;
using unionpay::ZmRow;

/// A row's number by the provider and ours, for refunds that do not name their payment.
using Payments = std::map<std::string, std::string, std::less<>>;

Error broken(std::size_t row, const std::string& what)
{
    return Error{HUB_BAD_REQUEST, "row " + std::to_string(row) + " of the bill " + what};
}

std::size_t countLines(std::string_view text)
{
    std::size_t lines = 0;
    while (!text.empty()) {
        const auto end = text.find('\n');
        const std::string_view line = text.substr(0, end);
        lines += line.find_first_not_of(" \r") == std::string_view::npos ? 0U : 1U;
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return lines;
}

/// Ours where the refund brought it back; else by the file itself; else the provider's, which no
/// attempt has, so that the refund shows up as theirs.
std::string paymentOf(const ZmRow& row, const Payments& payments)
{
    if (!row["merReserved"].empty()) {
        return row["merReserved"];
    }
    const auto found = payments.find(row["origQryId"]);
    if (found != payments.end()) {
        return found->second;
    }
    return row["origQryId"].empty() ? row["orderId"] : row["origQryId"];
}

Result<Json> toLine(const ZmRow& row, const Payments& payments, std::size_t at, std::int64_t end_ms)
{
    const std::string& type = row["txnType"];
    const bool is_refund = type == "04" || type == "31"; // 31: undone on the day itself
    const auto amount = unionpay::parseZmAmount(row["txnAmt"]);
    const auto fee = unionpay::parseZmAmount(row["merCharge"]);
    if (!is_refund && type != "01") {
        return broken(at, "is neither of a payment nor of a refund");
    }
    if (!amount.ok() || !fee.ok()) {
        return broken(at, "holds an amount that is none");
    }
    if (row["orderId"].empty()) {
        return broken(at, "names no orderId");
    }
    Json line{{"type", is_refund ? "refund" : "payment"},
              {"number", is_refund ? paymentOf(row, payments) : row["orderId"]},
              {"provider_number", is_refund ? row["origQryId"] : row["queryId"]},
              {"amount_minor", amount.value()},
              {"fee_minor", fee.value()},
              {"currency", "CNY"}};
    if (is_refund) {
        line["refund_number"] = row["orderId"];
    }
    const auto time = unionpay::parseBeijingTimeBefore(row["txnTime"], end_ms);
    if (!time.ok()) {
        return broken(at, "holds a time that is none");
    }
    line["finished_at_ms"] = time.value();
    return line;
}

} // namespace

Result<BillRows> readBillFile(std::string_view file_content)
{
    const auto archive = unionpay::decodeFileContent(file_content);
    if (!archive.ok()) {
        return archive.error();
    }
    const auto members = unionpay::readBillArchive(archive.value());
    if (!members.ok()) {
        return members.error();
    }
    BillRows bill;
    bool has_table = false;
    for (const auto& member : members.value()) {
        const std::string kind = unionpay::billKindOf(member.name);
        if (kind == "ZME") {
            bill.exceptions += countLines(member.text);
        }
        if (kind != "ZM") {
            continue;
        }
        auto rows = unionpay::parseZm(member.text);
        if (!rows.ok()) {
            return Error{rows.error().code, member.name + ": " + rows.error().message};
        }
        has_table = true;
        bill.transactions.insert(bill.transactions.end(), rows.value().begin(), rows.value().end());
    }
    return has_table ? Result<BillRows>{std::move(bill)}
                     : Result<BillRows>{Error{HUB_BAD_REQUEST, "the bill file holds no ZM table"}};
}

Result<std::string>
toBillLines(const std::vector<ZmRow>& rows, std::string_view merchant_id, std::int64_t end_ms)
{
    Payments payments;
    for (const ZmRow& row : rows) {
        if (row["txnType"] == "01") {
            payments.emplace(row["queryId"], row["orderId"]);
        }
    }
    std::string lines;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows[i]["merId"] != merchant_id) {
            return broken(i + 1, "is another merchant's");
        }
        const auto line = toLine(rows[i], payments, i + 1, end_ms);
        if (!line.ok()) {
            return line.error();
        }
        lines += line.value().dump() + "\n";
    }
    return lines;
}

} // namespace payment_unionpay
