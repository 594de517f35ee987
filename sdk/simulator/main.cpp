// expohub-simulator: the providers that the hub's own connectors speak to.

#include "alipay/alipay.hpp"
#include "alipay/settings.hpp"
#include "aliyun/aliyun.hpp"
#include "aliyun/settings.hpp"
#include "core/program.hpp"
#include "licence/licence.hpp"
#include "licence/sample.hpp"
#include "licence/settings.hpp"
#include "unionpay/settings.hpp"
#include "unionpay/unionpay.hpp"
#include "wechat/settings.hpp"
#include "wechat/wechat.hpp"

int main(int argc, char** argv)
{
    using namespace hub::simulator;
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    if (!arguments.empty() && arguments.front() == "licence") {
        return licence::runSampleCommand(arguments);
    }
    return runProgram("expohub-simulator",
                      {{"alipay", alipay::prepare, alipay::makeProvider},
                       // Before unionpay, which takes whatever else is posted to the root.
                       {"aliyun", aliyun::prepare, aliyun::makeProvider},
                       {"licence", licence::prepare, licence::makeProvider},
                       {"wechat", wechat::prepare, wechat::makeProvider},
                       {"unionpay", unionpay::prepare, unionpay::makeProvider}},
                      arguments);
}
