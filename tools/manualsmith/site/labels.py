"""The few texts that our plugin puts on a page, in the language of the site.

They do not go through ``manualsmith.text``: that follows the shell of whoever builds the site,
and the same sources must give the same site on every machine.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Labels:
    """Texts of one language; ``categories`` names the parts of an environment, in their order."""

    docs: str
    environment: str
    changed: str
    held: str
    comma: str
    within: str
    categories: Mapping[str, str]


_CHINESE = Labels(
    docs="工作說明",
    environment="本頁適用的環境",
    changed="最近修改",
    held="最近照著做，確認無誤",
    comma="、",
    within="（{}）",
    categories={
        "hardware": "硬體",
        "software": "軟體",
        "network": "網路",
        "roles": "操作人員",
        "procedures": "操作程序",
    },
)

_ENGLISH = Labels(
    docs="Working here",
    environment="The environment this page is for",
    changed="Last changed",
    held="Last followed and found right",
    comma=", ",
    within=" ({})",
    categories={
        "hardware": "Hardware",
        "software": "Software",
        "network": "Network",
        "roles": "Operator roles",
        "procedures": "Operating procedures",
    },
)


def labels_for(language: str) -> Labels:
    """Return the texts for the theme's *language*, such as ``"zh-TW"``; English for an unknown."""
    return _CHINESE if language.lower().startswith("zh") else _ENGLISH
