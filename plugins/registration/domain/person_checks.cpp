#include "domain/person_checks.hpp"

#include <algorithm>
#include <array>

#include <identifiers/calendar.hpp>
#include <identifiers/email.hpp>
#include <identifiers/mask.hpp>
#include <identifiers/message.hpp>
#include <identifiers/phone.hpp>
#include <identifiers/text.hpp>

namespace registration {

namespace {

using identifiers::Day;
using identifiers::Letters;
using identifiers::Separators;
using requests::textOf;
using Kind = identifiers::PersonKind;

constexpr std::string_view kCourier = "courier";
/// Lists with their heads and sealing take a few hundred bytes more than names of this length.
constexpr std::size_t kTextCharactersMax = 100;

/// Where the members of the form live that lists and rules ask for.
struct Column {
    std::string_view field;
    std::string Person::*member;
};

constexpr std::array kColumns = {
    Column{"admission_period", &Person::admission_period},
    Column{"delivery_method", &Person::delivery_method},
    Column{"address_id", &Person::address_id},
    Column{"category", &Person::category},
};

const Column* findColumn(std::string_view field)
{
    const auto* const found =
        std::find_if(kColumns.begin(), kColumns.end(), [field](const Column& one) {
            return one.field == field;
        });
    return found == kColumns.end() ? nullptr : found;
}

Kind kindOf(const Person& person)
{
    return findPersonKind(person.kind).value_or(Kind::Mainland);
}

/// Of "2026-11-05"; nothing when the calendar has no such day.
std::optional<Day> readDay(std::string text)
{
    constexpr std::size_t kSize = 10;
    if (text.size() != kSize || text[4] != '-' || text[7] != '-') {
        return std::nullopt;
    }
    std::erase(text, '-');
    return identifiers::parseDay(text);
}

/// 20261105: the difference of two, divided by 10000, is an age in years.
int numberOf(const Day& day)
{
    return static_cast<int>(day.year()) * 10000 +
           static_cast<int>(static_cast<unsigned>(day.month())) * 100 +
           static_cast<int>(static_cast<unsigned>(day.day()));
}

std::optional<identifiers::Sex> sexOf(const Json& document)
{
    const std::string sex = textOf(document, "sex");
    if (sex == "male") {
        return identifiers::Sex::Male;
    }
    return sex == "female" ? std::optional(identifiers::Sex::Female) : std::nullopt;
}

identifiers::Checked checkedDocument(Kind kind, const Json& document, const std::string& today)
{
    const std::string number = textOf(document, "document_number");
    const auto shown = identifiers::parseDocumentKind(textOf(document, "document_kind"));
    const auto day = readDay(today);
    if (!shown || !day) {
        return identifiers::normalizeCode(number);
    }
    const identifiers::DocumentFacts facts{{*day, sexOf(document)}, *day};
    return identifiers::checkDocument(kind, *shown, number, facts);
}

std::string normalized(std::string_view field, const std::string& text, Kind kind)
{
    identifiers::Checked checked;
    if (field == "phone") {
        const auto home = kind == Kind::Mainland ? identifiers::PhoneRegion::Mainland
                                                 : identifiers::PhoneRegion::Other;
        checked = identifiers::checkPhone(text, home).checked;
    } else if (field == "mail") {
        checked = identifiers::checkEmail(text);
    } else if (field == "nationality") {
        checked = identifiers::normalizeCode(text);
    } else {
        checked = identifiers::normalize(text, Separators::Keep, Letters::Keep);
    }
    // What can't be read is kept as it was typed: its author sees what to mend.
    return checked.value.empty() ? text : checked.value;
}

PersonRemark
remarkOf(const PersonField& field, std::string_view code, const std::string& pointer, Words words)
{
    return {std::string{field.rule}, std::string{code}, pointer, std::move(words)};
}

/// Where a finding about a document is mended.
std::string memberOf(identifiers::Code code, const std::string& name)
{
    if (code == identifiers::Code::Sex) {
        return "sex";
    }
    return code == identifiers::Code::DocumentKind ? "document_kind" : name;
}

bool isChoice(const PersonField& field, const std::string& value, const Edition& edition, Kind kind)
{
    if (value.empty() || field.type != "choice") {
        return true;
    }
    const Json drawn = toJson(std::vector<PersonField>{field}, kind, edition);
    const Json& choices = drawn.at(0).at("choices");
    return std::any_of(choices.begin(), choices.end(), [&value](const Json& one) {
        return one.at("value") == value;
    });
}

/// One member of the form into the person.
std::optional<PersonRemark> fillField(Person& person,
                                      const PersonField* field,
                                      const std::string& name,
                                      const std::string& value,
                                      const Edition& edition)
{
    const Kind kind = kindOf(person);
    if (field == nullptr || field->place != FieldPlace::Form) {
        return PersonRemark{"R-081",
                            "field_not_offered",
                            "/" + name,
                            {"This field does not exist for this kind of person; leave it out.",
                             "该类人员没有此项，请勿填写。"}};
    }
    if (!isChoice(*field, value, edition, kind)) {
        return remarkOf(*field,
                        "choice_unknown",
                        "/" + name,
                        {"There is no such choice; take one of those that the form lists.",
                         "没有此选项，请从列表中选择。"});
    }
    if (const Column* const column = findColumn(name)) {
        person.*column->member = value;
    } else if (!value.empty()) {
        person.document[name] = normalized(name, value, kind);
    }
    return std::nullopt;
}

/// The number in one way of writing it, and what it is compared by when it is sound: a slip must
/// not keep somebody else from using the right one.
void settleDocument(Person& person, const std::string& today)
{
    const Kind kind = kindOf(person);
    const auto checked = checkedDocument(kind, person.document, today);
    if (!checked.value.empty()) {
        person.document["document_number"] = checked.value;
    }
    const auto shown = identifiers::parseDocumentKind(textOf(person.document, "document_kind"));
    person.document_key = shown && checked.isAcceptable()
                              ? identifiers::documentKey(
                                    *shown, checked.value, textOf(person.document, "nationality"))
                              : "";
    if (!person.document_key.empty()) {
        person.document["document_key"] = person.document_key;
    }
}

/// What lists show, so that they open one value for each line.
Json summaryOf(const Person& person, const Edition& edition)
{
    const std::string number = textOf(person.document, "document_number");
    const bool is_masked = edition.holds("R-102") && edition.holds("R-385");
    return {{"name", textOf(person.document, "name")},
            {"sex", textOf(person.document, "sex")},
            {"nationality", textOf(person.document, "nationality")},
            {"position", textOf(person.document, "position")},
            {"document_masked",
             number.empty() || !is_masked ? number : identifiers::maskNumber(number)}};
}

class Review {
public:
    Review(const Person& person, const Edition& edition, const ReviewFacts& facts)
        : person_(person)
        , edition_(edition)
        , facts_(facts)
        , kind_(kindOf(person))
        , fields_(personFieldsOf(kind_, edition))
        , form_(formOf(person, edition))
    {}

    PersonReview run()
    {
        for (const PersonField& field : fields_) {
            checkPresence(field);
        }
        checkAddress();
        if (const PersonField* field = findField(fields_, "document_number")) {
            checkDocument(*field);
            checkText(*field, "name");
            checkText(*field, "position");
            checkContacts(*field);
            checkNationality(*field);
            checkBirth(*field);
        }
        return std::move(review_);
    }

private:
    void add(const PersonField& field, std::string_view code, const std::string& name, Words words)
    {
        review_.problems.push_back(remarkOf(field, code, "/" + name, std::move(words)));
    }

    void
    add(const PersonField& field, const std::string& name, const identifiers::Findings& findings)
    {
        for (const identifiers::Finding& finding : findings) {
            PersonRemark remark = remarkOf(field,
                                           name + "_" + std::string{toText(finding.code)},
                                           "/" + memberOf(finding.code, name),
                                           {messageOf(finding, identifiers::Language::English),
                                            messageOf(finding, identifiers::Language::Chinese)});
            (finding.severity == identifiers::Severity::Error ? review_.problems : review_.warnings)
                .push_back(std::move(remark));
        }
    }

    void checkPresence(const PersonField& field)
    {
        const std::string name{field.name};
        const bool is_there = field.place == FieldPlace::Photo ? !person_.photo.empty()
                                                               : !textOf(form_, name).empty();
        const bool is_told = name == "birth" && birthInNumber().has_value();
        if (field.place != FieldPlace::Submission && isRequiredOf(field, kind_) && !is_there &&
            !is_told) {
            add(field,
                name + "_missing",
                name,
                {std::string{field.en} + ": is missing; fill it in.",
                 "请补充：" + std::string{field.zh} + "。"});
        }
    }

    void checkAddress()
    {
        const PersonField* field = findField(fields_, "address_id");
        if (field != nullptr && person_.delivery_method == kCourier && !facts_.has_address) {
            add(*field,
                "address_id_missing",
                "address_id",
                {"The courier needs an address; choose one of your organization's.",
                 "选择快递须填写地址，请从本单位常用地址中选择。"});
        }
    }

    void checkDocument(const PersonField& field)
    {
        if (textOf(form_, "document_number").empty()) {
            return;
        }
        add(field, "document_number", checkedDocument(kind_, form_, facts_.today).findings);
        const std::string text = textOf(form_, "document_expires");
        const auto expires = readDay(text);
        const auto last_day = readDay(edition_.fair_last_day);
        if (!text.empty() && last_day) {
            add(field,
                "document_expires",
                identifiers::checkExpiry(expires.value_or(Day{}), *last_day));
        }
    }

    void checkText(const PersonField& field, const std::string& name)
    {
        const std::string text = textOf(form_, name);
        if (text.empty()) {
            return;
        }
        add(field, name, identifiers::normalize(text, Separators::Keep, Letters::Keep).findings);
        const auto characters = identifiers::charactersOf(text);
        if (characters && characters->size() > kTextCharactersMax) {
            add(field,
                name + "_length",
                name,
                {"At most 100 characters fit; shorten it.", "最多100个字符，请缩短。"});
        }
    }

    void checkContacts(const PersonField& field)
    {
        if (const std::string phone = textOf(form_, "phone"); !phone.empty()) {
            const auto home = kind_ == Kind::Mainland ? identifiers::PhoneRegion::Mainland
                                                      : identifiers::PhoneRegion::Other;
            add(field, "phone", identifiers::checkPhone(phone, home).checked.findings);
        }
        if (const std::string mail = textOf(form_, "mail"); !mail.empty()) {
            add(field, "mail", identifiers::checkEmail(mail).findings);
        }
    }

    void checkNationality(const PersonField& field)
    {
        const std::string country = textOf(form_, "nationality");
        const bool is_code = country.size() == 3 &&
                             std::all_of(country.begin(), country.end(), identifiers::isUpper);
        if (!country.empty() && !is_code) {
            add(field,
                "nationality_code",
                "nationality",
                {"A country is three letters, such as DEU; correct it.",
                 "国籍为三位字母代码，例如 DEU，请更正。"});
        }
    }

    void checkBirth(const PersonField& field)
    {
        const std::string text = textOf(form_, "birth");
        const auto typed = readDay(text);
        const auto in_number = birthInNumber();
        const auto today = readDay(facts_.today);
        if (!text.empty() && (!typed || (today && *typed > *today))) {
            add(field,
                "birth_date",
                "birth",
                {"There is no such birth date; write it as 1990-12-31.",
                 "出生日期有误，格式应为 1990-12-31。"});
        } else if (typed && in_number && *typed != *in_number) {
            add(field,
                "birth_disagrees",
                "birth",
                {"The document's number tells another date of birth; correct one of them.",
                 "出生日期与证件号码不一致，请更正。"});
        }
        checkAge(field, in_number ? in_number : typed);
    }

    void checkAge(const PersonField& field, const std::optional<Day>& birth)
    {
        const auto first_day = readDay(edition_.fair_first_day);
        if (!birth || !first_day ||
            numberOf(*first_day) - numberOf(*birth) >= edition_.minimum_age * 10000) {
            return;
        }
        const std::string years = std::to_string(edition_.minimum_age);
        add(field,
            "minimum_age",
            textOf(form_, "birth").empty() ? "document_number" : "birth",
            {"Visitors are at least " + years + " years old on the fair's first day.",
             "观众在展会首日须年满" + years + "周岁。"});
    }

    std::optional<Day> birthInNumber() const
    {
        const std::string kind = textOf(form_, "document_kind");
        return kind == "resident_card" || kind == "residence_permit"
                   ? identifiers::birthOf(textOf(form_, "document_number"))
                   : std::nullopt;
    }

    const Person& person_;
    const Edition& edition_;
    const ReviewFacts& facts_;
    Kind kind_;
    std::vector<PersonField> fields_;
    Json form_;
    PersonReview review_;
};

} // namespace

Json formOf(const Person& person, const Edition& edition)
{
    Json form = Json::object();
    for (const PersonField& field : personFieldsOf(kindOf(person), edition)) {
        const Column* const column = findColumn(field.name);
        const std::string value =
            column == nullptr ? textOf(person.document, field.name) : person.*column->member;
        if (field.place == FieldPlace::Form && !value.empty()) {
            form[std::string{field.name}] = value;
        }
    }
    return form;
}

PersonRemarks
fillForm(Person& person, const Json& form, const Edition& edition, const std::string& today)
{
    PersonRemarks remarks;
    const auto fields = personFieldsOf(kindOf(person), edition);
    person.document = Json::object();
    for (const Column& column : kColumns) {
        // The category of a reused badge is none of the form's where delegations set it.
        if (findField(fields, column.field) != nullptr) {
            (person.*column.member).clear();
        }
    }
    for (const auto& [name, value] : form.items()) {
        const std::string text = value.is_string() ? value.get<std::string>() : "";
        if (auto remark = fillField(person, findField(fields, name), name, text, edition)) {
            remarks.push_back(std::move(*remark));
        }
    }
    settleDocument(person, today);
    person.summary = summaryOf(person, edition);
    return remarks;
}

PersonReview reviewPerson(const Person& person, const Edition& edition, const ReviewFacts& facts)
{
    return Review(person, edition, facts).run();
}

} // namespace registration
