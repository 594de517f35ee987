// WeChat Pay's side of APIv3 for a direct merchant, with the payer's side of OAuth, JSAPI and H5.
#pragma once

#include "core/provider.hpp"

#include <filesystem>
#include <memory>

namespace hub::simulator::wechat {

/// `section` is "wechat" of simulator.json, `folder` where its paths start. Throws
/// std::runtime_error when the section is wrong.
std::unique_ptr<Provider>
makeProvider(const Json& section, const std::filesystem::path& folder, Surroundings surroundings);

} // namespace hub::simulator::wechat
