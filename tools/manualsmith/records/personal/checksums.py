"""The sums that numbers of people, companies and cards are checked by."""

# letters of the national id in the order of their codes, from 10 (內政部 戶役政 編碼)
_ID_LETTERS = "ABCDEFGHJKLMNPQRSTUVXYWZIO"
_ID_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 1, 1)
_COMPANY_WEIGHTS = (1, 2, 1, 2, 1, 2, 4, 1)


def national_id(text: str) -> bool:
    """Tell whether a letter and nine digits, or two letters and eight, are an id of Taiwan.

    That of residents from abroad has 8 or 9 for its second character, or A to D in its old form.
    """
    letters = text.upper()
    code = _ID_LETTERS.index(letters[0]) + 10
    second = letters[1]
    first = int(second) if second.isdigit() else _ID_LETTERS.index(second) % 10
    digits = [first, *map(int, letters[2:])]
    total = code // 10 + code % 10 * 9
    return (total + sum(map(int.__mul__, digits, _ID_WEIGHTS))) % 10 == 0


def company_number(text: str) -> bool:
    """Tell whether eight digits are a company's number (財政部 統一編號檢查碼, as of 2023)."""
    products = map(int.__mul__, map(int, text), _COMPANY_WEIGHTS)
    total = sum(sum(divmod(product, 10)) for product in products)
    return total % 5 == 0 or (text[6] == "7" and total % 5 == 4)


def card_number(text: str) -> bool:
    """Tell whether the digits in *text* hold Luhn's sum (ISO/IEC 7812)."""
    digits = [int(char) for char in text if char.isdigit()]
    doubled = [
        digit if place % 2 == 0 else (digit * 2 - 1) % 9 + 1 if digit else 0
        for place, digit in enumerate(reversed(digits))
    ]
    return len(set(digits)) > 1 and sum(doubled) % 10 == 0
