"""Hello.
Typed Python runs as it is. Press `Run`, or Ctrl+Enter."""


def greeting(name: str, times: int = 1) -> str:
    return ', '.join(['Hello'] * times) + f' {name}!'


# try: greeting("Ada", 2)
print(greeting('world'))
for n in range(1, 6):
    print(n, n ** 2, n / 3)
