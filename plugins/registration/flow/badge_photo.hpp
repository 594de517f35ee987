// What a task does with a badge photo: judges it by its content, writes its pixels anew without
// anything else, and keeps it as a sealed file; or reads a kept one.
#pragma once

#include <hub/event.hpp>
#include <hub/host.hpp>

#include <string>
#include <variant>
#include <vector>

#include <requests/answers.hpp>
#include <uploads/byte_source.hpp>

namespace registration {

/// The picture as badges are printed from it, a JPEG of its pixels alone; or all that is wrong.
std::variant<std::string, std::vector<uploads::Finding>>
badgePhotoOf(const uploads::ByteSource& source);

/// {"blob", "key"} of an upload becomes {"digest", "key"} of a kept photo, or {"findings": […]},
/// each with "code" and "message" in both languages.
hub::Answer workOutPhoto(const hub::Host& host, const hub::Event& event);

/// {"digest", "key"} becomes {"content_base64"}.
hub::Answer readPhoto(const hub::Host& host, const hub::Event& event);

} // namespace registration
