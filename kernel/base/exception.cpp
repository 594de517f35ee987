#include "base/exception.hpp"

#include <exception>

namespace hub::base {

std::string currentExceptionText()
{
    try {
        throw;
    } catch (const Failure& problem) {
        return problem.what();
    } catch (const Poco::Exception& problem) {
        return problem.displayText();
    } catch (const std::exception& problem) {
        return problem.what();
    } catch (...) {
        return "something that is no std::exception was thrown";
    }
}

} // namespace hub::base
