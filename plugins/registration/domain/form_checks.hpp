// The checks of the fields of forms.cpp: each says what it finds in one value.
#pragma once

#include "domain/forms.hpp"

namespace registration {

void checkCode(const Check& check);
void checkDelegation(const Check& check);
void checkSubDelegation(const Check& check);
void checkReferral(const Check& check);
void checkPurposes(const Check& check);
void checkContacts(const Check& check);
void checkAmounts(const Check& check);
void checkCountries(const Check& check);
void checkIndustries(const Check& check);

} // namespace registration
