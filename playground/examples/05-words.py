"""Counting words.
Strings, dicts, sorting and f-strings, without a Python interpreter in sight."""

TEXT = """
It was the best of times, it was the worst of times, it was the age of wisdom,
it was the age of foolishness, it was the epoch of belief, it was the epoch of
incredulity, it was the season of Light, it was the season of Darkness
"""


def count_words(text: str) -> dict[str, int]:
    counts: dict[str, int] = {}
    for word in text.lower().replace(',', ' ').split():
        counts[word] = counts.get(word, 0) + 1
    return counts


# try: count_words("to be or not to be")
counts = count_words(TEXT)
for word, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:8]:
    print(f'{word:<8} {count:3} {"#" * count}')
