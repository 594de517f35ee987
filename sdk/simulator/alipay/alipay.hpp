// Alipay's side of gateway.do (OpenAPI, key mode, RSA2).
#pragma once

#include "core/provider.hpp"

#include <filesystem>
#include <memory>

namespace hub::simulator::alipay {

/// `section` is "alipay" of simulator.json, `folder` where its paths start. Throws
/// std::runtime_error when the section is wrong.
std::unique_ptr<Provider>
makeProvider(const Json& section, const std::filesystem::path& folder, Surroundings surroundings);

} // namespace hub::simulator::alipay
