// Which event tells whom what: one row for each type of event that the manifest subscribes to.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace messaging {

/// Whom an event tells; the contract identity knows who that is.
enum class Audience {
    Contacts, // of the organization that the event names
    Claimant, // who filed the claim that it names
    Invited,  // whom the invitation that it names is for
};

struct Notice {
    std::string event_type;
    std::string template_name;
    bool is_enabled = true;
    Audience audience = Audience::Contacts;
    /// The member of the event whose value stands behind the template's name, where what happened
    /// needs words of its own; "" for one text.
    std::string variant = {};
};

/// The built-in table.
std::vector<Notice> builtInNotices();

/// What a verification is for, as the API names it.
bool isPurpose(std::string_view purpose);
/// For messages: "a, b, c".
std::string purposes();

inline constexpr std::string_view kCodeTemplate = "verification_code";

} // namespace messaging
