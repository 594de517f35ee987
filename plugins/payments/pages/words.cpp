#include "pages/words.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace payments {

namespace {

struct Entry {
    std::string_view key;
    const char* english;
    const char* chinese;
};

/// "{}" is where a name goes.
constexpr std::array kWords = {
    Entry{"title", "Pay", "支付"},
    Entry{"amount", "Amount to pay", "应付金额"},
    Entry{"order", "Order {}", "订单号 {}"},
    Entry{"choose", "How would you like to pay?", "请选择支付方式"},
    Entry{"opens_app", "Your phone opens the app that you choose.", "将在手机上打开所选应用。"},
    Entry{"scan_any", "Scan with any of these apps", "请用以下任一应用扫码支付"},
    Entry{"one_app", "Code does not open? Choose your app", "扫码无法打开？请选择应用"},
    Entry{"here", "Pay with {}", "使用{}付款"},
    Entry{"preparing", "One moment, your payment is being prepared …", "正在准备支付，请稍候…"},
    Entry{"scan", "Scan this code with {}", "请用{}扫描此码支付"},
    Entry{"open", "Open {} and pay", "打开{}并付款"},
    Entry{"other", "Pay another way", "更换支付方式"},
    Entry{"elsewhere", "Opened in {}", "已在{}中打开"},
    Entry{"elsewhere_more",
          "Finish paying there. This page changes by itself.",
          "请在该应用中完成付款，本页面会自动更新。"},
    Entry{"or_here", "Changed your mind? Pay here instead", "改变主意？可改在此处付款"},
    Entry{"left", "Time left", "剩余支付时间"},
    Entry{"confirming",
          "Waiting for {} to confirm. Do not pay again.",
          "正在等待{}确认，请勿重复支付。"},
    Entry{"none", "No way to pay is open at the moment.", "当前没有可用的支付方式。"},
    Entry{"none_more",
          "Nothing was charged. Open this page again in a few minutes.",
          "未产生扣款，请几分钟后重新打开此页面。"},
    Entry{"checking", "Still checking. Do not pay again.", "仍在确认支付结果，请勿重复支付。"},
    Entry{
        "checking_more",
        "It may take some minutes until the provider says whether your payment arrived. This page "
        "changes by itself.",
        "支付机构确认结果可能需要几分钟，本页面会自动更新。"},
    Entry{"paid", "Paid. Thank you.", "支付成功，谢谢。"},
    Entry{"paid_more", "You can close this page.", "您可以关闭此页面。"},
    Entry{"expired", "This code has expired.", "此支付码已过期。"},
    Entry{"expired_more",
          "Go back to your order and get a new code. You have not been charged by this one.",
          "请返回订单获取新的支付码，此码未产生扣款。"},
    Entry{
        "expired_open",
        "If you have just paid, do not pay again: we are still asking the provider, and this page "
        "changes by itself. If you have not, get a new code in your order.",
        "如您刚刚付款，请勿重复支付：我们仍在向支付机构确认，本页面会自动更新。如未付款，请返回订单"
        "获取新的"
        "支付码。"},
    Entry{"ended", "This payment has been canceled.", "此支付已取消。"},
    Entry{"ended_more",
          "If you still want to pay, begin again in your order.",
          "如仍需支付，请返回订单重新发起。"},
    Entry{"unknown", "This code is not known.", "无法识别此支付码。"},
    Entry{"unknown_more",
          "Check that the address is complete, or get a new code in your order.",
          "请检查地址是否完整，或在订单中获取新的支付码。"},
    Entry{"failed", "The payment did not go through.", "支付未成功。"},
    Entry{"failed_more", "Nothing was charged. Choose again.", "未扣款，请重新选择。"},
    Entry{"no_account",
          "This way to pay is not available now. Choose another one.",
          "该支付方式暂不可用，请选择其他方式。"},
    Entry{"too_many",
          "This payment was begun too often. Cancel it in your order and begin a new one.",
          "此支付尝试次数过多，请在订单中取消后重新发起支付。"},
    Entry{"too_fast",
          "The way to pay was changed very often. Wait a minute, then choose again.",
          "更换支付方式过于频繁，请一分钟后再选择。"},
    Entry{"choice_over",
          "Finish this payment, or get a new code in your order to pay another way.",
          "请完成本次付款；如需更换支付方式，请在订单中获取新的支付码。"},
    Entry{"other_payer", "Somebody else pays", "由他人付款"},
    Entry{"identity",
          "The app did not tell us who pays. Try again, or choose another way.",
          "未能获取付款人信息，请重试或更换支付方式。"},
    Entry{"reload",
          "This browser runs no scripts: load the page again after you have paid.",
          "此浏览器未启用脚本，付款后请刷新本页面。"},
    Entry{"foot",
          "Pay only when this page's address begins with {}",
          "请确认本页网址以 {} 开头后再付款"},
};

} // namespace

const char* words(Tongue tongue, std::string_view key)
{
    const auto* found = std::find_if(
        kWords.begin(), kWords.end(), [key](const Entry& entry) { return entry.key == key; });
    if (found == kWords.end()) {
        throw std::out_of_range("the page has no words for " + std::string(key));
    }
    return tongue == Tongue::Chinese ? found->chinese : found->english;
}

std::string wordsWith(Tongue tongue, std::string_view key, std::string_view name)
{
    std::string text = words(tongue, key);
    const auto at = text.find("{}");
    return at == std::string::npos ? text : text.replace(at, 2, name);
}

} // namespace payments
