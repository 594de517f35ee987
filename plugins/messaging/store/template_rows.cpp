#include "store/template_rows.hpp"

#include <nlohmann/json.hpp>

namespace messaging {

namespace {

using Json = nlohmann::json;

const std::string kColumns =
    "name, language, version, text, variables, enabled, created_ms, principal";

Template toTemplate(const hub::Row& row)
{
    return {row.text(0),
            row.text(1),
            row.integer(2),
            row.text(3),
            Json::parse(row.text(4)).get<std::vector<std::string>>(),
            row.integer(5) != 0,
            row.integer(6),
            row.text(7)};
}

} // namespace

std::vector<Template> TemplateRows::select(const std::string& rest,
                                           std::initializer_list<hub::Parameter> parameters) const
{
    std::vector<Template> found;
    snapshot_.query("SELECT " + kColumns + " FROM messaging_template t WHERE t.partition = 0 " +
                        rest,
                    parameters,
                    [&](const hub::Row& row) { found.push_back(toTemplate(row)); });
    return found;
}

std::optional<Template> TemplateRows::newest(const std::string& name,
                                             const std::string& language) const
{
    const auto found = versions(name, language);
    return found.empty() ? std::nullopt : std::optional{found.front()};
}

std::optional<Template> TemplateRows::usable(const std::string& name,
                                             const std::string& language) const
{
    const std::string other = language == "zh" ? "en" : "zh";
    for (const std::string& each : {language, other}) {
        const auto form = newest(name, each);
        if (form && form->is_enabled) {
            return form;
        }
    }
    return std::nullopt;
}

std::vector<Template> TemplateRows::list() const
{
    return select("AND version = (SELECT MAX(n.version) FROM messaging_template n"
                  " WHERE n.partition = 0 AND n.name = t.name AND n.language = t.language)"
                  " ORDER BY name, language",
                  {});
}

std::vector<Template> TemplateRows::versions(const std::string& name,
                                             const std::string& language) const
{
    return select("AND name = ? AND language = ? ORDER BY version DESC", {name, language});
}

void TemplateRows::insert(const Template& form) const
{
    snapshot_.execute("INSERT INTO messaging_template (partition, " + kColumns +
                          ") VALUES (0, ?, ?, ?, ?, ?, ?, ?, ?)",
                      {form.name,
                       form.language,
                       form.version,
                       form.text,
                       Json(form.variables).dump(),
                       form.is_enabled ? 1 : 0,
                       form.created_ms,
                       form.principal});
}

} // namespace messaging
