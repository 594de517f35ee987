// What a hostile library tries. Each attempt answers in words: "got …" when it reached what it
// wanted, otherwise "refused" and by what.
#pragma once

#include <hub/connector.hpp>

#include <map>
#include <string>

namespace hostile {

/// At the machine: the argument is a path, the number of a process, or empty.
using MachineAttempt = std::string (*)(const std::string& argument);
const std::map<std::string, MachineAttempt>& machineAttempts();

/// Every system call that has no place in a library, by its name; "none" when there is no such.
std::string makeCall(const std::string& name, long process);

/// At the hub, within the live call `call`.
struct Surroundings {
    hub::Host host;
    hub_call_id call = 0;
    hub_call_id earlier_call = 0; // answered long ago
    std::string argument;
};
using HubAttempt = std::string (*)(const Surroundings& surroundings);
const std::map<std::string, HubAttempt>& hubAttempts();

/// "refused EACCES (Permission denied)", by errno.
std::string refusedByErrno();
/// The descriptor of the connection to the hub; -1: none.
int connectionToHub();

} // namespace hostile
