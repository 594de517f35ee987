// UnionPay's side of ACP 5.1.0 for a direct merchant: codes, the gateway's pages, apps, and B2B.
#pragma once

#include "core/provider.hpp"

#include <filesystem>
#include <memory>

namespace hub::simulator::unionpay {

/// `section` is "unionpay" of simulator.json, `folder` where its paths start. Throws
/// std::runtime_error when the section is wrong.
std::unique_ptr<Provider>
makeProvider(const Json& section, const std::filesystem::path& folder, Surroundings surroundings);

} // namespace hub::simulator::unionpay
