#include "config/schema.hpp"

#include "base/exception.hpp"
#include "config/schema_checker.hpp"
#include "config/schema_cycles.hpp"

#include <algorithm>
#include <exception>

#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>

namespace hub::config {

namespace {

std::size_t depth(const Violation& violation)
{
    return static_cast<std::size_t>(
        std::count(violation.pointer.begin(), violation.pointer.end(), '/'));
}

} // namespace

class Schema::Impl {
public:
    explicit Impl(const base::Json& schema)
        : notes_(schema)
    {
        refuseEndlessReferences(schema);
        valijson::adapters::NlohmannJsonAdapter adapter(schema);
        valijson::SchemaParser(valijson::SchemaParser::kDraft7).populateSchema(adapter, schema_);
    }

    std::vector<Violation> check(const base::Json& document) const
    {
        std::vector<Violation> found;
        SchemaChecker(document, "", notes_, found).check(schema_);
        std::stable_sort(found.begin(), found.end(), [](const auto& left, const auto& right) {
            return depth(left) > depth(right);
        });
        return found;
    }

private:
    SchemaNotes notes_;
    valijson::Schema schema_;
};

Schema::Schema(const base::Json& schema, const std::string& name)
{
    try {
        impl_ = std::make_unique<Impl>(schema);
    } catch (const std::exception& problem) {
        throw base::Failure(HUB_BAD_REQUEST,
                            "{} is no JSON Schema (draft 7): {}; correct it",
                            name,
                            problem.what());
    }
}

Schema::~Schema() = default;
Schema::Schema(Schema&&) noexcept = default;
Schema& Schema::operator=(Schema&&) noexcept = default;

std::vector<Violation> Schema::check(const base::Json& document) const
{
    return impl_->check(document);
}

} // namespace hub::config
