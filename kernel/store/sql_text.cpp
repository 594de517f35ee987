#include "store/sql_text.hpp"

#include <algorithm>
#include <array>

namespace hub::store {

namespace {

bool isSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

bool isWordStart(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

bool isWordPart(char c)
{
    return isWordStart(c) || (c >= '0' && c <= '9');
}

template <std::size_t Size>
bool isOneOf(std::string_view word, const std::array<std::string_view, Size>& words)
{
    return std::find(words.begin(), words.end(), word) != words.end();
}

/// Functions and catalogs that reach outside the library's tables: they change the role, read
/// files, end sessions or run SQL given as text.
bool isForbiddenName(const std::string& name)
{
    static constexpr std::array<std::string_view, 7> kNames{"set_config",
                                                            "current_setting",
                                                            "information_schema",
                                                            "load_extension",
                                                            "ts_stat",
                                                            "ts_rewrite",
                                                            "fts3_tokenizer"};
    return isOneOf(name, kNames) || name.starts_with("pg_") || name.starts_with("lo_") ||
           name.starts_with("sqlite_") || name.starts_with("pragma_") ||
           name.starts_with("dblink") || name.find("_to_xml") != std::string::npos;
}

[[noreturn]] void refuse(const std::string& library, const std::string& what, std::string_view sql)
{
    throw StoreFailure(Trouble::Denied,
                       fmt::format("library \"{}\": {} in \"{}\"; a library may run one SELECT, "
                                   "INSERT, UPDATE, DELETE or WITH on its own tables",
                                   library,
                                   what,
                                   excerpt(sql)));
}

} // namespace

std::string toLower(std::string_view text)
{
    std::string lower{text};
    for (char& c : lower) {
        if (c >= 'A' && c <= 'Z') {
            c = static_cast<char>(c - 'A' + 'a');
        }
    }
    return lower;
}

std::string excerpt(std::string_view sql)
{
    constexpr std::size_t kExcerptMax = 160;
    std::string text;
    for (const char c : sql) {
        const bool begins_character = (static_cast<unsigned char>(c) & 0xC0) != 0x80;
        if (text.size() >= kExcerptMax && begins_character) {
            return text + "…";
        }
        if (!isSpace(c)) {
            text += c;
        } else if (!text.empty() && text.back() != ' ') {
            text += ' ';
        }
    }
    return text;
}

void SqlScanner::skipSpace()
{
    while (at_ < sql_.size()) {
        const std::string_view rest = sql_.substr(at_);
        if (isSpace(rest.front())) {
            ++at_;
        } else if (rest.starts_with("--")) {
            at_ = std::min(sql_.find('\n', at_), sql_.size());
        } else if (rest.starts_with("/*")) {
            const std::size_t end = sql_.find("*/", at_ + 2);
            at_ = end == std::string_view::npos ? sql_.size() : end + 2;
        } else {
            return;
        }
    }
}

std::size_t SqlScanner::endOfQuoted(char quote) const
{
    std::size_t end = at_ + 1;
    while (end < sql_.size()) {
        if (sql_[end] != quote) {
            ++end;
        } else if (end + 1 < sql_.size() && sql_[end + 1] == quote) {
            end += 2;
        } else {
            return end + 1;
        }
    }
    return sql_.size();
}

SqlToken SqlScanner::next()
{
    skipSpace();
    if (at_ >= sql_.size()) {
        return {};
    }
    const char first = sql_[at_];
    SqlToken::Kind kind = SqlToken::Kind::Other;
    std::size_t end = at_ + 1;
    if (first == '\'') {
        kind = SqlToken::Kind::String;
        end = endOfQuoted(first);
    } else if (first == '"') {
        kind = SqlToken::Kind::QuotedName;
        end = endOfQuoted(first);
    } else if (first == '?') {
        kind = SqlToken::Kind::Parameter;
    } else if (isWordStart(first)) {
        kind = SqlToken::Kind::Word;
        while (end < sql_.size() && isWordPart(sql_[end])) {
            ++end;
        }
    }
    const SqlToken token{kind, sql_.substr(at_, end - at_)};
    at_ = end;
    return token;
}

namespace {

/// Copies the text with some tokens replaced; `replace` returns false to keep a token.
template <typename Replace>
std::string rewrite(std::string_view sql, Replace replace)
{
    std::string result;
    SqlScanner scanner(sql);
    std::size_t copied = 0;
    std::string replacement;
    for (SqlToken token = scanner.next(); token.kind != SqlToken::Kind::End;
         token = scanner.next()) {
        if (replace(token, replacement)) {
            const auto offset = static_cast<std::size_t>(token.text.data() - sql.data());
            result.append(sql.substr(copied, offset - copied)).append(replacement);
            copied = offset + token.text.size();
        }
    }
    return result.append(sql.substr(copied));
}

} // namespace

std::string translateTypes(std::string_view sql, Backend backend)
{
    const std::string_view from = backend == Backend::SQLite ? "bigint" : "blob";
    const std::string_view to = backend == Backend::SQLite ? "INTEGER" : "BYTEA";
    std::string before;
    return rewrite(sql, [&](const SqlToken& token, std::string& replacement) {
        replacement = to;
        // A column may have the type's name: a type follows a name, a name begins an item.
        const bool is_name = before == "(" || before == "," || before == "." ||
                             before == "column" || before == "select" || before == "by";
        before = toLower(token.text);
        return !is_name && token.kind == SqlToken::Kind::Word && before == from;
    });
}

NumberedSql numberParameters(std::string_view sql)
{
    NumberedSql numbered;
    numbered.text = rewrite(sql, [&](const SqlToken& token, std::string& replacement) {
        if (token.kind != SqlToken::Kind::Parameter) {
            return false;
        }
        replacement = fmt::format("${}", ++numbered.parameters);
        return true;
    });
    return numbered;
}

namespace {

/// The rules for one statement of a library, token by token.
class LibraryRules {
public:
    LibraryRules(std::string_view sql, const std::string& library, bool read_only)
        : sql_(sql)
        , library_(library)
        , read_only_(read_only)
    {}

    void check(const SqlToken& token)
    {
        std::string word = toLower(token.text);
        checkPlace(token, word);
        checkKind(token, word);
        if (token.kind == SqlToken::Kind::QuotedName && word.size() >= 2) {
            word = word.substr(1, word.size() - 2);
        }
        checkMeaning(token, word);
        depth_ += word == "(" ? 1 : word == ")" ? -1 : 0;
        previous_ = std::move(word);
    }

    bool sawNothing() const noexcept { return previous_.empty(); }

private:
    [[noreturn]] void no(const std::string& what) const { refuse(library_, what, sql_); }

    void checkPlace(const SqlToken& token, const std::string& word)
    {
        static constexpr std::array<std::string_view, 5> kFirst{
            "select", "insert", "update", "delete", "with"};
        if (ended_) {
            no("a second statement");
        }
        const bool first_fits = token.kind == SqlToken::Kind::Word && isOneOf(word, kFirst);
        if (previous_.empty() && !first_fits) {
            no(fmt::format("\"{}\" as the first word", token.text));
        }
        ended_ = word == ";";
    }

    /// A string with a prefix or in dollars may end elsewhere than the scanner thinks.
    void checkKind(const SqlToken& token, const std::string& word) const
    {
        const bool prefixed = token.text.data() != sql_.data() && isWordPart(token.text.data()[-1]);
        if (word == "$" || (token.kind == SqlToken::Kind::String && prefixed) ||
            (token.kind == SqlToken::Kind::QuotedName && previous_ == "&")) {
            no("a string or parameter that is not of the plain kind");
        }
    }

    void checkMeaning(const SqlToken& token, const std::string& word) const
    {
        static constexpr std::array<std::string_view, 4> kWriting{
            "insert", "update", "delete", "merge"};
        const bool plain = token.kind == SqlToken::Kind::Word;
        if ((plain || token.kind == SqlToken::Kind::QuotedName) && isForbiddenName(word)) {
            no(fmt::format("\"{}\"", word));
        }
        if (word == "into" && previous_ != "insert") {
            no("INTO without INSERT");
        }
        if (plain && isOneOf(word, kWriting)) {
            if (read_only_) {
                no(fmt::format("\"{}\" while it may only read", word));
            }
            // PostgreSQL alone knows such a write, and does not count its rows.
            if (depth_ > 0) {
                no(fmt::format("\"{}\" inside another statement", word));
            }
        }
    }

    std::string_view sql_;
    const std::string& library_;
    bool read_only_;
    std::string previous_;
    int depth_ = 0;
    bool ended_ = false;
};

} // namespace

void checkLibraryStatement(std::string_view sql, const std::string& library, bool read_only)
{
    LibraryRules rules(sql, library, read_only);
    SqlScanner scanner(sql);
    for (SqlToken token = scanner.next(); token.kind != SqlToken::Kind::End;
         token = scanner.next()) {
        rules.check(token);
    }
    if (rules.sawNothing()) {
        throw StoreFailure(Trouble::Statement, "an empty statement; expected SQL");
    }
}

void checkViewsNotShadowed(std::string_view sql,
                           const std::string& library,
                           const std::set<std::string>& views)
{
    if (views.empty()) {
        return;
    }
    // A view's name is followed by "(" or by AS and one of these only where it is defined.
    static constexpr std::array<std::string_view, 3> kBodies{"(", "materialized", "not"};
    SqlScanner scanner(sql);
    bool after_view = false;
    bool after_as = false;
    for (SqlToken token = scanner.next(); token.kind != SqlToken::Kind::End;
         token = scanner.next()) {
        std::string word = toLower(token.text);
        if (token.kind == SqlToken::Kind::QuotedName && word.size() >= 2) {
            word = word.substr(1, word.size() - 2);
        }
        if ((after_view && word == "(") || (after_as && isOneOf(word, kBodies))) {
            refuse(library, "the name of another library's view for something else", sql);
        }
        after_as = after_view && word == "as";
        after_view = views.contains(word);
    }
}

void checkMigrationStatements(std::string_view sql, const std::string& library)
{
    static constexpr std::array<std::string_view, 6> kFirst{
        "create", "alter", "drop", "insert", "update", "delete"};
    SqlScanner scanner(sql);
    bool first = true;
    for (SqlToken token = scanner.next(); token.kind != SqlToken::Kind::End;
         token = scanner.next()) {
        if (first && token.text != ";" && !isOneOf(toLower(token.text), kFirst)) {
            throw StoreFailure(Trouble::Denied,
                               fmt::format("library \"{}\": \"{}\" begins a statement; a migration "
                                           "may CREATE, ALTER, DROP, INSERT, UPDATE and DELETE",
                                           library,
                                           token.text));
        }
        first = token.text == ";";
    }
}

} // namespace hub::store
