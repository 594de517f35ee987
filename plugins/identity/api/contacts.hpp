// What contacts do about contacts: a second one, a successor, a leaver, a new number of one's own.
#pragma once

#include "flow/look.hpp"
#include "flow/work.hpp"

namespace identity {

hub::Answer listContacts(const Look& look);
hub::Answer createContact(const Work& work, const hub::Event& event);
hub::Answer replaceContact(const Work& work, const hub::Event& event);
hub::Answer endContact(const Work& work, const hub::Event& event);
hub::Answer changeOwnContact(const Work& work, const hub::Event& event);

} // namespace identity
