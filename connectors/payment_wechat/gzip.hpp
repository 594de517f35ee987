// Reads gzip as the provider packs its bills. Pure.
#pragma once

#include <hub/result.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace wechat {

bool isGzip(std::string_view bytes) noexcept;

/// All members, unpacked. HUB_BAD_REQUEST when it is broken or cut, or would be more than
/// `bytes_max`.
hub::Result<std::string> unpackGzip(std::string_view bytes, std::size_t bytes_max);

} // namespace wechat
