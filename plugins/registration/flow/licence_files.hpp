// The pictures of licences, in tasks: what was uploaded is judged by its content and kept so that
// only its key opens it.
#pragma once

#include <hub/event.hpp>
#include <hub/host.hpp>

#include <cstdint>

#include <requests/answers.hpp>

namespace registration {

inline constexpr std::uint64_t kLicenceBytesMax = 2UL * 1024 * 1024;

/// Of {"blob", "key", "copy"}: {"file", "key", "copy", "media_type", "bytes"}, or {"findings": […]}
/// when it is no picture that is taken. `copy` is a second blob in clear, for a reader in a process
/// of its own; without one nothing is kept in clear.
hub::Answer keepLicence(const hub::Host& host, hub_call_id task, const requests::Json& work);

/// Of {"file", "key", "offset"}: {"content": <base64>, "bytes"}, at most kLicencePieceBytes.
hub::Answer readLicence(const hub::Host& host, const requests::Json& work);

inline constexpr std::uint64_t kLicencePieceBytes = 512UL * 1024;

} // namespace registration
