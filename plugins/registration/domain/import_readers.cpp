#include "domain/import_readers.hpp"

#include "domain/import_words.hpp"

#include <uploads/finding.hpp>

namespace registration {

using requests::textOf;

Json toJson(const ImportFacts& facts)
{
    Json groups = Json::array();
    for (const Delegation& one : facts.delegations) {
        groups.push_back({one.delegation_id, one.parent_id, one.name.en, one.name.zh, one.area});
    }
    return {{"kind", toText(facts.kind)},
            {"edition", facts.edition},
            {"pack", facts.pack.value_or(nullptr)},
            {"today", facts.today},
            {"delegations", std::move(groups)},
            {"address_id", facts.address_id},
            {"own", facts.is_own}};
}

ImportFacts readImportFacts(const Json& json)
{
    ImportFacts facts;
    facts.kind = findImportKind(textOf(json, "kind")).value_or(ImportKind::Persons);
    facts.edition = textOf(json, "edition");
    if (!json.at("pack").is_null()) {
        facts.pack = json.at("pack");
    }
    facts.today = textOf(json, "today");
    for (const Json& one : json.at("delegations")) {
        facts.delegations.push_back({one.at(0).get<std::string>(),
                                     one.at(1).get<std::string>(),
                                     {one.at(2).get<std::string>(), one.at(3).get<std::string>()},
                                     one.at(4).get<std::string>()});
    }
    facts.address_id = textOf(json, "address_id");
    facts.is_own = json.at("own").get<bool>();
    return facts;
}

ImportReader::ImportReader(ImportFacts facts)
    : facts_(std::move(facts))
{
    if (facts_.pack) {
        std::vector<requests::Violation> problems;
        rules_ = parsePack(*facts_.pack, problems);
    }
}

std::vector<ImportColumn> ImportReader::columns() const
{
    return facts_.is_own && rules_ ? personColumns(*rules_) : importColumns(facts_.kind);
}

Json ImportReader::read(const uploads::Row& row, ImportReport& report)
{
    for (const uploads::Finding& finding : row.findings()) {
        report.add(errorAt(finding.place,
                           std::string{uploads::codeName(finding.code)},
                           {sentence(finding, uploads::Language::English),
                            sentence(finding, uploads::Language::Chinese)}));
    }
    Json document;
    switch (facts_.kind) {
    case ImportKind::Delegations:
        document = readDelegation(row, report);
        break;
    case ImportKind::Industries:
        document = readIndustry(row, report);
        break;
    case ImportKind::Quotas:
        document = readQuota(row, report);
        break;
    case ImportKind::Organizations:
        document = readOrganization(row, report);
        break;
    case ImportKind::Persons:
        document = readPerson(row, report);
        break;
    case ImportKind::Photos:
        break;
    }
    document["line"] = row.number();
    return document;
}

void ImportReader::keepOnce(const uploads::Row& row,
                            std::string_view field,
                            const std::string& key,
                            ImportReport& report)
{
    const auto [first, is_new] = lines_.emplace(key, row.number());
    if (!key.empty() && !is_new) {
        const std::string line = std::to_string(first->second);
        refuse(row,
               field,
               std::string{field} + "_twice",
               {"Line " + line + " of this file has the same; remove one of them.",
                "与本文件第" + line + "行重复，请删除其一。"},
               report);
    }
}

} // namespace registration
