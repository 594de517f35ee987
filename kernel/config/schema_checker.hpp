// SchemaChecker: walks a document along a schema that valijson has parsed and says in words where
// it does not fit. Valijson's own visitor names neither the allowed values nor the unknown
// member, and matches patterns with a recursion as deep as the text is long. Private to schema.cpp.
#pragma once

#include "base/json.hpp"
#include "config/schema.hpp"
#include "config/schema_notes.hpp"

#include <set>
#include <string>
#include <vector>

#include <valijson/constraints/concrete_constraints.hpp>
#include <valijson/constraints/constraint_visitor.hpp>
#include <valijson/subschema.hpp>

namespace hub::config {

/// A longer text fits no pattern: std::regex recurses once per character.
inline constexpr std::size_t kPatternTextBytesMax = 1024;

/// Checks one value; makes another checker for each value inside it.
class SchemaChecker final : public valijson::constraints::ConstraintVisitor {
public:
    SchemaChecker(const base::Json& value,
                  std::string pointer,
                  const SchemaNotes& notes,
                  std::vector<Violation>& found);

    bool check(const valijson::Subschema& schema);

protected:
    bool visit(const AllOfConstraint& constraint) override;
    bool visit(const AnyOfConstraint& constraint) override;
    bool visit(const ConditionalConstraint& constraint) override;
    bool visit(const ConstConstraint& constraint) override;
    bool visit(const ContainsConstraint& constraint) override;
    bool visit(const DependenciesConstraint& constraint) override;
    bool visit(const EnumConstraint& constraint) override;
    bool visit(const FormatConstraint& constraint) override;
    bool visit(const LinearItemsConstraint& constraint) override;
    bool visit(const MaximumConstraint& constraint) override;
    bool visit(const MaxItemsConstraint& constraint) override;
    bool visit(const MaxLengthConstraint& constraint) override;
    bool visit(const MaxPropertiesConstraint& constraint) override;
    bool visit(const MinimumConstraint& constraint) override;
    bool visit(const MinItemsConstraint& constraint) override;
    bool visit(const MinLengthConstraint& constraint) override;
    bool visit(const MinPropertiesConstraint& constraint) override;
    bool visit(const MultipleOfDoubleConstraint& constraint) override;
    bool visit(const MultipleOfIntConstraint& constraint) override;
    bool visit(const NotConstraint& constraint) override;
    bool visit(const OneOfConstraint& constraint) override;
    bool visit(const PatternConstraint& constraint) override;
    bool visit(const PolyConstraint& constraint) override;
    bool visit(const PropertiesConstraint& constraint) override;
    bool visit(const PropertyNamesConstraint& constraint) override;
    bool visit(const RequiredConstraint& constraint) override;
    bool visit(const SingularItemsConstraint& constraint) override;
    bool visit(const TypeConstraint& constraint) override;
    bool visit(const UniqueItemsConstraint& constraint) override;

private:
    using Violations = std::vector<Violation>;

    bool refuse(std::string message);
    bool refuseAt(std::string pointer, std::string message);
    /// The same value against another schema; what does not fit goes to `found`.
    bool fits(const valijson::Subschema& schema, Violations& found) const;
    bool checkItem(std::size_t index, const valijson::Subschema& schema);
    bool checkMember(const std::string& name, const valijson::Subschema& schema);
    bool matches(const std::string& text, const std::string& pattern) const;
    /// Takes over the violations of the branch that came furthest.
    bool refuseBranches(std::vector<Violations>& branches);
    bool checkKnownMembers(const PropertiesConstraint& constraint, std::set<std::string>& known);

    const base::Json& value_;
    std::string pointer_;
    const SchemaNotes& notes_;
    Violations& found_;
};

} // namespace hub::config
