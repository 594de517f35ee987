#include "domain/form_shapes.hpp"

#include <algorithm>
#include <initializer_list>

namespace registration {

namespace {

constexpr std::size_t kTextBytesMax = 800;
constexpr std::size_t kTextsMax = 20;
constexpr std::size_t kContactsMax = 2;
constexpr std::size_t kCountriesMax = 50;
constexpr std::size_t kIndustriesMax = 200;
constexpr std::int64_t kAmountMax = 1'000'000'000;

bool isText(const Json& value)
{
    return value.is_string() && value.get_ref<const std::string&>().size() <= kTextBytesMax;
}

bool isTexts(const Json& value, std::size_t count_max)
{
    return value.is_array() && value.size() <= count_max &&
           std::all_of(value.begin(), value.end(), &isText);
}

/// An object of texts with some of these members and no other one.
bool isRecord(const Json& value, std::initializer_list<std::string_view> names)
{
    if (!value.is_object()) {
        return false;
    }
    const auto items = value.items();
    return std::all_of(items.begin(), items.end(), [&](const auto& item) {
        return isText(item.value()) &&
               std::find(names.begin(), names.end(), item.key()) != names.end();
    });
}

bool isRecords(const Json& value,
               std::size_t count_max,
               std::initializer_list<std::string_view> names)
{
    return value.is_array() && value.size() <= count_max &&
           std::all_of(
               value.begin(), value.end(), [&](const Json& one) { return isRecord(one, names); });
}

bool isAmount(const Json& value)
{
    return value.is_number_integer() && value >= 0 && value <= kAmountMax;
}

bool isAmounts(const Json& value)
{
    const auto isEnd = [&](const char* name) {
        const auto end = value.find(name);
        return end == value.end() || isAmount(*end);
    };
    return value.is_object() && value.size() == value.count("from") + value.count("to") &&
           isEnd("from") && isEnd("to");
}

} // namespace

bool hasShape(FieldKind kind, const Json& value)
{
    switch (kind) {
    case FieldKind::Text:
    case FieldKind::Delegation:
    case FieldKind::SubDelegation:
        return isText(value);
    case FieldKind::Purposes:
    case FieldKind::Texts:
        return isTexts(value, kTextsMax);
    case FieldKind::Contacts:
        return isRecords(value, kContactsMax, {"name", "position", "phone", "mail"});
    case FieldKind::Amounts:
        return isAmounts(value);
    case FieldKind::Countries:
        return isRecords(value, kCountriesMax, {"country", "stage"});
    case FieldKind::Industries:
        return isTexts(value, kIndustriesMax);
    }
    return false;
}

Words shapeOf(FieldKind kind)
{
    switch (kind) {
    case FieldKind::Contacts:
        return {"Give at most two contacts with name, position, phone and mail.",
                "请填写至多两位联系人（姓名、职务、手机、邮箱）。"};
    case FieldKind::Amounts:
        return {"Give \"from\" and \"to\" as whole numbers of 10,000 USD.",
                "请以万美元为单位填写整数区间（from、to）。"};
    case FieldKind::Countries:
        return {"Give at most 50 rows with country and stage.",
                "请填写至多 50 行国家地区及采购阶段。"};
    case FieldKind::Industries:
        return {"Give at most 200 nodes of the tree of industries.",
                "请选择至多 200 个行业或产品。"};
    case FieldKind::Purposes:
    case FieldKind::Texts:
        return {"Give at most 20 short texts.", "请填写至多 20 条简短文字。"};
    case FieldKind::Text:
    case FieldKind::Delegation:
    case FieldKind::SubDelegation:
        break;
    }
    return {"Give a text of at most 800 bytes.", "请填写文字，长度不超过 800 字节。"};
}

bool isEmpty(const Json& value)
{
    return value.is_null() || (value.is_string() && value == "") ||
           (value.is_structured() && value.empty());
}

} // namespace registration
