#include "domain/person_forms.hpp"

#include <algorithm>
#include <array>

namespace registration {

namespace {

using Kind = identifiers::PersonKind;
using Document = identifiers::DocumentKind;

constexpr unsigned bitOf(Kind kind)
{
    return 1U << static_cast<unsigned>(kind);
}

constexpr unsigned kNobody = 0;
constexpr unsigned kMainland = bitOf(Kind::Mainland);
constexpr unsigned kOverseas = bitOf(Kind::OtherCountry);
constexpr unsigned kNotMainland =
    bitOf(Kind::HongKongMacaoTaiwan) | kOverseas | bitOf(Kind::ChinaOverseas);
constexpr unsigned kAll = kMainland | kNotMainland;

constexpr auto kForm = FieldPlace::Form;

constexpr std::array kKinds = {
    PersonKindName{Kind::Mainland, "mainland", "Mainland China", "中国大陆"},
    PersonKindName{
        Kind::HongKongMacaoTaiwan, "hongkong_macao_taiwan", "Hong Kong, Macao, Taiwan", "港澳台"},
    PersonKindName{Kind::OtherCountry, "overseas", "Other country or region", "其他国家或地区"},
    PersonKindName{Kind::ChinaOverseas,
                   "resident_abroad",
                   "China (permanent residence overseas)",
                   "中国（永居海外）"},
};

// clang-format off
// A resident card tells the birth. Text messages go to the mainland only, others need mail (10.8).
constexpr std::array kFields = {
    PersonField{"name", "Name, as on the document", "姓名（与证件一致）", "R-081", "text", kForm, kAll, kAll},
    PersonField{"sex", "Sex", "性别", "R-081", "choice", kForm, kAll, kAll},
    PersonField{"document_kind", "Kind of document", "证件类型", "R-081", "choice", kForm, kAll, kAll},
    PersonField{"document_number", "Document number", "证件号码", "R-081", "text", kForm, kAll, kAll},
    PersonField{"document_expires", "Valid until", "证件有效期至", "R-081", "day", kForm, kAll, kNotMainland},
    PersonField{"nationality", "Nationality (three letters, ISO 3166)", "国籍（ISO 3166 三位字母代码）", "R-081", "text", kForm, kOverseas, kOverseas},
    PersonField{"birth", "Date of birth", "出生日期", "R-081", "day", kForm, kNotMainland, kNotMainland},
    PersonField{"position", "Position", "职务", "R-081", "text", kForm, kAll, kAll},
    PersonField{"phone", "Mobile phone", "手机号码", "R-081", "phone", kForm, kAll, kMainland},
    PersonField{"mail", "E-mail", "电子邮箱", "R-081", "mail", kForm, kAll, kNotMainland},
    PersonField{"photo", "Badge photo", "证件照片", "R-082", "photo", FieldPlace::Photo, kAll, kAll},
    PersonField{"admission_period", "Admission period", "入场日期", "R-083", "choice", kForm, kAll, kAll},
    PersonField{"delivery_method", "How the badge is received", "证件获取方式", "R-084", "choice", kForm, kAll, kAll},
    PersonField{"address_id", "Address of the courier", "快递地址", "R-084", "address", kForm, kAll, kNobody},
    PersonField{"category", "Category within the quota", "证件标签（额度内）", "R-089", "choice", kForm, kAll, kNobody},
    PersonField{"declaration", "I declare that the information is true, standard and complete.", "本人承诺所填信息真实、规范、完整。", "R-085", "tick", FieldPlace::Submission, kAll, kAll},
};
// clang-format on

struct DocumentTitle {
    Document document;
    Words title;
};

const std::array kDocuments = {
    DocumentTitle{Document::ResidentCard, {"Resident identity card", "居民身份证"}},
    DocumentTitle{
        Document::HongKongMacaoPermit,
        {"Mainland travel permit for residents of Hong Kong and Macao", "港澳居民来往内地通行证"}},
    DocumentTitle{Document::TaiwanPermit,
                  {"Mainland travel permit for residents of Taiwan", "台湾居民来往大陆通行证"}},
    DocumentTitle{
        Document::ResidencePermit,
        {"Residence permit for residents of Hong Kong, Macao and Taiwan", "港澳台居民居住证"}},
    DocumentTitle{Document::Passport, {"Passport", "护照"}},
    DocumentTitle{Document::PermanentResidence,
                  {"Permanent residence card", "外国人永久居留身份证"}},
    DocumentTitle{Document::ChinesePassport, {"Chinese passport", "中国护照"}},
};

Json choice(std::string_view value, const Words& title)
{
    return {{"value", value}, {"title", requests::toJson(title)}};
}

Json sexChoices(Kind, const Edition&)
{
    return {choice("male", {"Mr.", "先生"}), choice("female", {"Ms.", "女士"})};
}

Json documentChoices(Kind kind, const Edition&)
{
    Json choices = Json::array();
    for (const Document document : identifiers::documentsOf(kind)) {
        const auto* const found =
            std::find_if(kDocuments.begin(), kDocuments.end(), [document](const auto& one) {
                return one.document == document;
            });
        choices.push_back(choice(identifiers::toText(document), found->title));
    }
    return choices;
}

Json periodChoices(Kind, const Edition& edition)
{
    Json choices = Json::array();
    for (const AdmissionPeriod& period : edition.admission_periods) {
        Json one = choice(period.id, period.title);
        one["first_day"] = period.first_day;
        one["last_day"] = period.last_day;
        one["reuse_allowed"] = period.reuse_allowed;
        choices.push_back(std::move(one));
    }
    return choices;
}

Words deliveryTitle(std::string_view method)
{
    if (method == "courier") {
        return {"By courier, in the mainland only", "快递（仅限中国大陆）"};
    }
    return method == "delegation_pickup" ? Words{"Collected by the delegation", "交易团代领"}
                                         : Words{"Collected on site", "现场领取"};
}

Json deliveryChoices(Kind, const Edition& edition)
{
    Json choices = Json::array();
    for (const std::string& method : edition.delivery_methods) {
        choices.push_back(choice(method, deliveryTitle(method)));
    }
    return choices;
}

Json categoryChoices(Kind, const Edition& edition)
{
    Json choices = Json::array();
    for (const Category& category : edition.categories) {
        Json one = choice(category.id, category.title);
        one["color"] = category.color;
        one["free"] = category.free;
        choices.push_back(std::move(one));
    }
    return choices;
}

struct Choices {
    std::string_view field;
    Json (*list)(Kind, const Edition&);
};

constexpr std::array kChoices = {
    Choices{"sex", &sexChoices},
    Choices{"document_kind", &documentChoices},
    Choices{"admission_period", &periodChoices},
    Choices{"delivery_method", &deliveryChoices},
    Choices{"category", &categoryChoices},
};

std::string_view placeName(FieldPlace place)
{
    if (place == FieldPlace::Photo) {
        return "photo";
    }
    return place == FieldPlace::Submission ? "submission" : "form";
}

bool isOffered(const PersonField& field, Kind kind, const Edition& edition)
{
    // Elsewhere the delegation sets the category, after the submission (E-02).
    const bool is_chosen = field.name != "category" || edition.mode == Mode::ByOrganization;
    return (field.offered_to & bitOf(kind)) != 0 && is_chosen && edition.holds(field.rule);
}

} // namespace

std::optional<Kind> findPersonKind(std::string_view name)
{
    const auto* const found = std::find_if(
        kKinds.begin(), kKinds.end(), [name](const auto& one) { return one.name == name; });
    return found == kKinds.end() ? std::nullopt : std::optional(found->kind);
}

std::string_view personKindName(Kind kind)
{
    return kKinds.at(static_cast<std::size_t>(kind)).name;
}

Json personKinds()
{
    Json kinds = Json::array();
    for (const PersonKindName& one : kKinds) {
        kinds.push_back(choice(one.name, {std::string{one.en}, std::string{one.zh}}));
    }
    return kinds;
}

std::vector<PersonField> personFieldsOf(Kind kind, const Edition& edition)
{
    std::vector<PersonField> fields;
    for (const PersonField& field : kFields) {
        if (isOffered(field, kind, edition)) {
            fields.push_back(field);
        }
    }
    return fields;
}

const PersonField* findField(const std::vector<PersonField>& fields, std::string_view name)
{
    const auto found = std::find_if(
        fields.begin(), fields.end(), [name](const PersonField& one) { return one.name == name; });
    return found == fields.end() ? nullptr : &*found;
}

bool isRequiredOf(const PersonField& field, Kind kind)
{
    return (field.required_of & bitOf(kind)) != 0;
}

Json toJson(const std::vector<PersonField>& fields, Kind kind, const Edition& edition)
{
    Json list = Json::array();
    for (const PersonField& field : fields) {
        Json one = {{"name", field.name},
                    {"title", {{"en", field.en}, {"zh", field.zh}}},
                    {"type", field.type},
                    {"goes_with", placeName(field.place)},
                    {"required", isRequiredOf(field, kind)}};
        for (const Choices& choices : kChoices) {
            if (choices.field == field.name) {
                one["choices"] = choices.list(kind, edition);
            }
        }
        list.push_back(std::move(one));
    }
    return list;
}

const Category* payersCategory(const Edition& edition)
{
    const auto found = std::find_if(edition.categories.begin(),
                                    edition.categories.end(),
                                    [](const Category& one) { return !one.free; });
    return found == edition.categories.end() ? nullptr : &*found;
}

} // namespace registration
