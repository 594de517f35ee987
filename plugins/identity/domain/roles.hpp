// Who may do what: the one table of roles and scopes (requirements 4.17). Every route asks for one
// of these scopes, and nothing else decides. Pure.
#pragma once

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
};

const Role* findRole(std::string_view name) noexcept;
std::span<const Role> allRoles() noexcept;
/// Every scope that some role has, in the order of the table.
std::vector<std::string_view> allScopes();
bool mayDo(std::string_view role, std::string_view scope) noexcept;
/// Those that the role does not have; a scope of no role, like "*", is always among them.
std::vector<std::string> lackingIn(std::string_view role, const std::vector<std::string>& scopes);

struct Grant {
    std::string role;
    std::string scope_id;           // '' for the edition
    std::string delegation_id = {}; // of a sub-delegation: the delegation that it belongs to

    bool operator==(const Grant&) const = default;
};

/// What somebody who is to hold all of these grants would hold too much of; '' when they fit
/// together. A person's rights are the union of their roles', so what is for the whole edition is
/// never mixed with what is for one group, and who only looks holds nothing else.
std::string_view misfitOf(const std::vector<Grant>& grants) noexcept;

/// The scopes of a session: those of its roles, each once, and what they are about:
/// "delegation:17". Unknown roles grant nothing.
std::vector<std::string> scopesOf(const std::vector<Grant>& grants);

} // namespace identity
