// The reconciliation file of a settlement day: base64, then DEFLATE with zlib's frame, then a ZIP
// of GBK texts. Pure functions; what does not add up is refused whole.
#pragma once

#include <hub/result.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace unionpay {

inline constexpr std::size_t kBillBytesMax = 64UL * 1024 * 1024;

/// fileContent to the bytes of the file. HUB_BAD_REQUEST; also beyond `bytes_max`.
hub::Result<std::string> decodeFileContent(std::string_view file_content,
                                           std::size_t bytes_max = kBillBytesMax);

struct BillMember {
    std::string name; // UTF-8
    std::string text; // raw bytes, GBK
};

/// All members but folders, checksums checked. HUB_BAD_REQUEST; also when the texts together are
/// longer than `bytes_max`.
hub::Result<std::vector<BillMember>> readBillArchive(std::string_view archive,
                                                     std::size_t bytes_max = kBillBytesMax);

/// "INN" + yymmdd + two digits, then the kind: "ZM" for transactions, "ZME" for exceptions, empty
/// for anything else.
std::string billKindOf(std::string_view member_name);

} // namespace unionpay
