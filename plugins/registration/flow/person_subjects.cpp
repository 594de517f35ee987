#include "flow/person_subjects.hpp"

#include "domain/person_checks.hpp"
#include "store/edition_rows.hpp"

namespace registration {

using requests::Refusal;
using requests::Request;
using requests::textOf;

namespace {

Refusal organizationNotFound()
{
    return notFound({"There is no such organization, or it is not yours; choose it from your list.",
                     "未找到该单位或无权访问，请从列表中重新选择。"});
}

Refusal archived()
{
    return refusedBy(409,
                     "R-383",
                     "edition_archived",
                     {"This edition has ended: its persons can be looked up, nothing else. Apply "
                      "in the present edition.",
                      "该届次已结束，仅可查询，请在本届办理。"});
}

} // namespace

std::optional<Edition> rulesOf(const hub::Snapshot& snapshot, std::string_view edition)
{
    const auto stored = findPack(snapshot, edition);
    if (!stored) {
        return std::nullopt;
    }
    std::vector<requests::Violation> problems;
    return parsePack(stored->pack, problems);
}

std::variant<PersonSubject, Refusal>
personSubject(const hub::Snapshot& snapshot, const hub::Event& event, const Request& request)
{
    const ReadRows rows(snapshot);
    auto organization = rows.organization(textOf(request.path, "organization_id"));
    if (!organization || !Access::of(request, event).mayAct(*organization)) {
        return organizationNotFound();
    }
    auto edition = rulesOf(snapshot, organization->edition);
    if (!edition) {
        return archived();
    }
    PersonSubject subject{std::move(*organization), std::move(*edition), std::nullopt};
    if (request.path.contains("person_id")) {
        subject.person = personOf(rows, subject.organization, textOf(request.path, "person_id"));
        if (!subject.person) {
            return personNotFound();
        }
    }
    return subject;
}

std::optional<Person>
personOf(const ReadRows& rows, const Organization& organization, std::string_view person_id)
{
    auto person = rows.person(person_id);
    return person && person->organization_id == organization.organization_id ? std::move(person)
                                                                             : std::nullopt;
}

Refusal personNotFound()
{
    return notFound({"There is no such person, or it is not yours; choose it from your list.",
                     "未找到该人员或无权访问，请从列表中重新选择。"});
}

std::optional<Refusal> refuseClosed(const Organization& organization)
{
    if (organization.state != OrganizationState::Disabled &&
        organization.state != OrganizationState::Archived) {
        return std::nullopt;
    }
    return refusedBy(409,
                     "R-092",
                     "organization_closed",
                     {"The organization's application is closed; ask your delegation.",
                      "该单位的报名已停用，请联系所属交易团。"});
}

std::optional<Refusal> refuseLateAddition(const PersonSubject& subject)
{
    const OrganizationState state = subject.organization.state;
    const bool is_open = state == OrganizationState::Draft ||
                         state == OrganizationState::Returned ||
                         state == OrganizationState::Rejected;
    if (is_open || subject.edition.holds("R-092")) {
        return std::nullopt;
    }
    return refusedBy(409,
                     "R-092",
                     "organization_submitted",
                     {"This edition adds no persons after the organization was submitted.",
                      "本届单位提交后不可再添加人员。"});
}

std::optional<Refusal>
refuseRevision(const Request& request, const Person& person, const Edition& edition)
{
    if (request.if_match.empty()) {
        return refusedBy(428,
                         "R-086",
                         "revision_missing",
                         {"Send the revision that you have read as If-Match, so that nobody's "
                          "changes are lost.",
                          "请在 If-Match 中提供所读取的版本号，以免覆盖他人的修改。"});
    }
    if (requests::revisionOf(request.if_match) == person.revision) {
        return std::nullopt;
    }
    Refusal refusal = refusedBy(412,
                                "R-086",
                                "revision_changed",
                                {"Somebody has changed this person meanwhile; look at the present "
                                 "form and enter your changes again.",
                                 "该人员信息已被他人修改，请查看最新内容后重新填写。"});
    refusal.parameters["revision"] = person.revision;
    refusal.parameters["form"] = formOf(person, edition);
    return refusal;
}

} // namespace registration
