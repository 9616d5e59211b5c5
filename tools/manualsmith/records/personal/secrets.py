"""Secrets: passwords written out, tokens by the forms that services give them, headers."""

import base64
import binascii
import re
from collections.abc import Iterator

from manualsmith.records.personal.shape import ENDS, SAYS, Personal, Rule, hidden, shape

# The forms of tokens that detect-secrets knows, and of some that came later. The library itself is
# no use here: it reads lines with settings for the whole process, tells no place, takes twice a
# millisecond a line and a third of a second to load.
_TOKENS = (
    r"(?:A3T[A-Z0-9]|ABIA|ACCA|AKIA|ASIA)[0-9A-Z]{16}",  # AWS
    r"AKC[A-Za-z0-9]{30,}",  # Artifactory
    r"(?:AccountKey|SharedAccessKey)=[A-Za-z0-9+/]{40,86}={0,2}",  # Azure
    r"dapi[a-f0-9]{32}",  # Databricks
    r"do[opr]_v1_[a-f0-9]{64}",  # DigitalOcean
    r"[MNO][\w-]{23,25}\.[\w-]{6}\.[\w-]{27,38}",  # Discord
    r"dckr_pat_[\w-]{20,}",  # Docker
    r"gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{22,}",
    r"gl(?:pat|dt|ft|soat|rt|cbt|imt|ptt|agent|oas)-[\w-]{20,}|GR1348941[\w-]{20,}",  # GitLab
    r"AIza[\w-]{35}|ya29\.[\w-]{20,}|GOCSPX-[\w-]{28}",  # Google
    r"gl(?:sa|c)_[\w=+/]{32,}",  # Grafana
    r"hf_[A-Za-z0-9]{34,}",  # Hugging Face
    r"eyJ[\w-]{8,}\.eyJ[\w-]{8,}(?:\.[\w-]*)?",  # JWT
    r"[0-9a-f]{32}-us[0-9]{1,2}",  # Mailchimp
    r"npm_[A-Za-z0-9]{36}",
    r"sk-(?:proj|ant|svcacct)-[\w-]{20,}|sk-[\w-]{0,40}T3BlbkFJ[\w-]{16,}",  # OpenAI, Anthropic
    r"PMAK-[a-f0-9]{24}-[a-f0-9]{34}",  # Postman
    r"pypi-AgE[\w-]{50,}",
    r"SG\.[\w-]{22}\.[\w-]{43}",  # SendGrid
    r"shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}",  # Shopify
    r"xox[abeoprs]-[\w-]{10,}|xapp-[\w-]{20,}",  # Slack
    r"https://hooks\.slack\.com/services/T\w{6,}/B\w{6,}/\w{16,}",
    r"sq0(?:csp|atp|idp)-[\w-]{22,}",  # Square
    r"(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,}",  # Stripe
    r"[0-9]{8,10}:[\w-]{35}",  # Telegram
    r"(?:AC|SK)[a-f0-9]{32}",  # Twilio
    r"hvs\.[\w-]{24,}",  # Vault
)
_TOKEN = re.compile(rf"(?<![A-Za-z0-9_-])(?:{'|'.join(_TOKENS)}){ENDS}", re.ASCII)
_LONG_WORD = re.compile(r"[A-Za-z0-9_./:+=-]{16,}")
# as Nextcloud gives them; a product key has capitals only
_APP_PASSWORD = re.compile(rf"(?<![A-Za-z0-9_-])(?:[A-Za-z0-9]{{5}}-){{4}}[A-Za-z0-9]{{5}}{ENDS}")


def _tokens(text: str) -> Iterator[Personal]:
    """Yield tokens and app passwords: only in long words, of which most texts have few."""
    for word in _LONG_WORD.finditer(text):
        for match in _TOKEN.finditer(text, *word.span()):
            yield hidden("token", text, *match.span())
        for match in _APP_PASSWORD.finditer(text, *word.span()):
            if re.search("[a-z]", match[0]) and re.search("[A-Z0-9]", match[0]):
                yield hidden("app-password", text, *match.span())


_NO_SECRET = re.compile(
    r"(?P<char>.)(?P=char)*|.*(?:\.{3}|…|\*{2,}).*|[<\[{$%(].*|(?:your|my|the)[-_].*|.*your[-_].*"
    r"|(?:required|optional|none|null|true|false|empty|changed?|password|passwd|secret|token"
    r"|(?:expired?|expires|wrong|incorrect|invalid)`?"
    r"|string|text|example|placeholder)|https?:.*|[0-9]+-?(?:char|digit|day|bit|min|hour).*",
    re.IGNORECASE,
)
_VALUE = r"(?P<value>[!#-&(-+\--:<-~]{4,})"
_CHANGED = "(?:已|已經|被)?(?:重設|重置|更改|變更|修改|改|換|設定|設|暫定|預設)"
_PASSWORD = re.compile(
    r"(?P<label>密碼|口令|通行碼|(?<![A-Za-z])(?:password|passwd|passphrase|passcode|pwd|pw)[\"']?)"
    r"(?:[ \t]*(?:=|:|：|＝|[就都也]?是|為|叫"
    rf"|{_CHANGED}(?:成|為|是|到)了?)"
    r"[ \t]*[:：]?[ \t]*[\"'「『]?"
    rf"|(?:(?<=[碼令])(?:{_CHANGED})?[ \t]*|[ \t]+)[\"'「『（(]?(?:(?=[A-Za-z0-9]{{6}})"
    r"(?=[A-Za-z0-9]{0,30}(?:[A-Za-z][0-9]|[0-9][A-Za-z]))"
    r"|(?=[A-Za-z]{2,12}-[0-9]{4,12}(?![!-~]))"
    r"|(?=[!-~]{0,30}[A-Za-z])(?=[!-~]{0,30}[0-9])(?=[!-~]{0,30}[@!#$%^&*+])"
    r"|(?<![A-Za-z][ ])(?=[0-9]{4,12}(?![!-~]|[ ]?[個位碼元天日次分小年月筆版]))))"
    rf"{_VALUE}(?P<after>[ \t]*(?:[\r\n，。；、）」』\"',;]|\Z))?",
    re.IGNORECASE,
)
_PASSWORD_IS = re.compile(
    r"(?P<label>(?<![a-z])(?:password|passwd|passphrase|passcode|pwd)[ ]"
    r"(?:is|was|(?:(?:is|was|has[ ]been)[ ])?(?:now|changed[ ]to|reset[ ]to|set[ ]to)))"
    rf"[ ]?:?[ ]?(?P<quote>[\"'「]?){_VALUE}",
    re.IGNORECASE,
)


def _passwords(text: str) -> Iterator[Personal]:
    """Yield written-out passwords: a word with a digit or sign in it, or alone in its clause."""
    for match in _PASSWORD.finditer(text):
        value = _bare(match["value"])
        telling = re.search(r"[^A-Za-z]", value) or match["after"] is not None
        if telling and not _NO_SECRET.fullmatch(value):
            yield _valued("password", text, match, value)
    for match in _PASSWORD_IS.finditer(text):
        value = _bare(match["value"])
        if (match["quote"] or re.search(r"[^A-Za-z.-]", value)) and not _NO_SECRET.fullmatch(value):
            yield _valued("password", text, match, value)


def _bare(value: str) -> str:
    return value.rstrip(".:}])") if len(value) > 4 else value


def _valued(kind: str, text: str, match: re.Match[str], value: str) -> Personal:
    start = match.start("value")
    return hidden(kind, text, start, start + len(value), text[match.start() : start])


def _basic(text: str) -> bool:
    """Tell whether it is a name, a colon and a password (RFC 7617)."""
    try:
        said = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except binascii.Error:
        return False
    return b":" in said and said.isascii()


_NAMED_TOKEN = re.compile(
    r"(?:token|api[_-]?key|access[_-]?key|(?:client[_-]?)?secret(?:[_-]?key)?|private[_-]?key"
    r"|session[_-]?id|signature|(?<![a-z])sig)[\"']?[ \t]*[:：=＝][ \t]*[\"']?"
    r"(?P<value>[A-Za-z0-9_.~+/%-]{6,}={0,2})",
    re.IGNORECASE,
)


def _named_tokens(text: str) -> Iterator[Personal]:
    """Yield what is given as a token: a word with a digit in it, or with a sign."""
    for match in _NAMED_TOKEN.finditer(text):
        value = match["value"]
        if re.search("[0-9]", value) and not _NO_SECRET.fullmatch(value):
            yield _valued("token", text, match, value)


RULES = (
    Rule(_tokens),
    Rule(_passwords, ("密碼", "口令", "通行碼", "pass", "pw")),
    shape(
        "password",
        rf"(?:PIN[ ]?碼?|驗證碼|認證碼|安全碼|(?<![A-Za-z])OTP){SAYS}"
        rf"(?P<it>[0-9]{{4,8}}){ENDS}(?![ ]?[個位碼天日次分秒])",
        signs=("pin", "驗證碼", "認證碼", "安全碼", "otp"),
    ),
    shape(
        "password",
        r"帳密[^A-Za-z0-9\n]{0,6}(?P<it>[A-Za-z0-9@._-]{2,40}(?:[ ]?[/,，、:：][ ]?|[ ])"
        r"(?=[!-~]{0,30}[0-9])[!-~]{4,})",
        signs=("帳密",),
    ),
    shape(
        "password",
        r"(?<=://)[^\s/:@<>{}]+:(?!\$)[^\s/@<>{}]{3,}(?=@)",
        signs=("://",),
    ),
    shape(
        "password",
        r"(?<![A-Za-z0-9-])(?:-u|--user)[ =][\"']?"
        r"(?P<it>[A-Za-z0-9@._-]{1,64}:(?!\$)[!#-&(-~]{3,})",
        signs=("-u", "--user"),
    ),
    shape(
        "password",
        r"(?<![A-Za-z])basic[ \t]+(?P<it>[A-Za-z0-9+/]{8,}={0,2})",
        _basic,
        signs=("basic",),
        flags=re.IGNORECASE,
    ),
    shape(
        "private-key",
        r"-----BEGIN (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----|PuTTY-User-Key-File-[0-9]"
        r"|AGE-SECRET-KEY-1[0-9A-Z]{20,}",
        signs=("private key", "putty-user", "age-secret"),
    ),
    shape(
        "token",
        r"(?<![a-z])bearer[ \t:=]{1,3}[\"']?(?P<it>(?=[^0-9\s]{0,40}[0-9])[\w.~+/-]{12,}={0,2})",
        signs=("bearer",),
        flags=re.IGNORECASE | re.ASCII,
    ),
    shape(
        "token",
        r"(?:authorization|x-api-key)[\"']?[ ]?[:=][ ]?[\"']?(?:[a-z]{3,12}[ ]+)?"
        r"(?P<it>(?=[^0-9\s]{0,40}[0-9])[\w.~+/-]{12,}={0,2})",
        signs=("authorization", "x-api-key"),
        flags=re.IGNORECASE | re.ASCII,
    ),
    shape(
        "cookie",
        r"(?<![a-z])(?:set-)?cookie:[ \t]*(?P<it>[\w.-]{1,64}=[!-~](?:[ ]?[!-~]){2,})",
        signs=("cookie:",),
        flags=re.IGNORECASE | re.ASCII,
    ),
    Rule(_named_tokens, ("token", "key", "secret", "session", "signature", "sig=")),
)
