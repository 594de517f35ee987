#include "base/json.hpp"

#include "base/exception.hpp"

#include <set>
#include <string>
#include <vector>

namespace hub::base {

Result<Json> parseJson(std::string_view text)
{
    std::vector<std::set<std::string>> names;
    std::string refusal;
    const auto watch = [&](int depth, Json::parse_event_t event, Json& parsed) {
        // What opens lies one level below where it stands.
        const bool opens =
            event == Json::parse_event_t::object_start || event == Json::parse_event_t::array_start;
        if (depth + (opens ? 1 : 0) > kJsonDepthMax && refusal.empty()) {
            refusal = "the JSON is nested deeper than 64 levels";
        }
        if (event == Json::parse_event_t::object_start) {
            names.emplace_back();
        } else if (event == Json::parse_event_t::object_end) {
            names.pop_back();
        } else if (event == Json::parse_event_t::key) {
            const auto name = parsed.get<std::string>();
            if (!names.back().insert(name).second && refusal.empty()) {
                refusal = "the JSON names \"" + name + "\" twice in one object";
            }
        }
        if (!refusal.empty()) {
            // The only way to leave the parser early.
            throw Failure(HUB_BAD_REQUEST, "{}", refusal);
        }
        return true;
    };
    try {
        return Json::parse(text.begin(), text.end(), watch);
    } catch (const Json::parse_error& problem) {
        // The parser's own words quote the bytes: they may be personal, or no text at all.
        return Error{HUB_BAD_REQUEST,
                     "this is no JSON: it breaks off or goes wrong at byte " +
                         std::to_string(problem.byte)};
    } catch (const Json::exception&) {
        return Error{HUB_BAD_REQUEST, "this is no JSON: a number is out of range"};
    } catch (const Failure&) {
        return Error{HUB_BAD_REQUEST, refusal};
    }
}

} // namespace hub::base
