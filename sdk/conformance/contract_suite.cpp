#include "contract_suite.hpp"

#include <algorithm>
#include <array>

namespace hub::conformance {

std::span<const ContractSuite> contractSuites()
{
    static const std::array<ContractSuite, 3> kSuites = {kLicenceSuite, kPaymentSuite, kSmsSuite};
    return kSuites;
}

const ContractSuite* findSuite(std::string_view contract)
{
    const auto suites = contractSuites();
    const auto found = std::find_if(suites.begin(), suites.end(), [&](const ContractSuite& one) {
        return one.contract == contract;
    });
    return found == suites.end() ? nullptr : &*found;
}

} // namespace hub::conformance
