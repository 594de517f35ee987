// The rows of a day's ZM file as the lines that every payment connector writes.
#pragma once

#include "unionpay_acp/zm.hpp"

#include <hub/result.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace payment_unionpay {

struct BillRows {
    std::vector<unionpay::ZmRow> transactions;
    std::size_t exceptions = 0; // rows of ZME, whose columns are in no document that was followed
};

/// fileContent, unpacked and read. HUB_BAD_REQUEST names what does not add up; also when the file
/// holds no ZM.
hub::Result<BillRows> readBillFile(std::string_view file_content);

/// One JSON object per line, UTF-8. `end_ms` is the end of the settlement day: times in the file
/// lack the year. HUB_BAD_REQUEST names the row that is not understood; then nothing of it counts.
hub::Result<std::string> toBillLines(const std::vector<unionpay::ZmRow>& rows,
                                     std::string_view merchant_id,
                                     std::int64_t end_ms);

} // namespace payment_unionpay
