// Contract: what the simulated libraries may say. "parcel" has an operation of every kind:
// send (found out by the query track), stamp (sent again with the same key), shout (never again).
#pragma once

#include "journal/directory.hpp"
#include "mutation.hpp"

#include <string>
#include <string_view>

namespace hub::simulation {

inline constexpr const char* kOwner = "owner"; // the plugin
inline constexpr const char* kHappened = "thing.happened";

class Contract final : public journal::Directory {
public:
    explicit Contract(Mutation mutation)
        : mutation_(mutation)
    {}

    Result<journal::OperationSpec> operation(std::string_view contract,
                                             std::string_view operation,
                                             std::string_view request) const override;
    /// The account's name is its connector's.
    Result<std::string> connector(std::string_view contract,
                                  std::string_view operation,
                                  std::string_view account) const override;
    Result<void> checkRequest(std::string_view, std::string_view, std::string_view) const override
    {
        return {};
    }
    Result<void> checkResult(std::string_view, std::string_view, std::string_view) const override
    {
        return {};
    }
    Result<void> checkPublication(std::string_view,
                                  std::string_view type,
                                  std::uint32_t,
                                  std::string_view) const override
    {
        return type == kHappened ? Result<void>{} : Error{HUB_REJECTED, "is not listed"};
    }
    bool mayCall(std::string_view library, std::string_view) const override
    {
        return library == kOwner;
    }

private:
    Mutation mutation_;
};

} // namespace hub::simulation
