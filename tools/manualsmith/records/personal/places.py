"""Where people are to be found: mail, LINE, streets, the names of their folders, their network."""

import re
from collections.abc import Iterator

from manualsmith.records.personal.shape import Personal, Rule, hidden, is_other_number, shape

_HAN = "一-鿿"

_NO_MAIL_DOMAIN = re.compile(
    r"(?:^|\.)(?:example\.(?:com|org|net|edu|tw|com\.tw)|test|example|invalid|localhost)$|noreply\."
    r"|\.(?:png|jpe?g|gif|svg|webp|md)$",
    re.IGNORECASE,
)
_MAIL = re.compile(
    rf"(?:(?<![A-Za-z0-9._%+-])[A-Za-z0-9][A-Za-z0-9._%+-]{{0,63}}"
    rf"|(?<![{_HAN}])[{_HAN}]{{2,8}})"
    rf"@(?P<domain>(?:(?:[A-Za-z0-9-]{{1,63}}|[{_HAN}]{{1,12}})\.){{1,8}}"
    rf"(?:[A-Za-z]{{2,24}}|[台臺]灣))(?![A-Za-z0-9-])"
)
_IN_URL = re.compile(r"://[^\s/@]{0,64}:$")


def _mails(text: str) -> Iterator[Personal]:
    """Yield e-mail addresses, but for the password and host of a URL."""
    for match in _MAIL.finditer(text):
        start, end = match.span()
        if match[0].startswith("git@") or _NO_MAIL_DOMAIN.search(match["domain"]):
            continue
        if not _IN_URL.search(text[max(0, start - 70) : start]):
            yield hidden("e-mail", text, start, end)


_NO_LINE_ID = re.compile(
    r"(?:required|optional|none|null|empty|notify|missing|not|was|line|error)", re.IGNORECASE
)

_COUNTY = re.compile(
    r"(?:[0-9]{3,6} ?)?(?:[臺台][北中南東]|新[北竹]|桃園|高雄|基隆|嘉義|苗栗|彰化|南投|雲林|屏東"
    r"|宜蘭|花蓮|澎湖|金門|連江)[縣市]"
)
_NUMBER = r"(?:[0-9]{1,4}|[一二三四五六七八九十百]{1,4})"
_HOUSE = (
    rf"{_NUMBER}(?:[ ]?[-之~][ ]?[0-9]{{1,3}})?[ ]?號(?:之[0-9]{{1,3}})?"
    rf"(?:[ ,，]?(?:地下)?{_NUMBER}[ ]?(?:樓|[Ff](?![A-Za-z]))(?:[之-][0-9]{{1,3}})?)?"
)
_LANE = rf"{_NUMBER}[ ]?巷[ ]?"
# from the word for a street on; what stands before it is looked at where this is one
_STREET = re.compile(
    rf"(?:路|街|大道|巷|[村里](?=[ ]?{_NUMBER}[ ]?[鄰號]))[ ]?(?:{_NUMBER}[ ]?[段鄰][ ]?)?"
    rf"(?:(?:{_LANE})?(?:{_NUMBER}[ ]?弄[ ]?)?{_HOUSE}|{_LANE}(?:{_NUMBER}[ ]?弄)?)"
)
_NO_STREETS = frozenset(
    ["網路", "線路", "電路", "迴路", "鐵路", "套路", "半路", "條路", "思路", "管路", "公路"]
)
_DISTRICT = re.compile(rf"[{_HAN}]{{2}}[區鄉鎮市][{_HAN}0-9 ]{{0,12}}$")
_STREET_NAME = re.compile(rf"[{_HAN}]{{0,3}}$|[0-9]{{1,4}}$")


def _streets(text: str) -> Iterator[Personal]:
    """Yield addresses in Taiwan's form, from the county, district or street on."""
    for match in _STREET.finditer(text):
        before = text[max(0, match.start() - 24) : match.start()]
        counties = list(_COUNTY.finditer(before))
        if counties:
            length = len(before) - counties[-1].start()
        elif match[0][0] in "村里" or before[-1:] + match[0][0] in _NO_STREETS:
            continue
        else:
            named = _DISTRICT.search(before) or _STREET_NAME.search(before)
            length = len(named[0]) if named else 0
        yield hidden("street-address", text, match.start() - length, match.end())


_FOLDER = re.compile(
    r"(?:(?<![A-Za-z0-9])[A-Za-z]:[\\/]+(?i:users)[\\/]+"
    r"(?:(?P<windows>[^\\/:*?\"<>|\r\n\t%$\[{，。；、]{1,64})(?=[\\/])"
    r"|(?P<last>[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}))"
    r"|(?:(?<![A-Za-z0-9_.~/-])|(?<=://))/(?:home|Users)/(?P<unix>[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}))"
)
_NOBODY = re.compile(
    r"(?:users?|user[-_ ]?name|your[-_ ]?name|name|me|public|default(?: user)?|all users|shared|"
    r"admin|administrator|root|www-data|nextcloud|manualsmith|ubuntu|debian|git|runner|vagrant|files|docs"
    r"|.*\.(?:html?|php|png|md|js|css)|.*(?:使用者|帳號|名稱|姓名|您|你).*|x+|\.+)",
    re.IGNORECASE,
)


def _folders(text: str) -> Iterator[Personal]:
    """Yield the names of people that folders have: ``C:\\Users\\NAME``, ``/home/NAME``."""
    for match in _FOLDER.finditer(text):
        group = match.lastgroup or 0
        if not _NOBODY.fullmatch(match[group].rstrip(".")):
            yield hidden("user-name", text, *match.span(group))


_BYTE = r"(?:25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})"
# RFC 1918 and RFC 4193: what tells how a company's network is built
_INTERNAL = re.compile(
    rf"1(?<![A-Za-z0-9.:].)(?:0\.(?:{_BYTE}\.){{2}}|92\.168\.{_BYTE}\."
    rf"|72\.(?:1[6-9]|2[0-9]|3[01])\.{_BYTE}\.){_BYTE}(?![0-9.]*[0-9])"
)


def _internal(text: str) -> Iterator[Personal]:
    for match in _INTERNAL.finditer(text):
        if not is_other_number(text, match.start()):
            yield hidden("address", text, *match.span())


RULES = (
    Rule(_mails, ("@",)),
    shape(
        "line-id",
        r"(?:(?<![a-z])line|賴)[ ]?(?:id|帳號)[ ]?(?:[:：=＝]|是|為)?[ ]{0,2}"
        r"(?P<it>@?[a-z0-9][a-z0-9._-]{2,29})",
        lambda text: not _NO_LINE_ID.fullmatch(text),
        signs=("line", "賴"),
        flags=re.IGNORECASE,
    ),
    shape(
        "e-mail",
        r"[A-Za-z0-9._%+-]{1,64}[ ]?[(\[]at[)\]][ ]?(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}",
        signs=("(at)", "[at]"),
    ),
    shape(
        "line-id",
        r"(?<![a-z])line[ ]?[:：]?[ ]?(?P<it>@[a-z0-9._-]{3,30})",
        signs=("line",),
        flags=re.IGNORECASE,
    ),
    shape(
        "line-id",
        r"(?:加|我的|私訊)[ ]?(?:我的?[ ]?)?(?:line|賴)[ ]?(?:[:：]|是|為)?[ ]?"
        r"(?P<it>@[a-z0-9._-]{3,30}|(?=[a-z._-]{0,29}[0-9])[a-z0-9][a-z0-9._-]{3,29})",
        signs=("line", "賴"),
        flags=re.IGNORECASE,
    ),
    Rule(_streets, ("號", "巷")),
    shape(
        "street-address",
        r"(?<![A-Za-z])No\.[ ]?[0-9]{1,4}(?:-[0-9]{1,3})?,[^\n]{0,60}?"
        r"(?<![A-Za-z])(?:Rd|Road|St|Street|Ave|Blvd)(?![A-Za-z])",
        signs=("no.",),
    ),
    Rule(_folders, ("users", "/home/")),
    Rule(_internal, ("10.", "192.168.", "172.")),
    shape("address", r"[Ff](?<![A-Za-z0-9:].)[CcDd][0-9A-Fa-f]{2}:[0-9A-Fa-f:]{3,}"),
)
