// Rows of the edition's own tables: delegations, industries, quotas.
#include "domain/import_readers.hpp"
#include "domain/import_words.hpp"

#include <array>
#include <charconv>

namespace registration {

using requests::textOf;
using uploads::Row;

namespace {

constexpr int kIndustryLevels = 3;
constexpr int kGroupLevels = 2;

void checkId(const Row& row, std::string_view field, ImportReport& report)
{
    if (require(row, field, report) && !isGroupId(row[field].text)) {
        refuse(row,
               field,
               std::string{field} + "_form",
               {"An id is small letters, digits, - and _; at most 64.",
                "编号仅限小写字母、数字、“-”和“_”，最多64个字符。"},
               report);
    }
}

Json nameOf(const Row& row)
{
    const std::string& zh = row["name_zh"].text;
    const std::string& en = row["name_en"].text;
    return {{"zh", zh}, {"en", en.empty() ? zh : en}};
}

std::optional<std::int64_t> readCount(const std::string& text)
{
    std::int64_t count = 0;
    const char* const end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, count);
    return error == std::errc{} && stopped == end && count >= 0 ? std::optional(count)
                                                                : std::nullopt;
}

/// 'edition', 'delegation' or 'sub_delegation'.
std::optional<std::string> readLevel(const std::string& text)
{
    static const Json kLevels = {
        {{"value", "edition"}, {"title", {{"en", "Edition"}, {"zh", "展会"}}}},
        {{"value", "delegation"}, {"title", {{"en", "Delegation"}, {"zh", "交易团"}}}},
        {{"value", "sub_delegation"}, {"title", {{"en", "Sub-delegation"}, {"zh", "交易分团"}}}}};
    return findChoice(kLevels, text);
}

} // namespace

void ImportReader::checkParent(const Row& row, const Json& document, ImportReport& report)
{
    const bool is_group = facts_.kind == ImportKind::Delegations;
    const int levels_max = is_group ? kGroupLevels : kIndustryLevels;
    const std::string id = textOf(document, is_group ? "delegation_id" : "node_id");
    const std::string parent_id = textOf(document, "parent_id");
    const auto parent = levels_.find(parent_id);
    const int level = parent == levels_.end() ? 1 : parent->second + 1;
    if (!parent_id.empty() && (parent == levels_.end() || level > levels_max)) {
        refuse(row,
               "parent_id",
               "parent_unknown",
               {"What it belongs to stands before it in the file and is of the level above; "
                "correct the id or the order.",
                "上级须排在其前且层级正确，请更正编号或顺序。"},
               report);
    }
    levels_.emplace(id, level);
}

Json ImportReader::readDelegation(const Row& row, ImportReport& report)
{
    checkId(row, "delegation_id", report);
    require(row, "name_zh", report);
    const std::string& id = row["delegation_id"].text;
    const std::string& area = row["area"].text;
    Json document = {{"delegation_id", id},
                     {"parent_id", row["parent_id"].text},
                     {"name", nameOf(row)},
                     {"area", area}};
    keepOnce(row, "delegation_id", id, report);
    checkParent(row, document, report);
    const bool is_area = area.empty() || (area.size() == 2 && readCount(area));
    if (!is_area) {
        refuse(row,
               "area",
               "area_form",
               {"An area is the two digits that its social credit codes begin with behind the "
                "second character; correct it or leave it empty.",
                "地区代码为统一社会信用代码中的两位行政区划代码，请更正或留空。"},
               report);
    }
    for (const Delegation& one : facts_.delegations) {
        if (one.delegation_id == id && one.parent_id != textOf(document, "parent_id")) {
            refuse(row,
                   "parent_id",
                   "delegation_moved",
                   {"A group stays at its level and in its delegation; put a new one under "
                    "another id.",
                    "交易（分）团不能变更层级或所属交易团，请使用新的编号。"},
                   report);
        }
    }
    return document;
}

Json ImportReader::readIndustry(const Row& row, ImportReport& report)
{
    checkId(row, "node_id", report);
    require(row, "name_zh", report);
    const auto zone = readYes(row["zone"].text);
    if (!zone) {
        refuse(row, "zone", "choice_unknown", {"Write yes or no.", "请填写“是”或“否”。"}, report);
    }
    Json document = {{"node_id", row["node_id"].text},
                     {"parent_id", row["parent_id"].text},
                     {"name", nameOf(row)},
                     {"zone", zone.value_or(false)}};
    keepOnce(row, "node_id", row["node_id"].text, report);
    checkParent(row, document, report);
    return document;
}

Json ImportReader::readQuota(const Row& row, ImportReport& report)
{
    const auto level = readLevel(row["node_kind"].text);
    const std::string& node = row["node_id"].text;
    if (!level) {
        refuse(row,
               "node_kind",
               "choice_unknown",
               {"Write edition, delegation or sub_delegation.",
                "请填写“展会”、“交易团”或“交易分团”。"},
               report);
    }
    const auto total = readCount(row["total"].text);
    if (!total) {
        refuse(
            row,
            "total",
            "total_form",
            {"A quota is a whole number from 0 on; correct it.", "配额须为不小于0的整数，请更正。"},
            report);
    }
    const Category* category = nullptr;
    if (rules_) {
        for (const Category& one : rules_->categories) {
            const std::string& text = row["category"].text;
            if (one.limited && (one.id == text || one.title.zh == text || one.title.en == text)) {
                category = &one;
            }
        }
    }
    if (category == nullptr) {
        refuse(row,
               "category",
               "category_unknown",
               {"There is no such limited category in this edition; take its id or title.",
                "本届没有该限额标签，请填写其编号或名称。"},
               report);
    }
    const std::string id = category == nullptr ? "" : category->id;
    keepOnce(row, "node_id", level.value_or("") + " " + node + " " + id, report);
    return {{"node_kind", level.value_or("")},
            {"node_id", node},
            {"category", id},
            {"total", total.value_or(0)},
            {"at", {{"node_id", row.address("node_id")}, {"total", row.address("total")}}}};
}

} // namespace registration
