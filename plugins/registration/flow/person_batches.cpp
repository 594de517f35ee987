#include "flow/person_batches.hpp"

namespace registration {

using requests::Refusal;

hub::Answer answerBatch(
    const Json& person_ids,
    const std::function<std::optional<Refusal>(const std::string& person_id, Json& result)>& act)
{
    Json results = Json::array();
    std::size_t done = 0;
    for (const Json& id : person_ids) {
        const std::string person_id = id;
        Json result = {{"person_id", person_id}, {"done", true}};
        if (const auto refusal = act(person_id, result)) {
            result = {{"person_id", person_id}, {"done", false}, {"problem", toJson(*refusal)}};
        } else {
            ++done;
        }
        results.push_back(std::move(result));
    }
    return requests::answered(200, {{"done", done}, {"results", std::move(results)}});
}

std::optional<Refusal> refuseBatch(const Edition& edition, std::string_view rule)
{
    if (edition.holds(rule) && edition.holds("R-386")) {
        return std::nullopt;
    }
    return refusedBy(
        409,
        std::string{rule},
        "batch_not_offered",
        {"This edition does it one person after the other.", "本届不支持批量操作，请逐一办理。"});
}

} // namespace registration
