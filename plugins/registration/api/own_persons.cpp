#include "api/own_persons.hpp"

#include "domain/person_remarks.hpp"
#include "domain/search_terms.hpp"
#include "flow/person_subjects.hpp"
#include "store/count_rows.hpp"
#include "store/person_rows.hpp"
#include "store/search_rows.hpp"

#include <array>
#include <charconv>

namespace registration {

namespace {

using requests::Refusal;
using requests::Request;
using requests::textOf;

struct Filter {
    const char* name;
    const char* rule;
};
constexpr std::array kFilters = {Filter{"name", "R-093"},
                                 Filter{"document_number", "R-093"},
                                 Filter{"kind", "R-093"},
                                 Filter{"admission_period", "R-094"},
                                 Filter{"reuse", "R-094"}};

struct Column {
    const char* name;
    const char* en;
    const char* zh;
};
constexpr std::array kColumns = {Column{"no", "No.", "序号"},
                                 Column{"name", "Name", "姓名"},
                                 Column{"sex", "Sex", "性别"},
                                 Column{"kind", "Region", "地区类型"},
                                 Column{"document_masked", "Document number", "证件号码"},
                                 Column{"position", "Position", "职务"},
                                 Column{"has_photo", "Photo", "证件照"},
                                 Column{"state", "State", "状态"},
                                 Column{"actions", "Actions", "操作"}};

constexpr std::size_t kPageDefault = 50;
constexpr std::size_t kPageMax = 200;

/// "<created_ms>.<person_id>"; the beginning for anything else.
PersonCursor readCursor(const std::string& text)
{
    PersonCursor cursor;
    const auto dot = text.find('.');
    if (dot != std::string::npos) {
        std::from_chars(text.data(), text.data() + dot, cursor.created_ms);
        cursor.person_id = text.substr(dot + 1);
    }
    return cursor;
}

void addTerms(const hub::Snapshot& snapshot,
              const std::vector<std::string>& wanted,
              OwnPersonFilter& filter)
{
    for (const std::string& term : wanted) {
        filter.terms.push_back(searchIndex(snapshot, term));
    }
}

Refusal tooShort(const char* name)
{
    return refusedBy(422,
                     "search_too_short",
                     {"Give at least two characters of a name, or four of a number.",
                      "请至少输入姓名的两个字，或号码的四位。"},
                     {{"R-093",
                       "search_too_short",
                       std::string("/") + name,
                       {"This is too short to search for.", "检索内容过短。"}}});
}

std::optional<Refusal>
readFilter(const hub::Snapshot& snapshot, const Request& request, OwnPersonFilter& filter)
{
    filter.state = textOf(request.query, "state");
    filter.kind = textOf(request.query, "kind");
    filter.admission_period = textOf(request.query, "admission_period");
    if (const std::string reuse = textOf(request.query, "reuse"); !reuse.empty()) {
        filter.reuse = reuse == "true" ? "1" : "0";
    }
    if (const std::string name = textOf(request.query, "name"); !name.empty()) {
        const auto wanted = wantedName(name);
        if (wanted.empty()) {
            return tooShort("name");
        }
        addTerms(snapshot, wanted, filter);
    }
    if (const std::string number = textOf(request.query, "document_number"); !number.empty()) {
        const auto wanted = wantedTerms(number);
        if (wanted.empty()) {
            return tooShort("document_number");
        }
        addTerms(snapshot, wanted, filter);
    }
    return std::nullopt;
}

/// What its state offers.
Json actionsOf(const PersonLine& line)
{
    Json actions = {"view"};
    if (line.state == PersonState::Saved) {
        actions.push_back("edit");
        actions.push_back("submit");
        actions.push_back("delete");
    }
    if (line.state == PersonState::ToBePaid && line.order_id.empty()) {
        actions.push_back("change_period");
        actions.push_back("order");
    }
    return actions;
}

Json shownLine(const PersonLine& line, const Edition& edition)
{
    Json row = {{"person_id", line.person_id},
                {"name", textOf(line.summary, "name")},
                {"state", toText(line.state)},
                {"reason", reasonOf(line.reason, line.summary)},
                {"category", line.category},
                {"admission_period", line.admission_period},
                {"delivery_method", line.delivery_method}};
    if (edition.holds("R-096")) {
        row["sex"] = textOf(line.summary, "sex");
        row["kind"] = line.kind;
        row["document_masked"] = textOf(line.summary, "document_masked");
        row["position"] = textOf(line.summary, "position");
        row["has_photo"] = line.has_photo;
    }
    if (edition.holds("R-100")) {
        row["actions"] = actionsOf(line);
    }
    if (edition.holds("R-149")) {
        row["reuse"] = line.reuse;
    }
    return row;
}

Json columnsOf(const Edition& edition)
{
    Json columns = Json::array();
    if (edition.holds("R-096")) {
        for (const Column& one : kColumns) {
            columns.push_back({{"name", one.name}, {"title", {{"en", one.en}, {"zh", one.zh}}}});
        }
    }
    return columns;
}

/// What the list as a whole offers.
Json listActions(const Edition& edition)
{
    Json actions = Json::array();
    if (edition.holds("R-095")) {
        actions.insert(actions.end(), {"add_person", "manage_addresses", "past_persons"});
    }
    if (edition.holds("R-099")) {
        actions.insert(actions.end(), {"back", "preview", "submit"});
    }
    return actions;
}

} // namespace

std::optional<Refusal> refuseFilter(const Request& request,
                                    std::string_view name,
                                    std::string_view rule,
                                    const Edition& edition)
{
    if (textOf(request.query, name).empty() || edition.holds(rule)) {
        return std::nullopt;
    }
    return refusedBy(422,
                     "filter_unknown",
                     {"This edition's list has no such filter; leave it out.",
                      "本届列表不支持该筛选条件，请去除。"},
                     {{std::string{rule},
                       "filter_unknown",
                       "/" + std::string{name},
                       {"Leave it out.", "请去除。"}}});
}

std::size_t pageLimit(const Request& request)
{
    const std::string text = textOf(request.query, "limit");
    std::size_t limit = kPageDefault;
    std::from_chars(text.data(), text.data() + text.size(), limit);
    return std::min(std::max<std::size_t>(limit, 1), kPageMax);
}

hub::Answer searchPersons(const hub::Snapshot& snapshot, const hub::Event& event)
{
    const Request request = requests::readRequest(event.payload());
    const auto found = personSubject(snapshot, event, request);
    if (const auto* refusal = std::get_if<Refusal>(&found)) {
        return requests::refuse(*refusal);
    }
    const auto& [organization, edition, person] = std::get<PersonSubject>(found);
    for (const Filter& one : kFilters) {
        if (const auto refusal = refuseFilter(request, one.name, one.rule, edition)) {
            return requests::refuse(*refusal);
        }
    }
    OwnPersonFilter filter;
    if (const auto refusal = readFilter(snapshot, request, filter)) {
        return requests::refuse(*refusal);
    }
    const std::size_t limit = pageLimit(request);
    const PersonCursor after = readCursor(textOf(request.query, "cursor"));
    const std::string& id = organization.organization_id;
    const auto ids = findOwnPersons(snapshot, id, edition.id, filter, after, limit);
    Json rows = Json::array();
    std::string next;
    for (std::size_t i = 0; i < std::min(ids.size(), limit); ++i) {
        const PersonLine line = personLine(snapshot, ids[i]).value();
        rows.push_back(shownLine(line, edition));
        next = std::to_string(line.created_ms) + "." + line.person_id;
    }
    return requests::answered(
        200,
        {{"persons", std::move(rows)},
         {"next_cursor", ids.size() > limit ? next : ""},
         {"totals", countsOf(snapshot, organization.edition, "organization", id, "person")},
         {"columns", columnsOf(edition)},
         {"actions", listActions(edition)}});
}

} // namespace registration
