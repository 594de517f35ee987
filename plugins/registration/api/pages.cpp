#include "api/pages.hpp"

#include "api/licences.hpp"
#include "domain/industries.hpp"
#include "flow/consents.hpp"
#include "flow/form_facts.hpp"
#include "flow/opening.hpp"
#include "flow/page_work.hpp"

namespace registration {

namespace {

using requests::Refusal;
using requests::textOf;

Json titled(std::string_view en, std::string_view zh)
{
    return {{"en", en}, {"zh", zh}};
}

/// What the field offers to choose from, besides the catalogs that have routes of their own.
Json choicesOf(const Field& field, const Edition& edition)
{
    Json choices = Json::array();
    if (field.kind == FieldKind::Purposes) {
        for (const std::string& purpose : edition.purposes) {
            choices.push_back(
                {{"id", purpose}, {"title", requests::toJson(titleOfPurpose(purpose))}});
        }
    } else if (field.kind == FieldKind::Countries) {
        for (const Choice& stage : purchaseStages()) {
            choices.push_back({{"id", stage.id}, {"title", titled(stage.en, stage.zh)}});
        }
    }
    return choices;
}

Json formOf(std::string_view page, const FormFacts& facts)
{
    Json form = Json::array();
    for (const Field& field : fieldsOf(page, facts)) {
        form.push_back({{"name", field.name},
                        {"title", titled(field.en, field.zh)},
                        {"rule", field.rule},
                        {"kind", toText(field.kind)},
                        {"required", field.required},
                        {"choices", choicesOf(field, facts.edition)}});
    }
    return form;
}

/// What the words that somebody typed seem to mean; those that mean nothing stay as they
/// are.
Json matchesOf(const Json& document, const FormFacts& facts)
{
    constexpr std::size_t kMatchesMax = 5;
    Json matches = Json::array();
    if (facts.edition.holds("R-068")) {
        for (const Json& words : document.value("typed_products", Json::array())) {
            matches.push_back(
                {{"words", words},
                 {"nodes",
                  matchIndustries(facts.industries, words.get<std::string>(), kMatchesMax)}});
        }
    }
    return matches;
}

/// Whose page it is: what was chosen before the first page and never changes.
void addHeader(Json& body, const Organization& organization, const Edition& edition)
{
    if (edition.holds("R-016")) {
        body["region"] = organization.region;
    }
    body["class"] = organization.organization_class;
    if (edition.holds("R-017")) {
        const auto classes = edition.classes.find(organization.region);
        body["classes"] = classes == edition.classes.end() ? Json::array() : Json(classes->second);
    }
    if (edition.holds("R-021")) {
        body["hotline"] = edition.hotline;
    }
    if (edition.holds("R-070") && edition.holds("R-071")) {
        body["draft_save_s"] = edition.draft_save_s;
    }
}

Json bodyOf(const Page& page, const FormFacts& facts)
{
    const PageReview review = reviewPage(page.page, page.document, facts);
    Json body = {{"page", page.page},
                 {"revision", page.revision},
                 {"saved_ms", page.saved_ms},
                 {"may_change", mayChange(facts.organization, page.page, facts.edition)},
                 {"document", page.document},
                 {"fields", formOf(page.page, facts)},
                 {"missing", toJson(review.missing, page.page)},
                 {"violations", toJson(review.violations, page.page)},
                 {"warnings", toJson(review.warnings, page.page)}};
    if (page.page == kIntentionPage) {
        body["matches"] = matchesOf(page.document, facts);
    }
    addHeader(body, facts.organization, facts.edition);
    return body;
}

Refusal noSuchPage()
{
    return notFound({"There is no such page; it is organization, contacts, intention or licence.",
                     "没有该页面，可用页面：organization、contacts、intention、licence。"});
}

Refusal frozen()
{
    return broken(409,
                  "application_frozen",
                  "R-072",
                  {"The application was submitted and can't be changed now. Ask your delegation to "
                   "return it if something is wrong.",
                   "报名信息已提交，暂不可修改。如有错误，请联系交易团退回修改。"});
}

Refusal consentMissing()
{
    return broken(409,
                  "consent_missing",
                  "R-018",
                  {"Read the privacy clause and agree to it before you go on.",
                   "请先阅读并同意隐私条款，再继续填写。"});
}

Refusal misshapen(const std::vector<Remark>& remarks)
{
    Refusal refusal{422,
                    "page_misshapen",
                    {"The page does not have the form of this edition; correct what is named.",
                     "页面内容与本届表单不符，请按提示更正。"}};
    for (const Remark& remark : remarks) {
        refusal.violations.push_back({remark.pointer, remark.message});
    }
    return refusal;
}

/// Somebody else saved in between, or the client did not say what it changes.
std::optional<Refusal> outdated(const requests::Request& request, const Page& page)
{
    const auto revision = requests::revisionOf(request.if_match);
    if (!revision) {
        return Refusal{428,
                       "revision_missing",
                       {"Send the revision that you changed as If-Match; read the page for it.",
                        "请以 If-Match 提交所修改的版本号（可从页面读取）。"}};
    }
    if (*revision == page.revision) {
        return std::nullopt;
    }
    Refusal refusal{412,
                    "page_changed",
                    {"The page was changed elsewhere meanwhile. Look at both and save again.",
                     "页面已在别处被修改，请核对后重新保存。"}};
    refusal.parameters = {{"revision", page.revision}, {"document", page.document}};
    return refusal;
}

hub::Answer save(const Work& work, Opened& opened, Page page)
{
    Organization& organization = opened.organization;
    const Json& document = opened.request.body;
    const FormFacts facts = factsOf(work.unit(), page.page, document, opened.edition, organization);
    if (const auto review = reviewPage(page.page, document, facts); !review.misshapen.empty()) {
        return requests::refuse(misshapen(review.misshapen));
    }
    page = Page{page.page, page.revision + 1, document, work.nowMs()};
    work.rows().put(organization.organization_id, page);
    if (page.page == kOrganizationPage) {
        if (const auto refusal = adopt(work, organization, document, opened.edition)) {
            return requests::refuse(*refusal);
        }
        judgeAgain(work, organization);
    }
    return requests::answered(200, bodyOf(page, facts), page.revision);
}

} // namespace

hub::Answer showPage(const hub::Snapshot& snapshot, const hub::Event& event)
{
    return withOrganization(snapshot, event, [&](const Opened& opened) {
        const std::string name = opened.request.path.at("page");
        if (name == kLicencePage) {
            return showLicence(snapshot, opened);
        }
        if (!isTypedPage(name)) {
            return requests::refuse(noSuchPage());
        }
        const Page page = pageOf(snapshot, opened.organization.organization_id, name);
        const FormFacts facts =
            factsOf(snapshot, name, page.document, opened.edition, opened.organization);
        return requests::answered(200, bodyOf(page, facts), page.revision);
    });
}

hub::Answer putPage(const Work& work)
{
    return withOrganization(work.unit(), work.event(), [&](Opened& opened) {
        const std::string name = opened.request.path.at("page");
        if (!isTypedPage(name)) {
            return requests::refuse(noSuchPage());
        }
        if (!mayChange(opened.organization, name, opened.edition)) {
            return requests::refuse(frozen());
        }
        if (opened.edition.holds("R-018") &&
            !hasConsent(
                work.unit(), opened.organization.organization_id, "privacy", opened.edition)) {
            return requests::refuse(consentMissing());
        }
        const Page page = pageOf(work.unit(), opened.organization.organization_id, name);
        // The answer to the first one was lost: the client saves the same again.
        if (page.revision > 0 && page.document == opened.request.body) {
            const FormFacts facts =
                factsOf(work.unit(), name, page.document, opened.edition, opened.organization);
            return requests::answered(200, bodyOf(page, facts), page.revision);
        }
        if (const auto refusal = outdated(opened.request, page)) {
            return requests::refuse(*refusal);
        }
        return save(work, opened, page);
    });
}

} // namespace registration
