// Input: a Cookie field, a line feed, an address. What the reader finds is judged by a second look
// at the pieces between semicolons.

#include "expect.hpp"
#include "gateway/session_door.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace {

using namespace hub::fuzz;
using namespace hub::gateway;

constexpr std::string_view kName = "__Host-expohub";

std::vector<std::string> valuesIn(const std::string& field)
{
    const std::string wanted = std::string(kName) + "=";
    std::vector<std::string> values;
    std::size_t begin = 0;
    while (begin <= field.size()) {
        const std::size_t end = std::min(field.find(';', begin), field.size());
        std::string piece = field.substr(begin, end - begin);
        while (!piece.empty() && (piece.back() == ' ' || piece.back() == '\t')) {
            piece.pop_back();
        }
        while (!piece.empty() && (piece.front() == ' ' || piece.front() == '\t')) {
            piece.erase(0, 1);
        }
        if (piece.compare(0, wanted.size(), wanted) == 0) {
            values.push_back(piece.substr(wanted.size()));
        }
        begin = end + 1;
    }
    return values;
}

void checkCookie(std::string_view field)
{
    const auto values = valuesIn(std::string(field));
    const auto read = readCookie(field, kName);
    if (const auto* refusal = std::get_if<Refusal>(&read)) {
        expect(values.size() > 1, "only a doubled cookie is refused", field);
        expect(findProblem(refusal->code) != nullptr, "a refusal is in the catalogue");
        return;
    }
    const auto value = std::get<0>(read);
    expect(value.has_value() == (values.size() == 1), "one cookie is found", field);
    expect(!value || *value == values.front(), "its value is what stands there", field);
}

void checkOrigin(std::string_view url)
{
    const std::string origin = originOf(url);
    expect(origin.find_first_of("?#ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string::npos,
           "an origin has no query and is in lower case",
           url);
    expect(origin.empty() || originOf(origin + "/x") == originOf(origin),
           "a path changes no origin",
           url);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    std::string_view input = textOf(data, size);
    checkOrigin(input);
    const std::string_view field = takeLine(input);
    checkCookie(field.empty() ? input : field);
    checkOrigin(input);
    return 0;
}
