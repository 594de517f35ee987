// independent_verdicts: says what plugins/identifiers finds of each line "KIND<TAB>TEXT" of its
// input, as one JSON object a line: value, codes of the findings, and whether it is acceptable.

#include "identifiers/bank.hpp"
#include "identifiers/mrz.hpp"
#include "identifiers/phone.hpp"
#include "identifiers/resident_card.hpp"
#include "identifiers/social_credit_code.hpp"

#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace {

using namespace identifiers; // NOLINT(google-build-using-namespace): the subject of this program

constexpr Day kToday{std::chrono::year{2026}, std::chrono::November, std::chrono::day{23}};
constexpr Day kFairLastDay{std::chrono::year{2027}, std::chrono::November, std::chrono::day{10}};

Checked checkZone(std::string_view text)
{
    const Mrz mrz = readMrz(text, kToday, kFairLastDay);
    return {mrz.number, mrz.findings};
}

Checked checkKind(std::string_view kind, std::string_view text)
{
    if (kind == "social_credit_code") {
        return checkSocialCreditCode(text);
    }
    if (kind == "resident_card") {
        return checkResidentCard(text, {kToday});
    }
    if (kind == "card") {
        return checkAccount(text, PayeeKind::Person);
    }
    if (kind == "bank_code") {
        return checkBankCode(text);
    }
    if (kind == "mrz") {
        return checkZone(text);
    }
    if (kind == "phone") {
        return checkPhone(text, PhoneRegion::Other).checked;
    }
    throw std::runtime_error("there is no kind " + std::string(kind));
}

std::string verdictOf(const std::string& line)
{
    const std::size_t tab = line.find('\t');
    if (tab == std::string::npos) {
        throw std::runtime_error("a line has no tab");
    }
    const std::string_view whole = line;
    const Checked checked = checkKind(whole.substr(0, tab), whole.substr(tab + 1));
    auto codes = nlohmann::json::array();
    for (const Finding& finding : checked.findings) {
        codes.push_back(toText(finding.code));
    }
    return nlohmann::json{
        {"value", checked.value}, {"codes", codes}, {"acceptable", checked.isAcceptable()}}
        .dump();
}

} // namespace

int main()
{
    try {
        std::string line;
        while (std::getline(std::cin, line)) {
            std::cout << verdictOf(line) << "\n";
        }
        std::cout.flush();
        return 0;
    } catch (const std::exception& problem) {
        std::cerr << "independent_verdicts: " << problem.what() << "\n";
        return 1;
    }
}
