#include "schema.hpp"

#include <exception>

#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

namespace hub::conformance {

std::string findViolation(const Json& schema, const Json& document)
{
    try {
        valijson::Schema parsed;
        const valijson::adapters::NlohmannJsonAdapter text(schema);
        valijson::SchemaParser(valijson::SchemaParser::kDraft7).populateSchema(text, parsed);
        const valijson::adapters::NlohmannJsonAdapter target(document);
        valijson::ValidationResults results;
        if (valijson::Validator().validate(parsed, target, &results)) {
            return {};
        }
        // The last one is the innermost: it names the member.
        std::string sentence;
        valijson::ValidationResults::Error error;
        while (results.popError(error)) {
            if (!sentence.empty()) {
                sentence += "; ";
            }
            for (const std::string& step : error.context) {
                sentence += step == "<root>" ? "" : step;
            }
            sentence += ": " + error.description;
        }
        return sentence.empty() ? "it does not fit its schema" : sentence;
    } catch (const std::exception& problem) {
        return std::string("the schema itself can't be used: ") + problem.what();
    }
}

} // namespace hub::conformance
