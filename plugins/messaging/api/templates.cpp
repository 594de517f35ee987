#include "api/templates.hpp"

#include "api/answers.hpp"
#include "domain/template_text.hpp"
#include "store/template_rows.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace messaging {

namespace {

Json viewOf(const Template& form)
{
    return {{"name", form.name},
            {"language", form.language},
            {"version", form.version},
            {"text", form.text},
            {"variables", form.variables},
            {"enabled", form.is_enabled},
            {"created_at", toRfc3339(form.created_ms)},
            {"principal", form.principal}};
}

std::string etagOf(std::int64_t version)
{
    return "\"" + std::to_string(version) + "\"";
}

bool isName(const std::string& name)
{
    constexpr std::size_t kNameBytesMax = 64;
    return !name.empty() && name.size() <= kNameBytesMax && name[0] >= 'a' && name[0] <= 'z' &&
           name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_.") == std::string::npos;
}

Refusal noTemplate()
{
    return {404,
            "not_found",
            {"There is no template of this name in this language.", "没有该语言的此模板。"}};
}

Refusal noAddress()
{
    return {422,
            "template_name",
            {"A template's name begins with a small letter and has small letters, digits, _ and .; "
             "its language is zh or en.",
             "模板名以小写字母开头，只含小写字母、数字、下划线和点；语言为 zh 或 en。"}};
}

Refusal noRevision(std::int64_t version)
{
    return {428,
            "if_match_required",
            {"Send If-Match with the version that you have read, now " + etagOf(version) + ".",
             "请用 If-Match 发送所读取的版本，当前为" + etagOf(version) + "。"}};
}

Refusal otherRevision(std::int64_t version)
{
    Refusal refusal{412,
                    "template_changed",
                    {"The template is another one now: version " + etagOf(version) +
                         ". Read it again, then decide.",
                     "模板已变更为版本" + etagOf(version) + "，请重新读取后再修改。"}};
    refusal.parameters["version"] = version;
    return refusal;
}

/// The first name that is only on one side; empty when text and list agree.
std::string disagreement(const Template& form)
{
    const auto used = variablesIn(form.text);
    const std::set<std::string> listed(form.variables.begin(), form.variables.end());
    std::vector<std::string> alone;
    std::set_symmetric_difference(
        used.begin(), used.end(), listed.begin(), listed.end(), std::back_inserter(alone));
    return alone.empty() ? "" : alone.front();
}

Refusal wrongVariables(const char* pointer, const Words& words)
{
    return {422, "template_variables", words, {{pointer, words}}};
}

std::optional<Refusal> faultOf(const Template& form)
{
    const std::string alone = disagreement(form);
    if (!alone.empty()) {
        return wrongVariables(
            "/text",
            {"The variable \"" + alone + "\" must be both in text and in variables.",
             "变量“" + alone + "”必须同时出现在文本和变量列表中。"});
    }
    const bool is_code = form.variables == std::vector<std::string>{"code"};
    if (form.name == kCodeTemplate && !is_code) {
        return wrongVariables(
            "/variables",
            {"This template has exactly one variable, code.", "该模板必须且只能有一个变量 code。"});
    }
    if (form.name != kCodeTemplate &&
        std::find(form.variables.begin(), form.variables.end(), "code") != form.variables.end()) {
        return wrongVariables("/variables",
                              {"A notice has no code.", "通知类模板不能含有验证码。"});
    }
    return std::nullopt;
}

} // namespace

hub::Answer
listTemplates(const hub::Snapshot& snapshot, const hub::Event& /*event*/, const Settings&)
{
    Json items = Json::array();
    for (const Template& form : TemplateRows{snapshot}.list()) {
        items.push_back(viewOf(form));
    }
    return answered(200, {{"items", std::move(items)}});
}

hub::Answer getTemplate(const hub::Snapshot& snapshot, const hub::Event& event, const Settings&)
{
    const Json path = readRequest(event.payload()).path;
    const auto versions =
        TemplateRows{snapshot}.versions(textOf(path, "name"), textOf(path, "language"));
    if (versions.empty()) {
        return refuse(noTemplate());
    }
    Json body = viewOf(versions.front());
    Json former = Json::array();
    for (std::size_t i = 1; i < versions.size(); ++i) {
        former.push_back(viewOf(versions[i]));
    }
    body["former"] = std::move(former);
    return answered(200, std::move(body), versions.front().version);
}

hub::Answer putTemplate(const Work& work, const hub::Event& event)
{
    const Request request = readRequest(event.payload());
    Template form;
    form.name = textOf(request.path, "name");
    form.language = textOf(request.path, "language");
    if (!isName(form.name) || (form.language != "zh" && form.language != "en")) {
        return refuse(noAddress());
    }
    const auto newest = work.templates().newest(form.name, form.language);
    const std::int64_t version = newest ? newest->version : 0;
    if (request.if_match.empty()) {
        return refuse(noRevision(version));
    }
    if (requests::revisionOf(request.if_match) != version) {
        return refuse(otherRevision(version));
    }
    form.version = version + 1;
    form.text = textOf(request.body, "text");
    form.variables = request.body.value("variables", std::vector<std::string>{});
    form.is_enabled = request.body.value("enabled", false);
    form.created_ms = work.nowMs();
    form.principal = event.principal();
    if (const auto fault = faultOf(form)) {
        return refuse(*fault);
    }
    work.templates().insert(form);
    return answered(200, viewOf(form), form.version);
}

hub::Answer
showTemplates(const hub::Snapshot& snapshot, const hub::Event& /*event*/, const Settings&)
{
    Json items = Json::array();
    Json lines = Json::array();
    for (const Template& form : TemplateRows{snapshot}.list()) {
        items.push_back(viewOf(form));
        lines.push_back({form.name,
                         form.language,
                         std::to_string(form.version),
                         form.is_enabled ? "enabled" : "off",
                         form.text});
    }
    return shown(
        {{"items", std::move(items)}},
        Json::array({section(
            "Templates", {"name", "language", "version", "state", "text"}, std::move(lines))}));
}

} // namespace messaging
