// The barrier between a C++ library and the C ABI: every thunk catches everything, so nothing
// foreign crosses. connector.hpp and plugin.hpp build on it; partners do not use it directly.
#pragma once

#include <hub/host.hpp>

#include <cstring>
#include <exception>
#include <memory>
#include <string>
#include <string_view>

namespace hub::detail {

/// The thunks of one library class. `Type` is constructible from (Host, std::string_view) and
/// has start(), handle(const hub_event&) and stop(std::int64_t).
template <typename Type>
class Library {
public:
    static hub_instance* create(hub_context* context,
                                const hub_host_api* api,
                                hub_text config,
                                hub_result* error) noexcept
    {
        try {
            auto instance = std::make_unique<Type>(Host{context, api}, view(config));
            return reinterpret_cast<hub_instance*>(instance.release());
        } catch (const std::exception& problem) {
            refuse(error, problem.what());
        } catch (...) {
            refuse(error, "the constructor threw something that is no std::exception");
        }
        return nullptr;
    }

    static hub_status start(hub_instance* instance) noexcept
    {
        try {
            self(instance).start();
            return HUB_OK;
        } catch (const std::exception& problem) {
            self(instance).host().log(LogLevel::Error, problem.what());
        } catch (...) {
            self(instance).host().log(LogLevel::Error, "start() threw no std::exception");
        }
        return HUB_INTERNAL;
    }

    static void handle(hub_instance* instance, const hub_event* event) noexcept
    {
        self(instance).dispatch(*event);
    }

    static void stop(hub_instance* instance, std::int64_t deadline_unix_ms) noexcept
    {
        try {
            self(instance).stop(deadline_unix_ms);
        } catch (const std::exception& problem) {
            self(instance).host().log(LogLevel::Error, problem.what());
        } catch (...) {
            self(instance).host().log(LogLevel::Error, "stop() threw no std::exception");
        }
    }

    static void destroy(hub_instance* instance) noexcept
    {
        delete reinterpret_cast<Type*>(instance);
    }

private:
    static Type& self(hub_instance* instance) noexcept
    {
        return *reinterpret_cast<Type*>(instance);
    }

    /// The text must outlive create(): a thread-local copy, because nothing is freed across.
    static void refuse(hub_result* error, std::string_view why) noexcept
    {
        static thread_local char text[HUB_MESSAGE_BYTES_MAX];
        const std::size_t size = why.size() < sizeof text ? why.size() : sizeof text;
        std::memcpy(text, why.data(), size);
        if (error != nullptr) {
            error->status = HUB_BAD_REQUEST;
            error->message = hub_text{text, size};
        }
    }
};

template <typename Type>
const hub_plugin_api* entry(std::uint16_t hub_major, const char* id, const char* version) noexcept
{
    if (hub_major != HUB_ABI_MAJOR) {
        return nullptr;
    }
    static const hub_plugin_api kApi = {sizeof(hub_plugin_api),
                                        HUB_ABI_MAJOR,
                                        0,
                                        id,
                                        version,
                                        &Library<Type>::create,
                                        &Library<Type>::start,
                                        &Library<Type>::handle,
                                        &Library<Type>::stop,
                                        &Library<Type>::destroy,
                                        nullptr};
    return &kApi;
}

} // namespace hub::detail

/// The last line of a library's main .cpp file.
#define HUB_LIBRARY(Type, id, version)                                                             \
    extern "C" HUB_EXPORT const hub_plugin_api* hub_plugin_entry(uint16_t hub_major,               \
                                                                 uint16_t) noexcept                \
    {                                                                                              \
        return ::hub::detail::entry<Type>(hub_major, id, version);                                 \
    }
