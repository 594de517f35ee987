// Several messages as one. What waits together travels together: in ZeroMQ a message costs more
// than its bytes. Pure, like the codec.
#pragma once

#include "hubp/codec.hpp"

#include <cstddef>
#include <functional>
#include <string_view>

namespace hub::hubp {

/// Gathers messages in their order.
class BatchWriter {
public:
    /// False when it does not fit beside what is there already: take() first. The first one
    /// always fits. The message is moved from when there is true.
    bool add(Message&& message);
    /// How many messages there are.
    std::size_t size() const noexcept { return size_; }
    /// A BATCH, or the message itself when it is alone; empties the writer. Needs size() > 0.
    Message take();

private:
    Message first_; // not packed as long as it is alone
    std::string packed_;
    std::size_t size_ = 0;
};

/// Gives each message to `take`, in order, until that returns false; a message that can't be
/// decoded comes as the error. The result is an error when the bytes between messages are broken.
Result<void> readBatch(const Batch& batch, const std::function<bool(Result<Frame>)>& take);

} // namespace hub::hubp
