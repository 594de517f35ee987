#include "app/slow_work.hpp"

#include "observe/log.hpp"

namespace hub::app {

Result<std::string> workOut(plugin::InprocLibrary* library,
                            const journal::Envelope& envelope,
                            const base::Json& wanted,
                            std::string payload,
                            const std::shared_ptr<plugin::RequestFiles>& files)
{
    if (library == nullptr) {
        return Error{HUB_UNAVAILABLE, "the plugin is not running"};
    }
    journal::Envelope task = envelope;
    task.payload = wanted.dump();
    const Answer answer = library->task(task, files);
    if (answer.status != HUB_OK && answer.status != HUB_ALREADY_DONE) {
        return Error{answer.status, answer.message};
    }
    payload.pop_back();
    payload.append(R"(,"task":)").append(answer.payload).append("}");
    if (payload.size() > HUB_PAYLOAD_BYTES_MAX || !base::parseJson(answer.payload).ok()) {
        observe::Log("app")
            .withLibrary(library->id())
            .error("{}: the task's payload is no JSON, or too large", envelope.operation);
        return Error{HUB_INTERNAL, ""};
    }
    return payload;
}

} // namespace hub::app
