// The shape of a field's value: what a client that draws the form can send at all. Everything that
// a person may have typed wrongly is the checks' (form_checks.hpp).
#pragma once

#include "domain/forms.hpp"

namespace registration {

bool hasShape(FieldKind kind, const Json& value);
/// What the shape is, for who sent another one.
Words shapeOf(FieldKind kind);
/// Nothing was filled in: null, "", [] and {}.
bool isEmpty(const Json& value);

} // namespace registration
