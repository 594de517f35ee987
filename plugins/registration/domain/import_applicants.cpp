// Rows of applications: organizations of past editions, and persons.
#include "domain/import_readers.hpp"
#include "domain/import_words.hpp"
#include "domain/person_checks.hpp"

#include <hub/ids.hpp>

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <set>

#include <identifiers/email.hpp>
#include <identifiers/message.hpp>
#include <identifiers/phone.hpp>
#include <identifiers/social_credit_code.hpp>

namespace registration {

using requests::textOf;
using uploads::Row;
using Kind = identifiers::PersonKind;

namespace {

constexpr std::size_t kWordBytesMax = 64;
constexpr std::size_t kNameBytesMax = 800;

const std::array kRegions = {"mainland", "hongkong_macao_taiwan", "overseas"};

void refuseFindings(const Row& row,
                    const std::string& field,
                    const identifiers::Findings& findings,
                    ImportReport& report)
{
    for (const identifiers::Finding& finding : findings) {
        if (finding.severity == identifiers::Severity::Error) {
            refuse(row,
                   field,
                   field + "_" + std::string{toText(finding.code)},
                   {messageOf(finding, identifiers::Language::English),
                    messageOf(finding, identifiers::Language::Chinese)},
                   report);
        }
    }
}

/// The same thing of a remark of the form, in its cell.
ImportError errorOf(const Row& row, const PersonRemark& remark)
{
    const std::string field = remark.pointer.empty() ? "" : remark.pointer.substr(1);
    return errorAt(row.address(field), remark.code, remark.message);
}

bool isMissing(const PersonRemark& remark)
{
    return remark.code.ends_with("_missing");
}

/// Drafts may lack a photo and what is chosen later; of a past edition only who it was matters.
bool isLeftForLater(const PersonRemark& remark, bool is_own)
{
    if (is_own) {
        return isMissing(remark) && remark.rule != "R-081";
    }
    const bool is_known_by = remark.pointer == "/name" || remark.pointer == "/document_number" ||
                             remark.pointer == "/document_kind";
    return remark.rule != "R-081" || (isMissing(remark) && !is_known_by);
}

void checkName(const Row& row, ImportReport& report)
{
    if (require(row, "name", report) && row["name"].text.size() > kNameBytesMax) {
        refuse(row,
               "name",
               "name_length",
               {"At most 800 bytes fit; shorten it.", "最多800个字节，请缩短。"},
               report);
    }
}

std::string readCode(const Row& row, ImportReport& report)
{
    if (!require(row, "social_credit_code", report)) {
        return {};
    }
    auto checked = identifiers::checkSocialCreditCode(row["social_credit_code"].text);
    refuseFindings(row, "social_credit_code", checked.findings, report);
    return std::move(checked.value);
}

struct Group {
    std::string delegation_id = kNoDelegation;
    std::string sub_delegation_id;
};

Group readGroup(const Row& row, const std::vector<Delegation>& groups, ImportReport& report)
{
    Group group;
    const std::string& above = row["delegation"].text;
    const std::string& below = row["sub_delegation"].text;
    if (const Delegation* found = findGroup(groups, "", above)) {
        group.delegation_id = found->delegation_id;
    } else if (!above.empty()) {
        refuse(row,
               "delegation",
               "delegation_unknown",
               {"This edition has no such delegation; import the delegations first.",
                "该届没有该交易团，请先导入交易团。"},
               report);
    }
    if (const Delegation* found = findGroup(groups, group.delegation_id, below)) {
        group.sub_delegation_id = found->delegation_id;
    } else if (!below.empty()) {
        refuse(row,
               "sub_delegation",
               "sub_delegation_unknown",
               {"This delegation has no such sub-delegation; import it first.",
                "该交易团没有该分团，请先导入。"},
               report);
    }
    return group;
}

Json readContact(const Row& row, bool is_mainland, ImportReport& report)
{
    Json contact = Json::object();
    for (const char* member : {"name", "position", "phone", "mail"}) {
        const std::string& text = row[std::string("contact_") + member].text;
        if (!text.empty()) {
            contact[member] = text;
        }
    }
    if (contact.contains("phone")) {
        const auto phone = identifiers::checkPhone(row["contact_phone"].text,
                                                   is_mainland ? identifiers::PhoneRegion::Mainland
                                                               : identifiers::PhoneRegion::Other);
        refuseFindings(row, "contact_phone", phone.checked.findings, report);
        contact["phone"] = phone.checked.value;
    }
    if (contact.contains("mail")) {
        refuseFindings(row,
                       "contact_mail",
                       identifiers::checkEmail(row["contact_mail"].text).findings,
                       report);
    }
    return contact;
}

Edition pastRules(const std::string& edition)
{
    Edition past;
    past.id = edition;
    past.mode = Mode::ByOrganization;
    return past;
}

std::string wordOf(const Row& row, std::string_view field, ImportReport& report)
{
    const std::string& text = row[field].text;
    if (text.size() > kWordBytesMax) {
        refuse(row,
               field,
               std::string{field} + "_length",
               {"At most 64 bytes fit; shorten it.", "最多64个字节，请缩短。"},
               report);
        return {};
    }
    return text;
}

/// How the past edition ended for the person: only a badge that passed can be used again, so an
/// empty cell is no promise.
std::string readResult(const Row& row, ImportReport& report)
{
    static const Json kResults = {
        {{"value", toText(PersonState::Passed)}, {"title", {{"en", "Passed"}, {"zh", "审核通过"}}}},
        {{"value", toText(PersonState::Failed)},
         {"title", {{"en", "Not passed"}, {"zh", "审核不通过"}}}}};
    const std::string& text = row["result"].text;
    const auto result = findChoice(kResults, text);
    if (!result && !text.empty()) {
        refuse(
            row,
            "result",
            "choice_unknown",
            {"Write passed or failed, or leave it empty.", "请填写审核通过或审核不通过，或留空。"},
            report);
    }
    return result.value_or("");
}

/// A choice by its title; an unknown one stays, and the form names it.
std::string
chosen(const PersonField& field, const std::string& text, Kind kind, const Edition& edition)
{
    if (field.name == "sex" && (text == "男" || text == "女")) {
        return text == "男" ? "male" : "female";
    }
    const Json drawn = toJson(std::vector<PersonField>{field}, kind, edition);
    const Json choices = drawn.at(0).value("choices", Json::array());
    return field.type == "choice" ? findChoice(choices, text).value_or(text) : text;
}

Json formOf(const Row& row, Kind kind, const Edition& edition, const std::string& address_id)
{
    const auto fields = personFieldsOf(kind, edition);
    Json form = Json::object();
    for (const PersonField& field : fields) {
        const std::string& text = row[field.name].text;
        if (field.place == FieldPlace::Form && !text.empty()) {
            form[std::string{field.name}] = chosen(field, text, kind, edition);
        }
    }
    const auto documents = identifiers::documentsOf(kind);
    if (!form.contains("document_kind") && findField(fields, "document_kind") != nullptr) {
        form["document_kind"] = identifiers::toText(documents.front());
    }
    if (textOf(form, "delivery_method") == "courier" && !address_id.empty()) {
        form["address_id"] = address_id;
    }
    return form;
}

std::string hashOf(std::string_view text)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr);
    return {digest.begin(), digest.begin() + size};
}

} // namespace

std::string importedOrganizationId(std::string_view edition, std::string_view social_credit_code)
{
    // Time 0: whoever looks at it sees that it was imported.
    return hub::makeUuidV7(0, hashOf(std::string{edition} + ' ' + std::string{social_credit_code}));
}

Json ImportReader::readOrganization(const Row& row, ImportReport& report)
{
    const std::string region = row["region"].text.empty() ? "mainland" : row["region"].text;
    const bool is_mainland = region == kRegions.front();
    if (std::find(kRegions.begin(), kRegions.end(), region) == kRegions.end()) {
        refuse(row,
               "region",
               "choice_unknown",
               {"Write mainland, hongkong_macao_taiwan or overseas.",
                "请填写 mainland、hongkong_macao_taiwan 或 overseas。"},
               report);
    }
    checkName(row, report);
    const std::string code = is_mainland ? readCode(row, report) : "";
    keepOnce(row, "social_credit_code", code, report);
    std::string id = wordOf(row, "organization_id", report);
    if (id.empty() && !is_mainland) {
        require(row, "organization_id", report);
    } else if (id.empty()) {
        id = importedOrganizationId(facts_.edition, code);
    } else {
        keepOnce(row, "organization_id", "id " + id, report);
    }
    const Group group = readGroup(row, facts_.delegations, report);
    return {{"organization_id", id},
            {"region", region},
            {"class", wordOf(row, "class", report)},
            {"name", row["name"].text},
            {"social_credit_code", code},
            {"delegation_id", group.delegation_id},
            {"sub_delegation_id", group.sub_delegation_id},
            {"contact", readContact(row, is_mainland, report)}};
}

Json ImportReader::readPerson(const Row& row, ImportReport& report)
{
    const std::string& wanted = row["kind"].text;
    const auto named =
        wanted.empty() ? std::optional<std::string>("mainland") : findChoice(personKinds(), wanted);
    if (!named) {
        refuse(row,
               "kind",
               "person_kind_unknown",
               {"Write one of the four kinds of persons.", "请填写四种人员类型之一。"},
               report);
        return Json::object();
    }
    Person person;
    person.kind = *named;
    fillPerson(row, person, report);
    keepOnce(row, "document_number", person.document_key, report);
    if (!facts_.is_own) {
        require(row, "organization", report);
        person.admission_period = wordOf(row, "admission_period", report);
        person.delivery_method = wordOf(row, "delivery_method", report);
        person.category = wordOf(row, "category", report);
        person.reason = readResult(row, report);
    }
    return {{"kind", person.kind},
            {"organization", row["organization"].text},
            {"document", person.document},
            {"summary", person.summary},
            {"admission_period", person.admission_period},
            {"delivery_method", person.delivery_method},
            {"address_id", person.address_id},
            {"category", person.category},
            {"reason", person.reason},
            {"at",
             {{"organization", row.address("organization")},
              {"document_number", row.address("document_number")}}}};
}

void ImportReader::fillPerson(const Row& row, Person& person, ImportReport& report) const
{
    const Edition edition = facts_.is_own && rules_ ? *rules_ : pastRules(facts_.edition);
    const Kind kind = findPersonKind(person.kind).value_or(Kind::Mainland);
    Json form = formOf(row, kind, edition, facts_.address_id);
    if (!facts_.is_own) {
        // What there was to choose, nobody knows any more: it is kept as it is written.
        for (const char* choice : {"admission_period", "delivery_method", "category"}) {
            form.erase(choice);
        }
    }
    const auto misshapen = fillForm(person, form, edition, facts_.today);
    const auto review = reviewPerson(person, edition, {facts_.today, !person.address_id.empty()});
    std::set<std::string> named;
    for (const PersonRemark& remark : misshapen) {
        report.add(errorOf(row, remark));
        named.insert(remark.pointer);
    }
    for (const PersonRemark& remark : review.problems) {
        // A choice that was not understood is not missing as well.
        const bool is_said = isMissing(remark) && named.count(remark.pointer) != 0;
        if (!is_said && !isLeftForLater(remark, facts_.is_own)) {
            report.add(errorOf(row, remark));
        }
    }
}

} // namespace registration
