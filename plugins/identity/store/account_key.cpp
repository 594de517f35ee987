#include "store/account_key.hpp"

#include <identifiers/email.hpp>
#include <identifiers/text.hpp>

namespace identity {

std::string accountKey(std::string_view typed)
{
    return typed.find('@') == std::string_view::npos ? identifiers::normalizeCode(typed).value
                                                     : identifiers::emailKey(typed);
}

} // namespace identity
