// Reads a ZIP archive that is wholly in memory: stored and deflated members, no encryption, no
// ZIP64. What does not add up (sizes, checksums, places) is refused.
#pragma once

#include <hub/result.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace alipay {

struct ZipMember {
    std::string name; // raw bytes, in whatever coding the writer used
    std::string content;
};

/// All members. HUB_BAD_REQUEST names what is wrong; also when the contents together are longer
/// than `bytes_max`.
hub::Result<std::vector<ZipMember>> readZip(std::string_view archive, std::size_t bytes_max);

} // namespace alipay
