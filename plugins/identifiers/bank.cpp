#include "bank.hpp"

#include "arithmetic.hpp"
#include "doubts.hpp"
#include "shape.hpp"
#include "text.hpp"

#include <string>

namespace identifiers {

namespace {

using CheckDigit = char (*)(std::string_view digits) noexcept;

bool isChecked(std::string_view digits, CheckDigit check_digit) noexcept
{
    return digits.back() == check_digit(digits.substr(0, digits.size() - 1));
}

/// The warning when the last digit does not fit.
void addCheck(Checked& checked, Code code, CheckDigit check_digit)
{
    const std::string& digits = checked.value;
    if (isChecked(digits, check_digit)) {
        return;
    }
    const auto is_right = [check_digit](std::string_view other) {
        return isChecked(other, check_digit);
    };
    checked.findings.push_back(
        {.code = code,
         .severity = Severity::Warning,
         .position = digits.size(),
         .expected = {check_digit(std::string_view(digits).substr(0, digits.size() - 1))},
         .actual = {digits.back()},
         .doubts = findDoubts(digits, std::string(digits.size(), 'd'), is_right)});
}

} // namespace

Checked checkBankCode(std::string_view text)
{
    constexpr std::string_view kShape = "dddddddddddd";
    Checked checked = normalizeCode(text);
    if (checked.findings.empty()) {
        checked.findings = checkShape(checked.value, kShape);
        if (checked.findings.empty()) {
            addCheck(checked, Code::BankCodeCheck, hybridCheck);
        }
    }
    return checked;
}

Checked checkAccount(std::string_view text, PayeeKind payee)
{
    constexpr std::size_t kCardMin = 16;
    constexpr std::size_t kCardMax = 19;
    constexpr std::size_t kAccountMin = 8;
    constexpr std::size_t kAccountMax = 32;
    const bool is_card = payee == PayeeKind::Person;
    Checked checked = normalizeCode(text);
    if (!checked.findings.empty()) {
        return checked;
    }
    checked.findings = checkRun(
        checked.value, 'd', is_card ? kCardMin : kAccountMin, is_card ? kCardMax : kAccountMax);
    if (is_card && checked.findings.empty()) {
        addCheck(checked, Code::CardCheck, cardCheck);
    }
    return checked;
}

} // namespace identifiers
