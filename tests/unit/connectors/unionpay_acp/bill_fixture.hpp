// Bill files, packed as UnionPay packs them. The rows are synthetic.
#pragma once

#include "unionpay_acp/text.hpp"
#include "unionpay_acp/zm.hpp"

#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <zip.h>
#include <zlib.h>

namespace unionpay_test {

/// A line of ZM: the named values, left-aligned, blanks for the rest and the reserved columns.
inline std::string zmLine(const std::map<std::string, std::string>& values)
{
    std::string line;
    for (const auto& column : unionpay::zmColumns()) {
        const auto found = values.find(std::string{column.name});
        std::string value = found == values.end() ? std::string{} : found->second;
        value.resize(column.bytes, ' ');
        line += value + " ";
    }
    return line + std::string(131, ' ');
}

inline std::map<std::string, std::string> zmPayment()
{
    return {{"tradeNo", "S22"},
            {"txnTime", "1121104100"},
            {"txnAmt", "000000020000"},
            {"queryId", "202611211040000000001"},
            {"orderId", "1400000120261121104000000001"},
            {"merCharge", "D000000000120"},
            {"settleAmt", "C000000019880"},
            {"txnType", "01"},
            {"merId", "777290058110048"}};
}

inline std::map<std::string, std::string> zmRefund()
{
    auto values = zmPayment();
    values["txnTime"] = "1121120000";
    values["txnAmt"] = "000000005000";
    values["queryId"] = "202611211200000000002";
    values["orderId"] = "1400000120261121120000000001";
    values["txnType"] = "04";
    values["origQryId"] = "202611211040000000001";
    values["merReserved"] = "1400000120261121104000000001";
    return values;
}

using Members = std::vector<std::pair<std::string, std::string>>; // raw name, raw text

inline std::string zipOf(const Members& members)
{
    zip_error_t error{};
    zip_source_t* source = zip_source_buffer_create(nullptr, 0, 0, &error);
    zip_source_keep(source);
    zip_t* archive = zip_open_from_source(source, ZIP_TRUNCATE, &error);
    for (const auto& [name, text] : members) {
        zip_source_t* content = zip_source_buffer(archive, text.data(), text.size(), 0);
        if (zip_file_add(archive, name.c_str(), content, ZIP_FL_ENC_RAW) < 0) {
            throw std::runtime_error(zip_strerror(archive));
        }
    }
    if (zip_close(archive) != 0) {
        throw std::runtime_error(zip_strerror(archive));
    }
    zip_stat_t stat{};
    zip_source_stat(source, &stat);
    std::string bytes(stat.size, '\0');
    zip_source_open(source);
    zip_source_read(source, bytes.data(), bytes.size());
    zip_source_close(source);
    zip_source_free(source);
    return bytes;
}

/// fileContent: base64 of zlib's format.
inline std::string fileContent(const std::string& bytes)
{
    uLongf size = compressBound(bytes.size());
    std::string packed(size, '\0');
    compress(reinterpret_cast<Bytef*>(packed.data()),
             &size,
             reinterpret_cast<const Bytef*>(bytes.data()),
             bytes.size());
    packed.resize(size);
    return unionpay::toBase64(packed);
}

inline const char* const kZmName = "INN26112188ZM_777290058110048";

} // namespace unionpay_test
