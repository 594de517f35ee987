// Alibaba Cloud's side of short messages (Dysmsapi 2017-05-25): SendSms, QuerySendDetails and the
// reports that it pushes.
#pragma once

#include "core/provider.hpp"

#include <filesystem>
#include <memory>

namespace hub::simulator::aliyun {

/// `section` is "aliyun" of simulator.json. Throws std::runtime_error when the section is wrong.
std::unique_ptr<Provider>
makeProvider(const Json& section, const std::filesystem::path& folder, Surroundings surroundings);

} // namespace hub::simulator::aliyun
