# repr() of containers: the reprs of their items, which inference chooses by type.


def list_repr(self) -> str:
    return "[" + str_join_list(", ", [repr(x) for x in self]) + "]"


def set_repr(self) -> str:
    if set_len(self) == 0:
        return "frozenset()" if set_is_frozen(self) else "set()"
    text = "{" + str_join_list(", ", [repr(x) for x in self]) + "}"
    return "frozenset(" + text + ")" if set_is_frozen(self) else text


def dict_repr(self) -> str:
    return "{" + str_join_list(", ", [repr(k) + ": " + repr(v) for k, v in self.items()]) + "}"


def range_repr(self) -> str:
    ends = "range(" + int_str(self.start) + ", " + int_str(self.stop)
    if self.step == 1:
        return ends + ")"
    return ends + ", " + int_str(self.step) + ")"
