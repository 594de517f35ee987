// What people search persons by, made comparable: the pairs of characters of a name (so that a name
// of two characters is found), whole numbers, the last four of a number, phones (DESIGN 14.29).
// Terms are personal: tables hold their blind indexes only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace registration {

/// All by which a person is found, each once. What is empty adds nothing.
std::vector<std::string>
searchTermsOf(std::string_view name, std::string_view document_number, std::string_view phone);

/// Of what somebody typed into the quick search: a person that has all of them is meant. Text with
/// a digit is a number: four characters are its end, else it is a phone or a whole number; other
/// text is a part of a name. Empty when it is too short to search for.
std::vector<std::string> wantedTerms(std::string_view typed);

/// The same for a part of a name, whatever it looks like.
std::vector<std::string> wantedName(std::string_view typed);

} // namespace registration
