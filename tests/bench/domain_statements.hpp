// What the statements of the lists cost the store, and whether the lists are right: each is walked
// to its end and compared with what the rows themselves say.
#pragma once

#include "domain_meter.hpp"

#include <nlohmann/json.hpp>
#include <sample_data.hpp>

namespace bench {

/// {"state": {"page": 812, "count": 340}, …}: of each kind of list and search that the load asks
/// for.
nlohmann::json statementCosts(StatementMeter& meter, const sample::Sizes& sizes);

/// Throws std::runtime_error naming the first filter whose list has other persons than the rows of
/// the generator say, or whose total says another number.
void demandRightLists(StatementMeter& meter, const sample::Sizes& sizes);

} // namespace bench
