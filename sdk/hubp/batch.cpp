#include "hubp/batch.hpp"

#include <array>
#include <utility>

namespace hub::hubp {

namespace {

constexpr std::size_t kMessagesMax = 1024;
constexpr std::size_t kLengthBytes = 4;
constexpr std::size_t kPrefixBytes = 1 + 2 * kLengthBytes;

void appendLength(std::string& out, std::size_t length)
{
    for (unsigned shift = 0; shift < 32; shift += 8) {
        out += static_cast<char>((length >> shift) & 0xFFU);
    }
}

std::size_t readLength(std::string_view bytes)
{
    std::size_t length = 0;
    for (std::size_t i = 0; i < kLengthBytes; ++i) {
        length |= std::size_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
    }
    return length;
}

std::size_t packedSize(const Message& message)
{
    return kPrefixBytes + message.header.size() + message.payload.size();
}

void pack(std::string& out, const Message& message)
{
    out += static_cast<char>(message.command);
    appendLength(out, message.header.size());
    appendLength(out, message.payload.size());
    out += message.header;
    out += message.payload;
}

} // namespace

bool BatchWriter::add(Message&& message)
{
    if (size_ == 0) {
        first_ = std::move(message);
        size_ = 1;
        return true;
    }
    const std::size_t before = size_ == 1 ? packedSize(first_) : packed_.size();
    if (size_ >= kMessagesMax || before + packedSize(message) > kBatchBytesMax) {
        return false;
    }
    if (size_ == 1) {
        pack(packed_, first_);
    }
    pack(packed_, message);
    ++size_;
    return true;
}

Message BatchWriter::take()
{
    const std::size_t size = std::exchange(size_, 0);
    if (size == 1) {
        return std::move(first_);
    }
    Message message = encode(Batch{}).value();
    message.payload = std::exchange(packed_, {});
    return message;
}

Result<void> readBatch(const Batch& batch, const std::function<bool(Result<Frame>)>& take)
{
    std::string_view rest = batch.payload;
    while (!rest.empty()) {
        if (rest.size() < kPrefixBytes) {
            return Error{HUB_BAD_REQUEST, "BATCH: it ends within the lengths of a message"};
        }
        const std::string_view command = rest.substr(0, 1);
        const std::size_t header = readLength(rest.substr(1));
        const std::size_t payload = readLength(rest.substr(1 + kLengthBytes));
        rest.remove_prefix(kPrefixBytes);
        if (header > rest.size() || payload > rest.size() - header) {
            return Error{HUB_BAD_REQUEST, "BATCH: it ends within a message"};
        }
        if (static_cast<Command>(command.front()) == Command::Batch) {
            return Error{HUB_BAD_REQUEST, "BATCH: it holds another one"};
        }
        const std::array<std::string_view, 4> parts = {
            kProtocol, command, rest.substr(0, header), rest.substr(header, payload)};
        rest.remove_prefix(header + payload);
        if (!take(decode(parts))) {
            return {};
        }
    }
    return {};
}

} // namespace hub::hubp
