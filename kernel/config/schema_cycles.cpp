#include "config/schema_cycles.hpp"

#include <fmt/format.h>

#include <map>
#include <stdexcept>
#include <string>

namespace hub::config {

namespace {

using base::Json;

class Walk {
public:
    explicit Walk(const Json& root)
        : root_(root)
    {}

    /// Each schema anywhere in the document is a place to begin at.
    void visitAll(const Json& node)
    {
        follow(node);
        if (node.is_structured()) {
            for (const auto& member : node) {
                visitAll(member);
            }
        }
    }

private:
    enum class State { Open, Done };

    /// Follows what applies to the same value as `node`.
    void follow(const Json& node)
    {
        if (!node.is_object() || !states_.emplace(&node, State::Open).second) {
            return;
        }
        if (const auto reference = node.find("$ref");
            reference != node.end() && reference->is_string()) {
            followReference(reference->get_ref<const std::string&>());
        }
        for (const char* word : {"allOf", "anyOf", "oneOf"}) {
            if (const auto parts = node.find(word); parts != node.end() && parts->is_array()) {
                for (const Json& part : *parts) {
                    step(part, word);
                }
            }
        }
        for (const char* word : {"not", "if", "then", "else"}) {
            if (const auto part = node.find(word); part != node.end()) {
                step(*part, word);
            }
        }
        states_[&node] = State::Done;
    }

    void followReference(const std::string& reference)
    {
        // Only in the one form that both this walk and the compiler read alike.
        const bool plain =
            reference.rfind('#', 0) == 0 && reference.find_first_of("%\\#", 1) == std::string::npos;
        const Json* target = nullptr;
        try {
            target = plain ? &root_.at(Json::json_pointer(reference.substr(1))) : nullptr;
        } catch (const Json::exception&) {
            target = nullptr;
        }
        if (target == nullptr) {
            throw std::invalid_argument(fmt::format(
                "\"$ref\" is \"{}\", must be # and a JSON pointer within the schema", reference));
        }
        step(*target, reference);
    }

    void step(const Json& next, const std::string& by)
    {
        constexpr int kStepsMax = 256;
        if (++steps_ > kStepsMax) {
            throw std::invalid_argument(
                fmt::format("\"{}\" is one of more than {} references in a row", by, kStepsMax));
        }
        const auto known = states_.find(&next);
        if (known != states_.end() && known->second == State::Open) {
            throw std::invalid_argument(fmt::format("\"{}\" leads back to itself without end", by));
        }
        follow(next);
        --steps_;
    }

    const Json& root_;
    int steps_ = 0; // on the way from where the walk began
    std::map<const Json*, State> states_;
};

} // namespace

void refuseEndlessReferences(const base::Json& schema)
{
    Walk(schema).visitAll(schema);
}

} // namespace hub::config
