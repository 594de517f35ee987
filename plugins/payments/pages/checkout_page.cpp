#include "pages/checkout_page.hpp"

#include "pages/presentation.hpp"
#include "pages/words.hpp"

#include <algorithm>
#include <utility>

namespace payments {

namespace {

std::string paragraph(const char* kind, const std::string& text)
{
    return std::string("<p class=\"") + kind + "\">" + escapeHtml(text) + "</p>\n";
}

std::string heading(const std::string& kind, const std::string& text)
{
    return "<h2" + (kind.empty() ? "" : " class=\"" + kind + "\"") + ">" + escapeHtml(text) +
           "</h2>\n";
}

std::string hidden(std::string_view name, std::string_view value)
{
    return "<input type=\"hidden\" name=\"" + escapeHtml(name) + "\" value=\"" + escapeHtml(value) +
           "\">";
}

std::string bill(const CheckoutScene& scene)
{
    const Payment& payment = scene.payment;
    return "<header>\n" + paragraph("subject", payment.subject) + "<p class=\"amount\"><span>" +
           escapeHtml(words(scene.tongue, "amount")) + "</span> <strong>" +
           renderAmount(payment.amount_minor, payment.currency) + "</strong></p>\n" +
           paragraph("order", wordsWith(scene.tongue, "order", payment.order_ref)) + "</header>\n";
}

/// The script counts on from here.
std::string countdown(const CheckoutScene& scene, std::int64_t end_ms)
{
    const std::int64_t left_s = std::max<std::int64_t>(0, (end_ms - scene.now_ms) / 1000);
    const std::string seconds = std::to_string(left_s % 60);
    return "<p class=\"left\">" + escapeHtml(words(scene.tongue, "left")) + " <span data-left=\"" +
           std::to_string(left_s) + "\">" + std::to_string(left_s / 60) + ":" +
           (seconds.size() == 1 ? "0" : "") + seconds + "</span></p>\n";
}

WalletLook lookOf(const CheckoutScene& scene, const std::string& wallet)
{
    const auto found = scene.looks.find(wallet);
    return found == scene.looks.end() ? WalletLook{} : found->second;
}

/// A wallet without a title is shown by its id.
std::string nameOf(const CheckoutScene& scene, const std::string& wallet)
{
    const WalletLook look = lookOf(scene, wallet);
    const std::string& title = scene.tongue == Tongue::Chinese ? look.title_zh : look.title_en;
    return title.empty() ? wallet : title;
}

/// Of a text in UTF-8.
std::string firstCharacter(const std::string& text)
{
    std::size_t end = text.empty() ? 0 : 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
        ++end;
    }
    return text.substr(0, end);
}

std::string markOf(const CheckoutScene& scene, const std::string& wallet)
{
    const WalletLook look = lookOf(scene, wallet);
    return renderMark(look.sign.empty() ? firstCharacter(nameOf(scene, wallet)) : look.sign,
                      look.color);
}

/// What the script does by itself once; later it is for the button.
std::string once(const char* attribute, const std::string& key)
{
    return std::string(" ") + attribute + "=\"" + escapeHtml(key) + "\"";
}

/// `kind`: "primary" for the one wallet that is at hand, "choice" for one of several.
std::string walletForm(const CheckoutScene& scene,
                       const Wallet& wallet,
                       const std::string& kind,
                       bool submits_itself)
{
    const std::string name = nameOf(scene, wallet.id);
    const std::string label = kind == "primary" ? wordsWith(scene.tongue, "here", name) : name;
    return "<form method=\"post\" action=\"/pay/" + scene.checkout.token + "\"" +
           (submits_itself ? once("data-submit", wallet.id + " " + scene.code) : "") + ">" +
           hidden("wallet", wallet.id) + (scene.code.empty() ? "" : hidden("code", scene.code)) +
           "<button class=\"" + kind + "\">" + (kind == "primary" ? "" : markOf(scene, wallet.id)) +
           escapeHtml(label) + "</button></form>\n";
}

/// Every wallet but `except`, as a list.
std::string walletList(const CheckoutScene& scene, const std::string& except)
{
    std::string html;
    for (const Wallet& wallet : scene.wallets) {
        html += wallet.id == except ? "" : walletForm(scene, wallet, "choice", false);
    }
    return html.empty() ? "" : "<div class=\"choices\">\n" + html + "</div>\n";
}

/// The page's own code, which each of the apps can open.
std::string ownCode(const CheckoutScene& scene)
{
    std::string names;
    for (const Wallet& wallet : scene.wallets) {
        names += "<li>" + markOf(scene, wallet.id) + escapeHtml(nameOf(scene, wallet.id)) + "</li>";
    }
    const std::string label = words(scene.tongue, "scan_any");
    return heading("", label) + renderQr(scene.url, label) + "<ul class=\"apps\">" + names +
           "</ul>\n";
}

/// What is offered first, and what a person has to look for.
struct Offer {
    std::string html;
    std::string more = {};
};

std::string folded(const CheckoutScene& scene, const char* key, const std::string& html)
{
    return html.empty() ? ""
                        : "<details><summary>" + escapeHtml(words(scene.tongue, key)) +
                              "</summary>\n" + html + "</details>\n";
}

/// The app that the page is open in; null in any other browser.
const Wallet* walletHere(const CheckoutScene& scene)
{
    const auto here =
        std::find_if(scene.wallets.begin(), scene.wallets.end(), [&scene](const Wallet& wallet) {
            return wallet.id == scene.browser.wallet;
        });
    return here == scene.wallets.end() ? nullptr : &*here;
}

/// In a wallet's app this one alone; on a phone a list; on a desktop a code for all of them.
Offer choices(const CheckoutScene& scene)
{
    if (const Wallet* here = walletHere(scene)) {
        const bool went_wrong = !scene.checkout.trouble.empty() ||
                                (scene.attempt && scene.attempt->state == AttemptState::Failed);
        return {walletForm(scene, *here, "primary", !went_wrong || !scene.code.empty())};
    }
    if (scene.wallets.empty()) {
        return {heading("", words(scene.tongue, "none")) +
                paragraph("hint", words(scene.tongue, "none_more"))};
    }
    if (scene.browser.is_phone) {
        return {heading("", words(scene.tongue, "choose")) + walletList(scene, "") +
                paragraph("hint", words(scene.tongue, "opens_app"))};
    }
    return {ownCode(scene), folded(scene, "one_app", walletList(scene, ""))};
}

bool mayChoose(const CheckoutScene& scene)
{
    return !scene.stop && scene.now_ms < choiceEndMs(scene.checkout, scene.payment);
}

/// Who pays is asked on the wallet's own page, once.
bool asksPayer(const CheckoutScene& scene)
{
    const Wallet* here = walletHere(scene);
    return !scene.checkout.identity_url.empty() && scene.checkout.trouble.empty() &&
           mayChoose(scene) && here != nullptr && isPayerBound(here->inside);
}

std::string trouble(const CheckoutScene& scene)
{
    if (!scene.checkout.trouble.empty()) {
        return paragraph("trouble", words(scene.tongue, scene.checkout.trouble));
    }
    if (scene.attempt && scene.attempt->state == AttemptState::Failed) {
        return paragraph("trouble",
                         std::string(words(scene.tongue, "failed")) + " " +
                             words(scene.tongue, "failed_more"));
    }
    return "";
}

std::string link(const CheckoutScene& scene,
                 const std::string& wallet,
                 const std::string& address,
                 const std::string& key)
{
    return "<p><a class=\"primary\"" + once("data-follow", key) + " href=\"" + escapeHtml(address) +
           "\">" + escapeHtml(wordsWith(scene.tongue, "open", nameOf(scene, wallet))) +
           "</a></p>\n";
}

/// To the wallet's page; who comes back from there brings a code along.
Offer payerLink(const CheckoutScene& scene)
{
    const std::string& url = scene.checkout.identity_url;
    return scene.code.empty() ? Offer{link(scene, scene.browser.wallet, url, url)} : choices(scene);
}

std::string choose(const CheckoutScene& scene)
{
    if (scene.stop) {
        return bill(scene) + paragraph("trouble",
                                       scene.tongue == Tongue::Chinese ? scene.stop->notice_zh
                                                                       : scene.stop->notice_en);
    }
    const bool asks = asksPayer(scene);
    const Offer offer = asks ? payerLink(scene) : choices(scene);
    return bill(scene) + (asks ? "" : trouble(scene)) + offer.html +
           countdown(scene, choiceEndMs(scene.checkout, scene.payment)) + offer.more;
}

std::string carriedForm(const CheckoutScene& scene, const Attempt& attempt, const Json& form)
{
    std::string html = "<form method=\"" + escapeHtml(textOf(form, "method")) + "\" action=\"" +
                       escapeHtml(textOf(form, "url")) + "\"" +
                       once("data-submit", attempt.number) + ">";
    const Json fields = form.value("fields", Json::object());
    for (const auto& [name, value] : fields.items()) {
        html += hidden(name, value.is_string() ? value.get<std::string>() : value.dump());
    }
    return html + "<button class=\"primary\">" +
           escapeHtml(wordsWith(scene.tongue, "open", nameOf(scene, attempt.wallet))) +
           "</button></form>\n";
}

std::string invocation(const CheckoutScene& scene, const Attempt& attempt, const Json& parameters)
{
    const std::string name = nameOf(scene, attempt.wallet);
    return "<button class=\"primary\" data-invoke=\"" + escapeHtml(parameters.dump()) + "\"" +
           once("data-once", attempt.number) + ">" +
           escapeHtml(wordsWith(scene.tongue, "here", name)) + "</button>\n" +
           "<p class=\"hint\" data-confirming hidden>" +
           escapeHtml(wordsWith(scene.tongue, "confirming", name)) + "</p>\n";
}

std::string providersCode(const CheckoutScene& scene, const Attempt& attempt)
{
    const std::string label = wordsWith(scene.tongue, "scan", nameOf(scene, attempt.wallet));
    return "<h2>" + (attempt.wallet.empty() ? "" : markOf(scene, attempt.wallet)) +
           escapeHtml(label) + "</h2>\n" + renderQr(attempt.qr_code, label);
}

/// It can't be paid here: say where, and what can be done here instead.
Offer elsewhere(const CheckoutScene& scene, const Attempt& attempt)
{
    const std::string html =
        "<h2>" + (attempt.wallet.empty() ? "" : markOf(scene, attempt.wallet)) +
        escapeHtml(wordsWith(scene.tongue, "elsewhere", nameOf(scene, attempt.wallet))) +
        "</h2>\n" + paragraph("hint", words(scene.tongue, "elsewhere_more"));
    if (!mayChoose(scene)) {
        return {html};
    }
    if (!scene.browser.wallet.empty()) {
        return {html + paragraph("hint", words(scene.tongue, "or_here")) + choices(scene).html};
    }
    return {html,
            folded(scene,
                   "other",
                   (scene.browser.is_phone ? "" : ownCode(scene)) + walletList(scene, ""))};
}

std::string here(const CheckoutScene& scene, const Attempt& attempt, const Json& parts, Means means)
{
    switch (means) {
    case Means::Form:
        return carriedForm(scene, attempt, parts.at("form"));
    case Means::Invoke:
        return invocation(scene, attempt, parts.at("parameters"));
    case Means::Link:
        return link(scene,
                    attempt.wallet,
                    parts.contains("url") ? textOf(parts, "url") : attempt.qr_code,
                    attempt.number);
    default:
        return providersCode(scene, attempt);
    }
}

/// What else can be chosen beside an attempt that can be paid here.
std::string others(const CheckoutScene& scene, const Attempt& attempt, Means means)
{
    if (scene.stop) {
        return "";
    }
    if (!mayChoose(scene)) {
        return paragraph("hint", words(scene.tongue, "choice_over"));
    }
    if (scene.browser.wallet.empty()) {
        return folded(scene, "other", walletList(scene, attempt.wallet));
    }
    const Wallet* wallet = walletHere(scene);
    return means == Means::Invoke && wallet != nullptr
               ? folded(scene, "other_payer", walletForm(scene, *wallet, "choice", false))
               : "";
}

std::string pay(const CheckoutScene& scene)
{
    const Attempt& attempt = *scene.attempt;
    const Json parts = Json::parse(attempt.presentation.empty() ? "{}" : attempt.presentation);
    const Means means = meansFor(attempt, scene.browser, parts);
    const std::string wrong =
        scene.checkout.trouble.empty() ? "" : trouble(scene); // of a choice after this attempt
    Offer offer;
    if (means == Means::Elsewhere) {
        offer = elsewhere(scene, attempt);
    } else if (means == Means::Invoke && asksPayer(scene)) {
        offer = payerLink(scene);
    } else {
        offer = {here(scene, attempt, parts, means), others(scene, attempt, means)};
    }
    return bill(scene) + wrong + offer.html + countdown(scene, attempt.expires_at_ms) + offer.more;
}

std::string said(const CheckoutScene& scene, const std::string& key, const std::string& more)
{
    const Sign sign = key == "paid" ? Sign::Done : key == "checking" ? Sign::Busy : Sign::Stopped;
    return renderSign(sign) + heading(key, words(scene.tongue, key)) +
           paragraph("hint", words(scene.tongue, more)) + bill(scene);
}

/// Its last moment may have been the payment's.
bool isOpenStill(const CheckoutScene& scene)
{
    return scene.view == CheckoutView::Expired && scene.attempt && isLive(scene.attempt->state);
}

std::string bodyOf(const CheckoutScene& scene)
{
    switch (scene.view) {
    case CheckoutView::Choose:
        return choose(scene);
    case CheckoutView::Preparing:
        return bill(scene) + "<p class=\"preparing\">" +
               escapeHtml(words(scene.tongue, "preparing")) + "</p>\n";
    case CheckoutView::Pay:
        return pay(scene);
    case CheckoutView::Checking:
        return said(scene, "checking", "checking_more");
    case CheckoutView::Paid:
        return said(scene, "paid", "paid_more");
    case CheckoutView::Expired:
        return said(scene, "expired", isOpenStill(scene) ? "expired_open" : "expired_more");
    case CheckoutView::Ended:
        return said(scene, "ended", "ended_more");
    }
    return "";
}

std::string hostOf(const std::string& url)
{
    return url.substr(0, url.find('/', std::string_view("https://").size()));
}

} // namespace

std::string renderCheckout(const CheckoutScene& scene)
{
    const bool is_over = scene.view == CheckoutView::Paid || scene.view == CheckoutView::Ended ||
                         (scene.view == CheckoutView::Expired && !isOpenStill(scene));
    // The script looks again as long as something may change.
    const std::string attributes =
        is_over ? ""
                : " data-state=\"/api/v1/checkouts/" + scene.checkout.token + "\" data-view=\"" +
                      std::string(toText(scene.view)) + "\" data-revision=\"" +
                      std::to_string(scene.payment.revision) + "\"";
    const std::string reload =
        is_over ? ""
                : "<noscript>" + paragraph("hint", words(scene.tongue, "reload")) + "</noscript>\n";
    const bool invites = scene.view == CheckoutView::Choose || scene.view == CheckoutView::Pay;
    return renderPage({scene.tongue,
                       words(scene.tongue, "title"),
                       bodyOf(scene) + reload,
                       attributes,
                       invites ? wordsWith(scene.tongue, "foot", hostOf(scene.url)) : ""});
}

std::string renderUnknownCheckout(Tongue tongue)
{
    return renderPage({tongue,
                       words(tongue, "unknown"),
                       renderSign(Sign::Stopped) + heading("unknown", words(tongue, "unknown")) +
                           paragraph("hint", words(tongue, "unknown_more")),
                       "",
                       ""});
}

} // namespace payments
