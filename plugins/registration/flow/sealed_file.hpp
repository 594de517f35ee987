// Files of persons and organizations, photos and licences: a blob that only its key opens. The key
// lives sealed in a column of its person, so that erasing the person makes the blob unreadable.
#pragma once

#include <hub/host.hpp>
#include <hub/result.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace registration {

inline constexpr std::size_t kFileKeyBytes = 32;

/// AES-256-GCM in pieces of 64 KiB, each bound to its place and the last one marked, so that
/// nothing can be cut off, added or reordered. A key MUST seal one file only: it is drawn for it.
/// Throws std::invalid_argument for a key of another size.
std::string sealFile(std::string_view key, std::string_view plain);
/// Nothing when the bytes are not what this key sealed.
std::optional<std::string> openFile(std::string_view key, std::string_view sealed);

/// In the task of an upload: seals the bytes and keeps them as a blob; its digest, when durable.
hub::Result<std::string>
keepFile(const hub::Host& host, hub_call_id task, std::string_view key, std::string_view plain);

/// In a task: the bytes of a kept file of at most `bytes_max`. HUB_NOT_FOUND: no such blob;
/// HUB_REJECTED: larger, or not sealed with this key.
hub::Result<std::string> readFile(const hub::Host& host,
                                  std::string_view digest,
                                  std::string_view key,
                                  std::uint64_t bytes_max);

/// Keys and small contents in the JSON of a task.
std::string toBase64(std::string_view bytes);
/// Nothing for other characters or a wrong length.
std::optional<std::string> fromBase64(std::string_view text);

} // namespace registration
