"""Numbers of persons and companies: ids, passports, cards, bank accounts."""

import re
from collections.abc import Iterator

from manualsmith.records.personal.checksums import card_number, company_number, national_id
from manualsmith.records.personal.shape import (
    ALONE,
    ENDS,
    SAYS,
    Personal,
    Rule,
    hidden,
    is_date,
    shape,
)

_ID = re.compile(rf"[A-Za-z]{ALONE}[1289A-Da-d][0-9]{{8}}{ENDS}")
_NAMED_ID = re.compile(
    rf"(?:身[分份]證|居留證|統一證號)(?:字號|統一編號|號碼|號)?{SAYS}"
    rf"(?P<it>[A-Za-z][ -]?[0-9A-Da-d](?:[ -]?[0-9]){{8}}){ENDS}"
)


def _ids(text: str) -> Iterator[Personal]:
    """Yield ids that hold their sum, and whatever has their form where it is named so."""
    for match in _ID.finditer(text):
        if national_id(match[0]):
            yield hidden(_kind_of_id(match[0]), text, *match.span())
    for match in _NAMED_ID.finditer(text):
        yield hidden(_kind_of_id(match["it"]), text, *match.span("it"))


def _kind_of_id(text: str) -> str:
    second = re.sub("[ -]", "", text)[1]
    return "national-id" if second in "1234567" else "resident-id"


def _company(text: str) -> bool:
    return company_number(text) and not is_date(text)


def _no_date(text: str) -> bool:
    return not is_date(text)


_BANK = ("匯款", "轉帳", "轉入", "退款", "退到", "銀行", "郵局", "帳號", "帳戶", "戶頭", "存摺")
_INVOICE = ("統一編號", "統編", "發票", "抬頭", "買受人", "營業人")
_NEAR_INVOICE = f"(?:{'|'.join(_INVOICE)})"

RULES = (
    Rule(_ids),
    shape(
        "passport",
        rf"(?:護照|passport)(?:號碼|號|[ ]?(?:no\.?|number))?{SAYS}"
        rf"(?P<it>[A-Z]{{0,2}}[0-9]{{6,9}}){ENDS}",
        _no_date,
        signs=("護照", "passport"),
        flags=re.IGNORECASE,
    ),
    shape(
        "passport",
        rf"護照[^0-9A-Za-z\n]{{0,10}}(?P<it>[0-9]{{9}}|[A-Z][0-9]{{7,8}}){ENDS}",
        _no_date,
        signs=("護照",),
    ),
    shape(
        "passport",
        r"(?<![A-Za-z0-9_.-])(?P<it>[A-Z]{0,2}[0-9]{7,9})[ ]?[（(]?護照",
        _no_date,
        signs=("護照",),
    ),
    shape(
        "company-number",
        r"(?:統一編號|統編|(?<![a-z])(?:tax[ -]?id|vat[ -]?(?:no\.?|number)|ubn))(?:號碼)?"
        rf"{SAYS}(?P<it>[0-9]{{4}}[ -]?[0-9]{{4}}){ENDS}",
        signs=("統一編號", "統編", "tax", "vat", "ubn"),
        flags=re.IGNORECASE,
    ),
    shape(
        "company-number",
        rf"{_NEAR_INVOICE}[^0-9\n]{{0,12}}(?<![A-Za-z_.-])(?P<it>[0-9]{{8}})(?![ ]?元){ENDS}",
        _company,
        signs=_INVOICE,
    ),
    shape(
        "company-number",
        rf"(?P<it>[0-9]{ALONE}[0-9]{{7}})(?![0-9]|[ ]?元)[^0-9\n]{{0,12}}?{_NEAR_INVOICE}",
        _company,
        signs=_INVOICE,
    ),
    shape(
        "card",  # by the lengths and first digits of Visa, Mastercard, JCB, UnionPay, Amex …
        rf"[2-6]{ALONE}(?:(?<=4)[0-9]{{12}}(?:[0-9]{{3}}){{0,2}}"
        rf"|(?:(?<=5)[1-5]|(?<=2)[2-7]|(?<=3)5|(?<=6)[0245])[0-9]{{14}}"
        rf"|(?<=3)[47][0-9]{{13}}|(?<=3)[068][0-9]{{12}}|(?<=6)2[0-9]{{15,17}}"
        rf"|[0-9]{{3}}(?P<by>[ -])[0-9]{{4}}(?P=by)[0-9]{{4}}(?P=by)[0-9]{{4}}"
        rf"|(?<=3)[0-9]{{3}}[ -][0-9]{{6}}[ -][0-9]{{5}}){ENDS}",
        card_number,
    ),
    shape(
        "bank-account",
        rf"(?:{'|'.join(_BANK)}|(?<![a-z])(?:bank|account|iban))"
        r"[^0-9\n]{0,12}?(?<![A-Za-z0-9_.])"
        r"(?P<it>(?:[(（][0-9]{3}[)）][ ]?)?[0-9](?:[ -]?[0-9]){9,18})(?![0-9]|[ ]?元)",
        _no_date,
        signs=(*_BANK, "bank", "account", "iban"),
        flags=re.IGNORECASE,
    ),
    shape(
        "bank-account",
        r"局號[^0-9\n]{0,4}[0-9]{7}[^0-9\n]{0,8}帳號[^0-9\n]{0,4}[0-9]{7}(?![0-9])",
        signs=("局號",),
    ),
)
