// What a task does with a badge photo: judges it by its content, writes its pixels anew without
// anything else, and keeps it as a sealed file; or reads a kept one.
#pragma once

#include <hub/event.hpp>
#include <hub/host.hpp>

#include <requests/answers.hpp>

namespace registration {

/// {"blob", "key"} of an upload becomes {"digest", "key"} of a kept photo, or {"findings": […]},
/// each with "code" and "message" in both languages.
hub::Answer workOutPhoto(const hub::Host& host, const hub::Event& event);

/// {"digest", "key"} becomes {"content_base64"}.
hub::Answer readPhoto(const hub::Host& host, const hub::Event& event);

} // namespace registration
