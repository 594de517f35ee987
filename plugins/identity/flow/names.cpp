#include "flow/names.hpp"

#include <identifiers/text.hpp>

namespace identity {

std::string nameOf(const Json& body)
{
    constexpr std::size_t kCharactersMax = 60;
    const auto checked = identifiers::normalize(
        textOf(body, "name"), identifiers::Separators::Keep, identifiers::Letters::Keep);
    const auto characters = identifiers::charactersOf(checked.value);
    const bool fits = checked.isAcceptable() && characters && characters->size() <= kCharactersMax;
    return fits ? checked.value : "";
}

} // namespace identity
