// Telling: how a story is told, and what ends it: the first thing that is not so.
#pragma once

#include <functional>
#include <string>

namespace demo {

void chapter(const std::string& title);
void step(const std::string& who, const std::string& what);

/// 20000: "200.00 CNY".
std::string yuan(std::int64_t amount_minor);

/// Throws std::runtime_error saying `what`.
void expect(bool holds, const std::string& what);

/// Looks until it is so, as a person would press reload; throws after 30 s.
void await(const std::string& what, const std::function<bool()>& holds);

} // namespace demo
