# The module `sys` and `input()`: the program's arguments, and the lines of standard input.
#
# State 5 is the address of `sys.argv`, one list for the whole module; 0 before it is first asked for.


def sys_argv() -> list[str]:
    nothing: list[str] = []
    if global_get_5() == 0:
        arguments: list[str] = []
        while host_argument(len(arguments), ptr(0), 0) >= 0:
            arguments.append(sys_argument(len(arguments)))
        # A program without a name has an empty one.
        if len(arguments) == 0:
            arguments.append("")
        retain(address(arguments))
        global_set_5(int(address(arguments)))
    held = ptr(global_get_5())
    retain(held)
    return own_like(nothing, held)


def sys_argument(index: int) -> str:
    length = host_argument(index, ptr(0), 0)
    text = allocate(length)
    host_argument(index, text, length)
    argument = utf8_decode(text, length, False)
    free(text)
    return argument


# The next line with its "\n"; what is left at the end of the input; then "".
def sys_stdin_readline() -> str:
    room = 128
    text = allocate(room)
    used = 0
    while used == 0 or load_u8(text + used - 1) != 10:
        if used == room:
            room *= 2
            text = reallocate(text, room)
        count = host_read_line(text + used, room - used)
        if count < 0:
            break
        used += count
    line = utf8_decode(text, used, False)
    free(text)
    return line


def sys_stdin_readlines() -> list[str]:
    lines: list[str] = []
    line = sys_stdin_readline()
    while line != "":
        lines.append(line)
        line = sys_stdin_readline()
    return lines


def sys_stdin_read() -> str:
    return "".join(sys_stdin_readlines())


def builtin_input(prompt="") -> str:
    print_piece(str(prompt))
    print_end("", 1)
    line = sys_stdin_readline()
    if line == "":
        raise EOFError("EOF when reading a line")
    if line[-1] == "\n":
        return line[:-1]
    return line


def sys_stdout_write(text: str) -> int:
    print_piece(text)
    print_end("", 1)
    return str_len(text)


def sys_stderr_write(text: str) -> int:
    print_piece(text)
    print_end("", 2)
    return str_len(text)


def sys_stdout_flush() -> None:
    print_flush(1)


def sys_stderr_flush() -> None:
    print_flush(2)


# How deep calls may nest is the host's matter.
def sys_setrecursionlimit(limit: int) -> None:
    return


def sys_getrecursionlimit() -> int:
    return 1000
