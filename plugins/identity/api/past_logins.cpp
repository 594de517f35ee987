#include "api/past_logins.hpp"

#include "store/account_key.hpp"

#include <hub/ids.hpp>
#include <hub/person.hpp>

#include <openssl/evp.h>

#include <array>
#include <map>
#include <optional>
#include <vector>

#include <identifiers/email.hpp>
#include <identifiers/message.hpp>
#include <identifiers/phone.hpp>
#include <identifiers/social_credit_code.hpp>
#include <uploads/blob_source.hpp>
#include <uploads/csv_rows.hpp>
#include <uploads/media.hpp>
#include <uploads/table.hpp>
#include <uploads/xlsx_rows.hpp>

namespace identity {

namespace {

/// As many as one unit takes within a fraction of what the lane allows, and one answer of a task.
constexpr std::uint32_t kRowsMax = 2000;
constexpr uploads::RowLimits kLimits{kRowsMax + 1, 64, 512};

std::vector<uploads::Column> columns()
{
    return {{"account", {"账号", "Account", "account"}, true},
            {"organization_id", {"单位编号", "Organization id", "organization_id"}},
            {"class", {"单位类型", "Kind of organization", "class"}},
            {"phone", {"手机号码", "Mobile phone", "phone"}},
            {"mail", {"电子邮箱", "E-mail", "mail"}}};
}

/// {"place": "B17", "reason": {"en", "zh"}} of everything that is wrong.
class Errors {
public:
    void add(const std::string& place, const std::string& en, const std::string& zh)
    {
        list_.push_back({{"place", place}, {"reason", {{"en", en}, {"zh", zh}}}});
    }

    void add(const uploads::Finding& finding)
    {
        add(finding.place,
            sentence(finding, uploads::Language::English),
            sentence(finding, uploads::Language::Chinese));
    }

    void add(const std::string& place, const identifiers::Findings& findings)
    {
        for (const identifiers::Finding& finding : findings) {
            if (finding.severity == identifiers::Severity::Error) {
                add(place,
                    messageOf(finding, identifiers::Language::English),
                    messageOf(finding, identifiers::Language::Chinese));
            }
        }
    }

    const Json& list() const noexcept { return list_; }

private:
    Json list_ = Json::array();
};

/// Outside the mainland an account is no code, and the file names the organization.
std::string codeIn(const std::string& account)
{
    return identifiers::socialCreditKey(account.substr(0, account.find('-')));
}

Json readLogin(const uploads::Row& row,
               const std::string& edition,
               std::map<std::string, std::uint32_t>& lines,
               Errors& errors)
{
    const std::string& account = row["account"].text;
    const std::string code = codeIn(account);
    const auto [first, is_new] = lines.emplace(accountKey(account), row.number());
    if (!is_new) {
        const std::string line = std::to_string(first->second);
        errors.add(row.address("account"),
                   "Line " + line + " has the same account; remove one of them.",
                   "与第" + line + "行账号重复，请删除其一。");
    }
    std::string id = row["organization_id"].text;
    if (id.empty() && code.empty()) {
        errors.add(row.address("account"),
                   "This is no social credit code; correct it, or name the organization's id.",
                   "账号不是统一社会信用代码，请更正或填写单位编号。");
    } else if (id.empty()) {
        id = pastOrganizationId(edition, code);
    }
    Json login = {{"account", account},
                  {"organization_id", id},
                  {"code", code},
                  {"class", row["class"].text},
                  {"phone", ""},
                  {"mail", row["mail"].text}};
    if (const std::string& phone = row["phone"].text; !phone.empty()) {
        const auto checked = identifiers::checkPhone(
            phone,
            code.empty() ? identifiers::PhoneRegion::Other : identifiers::PhoneRegion::Mainland);
        errors.add(row.address("phone"), checked.checked.findings);
        login["phone"] = checked.checked.value;
    }
    if (!row["mail"].text.empty()) {
        errors.add(row.address("mail"), identifiers::checkEmail(row["mail"].text).findings);
    }
    if (row["phone"].text.empty() && row["mail"].text.empty()) {
        errors.add(row.address("phone"),
                   "Without phone and mail nobody can prove this account; give one.",
                   "缺少手机和邮箱则无法验证，请至少填写一项。");
    }
    return login;
}

uploads::Judged<uploads::Table> openTable(const uploads::ByteSource& source)
{
    const auto media = uploads::detectMedia(source);
    if (!media.ok()) {
        return media.finding();
    }
    uploads::XlsxOptions options;
    options.rows = kLimits;
    auto rows = media.value() == uploads::Media::Xlsx ? uploads::openXlsx(source, options)
                                                      : uploads::CsvRows::open(source, kLimits);
    if (!rows.ok()) {
        return rows.finding();
    }
    return uploads::Table::open(std::move(rows).value(), columns());
}

Json readLogins(uploads::Table& table, const std::string& edition, Errors& errors)
{
    std::map<std::string, std::uint32_t> lines;
    Json logins = Json::array();
    while (true) {
        auto row = table.next();
        if (!row.ok()) {
            errors.add(row.finding());
            return logins;
        }
        if (!row.value()) {
            return logins;
        }
        for (const uploads::Finding& finding : row.value()->findings()) {
            errors.add(finding);
        }
        logins.push_back(readLogin(*row.value(), edition, lines, errors));
    }
}

bool isKnown(const Work& work, const std::string& edition, const std::string& account)
{
    const std::string index = hub::person::blindIndex(work.unit(), "account", accountKey(account));
    bool found = false;
    work.unit().query("SELECT 1 FROM identity_login WHERE partition = 0 AND account_index = ? "
                      "AND state = 'archived' AND edition = ?",
                      {hub::Blob{index}, edition},
                      [&found](const hub::Row&) { found = true; });
    return found;
}

/// False when it is there already: it stays as it is.
bool bring(const Work& work, const std::string& edition, const Json& json)
{
    const std::string account = textOf(json, "account");
    if (isKnown(work, edition, account)) {
        return false;
    }
    const std::string code = textOf(json, "code");
    const std::string id = textOf(json, "organization_id");
    if (!work.rows().organization(id)) {
        Organization organization;
        organization.organization_id = id;
        organization.edition = edition;
        organization.region = code.empty() ? "overseas" : "mainland";
        organization.organization_class = textOf(json, "class");
        organization.social_credit_code = code;
        organization.state = kArchived;
        organization.created_ms = work.nowMs();
        work.rows().insert(organization);
    }
    Login login;
    login.login_id = work.drawId();
    login.edition = edition;
    login.organization_id = id;
    login.account = account;
    login.phone = textOf(json, "phone");
    login.mail = textOf(json, "mail");
    login.state = kArchived;
    login.created_ms = work.nowMs();
    work.rows().insert(login);
    return true;
}

hub::Answer told(Json data)
{
    Json rows = Json::array();
    for (const Json& error : data.at("errors")) {
        const Json& reason = error.at("reason");
        rows.push_back({error.at("place"), reason.at("en"), reason.at("zh")});
    }
    const int exit = rows.empty() ? 0 : 1;
    const Json section = {
        {"title", ""}, {"columns", {"place", "reason", "原因"}}, {"rows", std::move(rows)}};
    const Json answer = {
        {"data", std::move(data)}, {"sections", Json::array({section})}, {"exit", exit}};
    return {HUB_OK, "", answer.dump(), 0};
}

} // namespace

std::string pastOrganizationId(std::string_view edition, std::string_view social_credit_code)
{
    const std::string text = std::string{edition} + ' ' + std::string{social_credit_code};
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr);
    return hub::makeUuidV7(0, std::string(digest.begin(), digest.begin() + size));
}

hub::Answer readPastLogins(const hub::Host& host, const hub::Event& event)
{
    const Json work = Json::parse(event.payload());
    const auto source = uploads::BlobSource::open(host, nullptr, textOf(work, "blob"));
    if (!source.ok()) {
        return {source.error().code, source.error().message, "", 0};
    }
    Errors errors;
    Json logins = Json::array();
    if (auto table = openTable(source.value()); table.ok()) {
        logins = readLogins(table.value(), textOf(work, "edition"), errors);
    } else {
        errors.add(table.finding());
    }
    const Json answer = {{"errors", errors.list()},
                         {"logins", errors.list().empty() ? std::move(logins) : Json::array()}};
    return {HUB_OK, "", answer.dump(), 0};
}

hub::Answer importPastLogins(const Work& work, const hub::Event& event)
{
    const Json payload = Json::parse(event.payload());
    const auto words = payload.value("arguments", std::vector<std::string>{});
    const bool is_dry = words.size() == 2 && words[1] == "dry-run";
    if (words.empty() || (words.size() != 1 && !is_dry) || words[0] == work.edition()) {
        return refuse({400,
                       "import_usage",
                       {"Name a past edition, and optionally dry-run: expohub import logins ciie-6 "
                        "dry-run --file logins.csv",
                        "请写明往届届次，可加 dry-run，例如：expohub import logins ciie-6 dry-run "
                        "--file logins.csv"}});
    }
    if (!payload.contains("task")) {
        return worksOn({{"blob", payload.at("upload").at("blob")}, {"edition", words[0]}});
    }
    const Json& found = payload.at("task");
    std::size_t known = 0;
    for (const Json& login : found.at("logins")) {
        known += !is_dry && !bring(work, words[0], login) ? 1U : 0U;
    }
    return told({{"total", found.at("logins").size()},
                 {"known", known},
                 {"dry_run", is_dry},
                 {"errors", found.at("errors")}});
}

} // namespace identity
