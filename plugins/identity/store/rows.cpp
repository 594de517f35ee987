#include "store/rows.hpp"

#include "store/account_key.hpp"

#include <hub/person.hpp>

#include <identifiers/email.hpp>

namespace identity {

namespace {

constexpr const char* kAccount = "account";
constexpr const char* kPhone = "phone";
constexpr const char* kMail = "mail";
constexpr const char* kName = "name";
constexpr const char* kTotp = "totp";

constexpr std::string_view kOrganizationColumns =
    "SELECT organization_id, edition, region, class, social_credit_code, state, note, created_ms, "
    "past_organization_id, privacy_version FROM identity_organization WHERE partition = 0 AND ";
constexpr std::string_view kLoginColumns =
    "SELECT login_id, edition, organization_id, account, password, phone, mail, language, state, "
    "created_ms, name, totp, totp_step FROM identity_login WHERE "
    "partition = 0 AND ";

Organization readOrganization(const hub::Row& row)
{
    return {row.text(0),
            row.text(1),
            row.text(2),
            row.text(3),
            row.text(4),
            row.text(5),
            row.text(6),
            row.integer(7),
            row.text(8),
            row.text(9)};
}

} // namespace

std::optional<Organization> ReadRows::organization(std::string_view organization_id) const
{
    std::optional<Organization> found;
    snapshot_.query(std::string(kOrganizationColumns) + "organization_id = ?",
                    {organization_id},
                    [&](const hub::Row& row) { found = readOrganization(row); });
    return found;
}

std::optional<Organization> ReadRows::organizationByCode(std::string_view edition,
                                                         std::string_view code) const
{
    std::optional<Organization> found;
    snapshot_.query(std::string(kOrganizationColumns) +
                        "edition = ? AND social_credit_code = ? AND social_credit_code <> '' "
                        "AND state = 'active'",
                    {edition, code},
                    [&](const hub::Row& row) { found = readOrganization(row); });
    return found;
}

bool ReadRows::isLinked(std::string_view edition, std::string_view past_organization_id) const
{
    bool linked = false;
    snapshot_.query("SELECT organization_id FROM identity_organization WHERE partition = 0 "
                    "AND edition = ? AND past_organization_id = ? AND past_organization_id <> '' "
                    "AND state = 'active'",
                    {edition, past_organization_id},
                    [&](const hub::Row&) { linked = true; });
    return linked;
}

Login ReadRows::readLogin(const hub::Row& row) const
{
    Login login;
    login.login_id = row.text(0);
    const auto opened = [&](std::uint32_t column, const char* name) {
        return row.isNull(column)
                   ? std::string{}
                   : hub::person::open(snapshot_, login.login_id, name, row.text(column))
                         .value_or("");
    };
    login.edition = row.text(1);
    login.organization_id = row.text(2);
    login.account = opened(3, kAccount);
    login.password = row.text(4);
    login.phone = opened(5, kPhone);
    login.mail = opened(6, kMail);
    login.language = row.text(7);
    login.state = row.text(8);
    login.created_ms = row.integer(9);
    login.name = opened(10, kName);
    login.totp = opened(11, kTotp);
    login.totp_step = row.integer(12);
    return login;
}

std::optional<Login> ReadRows::login(std::string_view login_id) const
{
    std::optional<Login> found;
    snapshot_.query(std::string(kLoginColumns) + "login_id = ?",
                    {login_id},
                    [&](const hub::Row& row) { found = readLogin(row); });
    return found;
}

std::optional<Login> ReadRows::loginByAccount(std::string_view edition,
                                              std::string_view account) const
{
    const std::string index = hub::person::blindIndex(snapshot_, kAccount, accountKey(account));
    std::optional<Login> found;
    snapshot_.query(std::string(kLoginColumns) +
                        "edition = ? AND account_index = ? AND state = 'active'",
                    {edition, hub::Blob{index}},
                    [&](const hub::Row& row) { found = readLogin(row); });
    return found && !found->account.empty() ? found : std::nullopt; // empty: the person was erased
}

std::vector<Login> ReadRows::loginsOf(std::string_view organization_id) const
{
    std::vector<Login> logins;
    snapshot_.query(std::string(kLoginColumns) + "organization_id = ? ORDER BY created_ms",
                    {organization_id},
                    [&](const hub::Row& row) { logins.push_back(readLogin(row)); });
    return logins;
}

std::vector<Grant> ReadRows::grants(std::string_view login_id) const
{
    std::vector<Grant> grants;
    snapshot_.query("SELECT role, scope_id, delegation_id FROM identity_role "
                    "WHERE partition = 0 AND login_id = ? ORDER BY role, scope_id",
                    {login_id},
                    [&](const hub::Row& row) {
                        grants.push_back({row.text(0), row.text(1), row.text(2)});
                    });
    return grants;
}

bool ReadRows::isProofUsed(std::string_view verification_id) const
{
    bool used = false;
    snapshot_.query(
        "SELECT used_ms FROM identity_proof WHERE partition = 0 AND verification_id = ?",
        {verification_id},
        [&](const hub::Row&) { used = true; });
    return used;
}

std::int64_t Rows::nextOf(std::string_view name) const
{
    unit_.execute("INSERT INTO identity_sequence (partition, name, last) VALUES (0, ?, 1) "
                  "ON CONFLICT (partition, name) DO UPDATE SET last = identity_sequence.last + 1",
                  {name});
    std::int64_t last = 0;
    unit_.query("SELECT last FROM identity_sequence WHERE partition = 0 AND name = ?",
                {name},
                [&](const hub::Row& row) { last = row.integer(0); });
    return last;
}

void Rows::insert(const Organization& organization) const
{
    unit_.execute("INSERT INTO identity_organization (partition, organization_id, edition, region, "
                  "class, social_credit_code, state, note, created_ms, past_organization_id, "
                  "privacy_version) VALUES (0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                  {organization.organization_id,
                   organization.edition,
                   organization.region,
                   organization.organization_class,
                   organization.social_credit_code,
                   organization.state,
                   organization.note,
                   organization.created_ms,
                   organization.past_organization_id,
                   organization.privacy_version});
}

void Rows::insert(const Login& login) const
{
    const auto sealed = [&](const char* column, const std::string& plain) {
        return hub::person::seal(unit_, login.login_id, column, plain);
    };
    const std::string account = sealed(kAccount, login.account);
    const std::string account_index =
        hub::person::blindIndex(unit_, kAccount, accountKey(login.account));
    unit_.execute("INSERT INTO identity_login (partition, login_id, edition, organization_id, "
                  "account_index, account, password, language, state, failures, locks, "
                  "locked_until_ms, created_ms) VALUES (0, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, ?)",
                  {login.login_id,
                   login.edition,
                   login.organization_id,
                   hub::Blob{account_index},
                   hub::Blob{account},
                   login.password,
                   login.language,
                   login.state,
                   login.created_ms});
    setPhone(login);
    setMail(login);
    setSealed(login.login_id, kName, login.name);
}

void Rows::setPhone(const Login& login) const
{
    if (!login.phone.empty()) {
        const std::string index = hub::person::blindIndex(unit_, kPhone, login.phone);
        setSealed(login.login_id, kPhone, login.phone);
        unit_.execute("UPDATE identity_login SET phone_index = ? "
                      "WHERE partition = 0 AND login_id = ?",
                      {hub::Blob{index}, login.login_id});
    }
}

void Rows::setMail(const Login& login) const
{
    if (!login.mail.empty()) {
        const std::string index =
            hub::person::blindIndex(unit_, kMail, identifiers::emailKey(login.mail));
        setSealed(login.login_id, kMail, login.mail);
        unit_.execute("UPDATE identity_login SET mail_index = ? "
                      "WHERE partition = 0 AND login_id = ?",
                      {hub::Blob{index}, login.login_id});
    }
}

/// `column` is one of the constants above: no text of a client gets into the statement.
void Rows::setSealed(const std::string& login_id,
                     const char* column,
                     const std::string& plain) const
{
    if (!plain.empty()) {
        const std::string sealed = hub::person::seal(unit_, login_id, column, plain);
        unit_.execute("UPDATE identity_login SET " + std::string(column) +
                          " = ? WHERE partition = 0 AND login_id = ?",
                      {hub::Blob{sealed}, login_id});
    }
}

void Rows::setPassword(const Login& login) const
{
    unit_.execute("UPDATE identity_login SET password = ? WHERE partition = 0 AND login_id = ?",
                  {login.password, login.login_id});
}

void Rows::setState(const Organization& organization) const
{
    unit_.execute("UPDATE identity_organization SET state = ?, note = ? "
                  "WHERE partition = 0 AND organization_id = ?",
                  {organization.state, organization.note, organization.organization_id});
}

void Rows::setLoginStates(std::string_view organization_id, std::string_view state) const
{
    unit_.execute("UPDATE identity_login SET state = ? WHERE partition = 0 AND organization_id = ?",
                  {state, organization_id});
}

void Rows::setLoginState(std::string_view login_id, std::string_view state) const
{
    unit_.execute("UPDATE identity_login SET state = ? WHERE partition = 0 AND login_id = ?",
                  {state, login_id});
}

void Rows::setTotp(const Login& login) const
{
    unit_.execute("UPDATE identity_login SET totp = NULL, totp_step = ? "
                  "WHERE partition = 0 AND login_id = ?",
                  {login.totp_step, login.login_id});
    setSealed(login.login_id, kTotp, login.totp);
}

void Rows::grant(std::string_view login_id, const Grant& grant, std::string_view by) const
{
    unit_.execute("INSERT INTO identity_role (partition, login_id, role, scope_id, granted_by, "
                  "granted_ms, delegation_id) VALUES (0, ?, ?, ?, ?, ?, ?) "
                  "ON CONFLICT (partition, login_id, role, scope_id) DO NOTHING",
                  {login_id, grant.role, grant.scope_id, by, unit_.nowMs(), grant.delegation_id});
}

void Rows::revokeAll(std::string_view login_id) const
{
    unit_.execute("DELETE FROM identity_role WHERE partition = 0 AND login_id = ?", {login_id});
}

void Rows::useProof(std::string_view verification_id) const
{
    unit_.execute("INSERT INTO identity_proof (partition, verification_id, used_ms) "
                  "VALUES (0, ?, ?)",
                  {verification_id, unit_.nowMs()});
}

} // namespace identity
