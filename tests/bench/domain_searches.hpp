// Whether searches find whom they must: each is walked to its end through the hub's own API and
// compared with what the rows of the generator say.
#pragma once

#include <string>

#include <sample_data.hpp>

namespace hub::test {
class HubProcess;
} // namespace hub::test

namespace bench {

/// `token` is that of an API key which may list persons. Throws std::runtime_error naming the first
/// search that finds other persons.
void demandRightSearches(const hub::test::HubProcess& hub,
                         const std::string& token,
                         const sample::Sizes& sizes);

} // namespace bench
