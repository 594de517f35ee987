// expohub-simulator: the providers that the hub's own connectors speak to.

#include "alipay/alipay.hpp"
#include "alipay/settings.hpp"
#include "aliyun/aliyun.hpp"
#include "aliyun/settings.hpp"
#include "core/program.hpp"
#include "unionpay/settings.hpp"
#include "unionpay/unionpay.hpp"
#include "wechat/settings.hpp"
#include "wechat/wechat.hpp"

int main(int argc, char** argv)
{
    using namespace hub::simulator;
    return runProgram("expohub-simulator",
                      {{"alipay", alipay::prepare, alipay::makeProvider},
                       // Before unionpay, which takes whatever else is posted to the root.
                       {"aliyun", aliyun::prepare, aliyun::makeProvider},
                       {"wechat", wechat::prepare, wechat::makeProvider},
                       {"unionpay", unionpay::prepare, unionpay::makeProvider}},
                      {argv + 1, argv + argc});
}
