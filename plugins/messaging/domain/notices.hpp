// Which event tells whom what: one row for each type of event that the manifest subscribes to.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace messaging {

struct Notice {
    std::string event_type;
    std::string template_name;
    bool is_enabled = true;
};

/// The built-in table; every notice goes to the contacts of the organization that the event names.
std::vector<Notice> builtInNotices();

/// What a verification is for, as the API names it.
bool isPurpose(std::string_view purpose);
/// For messages: "a, b, c".
std::string purposes();

inline constexpr std::string_view kCodeTemplate = "verification_code";

} // namespace messaging
