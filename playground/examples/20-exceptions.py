"""Exceptions.
Python's, with classes of your own, `finally`, causes and a traceback. Click its lines."""


class InsufficientFunds(ValueError):
    pass


def withdraw(balance: int, amount: int) -> int:
    if amount > balance:
        raise InsufficientFunds(f'{amount} is more than {balance}')
    return balance - amount


def safe(balance: int, amounts: list[int]) -> int:
    for amount in amounts:
        try:
            balance = withdraw(balance, amount)
        except InsufficientFunds as error:
            print('refused:', error)
        finally:
            print('balance', balance)
    return balance


# try: withdraw(10, 20)
safe(100, [30, 80, 50])
withdraw(10, 11)
