# The constants of the module string, and tables for str.translate.

string_ascii_lowercase = "abcdefghijklmnopqrstuvwxyz"
string_ascii_uppercase = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
string_ascii_letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
string_digits = "0123456789"
string_hexdigits = "0123456789abcdefABCDEF"
string_octdigits = "01234567"
string_punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
string_whitespace = " \t\n\r\x0b\x0c"
string_printable = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ \t\n\r\x0b\x0c"


# What stands for a character, by its code: a text, which is empty where the character goes.
def str_maketrans(x, y=None, z=None):
    table: dict[int, str] = {}
    if isinstance(x, dict):
        for key, value in x.items():
            if isinstance(key, str):
                if str_len(key) != 1:
                    raise ValueError("string keys in translate table must be of length 1")
                table[ord(key)] = translation(value)
            else:
                table[int(key)] = translation(value)
    else:
        if str_len(x) != str_len(y):
            raise ValueError("the first two maketrans arguments must have equal length")
        for i in range(str_len(x)):
            table[ord(x[i])] = y[i]
        if z is not None:
            for c in z:
                table[ord(c)] = ""
    return table


def translation(value) -> str:
    if value is None:
        return ""
    elif isinstance(value, str):
        return value
    else:
        return chr(int(value))


def str_translate(self: str, table) -> str:
    parts: list[str] = []
    for c in self:
        code = ord(c)
        if code in table:
            parts.append(translation(table[code]))
        else:
            parts.append(c)
    return str_join_list("", parts)
