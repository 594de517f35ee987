// Who may do what: the scopes of each role (requirements 4.17), in one table.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace identity {

/// What a grant of the role is about.
enum class About { Organization, SubDelegation, Delegation, Edition };

struct Role {
    std::string_view name;
    About about;
    std::span<const std::string_view> scopes;
};

const Role* findRole(std::string_view name) noexcept;
std::span<const Role> allRoles() noexcept;

struct Grant {
    std::string role;
    std::string scope_id; // '' for the edition
};

/// The scopes of a session: those of its roles, each once, and what they are about:
/// "delegation:17". Unknown roles grant nothing.
std::vector<std::string> scopesOf(const std::vector<Grant>& grants);

} // namespace identity
