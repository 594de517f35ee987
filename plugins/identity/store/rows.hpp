// The plugin's tables as values. What is personal is sealed on the way in and opened on the way
// out; an erased person's values come back empty.
#pragma once

#include "domain/records.hpp"
#include "domain/roles.hpp"

#include <hub/plugin.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace identity {

class ReadRows {
public:
    /// Borrowed; lives on the stack of one unit or read.
    explicit ReadRows(const hub::Snapshot& snapshot)
        : snapshot_(snapshot)
    {}

    std::optional<Organization> organization(std::string_view organization_id) const;
    /// The active one that has the code in this edition.
    std::optional<Organization> organizationByCode(std::string_view edition,
                                                   std::string_view code) const;
    /// Whether an active organization of the edition was proven to be that past one.
    bool isLinked(std::string_view edition, std::string_view past_organization_id) const;
    std::optional<Login> login(std::string_view login_id) const;
    /// Active ones only, and none whose person was erased; `account` as somebody types it.
    std::optional<Login> loginByAccount(std::string_view edition, std::string_view account) const;
    std::vector<Login> loginsOf(std::string_view organization_id) const;
    std::vector<Grant> grants(std::string_view login_id) const;
    bool isProofUsed(std::string_view verification_id) const;

protected:
    Login readLogin(const hub::Row& row) const;

    const hub::Snapshot& snapshot_;
};

class Rows : public ReadRows {
public:
    explicit Rows(const hub::Unit& unit)
        : ReadRows(unit)
        , unit_(unit)
    {}

    /// 1 for the first one of a name.
    std::int64_t nextOf(std::string_view name) const;
    void insert(const Organization& organization) const;
    void insert(const Login& login) const;
    void setPassword(const Login& login) const;
    void setState(const Organization& organization) const;
    /// All that act for the organization.
    void setLoginStates(std::string_view organization_id, std::string_view state) const;
    void setLoginState(std::string_view login_id, std::string_view state) const;
    void setPhone(const Login& login) const;
    void setMail(const Login& login) const;
    /// Secret and step, as they are in `login`.
    void setTotp(const Login& login) const;
    void revokeAll(std::string_view login_id) const;
    void grant(std::string_view login_id, const Grant& grant, std::string_view by) const;
    void useProof(std::string_view verification_id) const;

private:
    void setSealed(const std::string& login_id, const char* column, const std::string& plain) const;

    const hub::Unit& unit_;
};

} // namespace identity
