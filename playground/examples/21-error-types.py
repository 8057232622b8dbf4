"""Error: two types in one variable.
A variable has one type where paths join. Read the card, or open the page of the error."""


def total(words: list[str]) -> int:
    count = 0
    for word in words:
        count = count + word
    return count


print(total(['three', 'words', 'here']))
