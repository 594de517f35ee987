#include "api/licences.hpp"

#include "domain/licences.hpp"
#include "flow/licence_files.hpp"
#include "flow/page_work.hpp"
#include "flow/sealed_file.hpp"

namespace registration {

namespace {

using requests::Refusal;

Words wordsOfReading(std::string_view reading)
{
    if (reading == "waiting") {
        return {"The licence is being read; this takes some seconds.", "营业执照识别中，请稍候。"};
    }
    if (reading == "read") {
        return {"The licence was read.", "营业执照已识别。"};
    }
    if (reading == "unreadable") {
        return {"Nothing could be read on the picture; upload a sharper one, or leave it to the "
                "reviewer.",
                "图片未能识别，可重新上传清晰图片，或由审核人员人工核对。"};
    }
    if (reading == "unavailable") {
        return {"Licences can't be read automatically at the moment; the reviewer looks at it.",
                "暂时无法自动识别，将由审核人员人工核对。"};
    }
    return {"Upload the business licence or another proof of qualification (JPEG or PNG, at most "
            "2 MiB).",
            "请上传营业执照或其他单位资质证明（JPEG 或 PNG，不超过 2 MiB）。"};
}

Json bodyOf(const hub::Snapshot& snapshot, const Organization& organization, const Edition& edition)
{
    const Licence licence = licenceOf(snapshot, organization.organization_id);
    Json differences = Json::array();
    for (const std::string& difference : licence.differences) {
        differences.push_back(
            {{"field", difference}, {"message", requests::toJson(wordsOfDifference(difference))}});
    }
    return {{"page", kLicencePage},
            {"licence", organization.licence},
            {"reading", licence.reading},
            {"message", requests::toJson(wordsOfReading(licence.reading))},
            {"media_type", licence.media_type},
            {"bytes", licence.bytes},
            {"read", licence.result.value("fields", Json::object())},
            {"differences", std::move(differences)},
            {"may_change", mayChange(organization, kLicencePage, edition)}};
}

hub::Answer answerWith(const hub::Snapshot& snapshot, const Opened& opened)
{
    const Page page = pageOf(snapshot, opened.organization.organization_id, kLicencePage);
    return requests::answered(
        200, bodyOf(snapshot, opened.organization, opened.edition), page.revision);
}

Refusal noPicture(const Json& findings)
{
    Refusal refusal =
        broken(422,
               "licence_refused",
               "R-060",
               {"The file is not taken as a licence; see why, and upload a JPEG or PNG picture.",
                "该文件不能作为营业执照上传，请按提示更换 JPEG 或 PNG 图片。"});
    for (const Json& finding : findings) {
        refusal.violations.push_back(
            {"", {finding.at("en").get<std::string>(), finding.at("zh").get<std::string>()}});
    }
    return refusal;
}

Refusal frozen()
{
    return broken(409,
                  "application_frozen",
                  "R-072",
                  {"The application was submitted; its licence can't be changed now.",
                   "报名信息已提交，暂不可更换营业执照。"});
}

} // namespace

hub::Answer putLicencePicture(const Work& work)
{
    return withOrganization(work.unit(), work.event(), [&](Opened& opened) {
        if (!mayChange(opened.organization, kLicencePage, opened.edition)) {
            return requests::refuse(frozen());
        }
        const auto& task = opened.request.task;
        if (!task) {
            return requests::worksOn({{"work", "licence.keep"},
                                      {"blob", opened.request.upload.value().at("blob")},
                                      {"key", toBase64(work.unit().random(kFileKeyBytes))},
                                      {"copy", hasReader(work.unit(), opened.edition)}});
        }
        if (task->contains("findings")) {
            return requests::refuse(noPicture(task->at("findings")));
        }
        Licence licence;
        licence.file = requests::textOf(*task, "file");
        licence.key = requests::textOf(*task, "key");
        licence.copy = requests::textOf(*task, "copy");
        licence.media_type = requests::textOf(*task, "media_type");
        licence.bytes = task->value("bytes", std::int64_t{0});
        beginReading(work, opened.organization, opened.edition, licence);
        putLicence(work, opened.organization.organization_id, licence);
        return answerWith(work.unit(), opened);
    });
}

hub::Answer showLicence(const hub::Snapshot& snapshot, const Opened& opened)
{
    return answerWith(snapshot, opened);
}

hub::Answer viewLicence(const Work& work)
{
    return withOrganization(work.unit(), work.event(), [&](const Opened& opened) {
        const Organization& organization = opened.organization;
        const Licence licence = licenceOf(work.unit(), organization.organization_id);
        if (licence.file.empty()) {
            return requests::refuse(
                notFound({"No licence was uploaded yet.", "尚未上传营业执照。"}));
        }
        if (!opened.request.task) {
            const std::string state{toText(organization.state)};
            work.rows().note(
                {organization.organization_id, "view_licence", state, state, "", work.actor()});
            return requests::worksOn({{"work", "licence.read"},
                                      {"file", licence.file},
                                      {"key", licence.key},
                                      {"offset", opened.request.body.value("offset", 0U)}});
        }
        Json body = *opened.request.task;
        body["media_type"] = licence.media_type;
        return requests::answered(200, std::move(body));
    });
}

} // namespace registration
