// Input: the frames of one message, each behind its length in two bytes, the higher one first. What
// is decoded can be encoded, and then decodes to the same.

#include "expect.hpp"
#include "hubp/codec.hpp"

#include <algorithm>
#include <vector>

namespace {

using namespace hub::fuzz;
using namespace hub::hubp;

constexpr std::size_t kFramesMax = 8;
/// A map is written with a head of three bytes, where others can write one.
constexpr std::size_t kHeadBytesMore = 2;

std::vector<std::string_view> cut(std::string_view text)
{
    std::vector<std::string_view> frames;
    while (text.size() >= 2 && frames.size() < kFramesMax) {
        const auto high = static_cast<unsigned char>(text[0]);
        const auto low = static_cast<unsigned char>(text[1]);
        text.remove_prefix(2);
        const std::size_t size = std::min<std::size_t>(high * 256U + low, text.size());
        frames.push_back(text.substr(0, size));
        text.remove_prefix(size);
    }
    return frames;
}

hub::Result<Frame> decodeMessage(const Message& message)
{
    const char command = static_cast<char>(message.command);
    const std::string_view frames[] = {kProtocol, {&command, 1}, message.header, message.payload};
    return decode(frames);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::vector<std::string_view> frames = cut(textOf(data, size));
    const auto frame = decode(frames);
    if (!frame.ok()) {
        expect(frame.error().code == HUB_BAD_REQUEST, "bad bytes are a bad request");
        expectReadable(frame.error().message);
        return 0;
    }
    expect(frames.size() == 4 && frames[0] == kProtocol, "a message has four frames");
    expect(frames[2].size() <= kHeaderBytesMax, "a header keeps its limit");
    expect(commandOf(frame.value()) == static_cast<Command>(frames[1].front()),
           "a message is what its command says");

    const auto message = encode(frame.value());
    if (!message.ok()) {
        expectReadable(message.error().message);
        expect(frames[2].size() + kHeadBytesMore > kHeaderBytesMax,
               "what was decoded can be encoded",
               message.error().message);
        return 0;
    }
    expect(message.value().header.size() <= kHeaderBytesMax, "an encoded header keeps its limit");
    const auto again = decodeMessage(message.value());
    expect(again.ok(), "what was encoded can be decoded");
    // Only a message text may be shortened, and only for the header to fit.
    expect(again.value() == frame.value() || frames[2].size() + kHeadBytesMore > kHeaderBytesMax,
           "a message survives its coding",
           nameOf(commandOf(frame.value())));
    const auto twice = encode(again.value());
    expect(twice.ok() && twice.value().header == message.value().header &&
               twice.value().payload == message.value().payload,
           "there is one coding of a message");
    return 0;
}
