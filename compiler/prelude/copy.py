# The module `copy`. What cannot change is its own copy.


def copy_copy(x):
    if isinstance(x, (list, dict, set, np.ndarray)):
        return x.copy()
    else:
        return x


def copy_deepcopy(x):
    if isinstance(x, list):
        return [copy_deepcopy(item) for item in x]
    elif isinstance(x, dict):
        return {key: copy_deepcopy(x[key]) for key in x}
    elif isinstance(x, (set, np.ndarray)):
        return x.copy()
    elif isinstance(x, tuple):
        return copies_deep(x)
    else:
        return x


def copies_deep(items):
    if items:
        return (copy_deepcopy(items[0]), *copies_deep(items[1:]))
    else:
        return ()
