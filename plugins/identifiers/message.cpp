#include "message.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace identifiers {

namespace {

// {p}: position, {e}: expected, {a}: actual. Of a check character the expected one is not shown:
// who invents a number should not be told how to end it.
struct Row {
    Code code;
    std::string_view name;
    std::string_view chinese;
    std::string_view english;
};

constexpr Row kRows[] = {
    {Code::Missing, "missing", "请填写", "Please fill this in"},
    {Code::NotUtf8,
     "not_utf8",
     "文字编码有误，请重新输入",
     "The text is damaged; please type it again"},
    {Code::Length, "length", "长度不符", "The length is wrong"},
    {Code::Character,
     "character",
     "第{p}位的字符不符合要求",
     "Character {p} does not belong there"},
    {Code::CheckCharacter,
     "check_character",
     "号码有误：第{p}位校验码不符",
     "The number is mistyped: check character {p} does not fit"},
    {Code::OrganizationCheck,
     "organization_check",
     "请核对：第{p}位组织机构代码校验码不符",
     "Please check: character {p} does not fit the organization code"},
    {Code::OrganizationClass,
     "organization_class",
     "请核对：代码与所选单位类别不一致",
     "Please check: the code belongs to another kind of organization than the chosen one"},
    {Code::RegistrationAuthority,
     "registration_authority",
     "请核对：第{p}位登记管理部门代码不存在",
     "Please check: character {p} names no known registration authority"},
    {Code::Area,
     "area",
     "第{p}位起的行政区划代码不存在",
     "There is no area with the code from character {p}"},
    {Code::BirthDate,
     "birth_date",
     "第{p}位起的出生日期不存在",
     "The birth date from character {p} does not exist"},
    {Code::BirthInFuture,
     "birth_in_future",
     "第{p}位起的出生日期晚于今天",
     "The birth date from character {p} is in the future"},
    {Code::Sex,
     "sex",
     "第{p}位表示的性别与所选性别不一致",
     "Character {p} does not agree with the chosen sex"},
    {Code::OldForm,
     "old_form",
     "15位身份证号码已停用，请填写18位号码",
     "Numbers of 15 digits are no longer valid; please give the one of 18"},
    {Code::ExpiryDate, "expiry_date", "证件有效期不是有效日期", "The expiry date does not exist"},
    {Code::ExpiresTooEarly,
     "expires_too_early",
     "证件须在展会最后一天之后仍然有效",
     "The document must be valid beyond the last day of the fair"},
    {Code::MrzNumberCheck,
     "mrz_number_check",
     "第{p}位护照号码校验码不符",
     "Check digit {p} does not fit the passport number"},
    {Code::MrzBirthCheck,
     "mrz_birth_check",
     "第{p}位出生日期校验码不符",
     "Check digit {p} does not fit the birth date"},
    {Code::MrzExpiryCheck,
     "mrz_expiry_check",
     "第{p}位有效期校验码不符",
     "Check digit {p} does not fit the expiry date"},
    {Code::MrzPersonalCheck,
     "mrz_personal_check",
     "第{p}位个人号码校验码不符",
     "Check digit {p} does not fit the personal number"},
    {Code::MrzCompositeCheck,
     "mrz_composite_check",
     "第{p}位总校验码不符",
     "Check digit {p} does not fit the line"},
    {Code::CountryCode,
     "country_code",
     "请以“+”和国家或地区代码开头",
     "Please begin with + and the code of the country or region"},
    {Code::BankCodeCheck,
     "bank_code_check",
     "请核对行号：第{p}位校验码不符",
     "Please check the bank code: check digit {p} does not fit"},
    {Code::CardCheck,
     "card_check",
     "请核对卡号：第{p}位校验码不符",
     "Please check the card number: check digit {p} does not fit"},
    {Code::ReferralForm,
     "referral_form",
     "请核对推荐码：格式与常见的不同",
     "Please check the referral code: its form is unusual"},
    {Code::PasswordLetter, "password_letter", "密码须包含字母", "The password needs a letter"},
    {Code::PasswordDigit, "password_digit", "密码须包含数字", "The password needs a digit"},
    {Code::PasswordSpecial,
     "password_special",
     "密码须包含特殊字符",
     "The password needs a special character"},
    {Code::EmailForm, "email_form", "电子邮箱格式有误", "This is no e-mail address"},
    {Code::DocumentKind,
     "document_kind",
     "该类人员不能使用此种证件",
     "This kind of person can't use this kind of document"},
};

constexpr bool areInOrder() noexcept
{
    std::size_t i = 0;
    for (const Row& row : kRows) {
        if (static_cast<std::size_t>(row.code) != i++) {
            return false;
        }
    }
    return i == static_cast<std::size_t>(kLastCode) + 1;
}
static_assert(areInOrder(), "every code has its row, in the order of the enumeration");

const Row& rowOf(Code code) noexcept
{
    return kRows[static_cast<std::size_t>(code)];
}

struct Words {
    std::string_view line; // {p} is its number
    std::string_view position;
    std::string_view swapped; // {p} and {e}: the two
    std::string_view misread;
    std::string_view meant;
    std::string_view found;
    std::string_view lengths;
    std::string_view needed;
    std::string_view between;
};

constexpr Words kChinese{"第{p}行：",
                         "（第{p}位）",
                         "第{p}、{e}位可能颠倒",
                         "第{p}位可能有误",
                         "，是否应为“{e}”",
                         "：“{a}”",
                         "：应为{e}位，现为{a}位",
                         "：应为{e}位",
                         "；"};
constexpr Words kEnglish{"Line {p}: ",
                         " (character {p})",
                         "characters {p} and {e} may be swapped",
                         "character {p} may be wrong",
                         ", perhaps “{e}” was meant",
                         ": “{a}”",
                         ": {e} characters are needed, there are {a}",
                         ": {e} characters are needed",
                         "; "};

/// `text` with the marks {p}, {e}, {a} replaced; what replaces them is not searched again.
std::string fill(std::string_view text,
                 std::size_t position,
                 std::string_view expected,
                 std::string_view actual = "")
{
    std::string filled;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const std::string_view mark = text.substr(i, 3);
        if (mark == "{p}") {
            filled += std::to_string(position);
        } else if (mark == "{e}") {
            filled += expected;
        } else if (mark == "{a}") {
            filled += actual;
        } else {
            filled += text[i];
            continue;
        }
        i += mark.size() - 1;
    }
    return filled;
}

std::string doubtOf(const Doubt& doubt, const Words& words)
{
    const bool is_swapped = doubt.mistake == Doubt::Mistake::Swapped;
    return fill(is_swapped ? words.swapped : words.misread,
                doubt.position,
                std::to_string(doubt.position + 1));
}

/// What only some codes add to their text.
std::string_view detailOf(const Finding& finding, const Words& words)
{
    if (finding.code == Code::Character && !finding.actual.empty()) {
        return words.found;
    }
    if (finding.code == Code::Length && !finding.expected.empty()) {
        return finding.actual.empty() ? words.needed : words.lengths;
    }
    return finding.code == Code::EmailForm && finding.position > 0 ? words.position : "";
}

} // namespace

std::string_view toText(Code code) noexcept
{
    return rowOf(code).name;
}

std::string messageOf(const Finding& finding, Language language)
{
    const bool is_chinese = language == Language::Chinese;
    const Words& words = is_chinese ? kChinese : kEnglish;
    const auto filled = [&finding](std::string_view text) {
        return fill(text, finding.position, finding.expected, finding.actual);
    };
    std::string text = finding.line > 0 ? fill(words.line, finding.line, "") : "";
    text += filled(is_chinese ? rowOf(finding.code).chinese : rowOf(finding.code).english);
    text += filled(detailOf(finding, words));
    if (finding.code == Code::Character && !finding.expected.empty()) {
        text += filled(words.meant);
    }
    for (const Doubt& doubt : finding.doubts) {
        text += std::string(words.between) + doubtOf(doubt, words);
    }
    return text;
}

} // namespace identifiers
