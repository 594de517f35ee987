#include <requests/kept_refusal.hpp>

namespace requests {

hub::Answer refuseAndKeep(const Refusal& refusal)
{
    hub::Answer answer = refuse(refusal);
    answer.status = HUB_OK;
    return answer;
}

} // namespace requests
